// Consultations as rows: the head, who takes part, and an entry for each item, link, decision and
// amendment.
import CommandDomain
import Foundation
import Identifiers
import Persistence

enum ConsultationEntryKind: String {
  case item, link, decision, amendment
}

extension StoreReader {
  func consultation(_ id: ConsultationID) throws -> Consultation? {
    var selection = Selection("consultation", partition: partition)
    selection.filter("id = ?", id)
    selection.cut(reached, \.consultation)
    guard let head = try consultations(selection).first else { return nil }
    let rows = try tx.query(
      """
      SELECT kind, document FROM consultation_entry
      WHERE partition = $1 AND consultation_id = $2 ORDER BY kind, number
      """, [partition, id])
    let entries = try Dictionary(grouping: rows) { try $0.get("kind", as: String.self) }
    func all<Entry: Decodable>(_ kind: ConsultationEntryKind) throws -> [Entry] {
      try (entries[kind.rawValue] ?? []).map { try JSONDocument.decode($0.get("document")) }
    }
    return Consultation(
      id: head.id, revision: head.revision, title: head.title, state: head.state,
      startTime: head.startTime, openTime: head.openTime, closeTime: head.closeTime,
      reason: head.reason, convenedBy: head.convenedBy, participants: head.participants,
      items: try all(.item), links: try all(.link), decisions: try all(.decision),
      amendments: try all(.amendment), recordTime: head.recordTime)
  }

  func consultations(before: ConsultationID?, limit: Int) throws -> [Consultation] {
    var selection = Selection("consultation", partition: partition)
    selection.cut(reached, \.consultation)
    selection.page(before: before, limit: limit)
    return try consultations(selection)
  }

  private func consultations(_ selection: Selection) throws -> [Consultation] {
    let rows = try tx.query(selection.query, selection.arguments)
    guard !rows.isEmpty else { return [] }
    let participants = try tx.query(
      selection.query(
        of: "consultation_participant", by: "consultation_id", order: "ordinal"),
      selection.arguments)
    let byConsultation = try Dictionary(grouping: participants) {
      try $0.get("consultation_id", as: String.self)
    }
    return try rows.map { row in
      try Consultation(
        row, participants: byConsultation[row.get("id")]?.map(Participant.init) ?? [])
    }
  }
}

extension Consultation {
  fileprivate init(_ row: Row, participants: [Participant]) throws {
    self.init(
      id: try row.get("id"), revision: try row.get("revision"), title: try row.get("title"),
      state: try row.raw("state"), startTime: try row.get("start_time"),
      openTime: try row.get("open_time"), closeTime: try row.get("close_time"),
      reason: try row.get("reason"), convenedBy: try row.get("convened_by"),
      participants: participants, recordTime: try row.get("record_time"))
  }
}

extension Participant {
  fileprivate init(_ row: Row) throws {
    self.init(
      recipient: Recipient(kind: try row.raw("kind"), id: try row.get("recipient_id")),
      name: try row.get("name"), attendance: try row.raw("attendance"),
      reason: try row.get("reason"), time: try row.get("attend_time"))
  }
}

extension TransactionWriter {
  func insert(_ consultation: Consultation) throws {
    try tx.execute(
      """
      INSERT INTO consultation (partition, id, revision, title, state, start_time, open_time,
        close_time, reason, convened_by, record_time)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
      """,
      [
        partition, consultation.id, consultation.revision, consultation.title,
        consultation.state.rawValue, consultation.startTime, consultation.openTime,
        consultation.closeTime, consultation.reason, consultation.convenedBy,
        consultation.recordTime,
      ])
    for (ordinal, one) in consultation.participants.enumerated() {
      try tx.execute(
        """
        INSERT INTO consultation_participant (partition, consultation_id, ordinal, kind,
          recipient_id, name, attendance, reason, attend_time)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        """,
        [
          partition, consultation.id, ordinal, one.recipient.kind.rawValue, one.recipient.id,
          one.name, one.attendance.rawValue, one.reason, one.time,
        ])
    }
  }

  func update(_ consultation: Consultation, with part: ConsultationPart?) throws {
    try change(
      """
      UPDATE consultation SET revision = $3, state = $4, open_time = $5, close_time = $6,
        reason = $7
      WHERE partition = $1 AND id = $2
      """,
      [
        partition, consultation.id, consultation.revision, consultation.state.rawValue,
        consultation.openTime, consultation.closeTime, consultation.reason,
      ])
    let id = consultation.id
    switch part {
    case nil: break
    case .participant(let one):
      try change(
        """
        UPDATE consultation_participant SET attendance = $5, reason = $6, attend_time = $7
        WHERE partition = $1 AND consultation_id = $2 AND kind = $3 AND recipient_id = $4
        """,
        [
          partition, id, one.recipient.kind.rawValue, one.recipient.id,
          one.attendance.rawValue, one.reason, one.time,
        ])
    case .item(let item): try save(.item, item.number, item, about: item.subject, of: id)
    case .link(let link): try save(.link, link.number, link, about: link.target, of: id)
    case .decision(let decision):
      try save(
        .decision, decision.number, decision, state: decision.state.rawValue,
        about: consultation.incident(of: decision).map(AgendaSubject.incident), of: id)
    case .amendment(let amendment):
      let incident = consultation.decisions.first { $0.number == amendment.decisionNumber }
        .flatMap(consultation.incident)
      try save(
        .amendment, amendment.number, amendment,
        about: incident.map(AgendaSubject.incident), of: id)
    }
  }

  private func save(
    _ kind: ConsultationEntryKind, _ number: Int, _ entry: some Encodable, state: String = "",
    about subject: AgendaSubject?, of id: ConsultationID
  ) throws {
    var incident: IncidentID?
    if case .incident(let about) = subject { incident = about }
    try tx.execute(
      """
      INSERT INTO consultation_entry (partition, consultation_id, kind, number, state,
        incident_id, document)
      VALUES ($1, $2, $3, $4, $5, $6, $7)
      ON CONFLICT (partition, consultation_id, kind, number) DO UPDATE SET
        state = excluded.state, document = excluded.document
      """,
      [
        partition, id, kind.rawValue, number, state, incident, try JSONDocument.encode(entry),
      ])
  }
}
