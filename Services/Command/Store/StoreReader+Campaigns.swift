// Reading campaigns, cut to what the caller may see.
import CommandDomain
import Foundation
import Geography
import Identifiers
import Persistence
import Territory

extension ReachedThings {
  /// A campaign is a station's affair once rows of it are.
  var campaign: Condition {
    places.any([
      "EXISTS (SELECT 1 FROM campaign_part AS p WHERE p.partition = $1"
        + " AND p.campaign_id = campaign.id AND p.org_unit_id IN (#))"
    ])
  }

  var campaignPart: Condition { places.any(["campaign_part.org_unit_id IN (#)"]) }
  /// A row that belongs to no part is the hall's alone.
  var campaignRow: Condition { places.any(["campaign_row.org_unit_id IN (#)"]) }
}

extension StoreReader {
  func campaign(_ id: CampaignID) throws -> Campaign? {
    var selection = Selection("campaign", partition: partition)
    selection.filter("id = ?", id)
    selection.cut(reached, \.campaign)
    return try tx.query(selection.query, selection.arguments).first.map(Campaign.init)
  }

  func campaigns(before: CampaignID?, limit: Int) throws -> [Campaign] {
    var selection = Selection("campaign", partition: partition)
    selection.cut(reached, \.campaign)
    selection.page(before: before, limit: limit)
    return try tx.query(selection.query, selection.arguments).map(Campaign.init)
  }

  func campaignParts(
    _ id: CampaignID
  ) throws -> (parts: [CampaignPart], unassigned: CampaignCounts) {
    var counts: [String: CampaignCounts] = [:]
    for row in try tx.query(
      """
      SELECT coalesce(org_unit_id, '') AS org_unit, state, count(*) AS n FROM campaign_row
      WHERE partition = $1 AND campaign_id = $2 GROUP BY org_unit_id, state
      """, [partition, id])
    {
      let state: CampaignRowState = try row.raw("state")
      let (orgUnit, n) = (try row.get("org_unit", as: String.self), try row.get("n", as: Int.self))
      counts[orgUnit, default: CampaignCounts()].byState[state] = n
    }
    var selection = Selection("campaign_part", partition: partition)
    selection.filter("campaign_id = ?", id)
    selection.cut(reached, \.campaignPart)
    selection.order("org_unit_id", limit: 1_000)
    let parts = try tx.query(selection.query, selection.arguments).map { row in
      let orgUnit: OrgUnitID = try row.get("org_unit_id")
      return CampaignPart(
        orgUnitID: orgUnit, orgUnitName: try row.get("org_unit_name"),
        handOutTime: try row.get("hand_out_time"), directiveID: try row.get("directive_id"),
        counts: counts[orgUnit.description] ?? CampaignCounts())
    }
    let unassigned = reached.isEverywhere ? counts[""] : nil
    return (parts, unassigned ?? CampaignCounts())
  }

  func campaignRow(_ key: String, of campaign: CampaignID) throws -> CampaignRow? {
    try campaignRows(
      CampaignRowFilter(key: key), of: campaign, after: 0, limit: 1
    ).first
  }

  func campaignRows(
    _ filter: CampaignRowFilter, of campaign: CampaignID, after: Int, limit: Int
  ) throws -> [CampaignRow] {
    var selection = Selection("campaign_row", partition: partition)
    selection.filter("campaign_id = ?", campaign)
    selection.filter("position > ?", after)
    if let orgUnit = filter.orgUnitID { selection.filter("org_unit_id = ?", orgUnit) }
    if !filter.key.isEmpty { selection.filter("row_key = ?", filter.key) }
    if !filter.states.isEmpty {
      let states = filter.states.map(\.rawValue).sorted()
      let marks = states.map { _ in "?" }.joined(separator: ", ")
      selection.filter("state IN (\(marks))", states)
    }
    selection.cut(reached, \.campaignRow)
    selection.order("position", limit: limit)
    let rows = try tx.query(selection.query, selection.arguments)
    let positions = try rows.filter { try $0.get("state", as: String.self) != "open" }
      .map { try $0.get("position", as: Int.self) }
    let checks = try checks(positions, of: campaign)
    return try rows.map { row in
      try CampaignRow(row, checks: checks[row.get("position")] ?? [])
    }
  }

  private func checks(
    _ positions: [Int], of campaign: CampaignID
  ) throws -> [Int: [CampaignCheck]] {
    guard let first = positions.first, let last = positions.last else { return [:] }
    return try tx.query(
      """
      SELECT * FROM campaign_check WHERE partition = $1 AND campaign_id = $2
        AND position BETWEEN $3 AND $4 ORDER BY position, ordinal
      """, [partition, campaign, first, last]
    ).reduce(into: [:]) { checks, row in
      try checks[row.get("position"), default: []].append(
        CampaignCheck(
          ordinal: try row.get("ordinal"), actor: try row.get("actor"),
          time: try row.get("check_time"), answers: try JSONDocument.decode(row.get("answers")),
          reason: try row.get("reason")))
    }
  }

