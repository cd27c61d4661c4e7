// Writing calls, incidents and what stands beside them.
import Classification
import CommandDomain
import EventLog
import Foundation
import Geography
import Identifiers
import Persistence
import Territory

extension TransactionWriter {
  func insert(_ report: CallReport) throws {
    let content = report.content
    guard reached.mayReport(from: content.source) else {
      throw CommandError.sourceOutsideReach(content.source)
    }
    try tx.execute(
      """
      INSERT INTO call_report (partition, id, revision, state, outcome, incident_id, channel,
        origin, phone_hash, masked_phone, place, narrative, source, external_reference, occur_time,
        receive_time, end_time, record_time, end_reason, masked_name, sealed_caller, press_count,
        answer_time)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19,
        $20, $21, $22, $23)
      """,
      [
        partition, report.id, report.revision, report.state.rawValue, report.outcome?.rawValue,
        report.incidentID, content.channel.rawValue, content.origin.rawValue, content.phoneHash,
        content.maskedPhone, try PlaceDocument.encode(content.place), content.narrative,
        content.source, content.externalReference, content.occurTime, content.receiveTime,
        report.endTime, report.recordTime, report.endReason, content.maskedName,
        content.sealedCaller, report.pressCount, content.answerTime,
      ])
  }

  func countPress(to report: CallReportID) throws {
    try change(
      """
      UPDATE call_report SET press_count = coalesce(press_count, 0) + 1
      WHERE partition = $1 AND id = $2
      """, [partition, report])
  }

  /// What was told never changes; only what became of it.
  func update(_ report: CallReport) throws {
    try change(
      """
      UPDATE call_report SET revision = $3, state = $4, outcome = $5, incident_id = $6,
        end_time = $7, end_reason = $8
      WHERE partition = $1 AND id = $2
      """,
      [
        partition, report.id, report.revision, report.state.rawValue, report.outcome?.rawValue,
        report.incidentID, report.endTime, report.endReason,
      ])
  }

  func insert(_ incident: Incident) throws {
    let beginning = incident.beginning
    try tx.execute(
      """
      INSERT INTO incident (partition, id, revision, number, state, state_time, incident_class,
        level, title, place, origin, narrative, source, external_reference, occur_time,
        receive_time, create_time, record_time, merged_into, state_before_merge, diverted_to,
        feedback, feedback_code, feedback_time, feedback_return_count, reopen_count)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19,
        $20, $21, $22, $23, $24, $25, $26)
      """,
      [
        partition, incident.id, incident.revision, incident.number, incident.state.rawValue,
        incident.stateTime, incident.incidentClass?.rawValue, incident.level?.rawValue,
        incident.title, try PlaceDocument.encode(incident.place), beginning.origin.rawValue,
        beginning.narrative, beginning.source, beginning.externalReference, beginning.occurTime,
        beginning.receiveTime, beginning.createTime, incident.recordTime, incident.mergedInto,
        incident.stateBeforeMerge?.rawValue, incident.divertedTo, incident.feedback?.text,
        incident.feedback?.disposalCode, incident.feedback?.occurTime,
        incident.feedback?.returnCount, incident.reopenCount,
      ])
  }

  func update(_ incident: Incident) throws {
    try change(
      """
      UPDATE incident SET revision = $3, state = $4, state_time = $5, incident_class = $6,
        level = $7, title = $8, place = $9, merged_into = $10, state_before_merge = $11,
        diverted_to = $12, feedback = $13, feedback_code = $14, feedback_time = $15,
        feedback_return_count = $16, reopen_count = $17
      WHERE partition = $1 AND id = $2
      """,
      [
        partition, incident.id, incident.revision, incident.state.rawValue, incident.stateTime,
        incident.incidentClass?.rawValue, incident.level?.rawValue, incident.title,
        try PlaceDocument.encode(incident.place), incident.mergedInto,
        incident.stateBeforeMerge?.rawValue, incident.divertedTo, incident.feedback?.text,
        incident.feedback?.disposalCode, incident.feedback?.occurTime,
        incident.feedback?.returnCount, incident.reopenCount,
      ])
  }

  func attach(_ report: CallReportID, to incident: Incident) throws {
    try tx.execute(
      """
      INSERT INTO incident_call (partition, incident_id, ordinal, call_report_id)
      VALUES ($1, $2, $3, $4)
      """, [partition, incident.id, incident.callReportIDs.count - 1, report])
  }

  func save(_ advice: IncidentAdvice) throws {
    try tx.execute(
      """
      INSERT INTO incident_advice (partition, incident_id, assessment_id, station_id, station_name,
        suggested_class, suggested_level, repeat_count, occur_time, feed_head)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
      ON CONFLICT (partition, incident_id) DO UPDATE SET
        assessment_id = excluded.assessment_id, station_id = excluded.station_id,
        station_name = excluded.station_name, suggested_class = excluded.suggested_class,
        suggested_level = excluded.suggested_level, repeat_count = excluded.repeat_count,
        occur_time = excluded.occur_time, feed_head = excluded.feed_head
      WHERE incident_advice.occur_time <= excluded.occur_time
      """,
      [
        partition, advice.incidentID, advice.assessmentID, advice.stationID, advice.stationName,
        advice.suggestedClass?.rawValue, advice.suggestedLevel?.rawValue, advice.repeatCount,
        advice.occurTime, try log.head(in: tx),
      ])
  }

  func save(_ orgUnit: OrgUnitID, under parent: OrgUnitID?) throws {
    try Territory.save(orgUnit, under: parent, partition: partition, in: tx)
  }

  func save(_ unit: UnitID, of orgUnit: OrgUnitID?) throws {
    try Territory.save(unit, of: orgUnit, partition: partition, in: tx)
  }

  func keep(_ event: TimelineEvent) throws {
    try tx.execute(
      """
      INSERT INTO foreign_event (partition, service, sequence, id, type, subject, incident_id,
        occur_time, record_time, actor, cause, trace, payload)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
      ON CONFLICT (partition, id) DO NOTHING
      """,
      [
        partition, event.service, event.sequence, event.id, event.type, event.subject,
        event.incidentID, event.occurTime, event.recordTime, event.actor, event.cause, event.trace,
        event.payload,
      ])
  }
}
