// Every RPC with every kind of bad input: its code, reason and field, and that nothing changed.
import Foundation
import GRPCCore
import Identifiers
import QuintetAPI
import SupervisionDomain
import SupervisionRPC
import SwiftProtobuf
import Testing
import Wire

private typealias Deadlines = Quintet_Supervision_V1_DeadlineService.Method
private typealias Clocks = Quintet_Supervision_V1_ClockService.Method
private typealias Evaluations = Quintet_Supervision_V1_EvaluationService.Method

@Suite struct BadInputTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let code: RPCError.Code
    let reason: String
    let field: String?
    let call: @Sendable (Bench) async throws -> Void

    init(
      _ name: String, _ code: RPCError.Code, _ reason: String, _ field: String?,
      _ call: @escaping @Sendable (Bench) async throws -> Void
    ) {
      testDescription = name
      (self.code, self.reason, self.field, self.call) = (code, reason, field, call)
    }
  }

  static func get(
    _ id: String, _ code: RPCError.Code, _ reason: String
  ) -> Case {
    Case("GetDeadline \(id)", code, reason, "deadline_id") { bench in
      _ = try await called(Deadlines.GetDeadline.descriptor) {
        try await bench.deadlines.getDeadline(
          request: .with { $0.deadlineID = id }, context: $0)
      }
    }
  }

  static func list(
    _ name: String, _ reason: String, _ field: String,
    _ set: @escaping @Sendable (inout Quintet_Supervision_V1_ListDeadlinesRequest) -> Void
  ) -> Case {
    Case("ListDeadlines \(name)", .invalidArgument, reason, field) { bench in
      _ = try await ServiceTests.list(bench, .with { set(&$0) })
    }
  }

  static func rule(
    _ name: String, _ reason: String, _ field: String, code: RPCError.Code = .invalidArgument,
    _ set: @escaping @Sendable (inout Quintet_Supervision_V1_PutRuleRequest) -> Void
  ) -> Case {
    Case("PutRule \(name)", code, reason, field) { bench in
      var request = ServiceTests.change
      set(&request)
      _ = try await ServiceTests.put(bench, request)
    }
  }

  static func evaluation(_ id: String, _ code: RPCError.Code, _ reason: String) -> Case {
    Case("GetEvaluation \(id)", code, reason, "incident_id") { bench in
      _ = try await called(Evaluations.GetEvaluation.descriptor) {
        try await bench.evaluations.getEvaluation(
          request: .with { $0.incidentID = id }, context: $0)
      }
    }
  }

  static func evaluations(
    _ name: String, _ reason: String, _ field: String,
    _ set: @escaping @Sendable (inout Quintet_Supervision_V1_ListEvaluationsRequest) -> Void
  ) -> Case {
    Case("ListEvaluations \(name)", .invalidArgument, reason, field) { bench in
      _ = try await called(Evaluations.ListEvaluations.descriptor) {
        try await bench.evaluations.listEvaluations(request: .with { set(&$0) }, context: $0)
      }
    }
  }

  static let reading: [Case] = {
    var ids = TestIDs("unknown")
    let deadline: DeadlineID = ids.next()
    let incident: IncidentID = ids.next()
    return [
      get("", .invalidArgument, "REQUIRED"), get("dl_x", .invalidArgument, "ID_INVALID"),
      get("\(incident)", .invalidArgument, "ID_INVALID"),
      get("\(deadline)", .notFound, "DEADLINE_UNKNOWN"),
      list("negative page", "OUT_OF_RANGE", "page_size") { $0.pageSize = -1 },
      list("large page", "OUT_OF_RANGE", "page_size") { $0.pageSize = 501 },
      list("foreign token", "PAGE_TOKEN_INVALID", "page_token") { $0.pageToken = "x" },
      list("token of another listing", "PAGE_TOKEN_INVALID", "page_token") {
        $0.pageToken = PageToken.encode(["17", "\(incident)"])
      },
      list("incident", "ID_INVALID", "incident_id") { $0.incidentID = "\(deadline)" },
      list("unspecified state", "UNSPECIFIED", "states[1]") { $0.states = [.met, .unspecified] },
      list("unknown state", "UNSPECIFIED", "states[0]") { $0.states = [.UNRECOGNIZED(99)] },
      list("too many states", "TOO_MANY", "states") {
        $0.states = Array(repeating: .met, count: 17)
      },
      Case("CountDeadlines unknown kind", .invalidArgument, "UNSPECIFIED", "kind") { bench in
        _ = try await called(Deadlines.CountDeadlines.descriptor) {
          try await bench.deadlines.countDeadlines(
            request: .with { $0.kind = .UNRECOGNIZED(99) }, context: $0)
        }
      },
      evaluation("", .invalidArgument, "REQUIRED"),
      evaluation("inc_1", .invalidArgument, "ID_INVALID"),
      evaluation("\(incident)", .notFound, "EVALUATION_UNKNOWN"),
      evaluations("negative page", "OUT_OF_RANGE", "page_size") { $0.pageSize = -1 },
      evaluations("large page", "OUT_OF_RANGE", "page_size") { $0.pageSize = 501 },
      evaluations("foreign token", "PAGE_TOKEN_INVALID", "page_token") { $0.pageToken = "%%" },
    ]
  }()

  static let changing: [Case] = [
    rule("no request id", "REQUIRED", "request_id") { $0.requestID = "" },
    rule("long request id", "TOO_LONG", "request_id") {
      $0.requestID = String(repeating: "x", count: 129)
    },
    rule("request id in Chinese", "CHARACTERS_NOT_ALLOWED", "request_id") { $0.requestID = "编号" },
    rule("no rule", "REQUIRED", "rule") { $0.clearRule() },
    rule("no code", "REQUIRED", "rule.code") { $0.rule.code = "" },
    rule("long code", "TOO_LONG", "rule.code") {
      $0.rule.code = String(repeating: "x", count: 65)
    },
    rule("unknown code", "RULE_UNKNOWN", "rule.code", code: .notFound) { $0.rule.code = "sign.x" },
    rule("no limit", "OUT_OF_RANGE", "rule.limit_s") { $0.rule.limitS = 0 },
    rule("limit over a year", "OUT_OF_RANGE", "rule.limit_s") { $0.rule.limitS = 31_536_001 },
    rule("huge limit", "OUT_OF_RANGE", "rule.limit_s") { $0.rule.limitS = .max },
    rule("warning before the start", "OUT_OF_RANGE", "rule.warn_before_s") {
      $0.rule.warnBeforeS = 46
    },
    rule("negative warning", "OUT_OF_RANGE", "rule.warn_before_s") { $0.rule.warnBeforeS = -1 },
    rule("no escalation time", "OUT_OF_RANGE", "rule.escalate_after_s") {
      $0.rule.escalateAfterS = 0
    },
    rule("four levels", "OUT_OF_RANGE", "rule.escalation_levels") { $0.rule.escalationLevels = 4 },
    rule("negative levels", "OUT_OF_RANGE", "rule.escalation_levels") {
      $0.rule.escalationLevels = -1
    },
    Case("StartExercise without time", .invalidArgument, "REQUIRED", "start_time") { bench in
      _ = try await called(Clocks.StartExercise.descriptor) {
        try await bench.clocks().startExercise(request: .init(), context: $0)
      }
    },
    Case("StartExercise at no time", .invalidArgument, "OUT_OF_RANGE", "start_time") { bench in
      _ = try await called(Clocks.StartExercise.descriptor) {
        try await bench.clocks().startExercise(
          request: .with { $0.startTime.seconds = .max }, context: $0)
      }
    },
    Case(
      "StartExercise while live deadlines run", .failedPrecondition, "LIVE_DEADLINES_RUNNING", nil
    ) { bench in _ = try await ServiceTests.begin(bench) },
    Case("AdvanceClock without time", .invalidArgument, "REQUIRED", "to_time") { bench in
      _ = try await called(Clocks.AdvanceClock.descriptor) {
        try await bench.clocks().advanceClock(request: .init(), context: $0)
      }
    },
    Case("AdvanceClock to no time", .invalidArgument, "OUT_OF_RANGE", "to_time") { bench in
      _ = try await called(Clocks.AdvanceClock.descriptor) {
        try await bench.clocks().advanceClock(
          request: .with { $0.toTime.nanos = -1 }, context: $0)
      }
    },
    Case("AdvanceClock without exercise", .failedPrecondition, "NO_EXERCISE", nil) { bench in
      _ = try await ServiceTests.advance(bench, to: Bench.start)
    },
    Case("EndExercise without exercise", .failedPrecondition, "NO_EXERCISE", nil) { bench in
      _ = try await called(Clocks.EndExercise.descriptor) {
        try await bench.clocks().endExercise(request: .init(), context: $0)
      }
    },
  ]

  @Test(arguments: reading + changing) func badInputIsRefusedByNameAndChangesNothing(
    bad: Case
  ) async throws {
    try await Bench.with { bench in
      try await bench.play([ClockTests.dispatch()])
      let before = try await bench.everything()
      do {
        try await bad.call(bench)
        Issue.record("\(bad.testDescription) was taken")
      } catch let failure as Failure {
        #expect(failure.code == bad.code)
        #expect(failure.reason == bad.reason)
        #expect(failure.field == bad.field || (bad.field == nil && failure.field == nil))
        #expect(!failure.message.isEmpty)
      }
      #expect(try await bench.everything() == before)
    }
  }
}
