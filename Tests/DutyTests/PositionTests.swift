// Positions as they come: counted right, written in batches, kept when the stream breaks.
import Access
import DutyDomain
import DutyRPC
import Foundation
import GRPCCore
import Identifiers
import QuintetAPI
import Synchronization
import Testing
import Wire

@Suite struct PositionTests {
  @Test func everyPositionIsCountedOnce() async throws {
    try await Station.with { station in
      let unit = try await station.putUnit("U1").id
      let answer = try await station.report([
        position(unit, 28.1, at: noon.addingTimeInterval(-20)),
        position(unit, 28.2, at: noon.addingTimeInterval(-30)),  // older
        position(unit, 28.3, at: noon.addingTimeInterval(-10)),
        position(unit, 28.4, at: noon.addingTimeInterval(-10)),  // the same time: replaces
        position(unit, 91),
        position(id("nobody", UnitTag.self).description),
        position("U1"),
      ])
      #expect(answer.acceptedCount == 3)
      #expect(answer.supersededCount == 1)
      #expect(answer.refusedCount == 3)
      #expect(answer.problems.map(\.reason) == ["OUT_OF_RANGE", "UNIT_UNKNOWN", "ID_INVALID"])
      #expect(
        answer.problems.map(\.field) == ["position.point.latitude", "unit_id", "unit_id"])
      #expect(try await station.getUnit("U1").position.point.latitude == 28.4)
      #expect(try await station.events().count == 1)  // the unit's own
    }
  }

  @Test func anOlderPositionOfALaterStreamIsSuperseded() async throws {
    try await Station.with { station in
      let unit = try await station.putUnit("U1").id
      try await station.report([position(unit, 28.1)])
      let before = try await station.getUnit("U1")
      let answer = try await station.report([
        position(unit, 28.2, at: noon.addingTimeInterval(-0.000_001))
      ])
      #expect(answer.acceptedCount == 0)
      #expect(answer.supersededCount == 1)
      #expect(try await station.getUnit("U1") == before)
    }
  }

  @Test func badPositionsStopNothingAndTheFirstTenAreTold() async throws {
    try await Station.with { station in
      let unit = try await station.putUnit("U1").id
      let positions = (0..<40).map { index in
        index.isMultiple(of: 2) ? position(unit, 28 + Double(index) / 100) : position(unit, 100)
      }
      let answer = try await station.report(positions)
      #expect(answer.acceptedCount == 20)
      #expect(answer.refusedCount == 20)
      #expect(answer.problems.count == 10)
      #expect(answer.problems.allSatisfy { $0.code == 3 && !$0.message.isEmpty })
    }
  }

  @Test func whatIsWrongWithAPositionIsNamed() async throws {
    try await Station.with { station in
      let unit = try await station.putUnit("U1").id
      let before = try await station.rows()
      typealias Request = Quintet_Duty_V1_ReportPositionsRequest
      let cases: [((inout Request) -> Void, String, String)] = [
        ({ $0.unitID = "" }, "REQUIRED", "unit_id"),
        ({ $0.unitID = "unit_x" }, "ID_INVALID", "unit_id"),
        ({ $0.clearPosition() }, "REQUIRED", "position"),
        ({ $0.position.clearPoint() }, "REQUIRED", "position.point"),
        (
          { $0.position.point.datum = .unspecified }, "DATUM_REQUIRED", "position.point.datum"
        ),
        (
          { $0.position.point.datum = .UNRECOGNIZED(9) }, "UNSPECIFIED", "position.point.datum"
        ),
        (
          { $0.position.point.latitude = -90.1 }, "OUT_OF_RANGE", "position.point.latitude"
        ),
        (
          { $0.position.point.longitude = 180.1 }, "OUT_OF_RANGE", "position.point.longitude"
        ),
        (
          { $0.position.point.latitude = .nan }, "OUT_OF_RANGE", "position.point.latitude"
        ),
        ({ $0.position.clearFixTime() }, "REQUIRED", "position.fix_time"),
        (
          { $0.position.fixTime = noon.addingTimeInterval(5.1).timestamp }, "TIME_IN_FUTURE",
          "position.fix_time"
        ),
        ({ $0.position.speedMps = -1 }, "OUT_OF_RANGE", "position.speed_mps"),
        ({ $0.position.speedMps = 351 }, "OUT_OF_RANGE", "position.speed_mps"),
        ({ $0.position.headingDeg = 361 }, "OUT_OF_RANGE", "position.heading_deg"),
        ({ $0.position.headingDeg = .nan }, "OUT_OF_RANGE", "position.heading_deg"),
      ]
      for (change, reason, field) in cases {
        var request = position(unit)
        change(&request)
        let answer = try await station.report([request])
        #expect(answer.refusedCount == 1)
        #expect(answer.problems.map(\.reason) == [reason], "\(field)")
        #expect(answer.problems.map(\.field) == [field])
      }
      #expect(try await station.rows() == before)
    }
  }

  @Test func aPositionInAnotherDatumIsConverted() async throws {
    try await Station.with { station in
      let unit = try await station.putUnit("U1").id
      var request = position(unit, 28, 120.6)
      request.position.point.datum = .gcj02
      try await station.report([request])
      let held = try await station.getUnit("U1").position.point
      #expect(held.datum == .wgs84)
      #expect(abs(held.latitude - 28) > 0.001 || abs(held.longitude - 120.6) > 0.001)
    }
  }

  struct Broken: Error {}

  @Test func whatWasSentBeforeAStreamBrokeOffStays() async throws {
    try await Station.with { station in
      let unit = try await station.putUnit("U1").id
      let stream = AsyncThrowingStream<Quintet_Duty_V1_ReportPositionsRequest, any Error> {
        for second in 0..<300 {
          $0.yield(position(unit, at: noon.addingTimeInterval(Double(second) - 300)))
        }
        $0.finish(throwing: Broken())
      }
      await #expect(throws: Broken.self) {
        try await call("ReportPositions") {
          try await station.units.reportPositions(
            request: RPCAsyncSequence(wrapping: stream), context: $0)
        }
      }
      #expect(
        try await station.getUnit("U1").position.fixTime
          == noon.addingTimeInterval(-1).timestamp)
    }
  }

  @Test func aWriteHoldsAtMostTwoHundredAndFiftySixPositionsAndNoneIsLost() async throws {
    try await Station.with { station in
      let unit = try await station.putUnit("U1").id
      let watched = WatchedStore(base: station.store)
      let units = UnitService(store: watched, clock: { noon })
      let stream = AsyncThrowingStream<Quintet_Duty_V1_ReportPositionsRequest, any Error> {
        for second in 0..<3000 {
          $0.yield(position(unit, at: noon.addingTimeInterval(Double(second) - 3000)))
        }
        $0.finish()
      }
      let answer = try await call("ReportPositions") {
        try await units.reportPositions(
          request: RPCAsyncSequence(wrapping: stream), context: $0)
      }
      #expect(answer.acceptedCount == 3000)
      let batches = watched.batches.withLock { $0 }
      #expect(batches.reduce(0, +) == 3000)
      #expect(batches.allSatisfy { (1...256).contains($0) })
    }
  }

  /// The first caller has nothing more to send and waits, the second has more than may wait.
  @Test(arguments: [1, 5000]) func aStoreThatFailsEndsTheStream(count: Int) async throws {
    try await Station.with { station in
      let watched = WatchedStore(base: station.store, failure: Broken())
      let units = UnitService(store: watched, clock: { noon })
      let (stream, caller) = AsyncThrowingStream<
        Quintet_Duty_V1_ReportPositionsRequest, any Error
      >.makeStream()
      for _ in 0..<count { caller.yield(position(id("u", UnitTag.self).description)) }
      await #expect(throws: Broken.self) {
        try await call("ReportPositions") {
          try await units.reportPositions(
            request: RPCAsyncSequence(wrapping: stream), context: $0)
        }
      }
      // Until here the caller never ended its stream.
      caller.finish()
    }
  }
}

