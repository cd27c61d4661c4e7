// 舆情 on the wire. Only what the request's own fields say is read; what a newer or a nosy client
// adds beside them is never looked at.

import Access
public import Foundation
public import GRPCCore
import Identifiers
public import PublicOpinionDomain
public import QuintetAPI
import SwiftProtobuf
import Wire

public struct OpinionService: Quintet_Publicopinion_V1_OpinionService.SimpleServiceProtocol {
  private let store: any OpinionStore
  private let clock: @Sendable () -> Date

  public init(store: any OpinionStore, clock: @escaping @Sendable () -> Date) {
    self.store = store
    self.clock = clock
  }

  public func submitItem(
    request: Quintet_Publicopinion_V1_SubmitItemRequest, context: ServerContext
  ) async throws -> Quintet_Publicopinion_V1_SubmitItemResponse {
    let key = try RequestKey(request, id: request.requestID, context: context)
    let now = clock()
    let (kept, dropped) = ItemAttributes.sort(
      request.attributes.fields.mapValues(AttributeValue.init))
    let submitted = SubmittedText(
      source: try OpinionSource(request.source, field: "source"),
      text: try Check.text(request.text, field: "text", max: 4_000, required: true),
      publishTime: try Check.time(
        request.hasPublishTime ? request.publishTime : nil, field: "publish_time", now: now),
      attributes: kept)
    // The names of what was dropped are told to the caller and kept nowhere, not even for a repeat
    // of the request, which names them again.
    let gathered = try await answering {
      try await store.write(key, provenance: key.provenance, now: now) {
        try Gathering().submit(submitted, in: $0)
      }
    }
    note(gathered.topic)
    return .with {
      $0.itemID = gathered.item.description
      $0.topic = .init(gathered.topic)
      $0.similarity = gathered.similarity
      $0.droppedAttributes = dropped
    }
  }

  public func getTopic(
    request: Quintet_Publicopinion_V1_GetTopicRequest, context: ServerContext
  ) async throws -> Quintet_Publicopinion_V1_GetTopicResponse {
    try Self.requireWholeBureau()
    let id = try Check.identifier(request.topicID, field: "topic_id", as: TopicTag.self)
    let found = try await store.read { reader in
      try reader.topic(id).map { ($0, try reader.items(of: id, limit: 50)) }
    }
    guard let (topic, items) = found else { throw OpinionError.topicUnknown(id).failure }
    note(topic)
    return .with {
      $0.topic = .init(topic)
      $0.items = AnswerSize.fitting(items.map(Quintet_Publicopinion_V1_OpinionItem.init))
    }
  }

  public func listTopics(
    request: Quintet_Publicopinion_V1_ListTopicsRequest, context: ServerContext
  ) async throws -> Quintet_Publicopinion_V1_ListTopicsResponse {
    try Self.requireWholeBureau()
    let size = try Check.count(request.pageSize, field: "page_size", 1...500, standard: 50)
    let cursor = try Self.cursor(request.pageToken)
    // One more than asked for says whether there is another page.
    let found = try await store.read { try $0.topics(after: cursor, limit: size + 1) }
    let page = AnswerSize.fitting(found.prefix(size).map(Quintet_Publicopinion_V1_Topic.init))
    return .with {
      $0.topics = page
      if found.count > page.count, page.count > 0 {
        $0.nextPageToken = Self.token(after: found[page.count - 1])
      }
    }
  }

  public func tieTopic(
    request: Quintet_Publicopinion_V1_TieTopicRequest, context: ServerContext
  ) async throws -> Quintet_Publicopinion_V1_TieTopicResponse {
    try Self.requireWholeBureau()
    let key = try RequestKey(request, id: request.requestID, context: context)
    let now = clock()
    let topic = try Check.identifier(request.topicID, field: "topic_id", as: TopicTag.self)
    let incident = try Check.identifier(
      request.incidentID, field: "incident_id", as: IncidentTag.self)
    let occurTime = try Check.time(
      request.hasOccurTime ? request.occurTime : nil, field: "occur_time", now: now)
    let etag = request.etag
    CallContext.current.notes.incident(incident.description)
    let tied = try await answering {
      try await store.write(key, provenance: key.provenance, now: now) {
        try Tying().tie(topic, etag: etag, to: incident, at: occurTime, in: $0)
      }
    }
    note(tied)
    return .with { $0.topic = .init(tied) }
  }

  private func answering<R>(_ body: () async throws -> R) async throws -> R {
    do {
      return try await body()
    } catch let error as OpinionError {
      throw error.failure
    }
  }

  /// What people talk about is not cut by areas: it is for those who see the whole bureau.
  static func requireWholeBureau() throws {
    guard CallContext.current.reach.isEverywhere else { throw Failure.outsideArea("topic_id") }
  }

  private func note(_ topic: Topic) {
    CallContext.current.notes["topic"] = topic.id.description
    if let incident = topic.incident { CallContext.current.notes.incident(incident.description) }
  }

  private static func token(after topic: Topic) -> String {
    let microseconds = (topic.lastTime.timeIntervalSince1970 * 1_000_000).rounded()
    return PageToken.encode([String(Int64(microseconds)), topic.id.description])
  }

  private static func cursor(_ token: String) throws -> TopicCursor? {
    guard let keys = try PageToken.decode(token, count: 2) else { return nil }
    guard let microseconds = Int64(keys[0]), let id = TopicID(keys[1]) else {
      throw PageToken.invalid
    }
    return TopicCursor(
      lastTime: Date(timeIntervalSince1970: Double(microseconds) / 1_000_000), id: id)
  }
}