  func sealedCampaignRow(_ key: String, of campaign: CampaignID) throws -> [UInt8]? {
    try tx.query(
      """
      SELECT sealed FROM campaign_row
      WHERE partition = $1 AND campaign_id = $2 AND row_key = $3
      """, [partition, campaign, key]
    ).first.flatMap { try $0.get("sealed", as: [UInt8]?.self) }
  }

  func unassignedRows(
    of campaign: CampaignID, after: Int, limit: Int
  ) throws -> [UnassignedRow] {
    try tx.query(
      """
      SELECT position, row_values, latitude, longitude FROM campaign_row
      WHERE partition = $1 AND campaign_id = $2 AND org_unit_id IS NULL AND position > $3
      ORDER BY position LIMIT $4
      """, [partition, campaign, after, limit]
    ).map { row in
      var point: Coordinate?
      if let latitude = try row.get("latitude", as: Double?.self),
        let longitude = try row.get("longitude", as: Double?.self)
      {
        point = try Coordinate(latitude: latitude, longitude: longitude)
      }
      return UnassignedRow(
        position: try row.get("position"), values: try JSONDocument.decode(row.get("row_values")),
        point: point)
    }
  }

  func campaignRowDigests(
    _ keys: [String], of campaign: CampaignID
  ) throws -> [String: String] {
    var digests: [String: String] = [:]
    for first in stride(from: 0, to: keys.count, by: 100) {
      let some = Array(keys[first..<min(first + 100, keys.count)])
      let marks = some.indices.map { "$\($0 + 3)" }.joined(separator: ", ")
      for row in try tx.query(
        """
        SELECT row_key, digest FROM campaign_row
        WHERE partition = $1 AND campaign_id = $2 AND row_key IN (\(marks))
        """, [partition, campaign] + some)
      {
        let key: String = try row.get("row_key")
        digests[key] = try row.get("digest", as: String.self)
      }
    }
    return digests
  }

  func campaignImport(_ digest: String, of campaign: CampaignID) throws -> CampaignImport? {
    try tx.query(
      """
      SELECT * FROM campaign_import
      WHERE partition = $1 AND campaign_id = $2 AND file_digest = $3
      """, [partition, campaign, digest]
    ).first.map { row in
      CampaignImport(
        fileDigest: digest, through: try row.get("through"), stored: try row.get("stored_count"),
        known: try row.get("known_count"), quarantined: try row.get("quarantined_count"))
    }
  }

  func quarantinedRows(
    of campaign: CampaignID, after: (digest: String, number: Int)?, limit: Int
  ) throws -> [QuarantinedCampaignRow] {
    var selection = Selection("campaign_quarantine", partition: partition)
    selection.filter("campaign_id = ?", campaign)
    if let after {
      selection.filter(
        "(file_digest > ? OR (file_digest = ? AND number > ?))", after.digest, after.digest,
        after.number)
    }
    selection.order("file_digest, number", limit: limit)
    return try tx.query(selection.query, selection.arguments).map { row in
      QuarantinedCampaignRow(
        fileDigest: try row.get("file_digest"), number: try row.get("number"),
        fault: CampaignRowFault(field: try row.get("field"), rule: try row.get("rule")))
    }
  }
}

extension Campaign {
  fileprivate init(_ row: Row) throws {
    self.init(
      id: try row.get("id"), revision: try row.get("revision"),
      content: try JSONDocument.decode(row.get("content")), state: try row.raw("state"),
      createdBy: try row.get("created_by"), createTime: try row.get("create_time"),
      closeTime: try row.get("close_time"), closedBy: try row.get("closed_by"),
      rowCount: try row.get("row_count"))
  }
}

extension CampaignRow {
  fileprivate init(_ row: Row, checks: [CampaignCheck]) throws {
    var writeOff: WriteOff?
    if let time = try row.get("write_off_time", as: Date?.self) {
      writeOff = WriteOff(
        actor: try row.get("written_off_by"), time: time, reason: try row.get("write_off_reason"))
    }
    self.init(
      campaignID: try row.get("campaign_id"), key: try row.get("row_key"),
      position: try row.get("position"), number: try row.get("number"),
      revision: try row.get("revision"), values: try JSONDocument.decode(row.get("row_values")),
      orgUnitID: try row.get("org_unit_id"), state: try row.raw("state"), checks: checks,
      writeOff: writeOff)
  }
}
