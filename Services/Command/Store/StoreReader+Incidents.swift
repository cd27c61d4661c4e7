// Reading calls, incidents and the timeline.
import Classification
import CommandDomain
import EventLog
import Foundation
import Geography
import Identifiers
import Persistence

extension StoreReader {
  func callReport(_ id: CallReportID) throws -> CallReport? {
    var selection = Selection("call_report", partition: partition)
    selection.filter("id = ?", id)
    selection.cut(reached, \.callReport)
    return try tx.query(selection.query, selection.arguments).first.map(CallReport.init)
  }

  func callReport(source: String, externalReference: String) throws -> CallReportID? {
    try tx.query(
      """
      SELECT id FROM call_report WHERE partition = $1 AND source = $2 AND external_reference = $3
        AND external_reference <> ''
      """, [partition, source, externalReference]
    ).first?.get("id")
  }

  func activePillarCall(of terminalCode: String) throws -> CallReportID? {
    // Few calls are active at once, and their index serves this; codes have no slash in them.
    try tx.query(
      """
      SELECT id FROM call_report WHERE partition = $1 AND state = 'active' AND channel = 'pillar'
        AND source = 'pillar' AND substr(external_reference, 1, length($2)) = $2
      ORDER BY id DESC LIMIT 1
      """, [partition, terminalCode + "/"]
    ).first?.get("id")
  }

  func callReports(
    _ filter: CallReportFilter, before: CallReportID?, limit: Int
  ) throws -> [CallReport] {
    var selection = Selection("call_report", partition: partition)
    // A constant, so that the index of active calls serves it.
    if let state = filter.state { selection.filter("state = '\(state.rawValue)'") }
    if let incident = filter.incidentID { selection.filter("incident_id = ?", incident) }
    selection.cut(reached, \.callReport)
    selection.page(before: before, limit: limit)
    return try tx.query(selection.query, selection.arguments).map(CallReport.init)
  }

  func incident(_ id: IncidentID) throws -> Incident? {
    var selection = Selection("incident", partition: partition)
    selection.filter("id = ?", id)
    selection.cut(reached) { $0.incident("incident.id") }
    return try incidents(selection).first
  }

  func incident(number: String) throws -> IncidentID? {
    var selection = Selection("incident", partition: partition)
    selection.filter("number = ?", number)
    selection.cut(reached) { $0.incident("incident.id") }
    return try tx.query(selection.query, selection.arguments).first?.get("id")
  }

  func view(_ id: IncidentID) throws -> IncidentView? {
    var selection = Selection("incident", partition: partition)
    selection.filter("id = ?", id)
    selection.cut(reached) { $0.incident("incident.id") }
    return try views(selection).first
  }

  func views(
    _ filter: IncidentFilter, before: IncidentID?, limit: Int
  ) throws -> [IncidentView] {
    var selection = Selection("incident", partition: partition)
    if !filter.states.isEmpty {
      let states = filter.states.map { "'\($0.rawValue)'" }.sorted().joined(separator: ", ")
      selection.filter("state IN (\(states))")
    }
    if !filter.source.isEmpty { selection.filter("source = ? AND source <> ''", filter.source) }
    selection.cut(reached) { $0.incident("incident.id") }
    selection.page(before: before, limit: limit)
    return try views(selection)
  }

  func advice(on incident: IncidentID) throws -> IncidentAdvice? {
    try tx.query(
      "SELECT * FROM incident_advice WHERE partition = $1 AND incident_id = $2",
      [partition, incident]
    ).first.map(IncidentAdvice.init)
  }

  func timeline(of incident: IncidentID, limit: Int) throws -> [TimelineEvent] {
    let foreign = try tx.query(
      """
      SELECT * FROM foreign_event WHERE partition = $1 AND incident_id = $2
      ORDER BY occur_time, record_time, service, sequence LIMIT $3
      """, [partition, incident, limit]
    ).map(TimelineEvent.init(foreign:))
    let own = try log.events(ofIncident: incident.description, in: tx).map(TimelineEvent.init(own:))
    let ordered = (foreign + own).sorted { left, right in
      if left.occurTime != right.occurTime { return left.occurTime < right.occurTime }
      if left.recordTime != right.recordTime { return left.recordTime < right.recordTime }
      return (left.service, left.sequence) < (right.service, right.sequence)
    }
    return Array(ordered.prefix(limit))
  }

  private func incidents(_ selection: Selection) throws -> [Incident] {
    let rows = try tx.query(selection.query, selection.arguments)
    guard !rows.isEmpty else { return [] }
    let calls = try tx.query(
      selection.query(of: "incident_call", by: "incident_id", order: "ordinal"),
      selection.arguments)
    let byIncident = try Dictionary(grouping: calls) { try $0.get("incident_id", as: String.self) }
    return try rows.map { row in
      let calls = try byIncident[row.get("id")]?.map {
        try $0.get("call_report_id", as: CallReportID.self)
      }
      return try Incident(row, calls: calls ?? [])
    }
  }

