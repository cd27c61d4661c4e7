// What terminals are promised: what is acknowledged is durable and done once, and nothing that one of
// them sends stops it or another.
import DutyDomain
import EventLog
import Foundation
import Identifiers
import QuintetAPI
import SwiftProtobuf
import Testing
import Wire

@testable import DutyRPC

@Suite struct TerminalTests {
  @Test func whatIsAcknowledgedIsThere() async throws {
    try await Station.with { station in
      let unit = try await station.putUnit("U1").id
      try await station.putVehicle("car-1", unit: unit)
      let connection = Connection(station.desk())
      #expect(try await connection.say(hello("car-1")))
      #expect(
        try await connection.say(
          report(1) {
            $0.position.point = point(28.3, 120.7)
            $0.position.speedMps = 8
          }))
      #expect(try await connection.say(report(2) { $0.status.availability = .notAvailable }))
      #expect(try await connection.say(.with { $0.ping.number = 9 }))
      #expect(try connection.frames().map(\.words) == ["welcome 0", "ack 1", "ack 2", "ping 9"])
      let held = try await station.getUnit("U1")
      #expect(held.position.point.latitude == 28.3 && held.position.speedMps == 8)
      #expect(held.availability == .notAvailable)
      let terminal = try await station.terminal("car-1")
      #expect(terminal.lastSequence == 2 && terminal.lastContactTime == noon.timestamp)
    }
  }

  @Test func aPressIsToldOnceWithThePillarsPlace() async throws {
    try await Station.with { station in
      let pillar = try await station.putPillar("pillar-017")
      let connection = Connection(station.desk())
      try await connection.say(hello("pillar-017"))
      try await connection.say(press(1))
      try await connection.say(press(1))
      #expect(try connection.frames().map(\.words) == ["welcome 0", "ack 1", "ack 1"])
      let told = try await station.events().filter { $0.type.hasSuffix("AlarmButtonPressed") }
      #expect(told.count == 1)
      let event = try #require(told.first)
      #expect(event.subject == pillar.id && event.actor == "terminal/pillar-017")
      let payload = try Quintet_Duty_V1_AlarmButtonPressed(serializedBytes: event.payload)
      #expect(payload.terminalCode == "pillar-017" && payload.reportSequence == 1)
      #expect(payload.plateCode == "A-17" && payload.location.address == "东岙沙滩")
      #expect(payload.location.wgs84Point.latitude == 27.9)
    }
  }

  /// A clock that is wrong must not keep a call for help from being taken.
  @Test func aPressIsTakenWhateverItsTimeSays() async throws {
    try await Station.with { station in
      try await station.putPillar("p")
      let connection = Connection(station.desk())
      try await connection.say(hello("p"))
      try await connection.say(press(1, at: noon.addingTimeInterval(86_400)))
      for (sequence, time) in [(2, Int64.max), (3, Int64.min), (4, 0), (5, -1)] {
        try await connection.say(
          .with {
            $0.report = .with {
              $0.sequence = UInt64(sequence)
              $0.timeMs = time
              $0.press = .init()
            }
          })
      }
      let presses = try await station.presses()
      #expect(presses.prefix(4) == [noon, noon, noon, noon])
      #expect(presses.count == 5 && presses.allSatisfy { $0 <= noon })
    }
  }

  @Test func aRefusedReportIsAcknowledgedAndStopsNothing() async throws {
    try await Station.with { station in
      let unit = try await station.putUnit("U1").id
      try await station.putVehicle("car-1", unit: unit)
      let connection = Connection(station.desk())
      try await connection.say(hello("car-1"))
      _ = try connection.frames()
      let frames = [
        report(1) { $0.position.point.latitude = 28 },  // no datum
        report(2) { $0.step = .with { $0.assignmentID = id("a", AssignmentTag.self).description } },
        report(3) {
          $0.step = .with {
            $0.assignmentID = id("a", AssignmentTag.self).description
            $0.step = .arrive
          }
        },
        report(4) { $0.press = .init() },
        report(5) { _ in },
        report(6, at: noon.addingTimeInterval(60)) { $0.position.point = point(28, 120) },
        report(7) { $0.status.condition = .offDuty },
        report(8) { $0.position.point = point(28.5, 120.7) },
      ]
      #expect(try await connection.deliver(frames.flatMap(framed)))
      #expect(
        Set(try connection.frames().map(\.words)) == [
          "problem 1 DATUM_REQUIRED", "problem 2 UNSPECIFIED", "problem 3 ASSIGNMENT_UNKNOWN",
          "problem 4 KIND_NOT_ALLOWED", "problem 5 REQUIRED", "problem 6 TIME_IN_FUTURE",
          "problem 7 UNSPECIFIED", "ack 8",
        ])
      #expect(try await station.getUnit("U1").position.point.latitude == 28.5)
      #expect(try await station.terminal("car-1").lastSequence == 8)
    }
  }

  @Test func aStepOfTheUnitsOwnAssignmentIsTold() async throws {
    try await Station.with { station in
      let own = try UnitID(parsing: try await station.putUnit("U1").id)
      let other = try UnitID(parsing: try await station.putUnit("U2").id)
      try await station.putVehicle("car-1", unit: own.description)
      try await station.apply([
        moved("mine", unit: own, incident: "i", to: .dispatched),
        moved("theirs", unit: other, incident: "i", to: .dispatched),
      ])
      let connection = Connection(station.desk())
      try await connection.say(hello("car-1"))
      for (sequence, name) in [(1, "theirs"), (2, "mine")] {
        try await connection.say(
          report(UInt64(sequence)) {
            $0.step = .with {
              $0.assignmentID = id(name, AssignmentTag.self).description
              $0.step = .depart
            }
          })
      }
      #expect(
        try connection.frames().map(\.words) == [
          "welcome 0", "problem 1 ASSIGNMENT_UNKNOWN", "ack 1", "ack 2",
        ])
      let told = try await station.events().filter { $0.type.hasSuffix("AssignmentStepReported") }
      #expect(told.count == 1)
      let payload = try Quintet_Duty_V1_AssignmentStepReported(
        serializedBytes: try #require(told.first).payload)
      #expect(payload.step == .depart && payload.unitID == own.description)
      #expect(told.first?.incidentID == id("i", IncidentTag.self).description)
    }
  }

  @Test func whoIsNotLetInIsToldWhyAndChangesNothing() async throws {
    try await Station.with { station in
      try await station.putPillar("p")
      try await station.putPillar("q")
      let before = try await station.rows()
      let desk = station.desk()
      let huge: [UInt8] = [0, 0, 0x10, 1]
      let cases: [([UInt8], String)] = [
        (try framed(hello("p", version: 2)), "VERSION_NOT_SUPPORTED"),
        (try framed(hello("p", version: 0)), "VERSION_NOT_SUPPORTED"),
        (try framed(hello("p", token: "stolen")), "TOKEN_SIGNATURE"),
        (try framed(hello("p", token: "")), "TOKEN_SIGNATURE"),
        (try framed(hello("p", token: "token of q")), "TOKEN_SUBJECT"),
        (try framed(hello("nobody")), "TERMINAL_UNKNOWN"),
        (try framed(press(1)), "HELLO_REQUIRED"),
        (try framed(.with { $0.ping.number = 1 }), "HELLO_REQUIRED"),
        (huge, "FRAME_TOO_LARGE"),
        ([0xFF, 0xFF, 0xFF, 0xFF], "FRAME_TOO_LARGE"),
        ([0, 0, 0, 3, 0xFF, 0xFF, 0xFF], "FRAME_MALFORMED"),
        ([0, 0, 0, 0], "FRAME_MALFORMED"),
      ]
      for (bytes, reason) in cases {
        let connection = Connection(desk)
        #expect(try await connection.deliver(bytes) == false, "\(reason)")
        let told = try connection.frames()
        #expect(told.map(\.words) == ["problem 0 \(reason)"])
        #expect(told.allSatisfy { !$0.problem.message.isEmpty })
      }
      #expect(try await station.rows() == before)
    }
  }

  @Test func whatCameBeforeAFrameThatIsNoneIsTaken() async throws {
    try await Station.with { station in
      try await station.putPillar("p")
      let connection = Connection(station.desk())
      try await connection.say(hello("p"))
      let bytes = try framed(press(1)) + framed(press(2)) + [0xFF, 0, 0, 0, 1]
      #expect(try await connection.deliver(bytes) == false)
      #expect(
        try connection.frames().map(\.words) == [
          "welcome 0", "ack 2", "problem 0 FRAME_TOO_LARGE",
        ])
      #expect(try await station.presses().count == 2)
      let second = Connection(station.desk())
      try await second.say(hello("p"))
      #expect(try await second.say(hello("p")) == false)
      #expect(try second.frames().map(\.words) == ["welcome 2", "problem 0 HELLO_REPEATED"])
    }
  }

  @Test func ofTwoConnectionsTheLaterCounts() async throws {
    try await Station.with { station in
      try await station.putPillar("p")
      // Two desks, as if on two machines: neither knows the other's connections.
      let (first, second) = (Connection(station.desk()), Connection(station.desk()))
      try await first.say(hello("p"))
      try await second.say(hello("p"))
      #expect(try await first.say(press(1)) == false)
      #expect(try first.frames().map(\.words) == ["welcome 0", "problem 0 TERMINAL_SUPERSEDED"])
      #expect(try await second.say(press(1)))
      #expect(try await station.presses().count == 1)
      // On one machine the earlier is cut at once.
      let desk = station.desk()
      let (third, fourth) = (Connection(desk), Connection(desk))
      try await third.say(hello("p"))
      try await fourth.say(hello("p"))
      #expect(third.isCut && !fourth.isCut)
      try third.hangUp()
      #expect(try await fourth.say(press(2)))
    }
  }

  @Test(.timeLimit(.minutes(1)))
  func ordersAreToldOnComingAndWhenTheyMove() async throws {
    try await Station.with { station in
      let unit = try UnitID(parsing: try await station.putUnit("U1").id)
      let other = try UnitID(parsing: try await station.putUnit("U2").id)
      try await station.putVehicle("car-1", unit: unit.description)
      try await station.apply([
        moved("a", unit: unit, incident: "i", to: .dispatched),
        moved("b", unit: unit, incident: "i", to: .cleared),
        moved("c", unit: other, incident: "i", to: .dispatched),
      ])
      let desk = station.desk()
      let running = Task { try await desk.run() }
      let connection = Connection(desk)
      try await connection.say(hello("car-1"))
      var heard: [Quintet_Terminal_V1_ServerFrame] = []
      while !heard.contains(where: { $0.words == "order dispatched" }) {
        heard += try await connection.nextFrames()
      }
      try await station.apply([moved("a", unit: unit, incident: "i", to: .cancelled)])
      while !heard.contains(where: { $0.words == "order ended" }) {
        heard += try await connection.nextFrames()
      }
      let orders = heard.map(\.order.assignmentID).filter { !$0.isEmpty }
      #expect(Set(orders) == [id("a", AssignmentTag.self).description])
      running.cancel()
      _ = await running.result
    }
  }

  /// Links that break anywhere, frames in any pieces, repeats, and old connections that go on talking.
  @Test(arguments: 1...6)
  func overAnyLinkEachPressArrivesOnce(seed: Int) async throws {
    try await Station.with { station in
      try await station.putPillar("p")
      let desk = station.desk()
      var chance = Seeded(UInt64(seed))
      var device = Device()
      var connections: [Connection] = []
      for round in 0..<250 {
        switch Int.random(in: 0..<10, using: &chance) {
        case 0, 1, 2: device.press(at: noon.addingTimeInterval(Double(round - 1000)))
        case 3:
          let connection = Connection(desk)
          connections.append(connection)
          try await connection.say(hello("p"))
          device.connected(try connection.frames())
        case 4:
          // An old connection says again what it once said.
          guard let old = connections.dropLast().randomElement(using: &chance) else { continue }
          let known = device.sent
          guard let one = known.randomElement(using: &chance) else { continue }
          try await old.say(press(one.sequence, at: one.time))
        default:
          guard let connection = connections.last, !connection.isCut else { continue }
          let frames = device.nextFrames(Int.random(in: 0...4, using: &chance))
          var bytes = try frames.flatMap(framed)
          // A link that breaks cuts a frame anywhere.
          let isBroken = Int.random(in: 0..<6, using: &chance) == 0
          if isBroken, !bytes.isEmpty {
            bytes.removeLast(Int.random(in: 0..<bytes.count, using: &chance))
          }
          while !bytes.isEmpty {
            let piece = min(bytes.count, Int.random(in: 1...40, using: &chance))
            try await connection.deliver(Array(bytes.prefix(piece)))
            bytes.removeFirst(piece)
          }
          if isBroken {
            try connection.hangUp()
            connections.removeLast()
            device.broken()
          } else {
            device.heard(try connection.frames())
          }
        }
      }
      let last = Connection(desk)
      try await last.say(hello("p"))
      device.connected(try last.frames())
      for frame in device.nextFrames(.max) { try await last.say(frame) }
      device.heard(try last.frames())
      #expect(device.waiting.isEmpty)
      #expect(device.pressed.count > 20)
      #expect(try await station.presses() == device.pressed)
    }
  }
}

