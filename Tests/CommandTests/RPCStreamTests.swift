// Streams of commands: order, durability, repeats and bounds.
import EventLog
import Foundation
import GRPCCore
import Persistence
import QuintetAPI
import SwiftProtobuf
import Synchronization
import Testing
import Wire

@testable import CommandRPC

extension Desk {
  func stream(
    _ requests: [Quintet_Command_V1_StreamReportsRequest]
  ) async throws -> [Quintet_Command_V1_StreamReportsResponse] {
    try await calls.streamReports { writer in
      for request in requests { try await writer.write(request) }
    } onResponse: { response in
      try await response.messages.reduce(into: []) { $0.append($1) }
    }
  }

  func stream(
    _ requests: [Quintet_Command_V1_StreamAssignmentStepsRequest]
  ) async throws -> [Quintet_Command_V1_StreamAssignmentStepsResponse] {
    try await dispatches.streamAssignmentSteps { writer in
      for request in requests { try await writer.write(request) }
    } onResponse: { response in
      try await response.messages.reduce(into: []) { $0.append($1) }
    }
  }
}

@Suite struct RPCStreamTests {
  private func report(
    _ index: Int, narrative: String? = nil
  ) -> Quintet_Command_V1_StreamReportsRequest {
    .with {
      $0.report.requestID = "import-\(index)"
      $0.report.content = callContent(
        narrative: narrative ?? "第 \(index) 起", source: "montco", reference: "row-\(index)")
    }
  }

  @Test func reportsAreAnsweredInOrderAndBadOnesStopNothing() async throws {
    try await Desk.with { desk in
      // Every seventh is bad, more than two groups in all.
      let requests = (0..<200).map { index in
        var request = report(index)
        if index % 7 == 3 { request.report.content.location.point.datum = .unspecified }
        return request
      }
      let answers = try await desk.stream(requests)
      #expect(answers.map(\.requestID) == requests.map(\.report.requestID))
      for (index, answer) in answers.enumerated() {
        #expect((answer.error.reason == "DATUM_REQUIRED") == (index % 7 == 3))
      }
      let accepted = answers.map(\.accepted.incidentNumber).filter { !$0.isEmpty }
      // Numbered in the order sent: taken in that order.
      #expect(accepted.count == 200 - 29 && accepted == accepted.sorted())
      let opened = try await desk.events().filter {
        $0.type == Quintet_Command_V1_IncidentOpened.protoMessageName
      }
      #expect(opened.map(\.subject) == answers.map(\.accepted.incidentID).filter { !$0.isEmpty })
      // Sent again, everything is answered as before and nothing is doubled.
      let before = try await desk.rows()
      #expect(try await desk.stream(requests) == answers)
      #expect(try await desk.rows() == before)
    }
  }

  @Test func aRepeatWithinOneStreamAndOtherContentAreToldApart() async throws {
    try await Desk.with { desk in
      var known = report(1)
      known.report.requestID = "import-3"
      let answers = try await desk.stream(
        [report(1), report(1), report(1, narrative: "别的"), known, report(2)])
      #expect(answers[0].accepted == answers[1].accepted)
      #expect(answers[2].error.code == 6 && answers[2].error.reason == "REQUEST_ID_REUSED")
      #expect(answers[3].error.code == 6 && answers[3].error.reason == "EXTERNAL_REFERENCE_KNOWN")
      #expect(answers[4].accepted.incidentNumber.hasSuffix("-000002"))
      // The stream's ids are those of the unary call it stands for.
      #expect(try await desk.calls.submitReport(report(2).report) == answers[4].accepted)
    }
  }

