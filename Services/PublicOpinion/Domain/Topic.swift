// 话题: what many texts are about, from the first text to the bureau's answer. There is nothing
// here about who wrote any of them.

public import Foundation
public import Identifiers

/// Where a text was said. Raw values are stored; never rename one.
public enum OpinionSource: String, Sendable, Codable, CaseIterable {
  case social, news, hotline, letter
}

/// One text.
public struct OpinionItem: Sendable, Hashable, Codable {
  public var id: OpinionItemID
  public var topic: TopicID
  public var source: OpinionSource
  /// Names addressed with @ are replaced.
  public var text: String
  public var publishTime: Date
  /// Only of names that `ItemAttributes` keeps.
  public var attributes: [String: String]

  public init(
    id: OpinionItemID, topic: TopicID, source: OpinionSource, text: String, publishTime: Date,
    attributes: [String: String]
  ) {
    self.id = id
    self.topic = topic
    self.source = source
    self.text = text
    self.publishTime = publishTime
    self.attributes = attributes
  }
}

/// What many texts are about.
public struct Topic: Sendable, Hashable, Codable {
  public var id: TopicID
  /// 1 at first, one more with every change.
  public var revision: Int
  /// The beginning of its first text.
  public var title: String
  public var itemCount: Int
  /// When its oldest text was published.
  public var firstTime: Date
  /// When its newest text was published.
  public var lastTime: Date
  public var incident: IncidentID?
  public var tieTime: Date?
  /// The newest response.
  public var response: String?
  /// When the first response was given.
  public var responseTime: Date?

  public var etag: String { String(revision) }

  /// The longest title, in characters.
  public static let titleLimit = 40

  public init(
    id: TopicID, revision: Int, title: String, itemCount: Int, firstTime: Date, lastTime: Date,
    incident: IncidentID? = nil, tieTime: Date? = nil, response: String? = nil,
    responseTime: Date? = nil
  ) {
    self.id = id
    self.revision = revision
    self.title = title
    self.itemCount = itemCount
    self.firstTime = firstTime
    self.lastTime = lastTime
    self.incident = incident
    self.tieTime = tieTime
    self.response = response
    self.responseTime = responseTime
  }

  /// A topic that begins with a text.
  public init(id: TopicID, openedBy text: String, at publishTime: Date) {
    let line = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    self.init(
      id: id, revision: 1, title: String(line.prefix(Self.titleLimit)), itemCount: 1,
      firstTime: publishTime, lastTime: publishTime)
  }

  /// - Throws: `OpinionError.etagMismatch` unless `etag` is this state's, or empty.
  public func check(etag: String) throws(OpinionError) {
    guard etag.isEmpty || etag == self.etag else { throw .etagMismatch(id) }
  }

  public mutating func feed(at publishTime: Date) {
    itemCount += 1
    firstTime = min(firstTime, publishTime)
    lastTime = max(lastTime, publishTime)
    revision += 1
  }

  /// - Returns: whether anything changed: tying twice to the same incident is once.
  /// - Throws: `OpinionError.topicTied` when it is tied to another incident.
  public mutating func tie(to incident: IncidentID, at occurTime: Date) throws(OpinionError) -> Bool
  {
    if self.incident == incident { return false }
    if let other = self.incident { throw .topicTied(id, other) }
    self.incident = incident
    tieTime = occurTime
    revision += 1
    return true
  }

  /// - Throws: `OpinionError.topicNotTied`.
  public mutating func respond(_ text: String, at occurTime: Date) throws(OpinionError) {
    guard incident != nil else { throw .topicNotTied(id) }
    response = text
    responseTime = responseTime ?? occurTime
    revision += 1
  }
}

/// Why something was refused.
public enum OpinionError: Error, Sendable, Hashable {
  case topicUnknown(TopicID)
  /// Command has not told of it.
  case incidentUnknown(IncidentID)
  /// It is tied to the second.
  case topicTied(TopicID, IncidentID)
  case topicNotTied(TopicID)
  case etagMismatch(TopicID)
  case statementUnknown(StatementID)
  /// The second on this topic is not published yet.
  case statementOpen(TopicID, StatementID)
  /// It is no longer what the caller saw.
  case statementChanged(StatementID)
  case statementMoveNotAllowed(StatementID, from: StatementState, StatementMove)
  /// Whoever wrote it does not sign it as well.
  case secondPersonRequired(StatementID)
}
