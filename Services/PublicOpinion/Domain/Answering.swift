// A topic is tied to its incident, and the bureau answers it under its own name.

public import Foundation
public import Identifiers

public struct Answering: Sendable {
  public init() {}

  /// - Throws: `OpinionError`.
  public func tie(
    _ id: TopicID, etag: String, to incident: IncidentID, at occurTime: Date,
    in writer: any OpinionWriter
  ) throws -> Topic {
    var topic = try known(id, etag, in: writer)
    guard try writer.isKnown(incident) else { throw OpinionError.incidentUnknown(incident) }
    guard try topic.tie(to: incident, at: occurTime) else { return topic }
    try writer.save(topic)
    writer.record(.topicTied(topic), incident: incident, occurTime: occurTime)
    return topic
  }

  /// Names addressed with @ are replaced here too: an answer may quote those it answers.
  ///
  /// - Throws: `OpinionError`.
  public func respond(
    to id: TopicID, etag: String, with text: String, at occurTime: Date,
    in writer: any OpinionWriter
  ) throws -> Topic {
    var topic = try known(id, etag, in: writer)
    try topic.respond(NameRemoval.removingNames(from: text), at: occurTime)
    try writer.save(topic)
    writer.record(.topicAnswered(topic), incident: topic.incident, occurTime: occurTime)
    return topic
  }

  private func known(_ id: TopicID, _ etag: String, in writer: any OpinionWriter) throws -> Topic {
    guard let topic = try writer.topic(id) else { throw OpinionError.topicUnknown(id) }
    try topic.check(etag: etag)
    return topic
  }
}
