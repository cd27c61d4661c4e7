// quintet.supervision.v1.DeadlineService: what runs, what was kept and missed, and by which rules.
import Access
public import Foundation
public import GRPCCore
import Identifiers
public import QuintetAPI
public import SupervisionDomain
import SwiftProtobuf
import Wire

public struct DeadlineService: Quintet_Supervision_V1_DeadlineService.SimpleServiceProtocol {
  private let store: any SupervisionStore
  private let report: LogReport
  private let clock: @Sendable () -> Date

  public init(
    store: any SupervisionStore, report: @escaping LogReport,
    clock: @escaping @Sendable () -> Date
  ) {
    self.store = store
    self.report = report
    self.clock = clock
  }

  public func getDeadline(
    request: Quintet_Supervision_V1_GetDeadlineRequest, context: ServerContext
  ) async throws -> Quintet_Supervision_V1_GetDeadlineResponse {
    try await answering {
      let id = try Check.identifier(
        request.deadlineID, field: "deadline_id", as: DeadlineTag.self)
      let deadline = try await store.read(within: CallContext.current.reach) { reader in
        guard let deadline = try reader.deadline(id) else {
          throw SupervisionError.deadlineUnknown(id)
        }
        return deadline
      }
      if let incident = deadline.incidentID {
        CallContext.current.notes.incident(incident.description)
      }
      return .with { $0.deadline = .init(deadline) }
    }
  }

  public func listDeadlines(
    request: Quintet_Supervision_V1_ListDeadlinesRequest, context: ServerContext
  ) async throws -> Quintet_Supervision_V1_ListDeadlinesResponse {
    try await answering {
      let size = try Check.count(request.pageSize, field: "page_size", 1...500, standard: 50)
      let start = try PageStart(token: request.pageToken, ids: DeadlineTag.self)
      let states = try Check.list(request.states, field: "states", 0...16)
      let filter = DeadlineFilter(
        incident: try Check.optionalIdentifier(request.incidentID, field: "incident_id"),
        states: try states.enumerated().map { try $1.checked(field: "states[\($0)]") })
      // One more than asked for tells whether there is a next page.
      let found = try await store.read(within: CallContext.current.reach) { reader in
        try reader.deadlines(filter, after: start, limit: size + 1)
      }
      let page = found.prefix(size)
      return .with { response in
        response.deadlines = page.map { .init($0) }
        if found.count > size, let last = page.last {
          response.nextPageToken = PageStart(time: last.dueTime, id: last.id.description).token
        }
      }
    }
  }

  public func countDeadlines(
    request: Quintet_Supervision_V1_CountDeadlinesRequest, context: ServerContext
  ) async throws -> Quintet_Supervision_V1_CountDeadlinesResponse {
    let kind = try request.kind.checked(field: "kind")
    let counts = try await store.read(within: CallContext.current.reach) { try $0.counts(of: kind) }
    return .with { $0.counts = counts.map { .init($0) } }
  }

  public func listRules(
    request: Quintet_Supervision_V1_ListRulesRequest, context: ServerContext
  ) async throws -> Quintet_Supervision_V1_ListRulesResponse {
    let rules = try await store.read(within: CallContext.current.reach) { try $0.rules() }
    return .with { $0.rules = rules.map { .init($0) } }
  }

  public func putRule(
    request: Quintet_Supervision_V1_PutRuleRequest, context: ServerContext
  ) async throws -> Quintet_Supervision_V1_PutRuleResponse {
    try await answering {
      let key = try RequestKey(request, id: request.requestID, context: context)
      guard request.hasRule else { throw Failure.required("rule") }
      _ = try request.rule.kind.checked(field: "rule.kind")
      _ = try Check.text(request.rule.name, field: "rule.name", max: 80)
      let limits = try Limits(request.rule)
      let rule = try await store.write(
        key, provenance: key.provenance, reach: CallContext.current.reach, now: clock()
      ) { writer in
        guard var rule = try writer.rule(limits.code) else {
          throw SupervisionError.ruleUnknown(limits.code)
        }
        rule.limit = limits.limit
        rule.warnBefore = limits.warnBefore
        rule.escalateAfter = limits.escalateAfter
        rule.escalationLevels = limits.escalationLevels
        try writer.save(rule)
        return rule
      }
      report(
        LogLine(
          .info, "rule changed",
          [
            "rule": rule.code, "limit_s": "\(rule.limit)", "trace": CallContext.current.trace,
            "actor": CallContext.current.principal.actor,
          ]))
      return .with { $0.rule = .init(rule) }
    }
  }
}

/// What may be changed of a rule, within its bounds.
private struct Limits: Sendable {
  let code: String
  let limit: Int
  let warnBefore: Int
  let escalateAfter: Int
  let escalationLevels: Int

  init(_ rule: Quintet_Supervision_V1_Rule) throws {
    code = try Check.code(rule.code, field: "rule.code", max: 64, required: true)
    limit = try Self.seconds(rule.limitS, "rule.limit_s", Rule.secondsRange)
    warnBefore = try Self.seconds(rule.warnBeforeS, "rule.warn_before_s", 0...limit)
    escalateAfter = try Self.seconds(
      rule.escalateAfterS, "rule.escalate_after_s", Rule.secondsRange)
    escalationLevels = try Self.seconds(
      Int64(rule.escalationLevels), "rule.escalation_levels", Rule.levelsRange)
  }

  private static func seconds(
    _ value: Int64, _ field: String, _ bounds: ClosedRange<Int>
  ) throws -> Int {
    Int(
      try Check.range(
        Double(value), field: field, Double(bounds.lowerBound)...Double(bounds.upperBound)))
  }
}
