// Asking for a track: for a purpose that the role allows and a case that the unit was sent to; in pages.
import Access
import DutyDomain
import DutyRPC
import Foundation
import GRPCCore
import Identifiers
import QuintetAPI
import SwiftProtobuf
import Testing
import Wire

extension Station {
  var tracks: TrackService { TrackService(store: store, clock: { noon }) }

  /// As somebody with one role asks.
  func listTrack(
    as role: Role = .shiftLeader, reach: Reach = .everywhere,
    _ request: Quintet_Duty_V1_ListTrackRequest
  ) async throws -> Quintet_Duty_V1_ListTrackResponse {
    var principal = try Principal(kind: .person, name: "somebody")
    principal.roles = [role]
    principal.duty = noon.addingTimeInterval(-60)..<noon.addingTimeInterval(60)
    return try await CallContext.$current.withValue(
      CallContext(principal: principal, reach: reach)
    ) {
      try await withServerContextRPCCancellationHandle { handle in
        try await tracks.listTrack(
          request: request,
          context: ServerContext(
            descriptor: MethodDescriptor(
              fullyQualifiedService: "quintet.duty.v1.TrackService", method: "ListTrack"),
            remotePeer: "in-process:1", localPeer: "in-process:1", cancellation: handle))
      }
    }
  }

  /// A unit that was on incident 1, with a zigzag of 40 points.
  func zigzag() async throws -> (unit: String, good: Quintet_Duty_V1_ListTrackRequest) {
    let unit = try await putUnit("U").id
    try await apply([
      moved("a", unit: try UnitID(parsing: unit), incident: "1", to: .cleared)
    ])
    try await report(
      (0..<40).map {
        position(
          unit, $0.isMultiple(of: 2) ? 28 : 28.001,
          at: noon.addingTimeInterval(Double($0) * 10 - 400))
      })
    let good = Quintet_Duty_V1_ListTrackRequest.with {
      $0.purpose.code = .disposalReview
      $0.purpose.caseID = id("1", IncidentTag.self).description
      $0.unitID = unit
      $0.fromTime = noon.addingTimeInterval(-3600).timestamp
      $0.toTime = noon.timestamp
    }
    return (unit, good)
  }
}

@Suite struct TrackServiceTests {
  @Test func pagesTogetherHoldEveryPointOnce() async throws {
    try await Station.with { station in
      let (_, good) = try await station.zigzag()
      let whole = try await station.listTrack(good)
      #expect(whole.points.count == 40 && whole.nextPageToken.isEmpty)
      #expect(whole.toleranceM == 10 && whole.gapS == 300)
      for size: Int32 in [1, 7, 39, 40] {
        var request = good
        request.pageSize = size
        var seen: [Quintet_Duty_V1_TrackPoint] = []
        repeat {
          let page = try await station.listTrack(request)
          #expect(page.points.count <= Int(size))
          seen += page.points
          request.pageToken = page.nextPageToken
        } while !request.pageToken.isEmpty
        #expect(seen == whole.points)
      }
      var part = good
      part.fromTime = noon.addingTimeInterval(-200).timestamp
      part.toTime = noon.addingTimeInterval(-100).timestamp
      #expect(try await station.listTrack(part).points.count == 11)
      part.unitID = "U"
      #expect(try await station.listTrack(part).points.count == 11)
    }
  }

  @Test func whoeverHasNoCaseIsShownNothing() async throws {
    try await Station.with { station in
      let (_, good) = try await station.zigzag()
      let other = id("2", IncidentTag.self).description
      func refused(
        as role: Role = .shiftLeader, reach: Reach = .everywhere,
        _ change: (inout Quintet_Duty_V1_ListTrackRequest) -> Void
      ) async -> String {
        var request = good
        change(&request)
        let failure = await refusal { [request] in
          try await station.listTrack(as: role, reach: reach, request)
        }
        return "\(failure?.reason ?? "shown") \(failure?.field ?? "")"
      }
      #expect(await refused { $0.clearPurpose() } == "REQUIRED purpose")
      #expect(await refused { $0.purpose.code = .unspecified } == "UNSPECIFIED purpose.code")
      #expect(await refused { $0.purpose.caseID = "" } == "REQUIRED purpose.case_id")
      #expect(await refused { $0.purpose.caseID = "x" } == "ID_INVALID purpose.case_id")
      for code: Quintet_Type_V1_PurposeCode in [.callBack, .repeatCalls, .fraudPrevention] {
        #expect(await refused { $0.purpose.code = code } == "PURPOSE_NOT_ALLOWED purpose.code")
      }
      #expect(
        await refused(as: .volunteer) { _ in } == "PURPOSE_NOT_ALLOWED purpose.code")
      #expect(
        await refused(as: .supervisor) { $0.purpose.code = .rescue }
          == "PURPOSE_NOT_ALLOWED purpose.code")
      #expect(await refused { $0.purpose.caseID = other } == "CASE_NOT_OF_UNIT purpose.case_id")
      // To rescue somebody any incident will do, as long as it is open.
      #expect(await refused { $0.purpose.code = .rescue } == "CASE_NOT_OPEN purpose.case_id")
      #expect(await refused { $0.unitID = "" } == "REQUIRED unit_id")
      #expect(await refused { $0.unitID = "V" } == "UNIT_UNKNOWN unit_id")
      #expect(await refused(reach: .nothing) { _ in } == "UNIT_UNKNOWN unit_id")
      #expect(await refused { $0.clearFromTime() } == "REQUIRED from_time")
      #expect(await refused { $0.clearToTime() } == "REQUIRED to_time")
      #expect(
        await refused { $0.toTime = noon.addingTimeInterval(-3601).timestamp }
          == "OUT_OF_RANGE to_time")
      #expect(
        await refused { $0.fromTime = noon.addingTimeInterval(-86_401).timestamp }
          == "OUT_OF_RANGE to_time")
      #expect(await refused { $0.pageSize = 1001 } == "OUT_OF_RANGE page_size")
      #expect(await refused { $0.pageToken = "%" } == "PAGE_TOKEN_INVALID page_token")
      #expect(
        await refused { $0.pageToken = PageToken.encode(["x", "1"]) }
          == "PAGE_TOKEN_INVALID page_token")
      #expect(await refused { _ in } == "shown ")
      for role: Role in [.dispatcher, .station, .supervisor] {
        #expect(await refused(as: role) { _ in } == "shown ")
      }
    }
  }
}