  @Test func stepsOfAStreamAreTakenInOrder() async throws {
    try await Desk.with { desk in
      let incident = try await desk.submit()
      let assignment = try await desk.dispatch(incident).assignments[0].id
      let steps: [Quintet_Command_V1_AssignmentStep] = [
        .acknowledge, .arrive, .depart, .arrive, .clear, .clear,
      ]
      let answers = try await desk.stream(
        steps.enumerated().map { index, step in
          .with {
            $0.step.requestID = "step-\(index)"
            $0.step.assignmentID = assignment
            $0.step.step = step
            $0.step.timeUnknown = step == .depart
          }
        })
      #expect(answers.map(\.requestID) == (0..<6).map { "step-\($0)" })
      #expect(
        answers.map(\.assignment.state) == [
          .acknowledged, .unspecified, .enRoute, .onScene, .cleared, .unspecified,
        ])
      #expect(answers[1].error.reason == "MOVE_NOT_ALLOWED")
      #expect(answers[5].error.code == 9)
      #expect(!answers[4].assignment.hasDepartTime && answers[4].assignment.hasArriveTime)
      #expect(try await desk.incident(incident).state == .awaitingFeedback)
    }
  }

  /// The caller has more to send and waits for an answer: the stream must not wait for him.
  @Test func aStreamEndsWhereTheStoreHasNoRoom() async throws {
    try await Desk.with { desk in
      let requests = (0..<300).map { report($0, narrative: String(repeating: "述", count: 2_000)) }
      try await desk.database.write { tx in
        let pages = try tx.query("PRAGMA page_count")[0].get("page_count", as: Int.self)
        _ = try tx.query("PRAGMA max_page_count = \(pages + 200)")
      }
      let answered = Answered()
      let (ended, end) = AsyncStream<Void>.makeStream()
      let refused = try await refusal {
        try await desk.calls.streamReports { writer in
          for request in requests { try await writer.write(request) }
          for await _ in ended {}
        } onResponse: { response in
          defer { end.finish() }
          for try await message in response.messages { answered.add(message.accepted) }
        }
      }
      #expect(refused == Refusal(.resourceExhausted, "STORE_FULL", nil))
      let taken = answered.all.count
      #expect((1..<300).contains(taken) && answered.all.allSatisfy { !$0.incidentID.isEmpty })
      try await desk.database.write { tx in _ = try tx.query("PRAGMA max_page_count = 1000000") }
      let rest = try await desk.stream(Array(requests.dropFirst(taken)))
      let numbers = (answered.all + rest.map(\.accepted)).map(\.incidentNumber)
      #expect(numbers == numbers.sorted() && Set(numbers).count == 300)
    }
  }

  @Test func whatIsInFlightIsBounded() async {
    let intake = ItemIntake<Int>(countLimit: 8, sizeLimit: 100)
    let accepted = Tally()
    await withTaskGroup(of: Void.self) { group in
      group.addTask {
        for item in 0..<500 {
          let size = item % 40
          guard await intake.put(item, size: size) else { return }
          accepted.add(size)
        }
        intake.close()
      }
      var taken: [Int] = []
      var answered = (count: 0, size: 0)
      while let (items, size) = await intake.take(5) {
        #expect(items.count <= 5)
        taken += items
        for _ in 0..<20 { await Task.yield() }
        let seen = accepted.sum
        #expect(seen.count - answered.count <= 8 && seen.size - answered.size <= 100)
        answered = (answered.count + items.count, answered.size + size)
        intake.answered(items.count, size: size)
      }
      #expect(taken == Array(0..<500))
    }
  }

  @Test func oneItemLargerThanTheBoundGetsThroughAlone() async {
    let intake = ItemIntake<Int>(countLimit: 8, sizeLimit: 100)
    #expect(await intake.put(1, size: 1_000))
    let taken = await intake.take(5)
    #expect(taken?.items == [1])
    intake.answered(1, size: 1_000)
    intake.close()
    #expect(await intake.put(2, size: 1) == false)
    #expect(await intake.take(5) == nil)
  }
}

/// What a stream said before it broke.
private final class Answered: Sendable {
  private let answers = Mutex<[Quintet_Command_V1_SubmitReportResponse]>([])

  var all: [Quintet_Command_V1_SubmitReportResponse] { answers.withLock { $0 } }

  func add(_ answer: Quintet_Command_V1_SubmitReportResponse) {
    answers.withLock { $0.append(answer) }
  }
}

/// What the producer got rid of, seen by the consumer.
private final class Tally: Sendable {
  private let state = Mutex((count: 0, size: 0))

  var sum: (count: Int, size: Int) { state.withLock { $0 } }

  func add(_ size: Int) {
    state.withLock { $0 = ($0.count + 1, $0.size + size) }
  }
}