/// Notes the sizes of what is written, and fails where it is told to.
final class WatchedStore: DutyStore {
  let base: any DutyStore
  let failure: (any Error)?
  let batches = Mutex<[Int]>([])

  init(base: any DutyStore, failure: (any Error)? = nil) {
    self.base = base
    self.failure = failure
  }

  func report(
    _ positions: [PositionReport], within reach: Reach, now: Date
  ) async throws -> [PositionOutcome] {
    if let failure { throw failure }
    batches.withLock { $0.append(positions.count) }
    return try await base.report(positions, within: reach, now: now)
  }

  func read<R: Sendable>(
    within reach: Reach, _ body: @escaping @Sendable (any DutyReader) throws -> R
  ) async throws -> R { try await base.read(within: reach, body) }

  func write<R: Codable & Sendable>(
    _ request: RequestKey, provenance: Provenance, reach: Reach, now: Date,
    _ body: @escaping @Sendable (any DutyWriter) throws -> R
  ) async throws -> R {
    try await base.write(request, provenance: provenance, reach: reach, now: now, body)
  }

  func write<R: Sendable>(
    provenance: Provenance, now: Date, _ body: @escaping @Sendable (any DutyWriter) throws -> R
  ) async throws -> R { try await base.write(provenance: provenance, now: now, body) }

  func consult<R: Sendable>(
    within reach: Reach, _ body: @escaping @Sendable (Roster, any DutyReader) throws -> R
  ) async throws -> R { try await base.consult(within: reach, body) }
}
