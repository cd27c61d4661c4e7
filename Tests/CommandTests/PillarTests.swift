// A pillar's press as command hears of it, and steps that units report by their terminals.
import CommandDomain
import CommandStore
import CommandSubscriptions
import Foundation
import Identifiers
import Persistence
import QuintetAPI
import SwiftProtobuf
import Testing
import Wire

@testable import CommandRPC

private func event<M: Message>(
  _ message: M, number: Int, incident: String = "", at seconds: Double = 0
) throws -> Quintet_Events_V1_Event {
  let payload: Data = try message.serializedBytes()
  return .with {
    $0.partition = "main"
    $0.service = "duty"
    $0.sequence = UInt64(number)
    $0.id = Sample.id("event \(number)", EventTag.self).description
    $0.type = M.protoMessageName
    $0.incidentID = incident
    $0.occurTime = Sample.time(seconds).timestamp
    $0.payload = .with { $0.value = payload }
  }
}

private func pressed(_ sequence: Int64, on code: String = "pillar-017", event number: Int) throws
  -> Quintet_Events_V1_Event
{
  try event(
    Quintet_Duty_V1_AlarmButtonPressed.with {
      $0.terminalCode = code
      $0.reportSequence = sequence
      $0.plateCode = "A-17"
      $0.location = .with {
        $0.point = .with {
          $0.latitude = 27.9
          $0.longitude = 121.1
          $0.datum = .wgs84
        }
        $0.address = "东岙沙滩"
        $0.description_p = "礁石旁"
      }
    }, number: number)
}

extension Desk {
  fileprivate func hear(_ event: Quintet_Events_V1_Event) async throws {
    try await database.write { [store] tx in
      try store.perform(
        in: tx, provenance: NeighbourEvent.provenance(of: event), now: Sample.time(10)
      ) { try FromDuty().apply(event, in: $0, now: Sample.time(10)) }
    }
  }

  fileprivate func activeCalls() async throws -> [Quintet_Command_V1_CallReport] {
    try await calls.listCallReports(.with { $0.state = .active }).callReports
  }
}

@Suite struct PillarTests {
  @Test func aPressIsAnActiveCallAtOnce() async throws {
    try await Desk.with { desk in
      try await desk.hear(try pressed(1, event: 1))
      let active = try await desk.activeCalls()
      let call = try #require(active.first)
      #expect(active.count == 1)
      #expect(call.channel == .pillar && call.origin == .citizenReported && call.pressCount == 1)
      #expect(call.source == "pillar" && call.externalReference == "pillar-017/1")
      #expect(call.location.wgs84Point.latitude == 27.9 && call.location.address == "东岙沙滩")
      #expect(call.location.description_p == "点位牌 A-17；礁石旁")
      #expect(call.narrative.contains("pillar-017") && call.narrative.contains("A-17"))
      #expect(call.occurTime == Sample.time(0).timestamp)
      #expect(call.receiveTime == Sample.time(10).timestamp)
    }
  }

  @Test func theSamePressAgainChangesNothing() async throws {
    try await Desk.with { desk in
      try await desk.hear(try pressed(1, event: 1))
      let before = try await desk.activeCalls()
      try await desk.hear(try pressed(1, event: 1))
      #expect(try await desk.activeCalls() == before)
    }
  }

  @Test func morePressesAreCountedAndDoNotHoldTheCallTakerUp() async throws {
    try await Desk.with { desk in
      try await desk.hear(try pressed(1, event: 1))
      let call = try #require(try await desk.activeCalls().first)
      for number in 2...5 { try await desk.hear(try pressed(Int64(number), event: number)) }
      try await desk.hear(try pressed(1, on: "pillar-01", event: 6))
      let active = try await desk.activeCalls()
      #expect(active.map(\.pressCount).sorted() == [1, 5])
      // With the etag from before they pressed again.
      let opened = try await desk.calls.openIncident(
        .with {
          $0.requestID = "open"
          $0.callReportID = call.id
          $0.etag = call.etag
        })
      #expect(opened.callReport.outcome == .created && opened.callReport.pressCount == 5)
      // What comes after that is a call of its own.
      try await desk.hear(try pressed(6, event: 7))
      #expect(
        Set(try await desk.activeCalls().map(\.externalReference)) == [
          "pillar-01/1", "pillar-017/6",
        ])
      let last = try #require(
        try await desk.activeCalls().first { $0.externalReference == "pillar-017/6" })
      let ended = try await desk.calls.endCall(
        .with {
          $0.requestID = "end"
          $0.callReportID = last.id
          $0.outcome = .accidental
        })
      #expect(ended.callReport.state == .ended && ended.callReport.pressCount == 1)
    }
  }

  @Test func aReportedStepTakesThoseBeforeItWithoutTimes() async throws {
    try await Desk.with { desk in
      let opened = try await desk.calls.answerCall(
        .with {
          $0.requestID = "answer"
          $0.content = .with {
            $0.channel = .phone
            $0.origin = .citizenReported
            $0.location.address = "x"
          }
        })
      let incident = try await desk.calls.openIncident(
        .with {
          $0.requestID = "open"
          $0.callReportID = opened.callReport.id
          $0.incidentClass = .help
          $0.level = .incidentLevel3
        })
      let sent = try await desk.dispatches.dispatchUnits(
        .with {
          $0.requestID = "send"
          $0.incidentID = incident.incidentID
          $0.unitIds = [Sample.unit(1).description]
        })
      let assignment = try #require(sent.assignments.first)
      func step(
        _ step: Quintet_Terminal_V1_Step, number: Int, at seconds: Double,
        of id: String? = nil
      ) async throws -> Quintet_Command_V1_Assignment {
        try await desk.hear(
          try event(
            Quintet_Duty_V1_AssignmentStepReported.with {
              $0.assignmentID = id ?? assignment.id
              $0.unitID = Sample.unit(1).description
              $0.step = step
            }, number: number, incident: incident.incidentID, at: seconds))
        let request = Quintet_Command_V1_GetAssignmentRequest.with {
          $0.assignmentID = assignment.id
        }
        return try await desk.dispatches.getAssignment(request).assignment
      }
      let arrived = try await step(.arrive, number: 1, at: 500)
      #expect(arrived.state == .onScene && arrived.arriveTime == Sample.time(500).timestamp)
      #expect(!arrived.hasAcknowledgeTime && !arrived.hasDepartTime)
      // Late, and of nothing that is known: passed over, and neither parks the event.
      #expect(try await step(.depart, number: 2, at: 400) == arrived)
      let unknown = Sample.id("another", AssignmentTag.self).description
      #expect(try await step(.clear, number: 3, at: 600, of: unknown) == arrived)
      #expect(try await step(.clear, number: 4, at: 600).state == .cleared)
      #expect(try await step(.clear, number: 5, at: 700).clearTime_p == Sample.time(600).timestamp)
    }
  }
}
