// Statements and their rows.

import Foundation
import Identifiers
import Persistence
public import PublicOpinionDomain

extension PublicOpinionSchema {
  /// The two signatures are two persons', and what is published has both.
  static let statements = Migration(
    "publicopinion-0003-statements",
    [
      """
      CREATE TABLE statement (
        partition TEXT NOT NULL,
        statement_id TEXT NOT NULL,
        topic_id TEXT NOT NULL,
        incident_id TEXT NOT NULL,
        revision INTEGER NOT NULL CHECK (revision > 0),
        state TEXT NOT NULL CHECK (state IN ('draft', 'returned', 'approved', 'published')),
        text TEXT NOT NULL CHECK (text <> ''),
        checked_with TEXT NOT NULL CHECK (checked_with <> ''),
        drafter TEXT NOT NULL,
        draft_time INTEGER NOT NULL,
        approver TEXT,
        approve_time INTEGER,
        publisher TEXT,
        publish_time INTEGER,
        return_reason TEXT NOT NULL,
        record_time INTEGER NOT NULL,
        PRIMARY KEY (partition, statement_id),
        FOREIGN KEY (partition, topic_id) REFERENCES topic (partition, topic_id),
        CHECK ((approver IS NULL) = (approve_time IS NULL)),
        CHECK ((publisher IS NULL) = (publish_time IS NULL)),
        CHECK (approver <> drafter),
        CHECK ((approver IS NOT NULL) = (state IN ('approved', 'published'))),
        CHECK ((publisher IS NOT NULL) = (state = 'published'))
      )
      """,
      "CREATE INDEX statement_topic ON statement (partition, topic_id, statement_id)",
      """
      CREATE UNIQUE INDEX statement_open ON statement (partition, topic_id)
      WHERE state <> 'published'
      """,
    ])
}

extension DatabaseReader {
  func statement(_ id: StatementID) throws -> Statement? {
    try tx.query(
      "SELECT * FROM statement WHERE partition = $1 AND statement_id = $2", [partition, id]
    ).first.map(Self.statement)
  }

  func statements(
    _ filter: StatementFilter, before: StatementID?, limit: Int
  ) throws -> [Statement] {
    var conditions = ["partition = $1"]
    var arguments: [any ValueConvertible] = [partition, limit]
    if let topic = filter.topic {
      arguments.append(topic)
      conditions.append("topic_id = $\(arguments.count)")
    }
    if filter.isOpen { conditions.append("state <> 'published'") }
    if let before {
      arguments.append(before)
      conditions.append("statement_id < $\(arguments.count)")
    }
    return try tx.query(
      """
      SELECT * FROM statement WHERE \(conditions.joined(separator: " AND "))
      ORDER BY statement_id DESC LIMIT $2
      """, arguments
    ).map(Self.statement)
  }

  private static func statement(_ row: Row) throws -> Statement {
    let state = try row.get("state", as: String.self)
    guard let known = StatementState(rawValue: state) else {
      throw DatabaseError.unexpectedValue("no statement is \(state)")
    }
    return Statement(
      id: try row.get("statement_id"), topic: try row.get("topic_id"),
      incident: try row.get("incident_id"), revision: try row.get("revision"), state: known,
      content: StatementContent(
        text: try row.get("text"), checkedWith: try row.get("checked_with")),
      draft: Signature(actor: try row.get("drafter"), time: try row.get("draft_time")),
      approval: try signature(row, "approver", "approve_time"),
      publication: try signature(row, "publisher", "publish_time"),
      returnReason: try row.get("return_reason"))
  }

  private static func signature(_ row: Row, _ actor: String, _ time: String) throws -> Signature? {
    guard let signer: String = try row.get(actor), let signed: Date = try row.get(time) else {
      return nil
    }
    return Signature(actor: signer, time: signed)
  }
}

extension OpinionDatabaseWriter {
  public func insert(_ statement: Statement) throws {
    try tx.execute(
      """
      INSERT INTO statement (
        partition, statement_id, revision, state, text, checked_with, drafter, draft_time, approver,
        approve_time, publisher, publish_time, return_reason, record_time, topic_id, incident_id)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
      """, values(of: statement) + [statement.topic, statement.incident])
  }

  public func save(_ statement: Statement) throws {
    try tx.execute(
      """
      UPDATE statement SET revision = $3, state = $4, text = $5, checked_with = $6, drafter = $7,
        draft_time = $8, approver = $9, approve_time = $10, publisher = $11, publish_time = $12,
        return_reason = $13, record_time = $14
      WHERE partition = $1 AND statement_id = $2
      """, values(of: statement))
  }

  private func values(of statement: Statement) -> [any ValueConvertible] {
    [
      partition, statement.id, statement.revision, statement.state.rawValue,
      statement.content.text, statement.content.checkedWith, statement.draft.actor,
      statement.draft.time, statement.approval?.actor, statement.approval?.time,
      statement.publication?.actor, statement.publication?.time, statement.returnReason, recordTime,
    ]
  }
}
