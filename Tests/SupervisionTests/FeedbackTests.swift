// Weak feedback: what counts as weak, and that its return reaches command once, whatever happens.

import Access
import EventLog
import Foundation
import GRPCCore
import GRPCInProcessTransport
import GRPCProtobuf
import Identifiers
import QuintetAPI
import SupervisionDomain
import SwiftProtobuf
import Synchronization
import Testing

@testable import SupervisionRPC

@Suite struct FeedbackTests {
  @Test(arguments: [
    ("民警到场调解，双方已和解。", true), ("已处理", false), ("已处理。同上！", false), ("OK ok, done.", false),
    ("", false), ("  \n。", false), ("盗窃嫌疑人抓获", false), ("盗窃嫌疑人已抓获", true),
    ("Parties separated; a report was taken.", true), ("No one there", true), ("n/a", false),
    ("booked", false), ("已处理：嫌疑人一名已被带回派出所", true),
  ]) func aTextThatSaysNothingIsWeak(text: String, isEnough: Bool) {
    for rule in FeedbackRule.defaults {
      #expect((rule.weakness(of: text) == nil) == isEnough, "\(rule.code)")
    }
  }

  @Test func theDemandsAreData() {
    let rule = FeedbackRule(code: .incident, minimumLength: 2, fillerWords: ["抓获"])
    #expect(rule.weakness(of: "抓获")?.contains("未说明") == true)
    #expect(rule.weakness(of: "撤")?.contains("至少 2") == true)
    #expect(rule.weakness(of: "已处理") == nil)
  }

  /// Answers as told; the last answer goes on.
  final class FakeCommand: FeedbackReturner {
    enum Reply: Sendable {
      case answer(FeedbackReturnAnswer)
      case fail
    }
    private let state: Mutex<(replies: [Reply], calls: [OutgoingCall])>

    init(_ replies: [Reply]) { state = Mutex((replies, [])) }

    var calls: [OutgoingCall] { state.withLock { $0.calls } }

    func giveBack(_ call: OutgoingCall) async throws -> FeedbackReturnAnswer {
      let reply = state.withLock { state in
        state.calls.append(call)
        return state.replies.count > 1 ? state.replies.removeFirst() : state.replies[0]
      }
      switch reply {
      case .answer(let answer): return answer
      case .fail: throw RPCError(code: .unavailable, message: "command is down")
      }
    }
  }

  static let course = CourseMove(
    directive: {
      var ids = TestIDs()
      return ids.next()
    }(), incident: nil,
    directiveClass: .urgent, recipient: Recipient(kind: .station, id: "s1"), state: .fedBack,
    feedback: "已处理")

  static func weakHappening(_ fact: Fact = .courseMoved(course)) -> Happening {
    var ids = TestIDs("weak")
    return Happening(id: ids.next(), time: Bench.start + 5, fact: fact)
  }

  func calls(_ bench: Bench, _ command: FakeCommand) -> OutgoingCalls {
    OutgoingCalls(store: bench.store, returner: command, report: bench.report, clock: bench.now)
  }

  @Test func weakFeedbackOfADirectiveIsToldAndReturned() async throws {
    try await Bench.with { bench in
      let happening = Self.weakHappening()
      try await bench.play([happening])
      let event = try #require(try await bench.allEvents().last)
      #expect(event.type == "quintet.supervision.v1.FeedbackFoundWeak")
      #expect(event.subject == "\(Self.course.directive)")
      #expect(event.occurTime == happening.time)
      let payload = try Quintet_Supervision_V1_FeedbackFoundWeak(serializedBytes: event.payload)
      #expect(payload.recipient == "station/s1")

      let command = FakeCommand([.answer(.answered)])
      #expect(await calls(bench, command).settle())
      #expect(await calls(bench, command).settle())
      let call = try #require(command.calls.first)
      #expect(command.calls.count == 1)
      #expect(call.requestID == "weak/\(happening.id.stablePart)")
      #expect(call.occurTime == happening.time)
      #expect(call.matter == .directive(Self.course.directive, Self.course.recipient))
      #expect(call.reason == payload.reason)
    }
  }

  @Test func weakFeedbackOfAnIncidentIsReturnedAndTheNextClockStartsWithIt() async throws {
    try await Bench.with { bench in
      var ids = TestIDs("incident")
      let incident: IncidentID = ids.next()
      func moved(
        _ from: IncidentMove.State, _ to: IncidentMove.State, _ after: TimeInterval,
        _ text: String = ""
      ) -> Happening {
        Happening(
          id: ids.next(), time: Bench.start + after,
          fact: .incidentMoved(
            IncidentMove(incident: incident, from: from, to: to, feedback: text)))
      }
      try await bench.play([
        moved(.active, .awaitingFeedback, 0), moved(.awaitingFeedback, .inReview, 60, "ok"),
      ])
      #expect(try await bench.pendingCalls().map(\.matter) == [.incident(incident)])
      try await bench.play([
        moved(.inReview, .awaitingFeedback, 60, "ok"),
        moved(.awaitingFeedback, .inReview, 2_000, Script.strongText),
      ])
      #expect(try await bench.pendingCalls().count == 1)
      let deadlines = try await bench.allDeadlines()
      #expect(deadlines.map(\.ruleCode) == ["feedback.incident", "feedback.incident"])
      #expect(deadlines.map(\.state) == [.met, .missed])
    }
  }

