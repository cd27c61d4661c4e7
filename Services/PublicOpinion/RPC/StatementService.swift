// 情况通报 on the wire.

import Access
public import Foundation
public import GRPCCore
import Identifiers
public import PublicOpinionDomain
public import QuintetAPI
import SwiftProtobuf
import Wire

public struct StatementService: Quintet_Publicopinion_V1_StatementService.SimpleServiceProtocol {
  private let store: any OpinionStore
  private let clock: @Sendable () -> Date

  public init(store: any OpinionStore, clock: @escaping @Sendable () -> Date) {
    self.store = store
    self.clock = clock
  }

  public func draftStatement(
    request: Quintet_Publicopinion_V1_DraftStatementRequest, context: ServerContext
  ) async throws -> Quintet_Publicopinion_V1_DraftStatementResponse {
    let change = try change(request, request.requestID, context)
    let topic = try Check.identifier(request.topicID, field: "topic_id", as: TopicTag.self)
    let content = try Self.content(request.text, request.checkedWith)
    let signature = try change.signature(request.hasOccurTime ? request.occurTime : nil)
    let statement = try await write(change) {
      try Stating().draft(on: topic, content, by: signature, in: $0)
    }
    return .with { $0.statement = statement }
  }

  public func reviseStatement(
    request: Quintet_Publicopinion_V1_ReviseStatementRequest, context: ServerContext
  ) async throws -> Quintet_Publicopinion_V1_ReviseStatementResponse {
    let change = try change(request, request.requestID, context)
    let id = try Self.id(request.statementID)
    let content = try Self.content(request.text, request.checkedWith)
    let signature = try change.signature(request.hasOccurTime ? request.occurTime : nil)
    let etag = request.etag
    let statement = try await write(change) {
      try Stating().revise(id, etag: etag, content, by: signature, in: $0)
    }
    return .with { $0.statement = statement }
  }

  public func approveStatement(
    request: Quintet_Publicopinion_V1_ApproveStatementRequest, context: ServerContext
  ) async throws -> Quintet_Publicopinion_V1_ApproveStatementResponse {
    let change = try change(request, request.requestID, context)
    let id = try Self.id(request.statementID)
    let etag = try Check.text(request.etag, field: "etag", max: 20, required: true)
    let signature = try change.signature(request.hasOccurTime ? request.occurTime : nil)
    let statement = try await write(change) {
      try Stating().approve(id, etag: etag, by: signature, in: $0)
    }
    return .with { $0.statement = statement }
  }

  public func returnStatement(
    request: Quintet_Publicopinion_V1_ReturnStatementRequest, context: ServerContext
  ) async throws -> Quintet_Publicopinion_V1_ReturnStatementResponse {
    let change = try change(request, request.requestID, context)
    let id = try Self.id(request.statementID)
    let reason = try Check.text(request.reason, field: "reason", max: 500, required: true)
    let signature = try change.signature(request.hasOccurTime ? request.occurTime : nil)
    let etag = request.etag
    let statement = try await write(change) {
      try Stating().giveBack(id, etag: etag, because: reason, at: signature.time, in: $0)
    }
    return .with { $0.statement = statement }
  }

  public func publishStatement(
    request: Quintet_Publicopinion_V1_PublishStatementRequest, context: ServerContext
  ) async throws -> Quintet_Publicopinion_V1_PublishStatementResponse {
    let change = try change(request, request.requestID, context)
    let id = try Self.id(request.statementID)
    let signature = try change.signature(request.hasOccurTime ? request.occurTime : nil)
    let etag = request.etag
    let statement = try await write(change) {
      try Stating().publish(id, etag: etag, by: signature, in: $0)
    }
    return .with { $0.statement = statement }
  }

  public func getStatement(
    request: Quintet_Publicopinion_V1_GetStatementRequest, context: ServerContext
  ) async throws -> Quintet_Publicopinion_V1_GetStatementResponse {
    try OpinionService.requireWholeBureau()
    let id = try Self.id(request.statementID)
    guard let found = try await store.read({ try $0.statement(id) }) else {
      throw OpinionError.statementUnknown(id).failure
    }
    return .with { $0.statement = note(found) }
  }

  public func listStatements(
    request: Quintet_Publicopinion_V1_ListStatementsRequest, context: ServerContext
  ) async throws -> Quintet_Publicopinion_V1_ListStatementsResponse {
    try OpinionService.requireWholeBureau()
    let size = try Check.count(request.pageSize, field: "page_size", 1...500, standard: 50)
    let filter = StatementFilter(
      topic: request.topicID.isEmpty
        ? nil : try Check.identifier(request.topicID, field: "topic_id", as: TopicTag.self),
      isOpen: request.onlyOpen)
    let before = try Self.before(request.pageToken)
    // One more than asked for says whether there is another page.
    let found = try await store.read {
      try $0.statements(filter, before: before, limit: size + 1)
    }
    let page = AnswerSize.fitting(found.prefix(size).map(Quintet_Publicopinion_V1_Statement.init))
    return .with {
      $0.statements = page
      if found.count > page.count, let last = page.last {
        $0.nextPageToken = PageToken.encode([last.id])
      }
    }
  }

  /// What every change has.
  private struct Change: Sendable {
    let key: RequestKey
    let now: Date

    /// Of the person behind the call, whoever passes it on.
    func signature(_ time: Google_Protobuf_Timestamp?) throws -> Signature {
      let by = key.provenance
      return Signature(
        actor: by.onBehalfOf.isEmpty ? by.actor : by.onBehalfOf,
        time: try Check.time(time, field: "occur_time", now: now))
    }
  }

  private func change(
    _ request: some SwiftProtobuf.Message, _ id: String, _ context: ServerContext
  ) throws -> Change {
    try OpinionService.requireWholeBureau()
    return Change(key: try RequestKey(request, id: id, context: context), now: clock())
  }

  private func write(
    _ change: Change, _ body: @escaping @Sendable (any OpinionWriter) throws -> Statement
  ) async throws -> Quintet_Publicopinion_V1_Statement {
    do {
      return note(
        try await store.write(
          change.key, provenance: change.key.provenance, now: change.now, body))
    } catch let error as OpinionError {
      throw error.failure
    }
  }

  private func note(_ statement: Statement) -> Quintet_Publicopinion_V1_Statement {
    let notes = CallContext.current.notes
    notes["statement"] = statement.id.description
    notes["topic"] = statement.topic.description
    notes.incident(statement.incident.description)
    return .init(statement)
  }

  private static func id(_ text: String) throws -> StatementID {
    try Check.identifier(text, field: "statement_id", as: StatementTag.self)
  }

  private static func content(_ text: String, _ checkedWith: String) throws -> StatementContent {
    StatementContent(
      text: try Check.text(text, field: "text", max: 4_000, required: true),
      checkedWith: try Check.text(checkedWith, field: "checked_with", max: 120, required: true))
  }

  private static func before(_ token: String) throws -> StatementID? {
    guard let keys = try PageToken.decode(token, count: 1) else { return nil }
    guard let id = StatementID(keys[0]) else { throw PageToken.invalid }
    return id
  }
}
