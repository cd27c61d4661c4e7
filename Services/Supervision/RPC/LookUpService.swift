// quintet.supervision.v1.LookUpService: unusual look-ups, and what was answered for them.
import Access
public import Foundation
public import GRPCCore
import Identifiers
public import QuintetAPI
public import SupervisionDomain
import SwiftProtobuf
import Wire

public struct LookUpService: Quintet_Supervision_V1_LookUpService.SimpleServiceProtocol {
  /// Look-ups that are shown with a finding.
  static let lookUpLimit = 200
  static let answerLimit = 1_000

  private let store: any SupervisionStore
  private let clock: @Sendable () -> Date

  public init(store: any SupervisionStore, clock: @escaping @Sendable () -> Date) {
    self.store = store
    self.clock = clock
  }

  public func listLookUpFindings(
    request: Quintet_Supervision_V1_ListLookUpFindingsRequest, context: ServerContext
  ) async throws -> Quintet_Supervision_V1_ListLookUpFindingsResponse {
    let size = try Check.count(request.pageSize, field: "page_size", 1...500, standard: 50)
    let before = try PageToken.decode(request.pageToken, count: 1).map { keys in
      guard let id = LookUpFindingID(keys[0]) else { throw PageToken.invalid }
      return id
    }
    let states = try Check.list(request.states, field: "states", 0...3).enumerated().map {
      try $1.checked(field: "states[\($0)]")
    }
    let found = try await store.read(within: CallContext.current.reach) {
      try $0.findings(in: states, before: before, limit: size + 1)
    }
    let page = found.prefix(size)
    return .with { response in
      response.findings = page.map { .init($0) }
      if found.count > size, let last = page.last {
        response.nextPageToken = PageToken.encode([last.id.description])
      }
    }
  }

  public func getLookUpFinding(
    request: Quintet_Supervision_V1_GetLookUpFindingRequest, context: ServerContext
  ) async throws -> Quintet_Supervision_V1_GetLookUpFindingResponse {
    try await answering {
      let id = try Check.identifier(
        request.findingID, field: "finding_id", as: LookUpFindingTag.self)
      CallContext.current.notes["subject"] = id.description
      let (finding, lookUps) = try await store.read(within: CallContext.current.reach) { reader in
        guard let finding = try reader.finding(id) else {
          throw SupervisionError.findingUnknown(id)
        }
        return (finding, try reader.lookUps(of: finding, limit: Self.lookUpLimit))
      }
      return .with {
        $0.finding = .init(finding)
        $0.lookUps = lookUps.map { .init($0) }
      }
    }
  }

  public func answerLookUpFinding(
    request: Quintet_Supervision_V1_AnswerLookUpFindingRequest, context: ServerContext
  ) async throws -> Quintet_Supervision_V1_AnswerLookUpFindingResponse {
    try await answering {
      let key = try RequestKey(request, id: request.requestID, context: context)
      let id = try Check.identifier(
        request.findingID, field: "finding_id", as: LookUpFindingTag.self)
      let state = try request.outcome.checked(field: "outcome")
      let text = try Check.text(
        request.answer, field: "answer", max: Self.answerLimit, required: true)
      let now = clock()
      let caller = CallContext.current.onBehalfOf ?? CallContext.current.principal
      let answer = LookUpFinding.Answer(text: text, actor: caller.actor, time: now)
      let etag = request.etag.isEmpty ? nil : request.etag
      let finding = try await store.write(
        key, provenance: key.provenance, reach: CallContext.current.reach, now: now
      ) { writer in
        try LookUpWatch.answer(id, etag: etag, as: state, answer, in: writer)
      }
      return .with { $0.finding = .init(finding) }
    }
  }

  public func listLookUpRules(
    request: Quintet_Supervision_V1_ListLookUpRulesRequest, context: ServerContext
  ) async throws -> Quintet_Supervision_V1_ListLookUpRulesResponse {
    let rules = try await store.read(within: CallContext.current.reach) { try $0.lookUpRules() }
    return .with { $0.rules = rules.map { .init($0) } }
  }

  public func putLookUpRule(
    request: Quintet_Supervision_V1_PutLookUpRuleRequest, context: ServerContext
  ) async throws -> Quintet_Supervision_V1_PutLookUpRuleResponse {
    let key = try RequestKey(request, id: request.requestID, context: context)
    guard request.hasRule else { throw Failure.required("rule") }
    let rule = LookUpRule(
      concern: try request.rule.concern.checked(field: "rule.concern"),
      threshold: try Self.whole(
        Double(request.rule.threshold), "rule.threshold", LookUpRule.thresholdRange),
      window: try Self.whole(
        Double(request.rule.windowS), "rule.window_s", LookUpRule.windowRange))
    let saved = try await store.write(
      key, provenance: key.provenance, reach: CallContext.current.reach, now: clock()
    ) { writer in
      try writer.save(rule)
      return rule
    }
    return .with { $0.rule = .init(saved) }
  }

  private static func whole(
    _ value: Double, _ field: String, _ bounds: ClosedRange<Int>
  ) throws -> Int {
    Int(
      try Check.range(value, field: field, Double(bounds.lowerBound)...Double(bounds.upperBound)))
  }
}
