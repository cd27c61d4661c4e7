// What public opinion asks of its store.

public import Foundation
public import Identifiers

/// What public opinion tells.
public enum OpinionEvent: Sendable, Hashable {
  case topicOpened(Topic)
  case topicFed(Topic, OpinionItemID)
  case topicTied(Topic)
  case topicAnswered(Topic)
  /// `from` is nil for a new one.
  case statementMoved(Statement, from: StatementState?)
}

/// Which statements to list; nil for all.
public struct StatementFilter: Sendable, Hashable {
  public var topic: TopicID?
  /// Not published yet.
  public var isOpen: Bool

  public init(topic: TopicID? = nil, isOpen: Bool = false) {
    self.topic = topic
    self.isOpen = isOpen
  }
}

/// How alike texts must be to be of one topic. Data of the store.
public struct GatheringRule: Sendable, Hashable {
  /// Least similarity to the topic's first text, 0 … 1.
  public var threshold: Double
  /// How long after its newest text a topic still takes texts, in seconds.
  public var windowSeconds: Double

  public init(threshold: Double, windowSeconds: Double) {
    self.threshold = threshold
    self.windowSeconds = windowSeconds
  }
}

/// A topic that may be about the same, with the sketch of its first text.
public struct TopicCandidate: Sendable, Hashable {
  public var topic: Topic
  public var sketch: TextSketch

  public init(topic: Topic, sketch: TextSketch) {
    self.topic = topic
    self.sketch = sketch
  }
}

/// Where a page of topics begins: after this one.
public struct TopicCursor: Sendable, Hashable {
  public var lastTime: Date
  public var id: TopicID

  public init(lastTime: Date, id: TopicID) {
    self.lastTime = lastTime
    self.id = id
  }
}

public protocol OpinionReader {
  func topic(_ id: TopicID) throws -> Topic?
  /// Newest first.
  func items(of topic: TopicID, limit: Int) throws -> [OpinionItem]
  /// Most recently fed first.
  func topics(after cursor: TopicCursor?, limit: Int) throws -> [Topic]
  func statement(_ id: StatementID) throws -> Statement?
  /// Newest first.
  func statements(
    _ filter: StatementFilter, before: StatementID?, limit: Int
  ) throws -> [Statement]
}

/// Reads and changes, inside one transaction.
public protocol OpinionWriter: OpinionReader {
  func mint<Tag>(_ tag: Tag.Type) -> Identifier<Tag>
  func record(_ event: OpinionEvent, incident: IncidentID?, occurTime: Date)
  func rule() throws -> GatheringRule

  /// Topics with texts published in the window that share runs with the sketch, those that share
  /// most first, at most `limit`; none that is as similar as `threshold` is missing.
  func candidates(
    for sketch: TextSketch, in window: ClosedRange<Date>, threshold: Double, limit: Int
  )
    throws -> [TopicCandidate]
  func open(_ topic: Topic, sketch: TextSketch) throws
  func save(_ topic: Topic) throws
  func save(_ item: OpinionItem) throws
  func insert(_ statement: Statement) throws
  func save(_ statement: Statement) throws
  /// Takes topics out of the search that were last fed before `time`.
  func rest(fedBefore time: Date) throws

  func isKnown(_ incident: IncidentID) throws -> Bool
  func know(_ incident: IncidentID, since occurTime: Date) throws
}

public protocol OpinionStore: Sendable {
  func read<R: Sendable>(_ body: @escaping @Sendable (any OpinionReader) throws -> R) async throws
    -> R
  /// One mutation: state, events, and the answer for a repeat of the same request, in one
  /// transaction.
  func write<R: Codable & Sendable>(
    _ request: RequestKey, provenance: Provenance, now: Date,
    _ body: @escaping @Sendable (any OpinionWriter) throws -> R
  ) async throws -> R
}
