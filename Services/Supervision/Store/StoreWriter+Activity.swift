// Keeping rows of facts: the later event wins, in whatever order they come.
import Classification
import Foundation
import Geography
import Identifiers
import Persistence
import SupervisionDomain

extension StoreWriter {
  func keep(_ fact: ActivityFact, sequence: Int64) throws {
    switch fact {
    case .call(let call): try keep(call, sequence)
    case .incident(let incident): try keep(incident, sequence)
    case .move(let step):
      try tx.execute(
        """
        INSERT INTO activity_step (partition, incident_id, sequence, to_state, step_time)
        VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (partition, incident_id, sequence) DO NOTHING
        """, [partition, step.incident, sequence, step.to, step.time])
    case .assignment(let assignment): try keep(assignment, sequence)
    case .course(let course): try keep(course, sequence)
    case .unit(let unit):
      try tx.execute(
        """
        INSERT INTO activity_unit (partition, unit_id, kind, org_unit_id, sequence)
        VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (partition, unit_id) DO UPDATE SET kind = excluded.kind,
          org_unit_id = excluded.org_unit_id, sequence = excluded.sequence
        WHERE activity_unit.sequence < excluded.sequence
        """, [partition, unit.id, unit.kind, unit.orgUnit, sequence])
    case .unitStatus(let status):
      try tx.execute(
        """
        INSERT INTO activity_unit_status (
          partition, unit_id, sequence, status_time, is_on_duty, record_time)
        VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (partition, unit_id, sequence) DO NOTHING
        """, [partition, status.unit, sequence, status.time, status.isOnDuty, now])
    case .orgUnit(let orgUnit): try keep(orgUnit, sequence)
    case .area(let jurisdiction, let orgUnit):
      try tx.execute(
        """
        INSERT INTO activity_area (partition, jurisdiction_id, org_unit_id, sequence)
        VALUES ($1, $2, $3, $4)
        ON CONFLICT (partition, jurisdiction_id) DO UPDATE SET
          org_unit_id = excluded.org_unit_id, sequence = excluded.sequence
        WHERE activity_area.sequence < excluded.sequence
        """, [partition, jurisdiction, orgUnit, sequence])
    }
  }

  private func keep(_ call: CallActivity, _ sequence: Int64) throws {
    try tx.execute(
      """
      INSERT INTO activity_call (partition, call_report_id, origin, is_by_voice, latitude,
        longitude, receive_time, answer_time, incident_id, is_first, sequence, record_time)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
      ON CONFLICT (partition, call_report_id) DO UPDATE SET origin = excluded.origin,
        is_by_voice = excluded.is_by_voice, latitude = excluded.latitude,
        longitude = excluded.longitude, receive_time = excluded.receive_time,
        answer_time = excluded.answer_time, incident_id = excluded.incident_id,
        is_first = excluded.is_first, sequence = excluded.sequence,
        record_time = excluded.record_time
      WHERE activity_call.sequence < excluded.sequence
      """,
      [
        partition, call.id, call.origin.rawValue, call.isByVoice, call.point?.latitude,
        call.point?.longitude, call.receiveTime, call.answerTime, call.incident, call.isFirst,
        sequence, now,
      ])
  }

  private func keep(_ incident: IncidentActivity, _ sequence: Int64) throws {
    try tx.execute(
      """
      INSERT INTO activity_incident (partition, incident_id, origin, incident_class, latitude,
        longitude, receive_time, state, sequence, record_time)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
      ON CONFLICT (partition, incident_id) DO UPDATE SET origin = excluded.origin,
        incident_class = excluded.incident_class, latitude = excluded.latitude,
        longitude = excluded.longitude, receive_time = excluded.receive_time,
        state = excluded.state, sequence = excluded.sequence, record_time = excluded.record_time
      WHERE activity_incident.sequence < excluded.sequence
      """,
      [
        partition, incident.id, incident.origin.rawValue, incident.incidentClass?.rawValue,
        incident.point?.latitude, incident.point?.longitude, incident.receiveTime,
        incident.state, sequence, now,
      ])
  }

  private func keep(_ assignment: AssignmentActivity, _ sequence: Int64) throws {
    let times = assignment.times
    try tx.execute(
      """
      INSERT INTO activity_assignment (partition, assignment_id, incident_id, unit_id, state,
        assign_time, dispatch_time, acknowledge_time, depart_time, arrive_time, clear_time,
        cancel_time, anchor_time, end_time, sequence, record_time)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
      ON CONFLICT (partition, assignment_id) DO UPDATE SET incident_id = excluded.incident_id,
        unit_id = excluded.unit_id, state = excluded.state, assign_time = excluded.assign_time,
        dispatch_time = excluded.dispatch_time, acknowledge_time = excluded.acknowledge_time,
        depart_time = excluded.depart_time, arrive_time = excluded.arrive_time,
        clear_time = excluded.clear_time, cancel_time = excluded.cancel_time,
        anchor_time = excluded.anchor_time, end_time = excluded.end_time,
        sequence = excluded.sequence, record_time = excluded.record_time
      WHERE activity_assignment.sequence < excluded.sequence
      """,
      [
        partition, assignment.id, assignment.incident, assignment.unit, assignment.state.word,
        times.assign, times.dispatch, times.acknowledge, times.depart, times.arrive, times.clear,
        times.cancel, assignment.anchor, assignment.end, sequence, now,
      ])
  }

  /// When it went out is the earliest that any event says, whatever was heard first.
  private func keep(_ course: CourseActivity, _ sequence: Int64) throws {
    let key: [any ValueConvertible] = [
      partition, course.directive, course.recipient.kind, course.recipient.id,
    ]
    try tx.execute(
      """
      INSERT INTO activity_course (partition, directive_id, recipient_kind, recipient_id,
        incident_id, state, issue_time, acknowledge_time, feedback_time, sequence, record_time)
      VALUES ($1, $2, $3, $4, $5, $6, NULL, $7, $8, $9, $10)
      ON CONFLICT (partition, directive_id, recipient_kind, recipient_id) DO UPDATE SET
        incident_id = excluded.incident_id, state = excluded.state,
        acknowledge_time = excluded.acknowledge_time, feedback_time = excluded.feedback_time,
        sequence = excluded.sequence, record_time = excluded.record_time
      WHERE activity_course.sequence < excluded.sequence
      """,
      key + [
        course.incident, course.state, course.acknowledgeTime, course.feedbackTime, sequence, now,
      ])
    guard let issueTime = course.issueTime else { return }
    try tx.execute(
      """
      UPDATE activity_course SET issue_time = $5
      WHERE partition = $1 AND directive_id = $2 AND recipient_kind = $3 AND recipient_id = $4
        AND (issue_time IS NULL OR issue_time > $5)
      """, key + [issueTime])
  }

  private func keep(_ orgUnit: OrgUnitActivity, _ sequence: Int64) throws {
    try tx.execute(
      """
      INSERT INTO activity_org_unit (
        partition, org_unit_id, code, name, org_rank, parent_id, sequence)
      VALUES ($1, $2, $3, $4, $5, $6, $7)
      ON CONFLICT (partition, org_unit_id) DO UPDATE SET code = excluded.code,
        name = excluded.name, org_rank = excluded.org_rank, parent_id = excluded.parent_id,
        sequence = excluded.sequence
      WHERE activity_org_unit.sequence < excluded.sequence
      """,
      [
        partition, orgUnit.id, orgUnit.code, orgUnit.name, orgUnit.rank, orgUnit.parent, sequence,
      ])
  }
}
