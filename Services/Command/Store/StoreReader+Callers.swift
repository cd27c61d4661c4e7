// Finding the calls of a number by its keyed hash.
import CommandDomain
import Identifiers
import Persistence

extension StoreReader {
  func calls(
    fromPhone hash: String, before: CallReportID?, limit: Int
  ) throws -> [CallOfNumber] {
    var selection = Selection("call_report", partition: partition)
    selection.filter("phone_hash = ?", hash)
    selection.cut(reached, \.callReport)
    selection.page(before: before, limit: limit)
    return try tx.query(selection.query, selection.arguments).map { row in
      let report = try CallReport(row)
      return CallOfNumber(report: report, incident: try report.incidentID.flatMap(incident))
    }
  }

  func keepers(ofPhone hash: String, limit: Int) throws -> [CallKeeper?] {
    if reached.isEverywhere { return [] }
    var selection = Selection("call_report", partition: partition)
    selection.filter("phone_hash = ?", hash)
    let own = reached.callReport
    // What has no incident is nobody's: NULL must count as outside.
    selection.filter("NOT coalesce((\(own.text)), FALSE)", own.values)
    selection.order("id DESC", limit: 200)
    let rows = try tx.query(
      """
      SELECT DISTINCT v.station_id, v.station_name FROM (\(selection.query)) AS outside
      LEFT JOIN incident_advice AS v
        ON v.partition = outside.partition AND v.incident_id = outside.incident_id
      ORDER BY v.station_name
      """, selection.arguments)
    var keepers: [CallKeeper?] = []
    for row in rows {
      let keeper = try row.get("station_id", as: OrgUnitID?.self).map {
        CallKeeper(stationID: $0, stationName: try row.get("station_name"))
      }
      if !keepers.contains(keeper) { keepers.append(keeper) }
    }
    return Array(keepers.prefix(limit))
  }
}
