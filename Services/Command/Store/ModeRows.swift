// Reading and writing mode plans and musters.
import CommandDomain
import Foundation
import Identifiers
import Persistence

extension StoreReader {
  func modePlan(_ code: String) throws -> ModePlan? {
    try tx.query(
      "SELECT document FROM mode_plan WHERE partition = $1 AND code = $2", [partition, code]
    ).first.map { try JSONDocument.decode($0.get("document")) }
  }

  func modePlans(after: String, limit: Int) throws -> [ModePlan] {
    try tx.query(
      """
      SELECT document FROM mode_plan WHERE partition = $1 AND code > $2 ORDER BY code LIMIT $3
      """, [partition, after, limit]
    ).map { try JSONDocument.decode($0.get("document")) }
  }

  func runningMuster() throws -> Muster? {
    var selection = Selection("muster", partition: partition)
    selection.filter("stand_down_time IS NULL")
    return try musters(selection).first
  }

  func muster(_ id: MusterID) throws -> Muster? {
    var selection = Selection("muster", partition: partition)
    selection.filter("id = ?", id)
    return try musters(selection).first
  }

  func musters(before: MusterID?, limit: Int) throws -> [Muster] {
    var selection = Selection("muster", partition: partition)
    selection.page(before: before, limit: limit)
    return try musters(selection)
  }

  private func musters(_ selection: Selection) throws -> [Muster] {
    let members = try tx.query(
      selection.query(of: "muster_member", by: "muster_id", order: "ordinal"), selection.arguments
    ).reduce(into: [MusterID: [MusterMember]]()) {
      try $0[$1.get("muster_id"), default: []].append(MusterMember($1))
    }
    return try tx.query(selection.query, selection.arguments).map {
      try Muster($0, members: members[$0.get("id")] ?? [])
    }
  }
}

extension TransactionWriter {
  func save(_ plan: ModePlan, now: Date) throws {
    try tx.execute(
      """
      INSERT INTO mode_plan (partition, code, revision, document, record_time)
      VALUES ($1, $2, $3, $4, $5)
      ON CONFLICT (partition, code) DO UPDATE SET
        revision = excluded.revision, document = excluded.document,
        record_time = excluded.record_time
      """, [partition, plan.code, plan.revision, try JSONDocument.encode(plan), now])
  }

  func insert(_ muster: Muster) throws {
    try tx.execute(
      """
      INSERT INTO muster (partition, id, revision, plan, level, incident_id, reason, switched_by,
        switch_time, escalations, stand_down_reason)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '')
      """,
      [
        partition, muster.id, muster.revision, try JSONDocument.encode(muster.plan), muster.level,
        muster.incidentID, muster.reason, muster.switchedBy, muster.switchTime,
        try JSONDocument.encode(muster.escalations),
      ])
    for ordinal in muster.members.indices { try save(ordinal, of: muster) }
  }

  func update(_ muster: Muster, members: [String]) throws {
    try change(
      """
      UPDATE muster SET revision = $3, level = $4, escalations = $5, stand_down_time = $6,
        stood_down_by = $7, stand_down_reason = $8
      WHERE partition = $1 AND id = $2
      """,
      [
        partition, muster.id, muster.revision, muster.level,
        try JSONDocument.encode(muster.escalations), muster.standDown?.time,
        muster.standDown?.actor, muster.standDown?.reason ?? "",
      ])
    let changed = Set(members)
    for (ordinal, member) in muster.members.enumerated() where changed.contains(member.code) {
      try save(ordinal, of: muster)
    }
  }

  private func save(_ ordinal: Int, of muster: Muster) throws {
    let member = muster.members[ordinal]
    try tx.execute(
      """
      INSERT INTO muster_member (partition, muster_id, code, ordinal, name, kind, recipient_id,
        seats, state, level, is_added, summon_time, due_time, acknowledge_time, muster_time,
        excuse_time, excuse_reason, release_time)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
      ON CONFLICT (partition, muster_id, code) DO UPDATE SET
        seats = excluded.seats, state = excluded.state,
        acknowledge_time = excluded.acknowledge_time, muster_time = excluded.muster_time,
        excuse_time = excluded.excuse_time, excuse_reason = excluded.excuse_reason,
        release_time = excluded.release_time
      """,
      [
        partition, muster.id, member.code, ordinal, member.name, member.contact.kind.rawValue,
        member.contact.id, try JSONDocument.encode(member.seats), member.state.rawValue,
        member.level, member.isAdded, member.summonTime, member.dueTime, member.acknowledgeTime,
        member.musterTime, member.excuseTime, member.excuseReason, member.releaseTime,
      ])
  }
}

extension Muster {
  fileprivate init(_ row: Row, members: [MusterMember]) throws {
    var standDown: StandDown?
    if let time = try row.get("stand_down_time", as: Date?.self) {
      standDown = StandDown(
        time: time, actor: try row.get("stood_down_by"), reason: try row.get("stand_down_reason"))
    }
    self.init(
      id: try row.get("id"), revision: try row.get("revision"),
      plan: try JSONDocument.decode(row.get("plan")), level: try row.get("level"),
      incidentID: try row.get("incident_id"), reason: try row.get("reason"),
      switchedBy: try row.get("switched_by"), switchTime: try row.get("switch_time"),
      escalations: try JSONDocument.decode(row.get("escalations")), standDown: standDown,
      members: members)
  }
}

extension MusterMember {
  fileprivate init(_ row: Row) throws {
    self.init(
      code: try row.get("code"), name: try row.get("name"),
      contact: Recipient(kind: try row.raw("kind"), id: try row.get("recipient_id")),
      seats: try JSONDocument.decode(row.get("seats")), state: try row.raw("state"),
      level: try row.get("level"), isAdded: try row.get("is_added"),
      summonTime: try row.get("summon_time"), dueTime: try row.get("due_time"),
      acknowledgeTime: try row.get("acknowledge_time"), musterTime: try row.get("muster_time"),
      excuseTime: try row.get("excuse_time"), excuseReason: try row.get("excuse_reason"),
      releaseTime: try row.get("release_time"))
  }
}
