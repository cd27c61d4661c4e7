// Writing templates, attachments, cordons and what duty and supervision say that directives need.
import CommandDomain
import Foundation
import Identifiers
import Persistence

extension TransactionWriter {
  func save(_ template: DirectiveTemplate, now: Date) throws {
    try save(
      in: "directive_template", template.code, template.revision,
      try JSONDocument.encode(template), now)
  }

  func save(_ plan: CordonPlan, now: Date) throws {
    try save(in: "cordon_plan", plan.code, plan.revision, try JSONDocument.encode(plan), now)
  }

  private func save(
    in table: String, _ code: String, _ revision: Int, _ document: String, _ now: Date
  ) throws {
    try tx.execute(
      """
      INSERT INTO \(table) (partition, code, revision, document, record_time)
      VALUES ($1, $2, $3, $4, $5)
      ON CONFLICT (partition, code) DO UPDATE SET
        revision = excluded.revision, document = excluded.document,
        record_time = excluded.record_time
      """, [partition, code, revision, document, now])
  }

  func save(_ attachment: FeedbackAttachment, now: Date) throws {
    try tx.execute(
      """
      INSERT INTO directive_attachment (partition, directive_id, digest, kind, recipient_id, media,
        total_bytes, is_complete, record_time)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
      ON CONFLICT (partition, directive_id, digest) DO UPDATE SET
        is_complete = excluded.is_complete
      """,
      [
        partition, attachment.directiveID, attachment.digest, attachment.recipient.kind.rawValue,
        attachment.recipient.id, attachment.kind.rawValue, attachment.totalBytes,
        attachment.isComplete, now,
      ])
  }

  func save(piece: Int, _ data: [UInt8], of attachment: FeedbackAttachment) throws {
    try tx.execute(
      """
      INSERT INTO directive_attachment_piece (partition, directive_id, digest, piece, data)
      VALUES ($1, $2, $3, $4, $5)
      ON CONFLICT (partition, directive_id, digest, piece) DO UPDATE SET data = excluded.data
      """, [partition, attachment.directiveID, attachment.digest, piece, data])
  }

  func insert(_ cordon: Cordon) throws {
    try tx.execute(
      """
      INSERT INTO cordon (partition, id, revision, incident_id, directive_id, plan_code, state,
        measure, points, activate_time, release_time, reason)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
      """,
      [
        partition, cordon.id, cordon.revision, cordon.incidentID, cordon.directiveID,
        cordon.planCode, cordon.state.rawValue, try JSONDocument.encode(cordon.measure),
        try JSONDocument.encode(cordon.points), cordon.activateTime, cordon.releaseTime,
        cordon.reason,
      ])
    try saveRings(of: cordon)
  }

  func update(_ cordon: Cordon) throws {
    try change(
      """
      UPDATE cordon SET revision = $3, state = $4, measure = $5, release_time = $6, reason = $7
      WHERE partition = $1 AND id = $2
      """,
      [
        partition, cordon.id, cordon.revision, cordon.state.rawValue,
        try JSONDocument.encode(cordon.measure), cordon.releaseTime, cordon.reason,
      ])
    try saveRings(of: cordon)
  }

  /// A ring that was drawn stays as it was.
  private func saveRings(of cordon: Cordon) throws {
    for ring in cordon.rings {
      try tx.execute(
        """
        INSERT INTO cordon_ring (partition, cordon_id, number, document) VALUES ($1, $2, $3, $4)
        ON CONFLICT (partition, cordon_id, number) DO NOTHING
        """, [partition, cordon.id, ring.number, try JSONDocument.encode(ring)])
    }
  }

  func save(_ orgUnit: OrgUnitID, as kind: RecipientKind?) throws {
    try tx.execute(
      """
      INSERT INTO known_recipient_org (partition, id, kind) VALUES ($1, $2, $3)
      ON CONFLICT (partition, id) DO UPDATE SET kind = excluded.kind
      """, [partition, orgUnit, kind?.rawValue ?? "other"])
  }

  func save(_ unit: UnitID, kind: Int) throws {
    try tx.execute(
      """
      INSERT INTO known_recipient_unit (partition, id, kind) VALUES ($1, $2, $3)
      ON CONFLICT (partition, id) DO UPDATE SET kind = excluded.kind
      """, [partition, unit, kind])
  }

  func save(_ deadline: ToldDeadline) throws {
    let clock = deadline.clock
    try tx.execute(
      """
      INSERT INTO directive_deadline (partition, id, directive_id, kind, recipient_id, matter,
        due_time, state)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
      ON CONFLICT (partition, id) DO UPDATE SET
        due_time = excluded.due_time, state = excluded.state
      """,
      [
        partition, deadline.id, clock.directiveID, clock.recipient.kind.rawValue,
        clock.recipient.id, clock.matter.rawValue, clock.dueTime, deadline.state.rawValue,
      ])
  }
}