  func views(_ selection: Selection) throws -> [IncidentView] {
    let incidents = try incidents(selection)
    guard !incidents.isEmpty else { return [] }
    let advice = try tx.query(
      selection.query(of: "incident_advice", by: "incident_id", order: "assessment_id"),
      selection.arguments
    ).map(IncidentAdvice.init)
    let assignments = try tx.query(
      selection.query(of: "assignment", by: "incident_id", order: "ordinal"), selection.arguments
    ).map(Assignment.init)
    let series = try series(ofSelected: selection)
    let adviceByIncident = Dictionary(grouping: advice, by: \.incidentID)
    let assignmentsByIncident = Dictionary(grouping: assignments, by: \.incidentID)
    return incidents.map { incident in
      IncidentView(
        incident: incident, advice: adviceByIncident[incident.id]?.first,
        assignments: assignmentsByIncident[incident.id] ?? [],
        series: series[incident.id] ?? [])
    }
  }
}

extension CallReport {
  init(_ row: Row) throws {
    self.init(
      id: try row.get("id"), revision: try row.get("revision"), state: try row.raw("state"),
      outcome: try row.raw("outcome"), incidentID: try row.get("incident_id"),
      content: CallReportContent(
        channel: try row.raw("channel"), origin: try row.raw("origin"),
        phoneHash: try row.get("phone_hash"), maskedPhone: try row.get("masked_phone"),
        maskedName: try row.get("masked_name"), sealedCaller: try row.get("sealed_caller"),
        place: try PlaceDocument.decode(row.get("place")), narrative: try row.get("narrative"),
        occurTime: try row.get("occur_time"), receiveTime: try row.get("receive_time"),
        answerTime: try row.get("answer_time"), source: try row.get("source"),
        externalReference: try row.get("external_reference")),
      endTime: try row.get("end_time"), recordTime: try row.get("record_time"),
      endReason: try row.get("end_reason"), pressCount: try row.get("press_count"))
  }
}

extension Incident {
  init(_ row: Row, calls: [CallReportID]) throws {
    let feedback = try row.get("feedback", as: String?.self).map { text in
      IncidentFeedback(
        text: text, disposalCode: try row.get("feedback_code"),
        occurTime: try row.get("feedback_time"),
        returnCount: try row.get("feedback_return_count"))
    }
    self.init(
      id: try row.get("id"), revision: try row.get("revision"), number: try row.get("number"),
      state: try row.raw("state"), stateTime: try row.get("state_time"),
      incidentClass: try row.raw("incident_class"), level: try row.raw("level"),
      title: try row.get("title"), place: try PlaceDocument.decode(row.get("place")),
      beginning: IncidentBeginning(
        origin: try row.raw("origin"), narrative: try row.get("narrative"),
        source: try row.get("source"), externalReference: try row.get("external_reference"),
        occurTime: try row.get("occur_time"), receiveTime: try row.get("receive_time"),
        createTime: try row.get("create_time")),
      callReportIDs: calls, recordTime: try row.get("record_time"),
      mergedInto: try row.get("merged_into"),
      stateBeforeMerge: try row.raw("state_before_merge"),
      divertedTo: try row.get("diverted_to"), feedback: feedback,
      reopenCount: try row.get("reopen_count"))
  }
}

extension IncidentAdvice {
  init(_ row: Row) throws {
    self.init(
      incidentID: try row.get("incident_id"), assessmentID: try row.get("assessment_id"),
      stationID: try row.get("station_id"), stationName: try row.get("station_name"),
      suggestedClass: try row.raw("suggested_class"),
      suggestedLevel: try row.raw("suggested_level"), repeatCount: try row.get("repeat_count"),
      occurTime: try row.get("occur_time"))
  }
}

extension TimelineEvent {
  init(foreign row: Row) throws {
    self.init(
      service: try row.get("service"), partition: try row.get("partition"),
      sequence: try row.get("sequence"), id: try row.get("id"), type: try row.get("type"),
      subject: try row.get("subject"), incidentID: try row.get("incident_id"),
      occurTime: try row.get("occur_time"), recordTime: try row.get("record_time"),
      actor: try row.get("actor"), cause: try row.get("cause"), trace: try row.get("trace"),
      payload: try row.get("payload"))
  }

  init(own event: StoredEvent) {
    self.init(
      service: event.service, partition: event.partition, sequence: event.sequence, id: event.id,
      type: event.type, subject: event.subject, incidentID: event.incidentID,
      occurTime: event.occurTime, recordTime: event.recordTime, actor: event.actor,
      cause: event.cause, trace: event.trace, payload: event.payload)
  }
}
