// Series and their members as rows, and what one caller may see of them.
import CommandDomain
import Foundation
import Identifiers
import Persistence

extension StoreReader {
  func series(_ id: SeriesID) throws -> Series? {
    var selection = Selection("series", partition: partition)
    selection.filter("id = ?", id)
    selection.cut(reached, \.series)
    return try series(selection).first
  }

  func series(_ filter: SeriesFilter, before: SeriesID?, limit: Int) throws -> [Series] {
    var selection = Selection("series", partition: partition)
    if let incident = filter.incidentID {
      selection.filter(
        "id IN (SELECT series_id FROM series_member WHERE partition = $1 AND incident_id = ?)",
        incident)
      // Whoever asks by an incident sees that one.
      selection.cut(reached) { $0.incident("'\(incident)'") }
    }
    if !filter.states.isEmpty {
      let states = filter.states.map { "'\($0.rawValue)'" }.sorted().joined(separator: ", ")
      selection.filter("state IN (\(states))")
    }
    selection.cut(reached, \.series)
    selection.page(before: before, limit: limit)
    return try series(selection)
  }

  private func series(_ selection: Selection) throws -> [Series] {
    let rows = try tx.query(selection.query, selection.arguments)
    guard !rows.isEmpty else { return [] }
    let members = try tx.query(
      selection.query(of: "series_member", by: "series_id", order: "ordinal"),
      selection.arguments)
    let bySeries = try Dictionary(grouping: members) { try $0.get("series_id", as: String.self) }
    return try rows.map { row in
      try Series(row, members: bySeries[row.get("id")]?.map(SeriesMember.init) ?? [])
    }
  }

  func seen(_ series: Series) throws -> SeenSeries {
    let ids = series.members.map(\.incidentID)
    guard !ids.isEmpty else { return SeenSeries(series: series, members: []) }
    let marks = ids.indices.map { "$\($0 + 2)" }.joined(separator: ", ")
    let rows = try tx.query(
      """
      SELECT incident.id, incident.number, advice.station_id, advice.station_name
      FROM incident LEFT JOIN incident_advice AS advice
        ON advice.partition = incident.partition AND advice.incident_id = incident.id
      WHERE incident.partition = $1 AND incident.id IN (\(marks))
      """, [partition] + ids)
    var own = Selection("incident", partition: partition)
    own.filter("id IN (\(ids.map { _ in "?" }.joined(separator: ", ")))", ids)
    own.cut(reached) { $0.incident("incident.id") }
    let inside = Set(
      try tx.query(own.query, own.arguments).map { try $0.get("id", as: IncidentID.self) })
    let byID = try Dictionary(
      rows.map { (try $0.get("id", as: IncidentID.self), $0) }, uniquingKeysWith: { $1 })
    return SeenSeries(
      series: series,
      members: try series.members.map { member in
        guard let row = byID[member.incidentID] else {
          throw DatabaseError.other("a member of a series is no incident")
        }
        return SeenMember(
          member: member, incidentNumber: try row.get("number"),
          isOutside: !inside.contains(member.incidentID),
          stationID: try row.get("station_id"),
          stationName: try row.get("station_name", as: String?.self) ?? "")
      })
  }

  func series(of incident: IncidentID) throws -> [SeriesReference] {
    try tx.query(
      """
      SELECT series.id, series.title, series.state
      FROM series_member AS member JOIN series
        ON series.partition = member.partition AND series.id = member.series_id
      WHERE member.partition = $1 AND member.incident_id = $2 AND member.drop_time IS NULL
        AND series.state IN ('proposed', 'confirmed')
      ORDER BY series.id
      """, [partition, incident]
    ).map(SeriesReference.init)
  }

