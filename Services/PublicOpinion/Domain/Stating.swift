// The bureau says something: written by one, signed by another, then published as the answer to a topic.

public import Foundation
public import Identifiers

public struct Stating: Sendable {
  public init() {}

  /// - Throws: `OpinionError`.
  public func draft(
    on id: TopicID, _ content: StatementContent, by signature: Signature,
    in writer: any OpinionWriter
  ) throws -> Statement {
    guard let topic = try writer.topic(id) else { throw OpinionError.topicUnknown(id) }
    guard let incident = topic.incident else { throw OpinionError.topicNotTied(id) }
    let open = StatementFilter(topic: id, isOpen: true)
    if let other = try writer.statements(open, before: nil, limit: 1).first {
      throw OpinionError.statementOpen(id, other.id)
    }
    let statement = Statement(
      id: writer.mint(StatementTag.self), topic: id, incident: incident, content: content,
      draft: signature)
    try writer.insert(statement)
    writer.record(
      .statementMoved(statement, from: nil), incident: incident, occurTime: signature.time)
    return statement
  }

  /// - Throws: `OpinionError`.
  public func revise(
    _ id: StatementID, etag: String, _ content: StatementContent, by signature: Signature,
    in writer: any OpinionWriter
  ) throws -> Statement {
    try change(id, etag, at: signature.time, in: writer) { statement throws(OpinionError) in
      try statement.revise(content, by: signature)
    }
  }

  /// - Throws: `OpinionError`.
  public func approve(
    _ id: StatementID, etag: String, by signature: Signature, in writer: any OpinionWriter
  ) throws -> Statement {
    try change(id, etag, at: signature.time, in: writer) { statement throws(OpinionError) in
      try statement.approve(by: signature)
    }
  }

  /// - Throws: `OpinionError`.
  public func giveBack(
    _ id: StatementID, etag: String, because reason: String, at occurTime: Date,
    in writer: any OpinionWriter
  ) throws -> Statement {
    try change(id, etag, at: occurTime, in: writer) { statement throws(OpinionError) in
      try statement.giveBack(because: reason)
    }
  }

  /// The topic has its response by it.
  ///
  /// - Throws: `OpinionError`.
  public func publish(
    _ id: StatementID, etag: String, by signature: Signature, in writer: any OpinionWriter
  ) throws -> Statement {
    let statement = try change(id, etag, at: signature.time, in: writer) {
      statement throws(OpinionError) in
      try statement.publish(by: signature)
    }
    guard var topic = try writer.topic(statement.topic) else {
      throw OpinionError.topicUnknown(statement.topic)
    }
    try topic.respond(statement.content.text, at: signature.time)
    try writer.save(topic)
    writer.record(.topicAnswered(topic), incident: topic.incident, occurTime: signature.time)
    return statement
  }

  private func change(
    _ id: StatementID, _ etag: String, at occurTime: Date, in writer: any OpinionWriter,
    by body: (inout Statement) throws(OpinionError) -> Void
  ) throws -> Statement {
    guard var statement = try writer.statement(id) else { throw OpinionError.statementUnknown(id) }
    try statement.check(etag: etag)
    let from = statement.state
    try body(&statement)
    try writer.save(statement)
    writer.record(
      .statementMoved(statement, from: from), incident: statement.incident, occurTime: occurTime)
    return statement
  }
}