  @Test func aCallIsRepeatedUntilItIsAnswered() async throws {
    try await Bench.with { bench in
      try await bench.play([Self.weakHappening()])
      let command = FakeCommand([.fail, .fail, .answer(.answered)])
      #expect(await !calls(bench, command).settle())
      // The service starts anew in between.
      #expect(await !calls(bench, command).settle())
      #expect(try await bench.pendingCalls().count == 1)
      #expect(await calls(bench, command).settle())
      #expect(Set(command.calls.map(\.requestID)).count == 1)
      #expect(command.calls.count == 3)
      #expect(try await bench.pendingCalls() == [])
    }
  }

  @Test func aRefusalIsFinal() async throws {
    try await Bench.with { bench in
      try await bench.play([Self.weakHappening()])
      let command = FakeCommand([.answer(.refused("the incident is closed"))])
      #expect(await calls(bench, command).settle())
      #expect(try await bench.pendingCalls() == [])
      #expect(bench.lines.messages(.warning) == ["command refused to return weak feedback"])
    }
  }

  @Test func theLoopReturnsWhatIsFoundWhileItRuns() async throws {
    try await Bench.with { bench in
      let command = FakeCommand([.fail, .answer(.answered)])
      let calls = calls(bench, command)
      let loop = Task { try await calls.run() }
      try await bench.play([Self.weakHappening()])
      while try await !bench.pendingCalls().isEmpty { await Task.yield() }
      loop.cancel()
      await #expect(throws: CancellationError.self) { try await loop.value }
      #expect(command.calls.count == 2)
    }
  }

  /// What reaches command's own RPCs, and how its answers are taken.
  @Test(arguments: [
    (RPCError.Code?.none, "answered"), (.failedPrecondition, "refused"), (.notFound, "refused"),
    (.unavailable, "again"), (.deadlineExceeded, "again"), (.resourceExhausted, "again"),
    (.internalError, "again"),
  ]) func commandIsAskedInItsOwnWords(code: RPCError.Code?, outcome: String) async throws {
    let seen = Mutex<[String]>([])
    var router = RPCRouter<InProcessTransport.Server>()
    router.registerHandler(
      forMethod: Quintet_Command_V1_ReviewService.Method.ReturnIncidentFeedback.descriptor,
      deserializer: ProtobufDeserializer<Quintet_Command_V1_ReturnIncidentFeedbackRequest>(),
      serializer: ProtobufSerializer<Quintet_Command_V1_ReturnIncidentFeedbackResponse>()
    ) { request, _ in
      let message = try await ServerRequest(stream: request).message
      seen.withLock { $0.append("\(message.requestID) \(message.incidentID)") }
      if let code { throw RPCError(code: code, message: "no") }
      return StreamingServerResponse(single: ServerResponse(message: .init()))
    }
    router.registerHandler(
      forMethod: Quintet_Command_V1_DirectiveService.Method.ReturnDirectiveFeedback.descriptor,
      deserializer: ProtobufDeserializer<Quintet_Command_V1_ReturnDirectiveFeedbackRequest>(),
      serializer: ProtobufSerializer<Quintet_Command_V1_ReturnDirectiveFeedbackResponse>()
    ) { request, _ in
      let message = try await ServerRequest(stream: request).message
      seen.withLock {
        $0.append("\(message.requestID) \(message.recipient.kind) \(message.recipient.id)")
      }
      if let code { throw RPCError(code: code, message: "no") }
      return StreamingServerResponse(single: ServerResponse(message: .init()))
    }
    var ids = TestIDs()
    let incident: IncidentID = ids.next()
    let matters: [OutgoingCall.Matter] = [
      .incident(incident), .directive(ids.next(), Recipient(kind: .beat, id: "b1")),
    ]
    let transport = InProcessTransport()
    let server = GRPCServer(transport: transport.server, router: router)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await server.serve() }
      let client = GRPCClient(transport: transport.client)
      group.addTask { try await client.runConnections() }
      let returner = CommandFeedbackReturner(
        review: Quintet_Command_V1_ReviewService.Client(wrapping: client),
        directives: Quintet_Command_V1_DirectiveService.Client(wrapping: client),
        // What is asked matters here, not how busy the machine is.
        timeout: .seconds(300))
      for matter in matters {
        let call = OutgoingCall(
          requestID: "weak/x", matter: matter, incidentID: nil, reason: "过短。Too short.",
          occurTime: Bench.start, trace: "")
        do {
          switch try await returner.giveBack(call) {
          case .answered: #expect(outcome == "answered")
          case .refused: #expect(outcome == "refused")
          }
        } catch is RPCError {
          #expect(outcome == "again")
        }
      }
      client.beginGracefulShutdown()
      server.beginGracefulShutdown()
    }
    #expect(seen.withLock { $0 } == ["weak/x \(incident)", "weak/x beat b1"])
  }
}
