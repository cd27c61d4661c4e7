// Reading templates, selections, attachments, cordons and what supervision says of directives.
import CommandDomain
import Foundation
import Identifiers
import Persistence

extension StoreReader {
  func template(_ code: String) throws -> DirectiveTemplate? {
    try document(of: "directive_template", code)
  }

  func templates(after: String, limit: Int) throws -> [DirectiveTemplate] {
    try documents(of: "directive_template", after: after, limit: limit)
  }

  func cordonPlan(_ code: String) throws -> CordonPlan? {
    try document(of: "cordon_plan", code)
  }

  func cordonPlans(after: String, limit: Int) throws -> [CordonPlan] {
    try documents(of: "cordon_plan", after: after, limit: limit)
  }

  private func document<Value: Decodable>(of table: String, _ code: String) throws -> Value? {
    try tx.query(
      "SELECT document FROM \(table) WHERE partition = $1 AND code = $2", [partition, code]
    ).first.map { try JSONDocument.decode($0.get("document")) }
  }

  private func documents<Value: Decodable>(
    of table: String, after: String, limit: Int
  ) throws -> [Value] {
    try tx.query(
      """
      SELECT document FROM \(table) WHERE partition = $1 AND code > $2 ORDER BY code LIMIT $3
      """, [partition, after, limit]
    ).map { try JSONDocument.decode($0.get("document")) }
  }

  func recipients(_ selector: RecipientSelector, limit: Int) throws -> [Recipient] {
    switch selector {
    case .seat(let code): return [Recipient(kind: .seat, id: code)]
    case .named(let recipient): return [recipient]
    case .area(let root, let kinds):
      let wanted = (kinds.isEmpty ? [.station, .beat] : kinds).map { "'\($0.rawValue)'" }
      return try tx.query(
        """
        \(Self.area)
        SELECT org.id, org.kind FROM known_recipient_org AS org JOIN area ON area.id = org.id
        WHERE org.partition = $1 AND org.kind IN (\(wanted.joined(separator: ", ")))
        ORDER BY org.id LIMIT $3
        """, [partition, root, limit]
      ).map { try Recipient(kind: $0.raw("kind"), id: $0.get("id")) }
    case .units(let root, let kinds):
      let wanted =
        kinds.isEmpty
        ? "" : " AND known.kind IN (\(kinds.map(String.init).joined(separator: ", ")))"
      return try tx.query(
        """
        \(Self.area)
        SELECT unit.id FROM known_unit AS unit
        JOIN area ON area.id = unit.org_unit_id
        JOIN known_recipient_unit AS known
          ON known.partition = unit.partition AND known.id = unit.id
        WHERE unit.partition = $1\(wanted)
        ORDER BY unit.id LIMIT $3
        """, [partition, root, limit]
      ).map { try Recipient(kind: .unit, id: $0.get("id")) }
    }
  }

  /// An organisation and all below it.
  private static var area: String {
    """
    WITH RECURSIVE area (id) AS (
      SELECT root.id FROM known_org_unit AS root WHERE root.partition = $1 AND root.id = $2
      UNION SELECT below.id FROM known_org_unit AS below JOIN area
        ON below.parent_id = area.id AND below.partition = $1)
    """
  }

  func clocks(of directives: [DirectiveID]) throws -> [CourseClock] {
    guard !directives.isEmpty else { return [] }
    let marks = directives.indices.map { "$\($0 + 2)" }.joined(separator: ", ")
    return try tx.query(
      """
      SELECT directive_id, kind, recipient_id, matter, due_time, state FROM directive_deadline
      WHERE partition = $1 AND directive_id IN (\(marks)) AND state <> 'ended' ORDER BY id
      """, [partition] + directives
    ).map { row in
      let state: ToldDeadline.State = try row.raw("state")
      return CourseClock(
        directiveID: try row.get("directive_id"),
        recipient: Recipient(kind: try row.raw("kind"), id: try row.get("recipient_id")),
        matter: try row.raw("matter"), dueTime: try row.get("due_time"),
        isOverdue: state == .overdue)
    }
  }

  func attachment(_ digest: String, of directive: DirectiveID) throws -> FeedbackAttachment? {
    try tx.query(
      """
      SELECT * FROM directive_attachment
      WHERE partition = $1 AND directive_id = $2 AND digest = $3
      """, [partition, directive, digest]
    ).first.map { row in
      FeedbackAttachment(
        directiveID: directive,
        recipient: Recipient(kind: try row.raw("kind"), id: try row.get("recipient_id")),
        digest: digest, kind: try row.raw("media"), totalBytes: try row.get("total_bytes"),
        isComplete: try row.get("is_complete"))
    }
  }

  func attachmentCount(of recipient: Recipient, in directive: DirectiveID) throws -> Int {
    try count(
      "directive_attachment WHERE partition = $1 AND directive_id = $2 AND kind = $3"
        + " AND recipient_id = $4",
      [partition, directive, recipient.kind.rawValue, recipient.id])
  }

  func pieceCount(of digest: String, in directive: DirectiveID) throws -> Int {
    try count(
      "directive_attachment_piece WHERE partition = $1 AND directive_id = $2 AND digest = $3",
      [partition, directive, digest])
  }

  private func count(_ from: String, _ arguments: [any ValueConvertible]) throws -> Int {
    try tx.query("SELECT count(*) AS n FROM \(from)", arguments).first?.get("n") ?? 0
  }

  func piece(_ piece: Int, of digest: String, in directive: DirectiveID) throws -> [UInt8]? {
    try tx.query(
      """
      SELECT data FROM directive_attachment_piece
      WHERE partition = $1 AND directive_id = $2 AND digest = $3 AND piece = $4
      """, [partition, directive, digest, piece]
    ).first.map { try $0.get("data") }
  }

  func cordon(_ id: CordonID) throws -> Cordon? {
    guard
      let row = try tx.query(
        "SELECT * FROM cordon WHERE partition = $1 AND id = $2", [partition, id]
      ).first, try directive(row.get("directive_id")) != nil
    else { return nil }
    let rings = try tx.query(
      "SELECT document FROM cordon_ring WHERE partition = $1 AND cordon_id = $2 ORDER BY number",
      [partition, id]
    ).map { try JSONDocument.decode($0.get("document"), as: CordonRing.self) }
    return try Cordon(row, rings: rings)
  }

  func cordons(of incident: IncidentID, limit: Int) throws -> [Cordon] {
    try tx.query(
      """
      SELECT * FROM cordon WHERE partition = $1 AND incident_id = $2 ORDER BY id DESC LIMIT $3
      """, [partition, incident, limit]
    ).map { try Cordon($0, rings: []) }
  }
}

extension Cordon {
  fileprivate init(_ row: Row, rings: [CordonRing]) throws {
    self.init(
      id: try row.get("id"), revision: try row.get("revision"),
      incidentID: try row.get("incident_id"), directiveID: try row.get("directive_id"),
      planCode: try row.get("plan_code"), measure: try JSONDocument.decode(row.get("measure")),
      points: try JSONDocument.decode(row.get("points")), state: try row.raw("state"),
      rings: rings, activateTime: try row.get("activate_time"),
      releaseTime: try row.get("release_time"), reason: try row.get("reason"))
  }
}