  /// The same for the incidents of a page, by their ids.
  func series(ofSelected selection: Selection) throws -> [IncidentID: [SeriesReference]] {
    let members = try tx.query(
      selection.query(of: "series_member", by: "incident_id", order: "series_id"),
      selection.arguments
    ).filter { try $0.get("drop_time", as: Date?.self) == nil }
    guard !members.isEmpty else { return [:] }
    let incidents = Set(try members.map { try $0.get("incident_id", as: IncidentID.self) })
    return try incidents.reduce(into: [:]) { $0[$1] = try series(of: $1) }
  }
}

extension SeriesReference {
  fileprivate init(_ row: Row) throws {
    self.init(
      id: try row.get("id"), title: try row.get("title"), state: try row.raw("state"))
  }
}

extension Series {
  fileprivate init(_ row: Row, members: [SeriesMember]) throws {
    self.init(
      id: try row.get("id"), revision: try row.get("revision"), title: try row.get("title"),
      state: try row.raw("state"),
      proposed: Judgement(
        by: try row.get("proposed_by"), time: try row.get("propose_time"),
        reason: try row.get("reason")),
      decided: try Judgement(row, by: "decided_by", at: "decide_time", "decide_reason"),
      dissolved: try Judgement(row, by: "dissolved_by", at: "dissolve_time", "dissolve_reason"),
      members: members)
  }
}

extension SeriesMember {
  fileprivate init(_ row: Row) throws {
    self.init(
      incidentID: try row.get("incident_id"),
      added: Judgement(
        by: try row.get("added_by"), time: try row.get("add_time"),
        reason: try row.get("reason")),
      dropped: try Judgement(row, by: "dropped_by", at: "drop_time", "drop_reason"))
  }
}

extension Judgement {
  /// Nil where nobody has judged.
  fileprivate init?(_ row: Row, by: String, at time: String, _ reason: String) throws {
    guard let judged: Date = try row.get(time) else { return nil }
    self.init(by: try row.get(by), time: judged, reason: try row.get(reason))
  }
}

extension TransactionWriter {
  func insert(_ series: Series) throws {
    try tx.execute(
      """
      INSERT INTO series (partition, id, revision, title, state, state_time, proposed_by,
        propose_time, reason)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
      """,
      [
        partition, series.id, series.revision, series.title, series.state.rawValue,
        series.proposed.time, series.proposed.by, series.proposed.time, series.proposed.reason,
      ])
    for (ordinal, member) in series.members.enumerated() {
      try save(member, ordinal: ordinal, of: series.id)
    }
  }

  func update(_ series: Series, member: SeriesMember?) throws {
    let latest = series.dissolved ?? series.decided ?? series.proposed
    try change(
      """
      UPDATE series SET revision = $3, state = $4, state_time = $5, decided_by = $6,
        decide_time = $7, decide_reason = $8, dissolved_by = $9, dissolve_time = $10,
        dissolve_reason = $11
      WHERE partition = $1 AND id = $2
      """,
      [
        partition, series.id, series.revision, series.state.rawValue, latest.time,
        series.decided?.by, series.decided?.time, series.decided?.reason, series.dissolved?.by,
        series.dissolved?.time, series.dissolved?.reason,
      ])
    guard let member,
      let ordinal = series.members.firstIndex(where: { $0.incidentID == member.incidentID })
    else { return }
    try save(member, ordinal: ordinal, of: series.id)
  }

  private func save(_ member: SeriesMember, ordinal: Int, of series: SeriesID) throws {
    try tx.execute(
      """
      INSERT INTO series_member (partition, series_id, ordinal, incident_id, added_by, add_time,
        reason, dropped_by, drop_time, drop_reason)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
      ON CONFLICT (partition, series_id, ordinal) DO UPDATE SET
        added_by = excluded.added_by, add_time = excluded.add_time, reason = excluded.reason,
        dropped_by = excluded.dropped_by, drop_time = excluded.drop_time,
        drop_reason = excluded.drop_reason
      """,
      [
        partition, series, ordinal, member.incidentID, member.added.by, member.added.time,
        member.added.reason, member.dropped?.by, member.dropped?.time, member.dropped?.reason,
      ])
  }
}