/// What the SDK does, in a few lines: the model that the server is tried with.
private struct Device {
  var pressed: [Date] = []
  var waiting: [(sequence: UInt64, time: Date)] = []
  private var next: UInt64 = 1
  private var sending: Int?

  var sent: [(sequence: UInt64, time: Date)] { Array(waiting.prefix(sending ?? 0)) }

  mutating func press(at time: Date) {
    pressed.append(time)
    waiting.append((next, time))
    next += 1
  }

  mutating func nextFrames(_ count: Int) -> [Quintet_Terminal_V1_TerminalFrame] {
    guard let begin = sending else { return [] }
    let chosen = waiting.dropFirst(begin).prefix(count)
    sending = begin + chosen.count
    return chosen.map { DutyTests.press($0.sequence, at: $0.time) }
  }

  mutating func connected(_ frames: [Quintet_Terminal_V1_ServerFrame]) {
    sending = 0
    for frame in frames { drop(upTo: frame.welcome.lastSequence) }
    sending = 0
  }

  mutating func heard(_ frames: [Quintet_Terminal_V1_ServerFrame]) {
    for frame in frames { drop(upTo: frame.ack.sequence) }
  }

  mutating func broken() { sending = nil }

  private mutating func drop(upTo sequence: UInt64) {
    let count = waiting.prefix { $0.sequence <= sequence }.count
    waiting.removeFirst(count)
    sending = sending.map { max(0, $0 - count) }
  }
}

@Suite struct FrameReaderTests {
  @Test func framesComeOutWholeWhateverThePieces() throws {
    var chance = Seeded(1)
    let frames =
      (0..<200).map { index in
        [UInt8](
          repeating: UInt8(truncatingIfNeeded: index),
          count: Int.random(in: 0...300, using: &chance))
      } + [[UInt8](repeating: 7, count: FrameReader.limit)]
    var bytes = frames.flatMap(FrameReader.framed)
    var reader = FrameReader()
    var found: [[UInt8]] = []
    while !bytes.isEmpty {
      let piece = min(bytes.count, Int.random(in: 1...500, using: &chance))
      reader.append(Array(bytes.prefix(piece)))
      bytes.removeFirst(piece)
      while let frame = try reader.next() { found.append(frame) }
    }
    #expect(found == frames)
  }

  @Test func aFrameThatIsTooLongIsRefusedByItsLengthAlone() throws {
    var reader = FrameReader()
    reader.append([0, 0, 0x10, 0x01])
    #expect(throws: Failure.self) { try reader.next() }
  }
}
