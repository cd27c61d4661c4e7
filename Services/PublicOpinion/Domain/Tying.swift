// A topic is tied to its incident.

public import Foundation
public import Identifiers

public struct Tying: Sendable {
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

  private func known(_ id: TopicID, _ etag: String, in writer: any OpinionWriter) throws -> Topic {
    guard let topic = try writer.topic(id) else { throw OpinionError.topicUnknown(id) }
    try topic.check(etag: etag)
    return topic
  }
}
