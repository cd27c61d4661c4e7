// Writing campaigns and their rows: many at a time.
import CommandDomain
import Foundation
import Geography
import Identifiers
import Persistence
import Territory

extension TransactionWriter {
  /// Rows of one statement: enough that the statement is not what costs, few enough parameters for any
  /// engine.
  private static let rowsOfStatement = 50

  func insert(_ campaign: Campaign) throws {
    try tx.execute(
      """
      INSERT INTO campaign (partition, id, revision, content, incident_id, state, created_by,
        create_time, due_time, closed_by, row_count)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
      """,
      [
        partition, campaign.id, campaign.revision, try JSONDocument.encode(campaign.content),
        campaign.content.incidentID, campaign.state.rawValue, campaign.createdBy,
        campaign.createTime, campaign.content.dueTime, campaign.closedBy, campaign.rowCount,
      ])
  }

  func update(_ campaign: Campaign) throws {
    try change(
      """
      UPDATE campaign SET revision = $3, state = $4, close_time = $5, closed_by = $6,
        row_count = $7
      WHERE partition = $1 AND id = $2
      """,
      [
        partition, campaign.id, campaign.revision, campaign.state.rawValue, campaign.closeTime,
        campaign.closedBy, campaign.rowCount,
      ])
  }

  func insert(
    _ rows: [CampaignRowDraft], first: Int, of campaign: CampaignID, now: Date
  ) throws {
    for start in stride(from: 0, to: rows.count, by: Self.rowsOfStatement) {
      let some = rows[start..<min(start + Self.rowsOfStatement, rows.count)]
      var bindings = Bindings([partition, campaign, now])
      let tuples = try some.indices.map { index in
        let row = rows[index]
        return bindings.number(
          "($1, $2, ?, ?, ?, 1, ?, ?, ?, ?, ?, 'open', '', '', $3)",
          [
            first + index, row.key, row.number, row.digest, try JSONDocument.encode(row.values),
            row.sealed, row.point?.latitude, row.point?.longitude,
          ])
      }
      try tx.execute(
        """
        INSERT INTO campaign_row (partition, campaign_id, position, row_key, number, revision,
          digest, row_values, sealed, latitude, longitude, state, write_off_reason,
          written_off_by, record_time)
        VALUES \(tuples.joined(separator: ", "))
        """, bindings.arguments)
    }
  }

  func save(_ progress: CampaignImport, of campaign: CampaignID) throws {
    try tx.execute(
      """
      INSERT INTO campaign_import (partition, campaign_id, file_digest, through, stored_count,
        known_count, quarantined_count)
      VALUES ($1, $2, $3, $4, $5, $6, $7)
      ON CONFLICT (partition, campaign_id, file_digest) DO UPDATE SET
        through = excluded.through, stored_count = excluded.stored_count,
        known_count = excluded.known_count, quarantined_count = excluded.quarantined_count
      """,
      [
        partition, campaign, progress.fileDigest, progress.through, progress.stored,
        progress.known, progress.quarantined,
      ])
  }

  func insert(_ rows: [QuarantinedCampaignRow], of campaign: CampaignID) throws {
    for row in rows {
      try tx.execute(
        """
        INSERT INTO campaign_quarantine (partition, campaign_id, file_digest, number, field, rule)
        VALUES ($1, $2, $3, $4, $5, $6)
        """,
        [partition, campaign, row.fileDigest, row.number, row.fault.field, row.fault.rule])
    }
  }

  func assign(
    _ positions: [Int], of campaign: CampaignID, to orgUnit: OrgUnitID
  ) throws {
    for first in stride(from: 0, to: positions.count, by: 100) {
      let some = Array(positions[first..<min(first + 100, positions.count)])
      let marks = some.indices.map { "$\($0 + 4)" }.joined(separator: ", ")
      try tx.execute(
        """
        UPDATE campaign_row SET org_unit_id = $3, revision = revision + 1
        WHERE partition = $1 AND campaign_id = $2 AND org_unit_id IS NULL
          AND position IN (\(marks))
        """, [partition, campaign, orgUnit] + some)
    }
  }

  func save(_ part: CampaignPart, of campaign: CampaignID) throws {
    try tx.execute(
      """
      INSERT INTO campaign_part (partition, campaign_id, org_unit_id, org_unit_name,
        hand_out_time, directive_id)
      VALUES ($1, $2, $3, $4, $5, $6)
      ON CONFLICT (partition, campaign_id, org_unit_id) DO UPDATE SET
        hand_out_time = excluded.hand_out_time, directive_id = excluded.directive_id
      """,
      [
        partition, campaign, part.orgUnitID, part.orgUnitName, part.handOutTime,
        part.directiveID,
      ])
  }

  func update(_ row: CampaignRow) throws {
    try change(
      """
      UPDATE campaign_row SET revision = $4, state = $5, write_off_reason = $6,
        written_off_by = $7, write_off_time = $8
      WHERE partition = $1 AND campaign_id = $2 AND position = $3
      """,
      [
        partition, row.campaignID, row.position, row.revision, row.state.rawValue,
        row.writeOff?.reason ?? "", row.writeOff?.actor ?? "", row.writeOff?.time,
      ])
    for check in row.checks {
      try tx.execute(
        """
        INSERT INTO campaign_check (partition, campaign_id, position, ordinal, actor, check_time,
          answers, reason)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT (partition, campaign_id, position, ordinal) DO NOTHING
        """,
        [
          partition, row.campaignID, row.position, check.ordinal, check.actor, check.time,
          try JSONDocument.encode(check.answers), check.reason,
        ])
    }
  }
}
