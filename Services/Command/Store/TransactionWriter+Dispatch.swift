// Writing recommendations, directives and assignments.
import CommandDomain
import Foundation
import Identifiers
import Persistence

extension TransactionWriter {
  func insert(_ recommendation: Recommendation) throws {
    try tx.execute(
      """
      INSERT INTO recommendation (partition, id, incident_id, occur_time, document, unit_ids)
      VALUES ($1, $2, $3, $4, $5, $6)
      """,
      [
        partition, recommendation.id, recommendation.incidentID, recommendation.occurTime,
        recommendation.document,
        recommendation.unitIDs.map(\.description).joined(separator: " "),
      ])
  }

  func insert(_ assignment: Assignment, ordinal: Int) throws {
    try tx.execute(
      """
      INSERT INTO assignment (partition, id, incident_id, ordinal, unit_id, directive_id,
        recommendation_id, state, assign_time, dispatch_time, acknowledge_time, depart_time,
        arrive_time, clear_time, cancel_time, disposal_code, note, dispatch_rule_id)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
      """,
      [
        partition, assignment.id, assignment.incidentID, ordinal, assignment.unitID,
        assignment.directiveID, assignment.recommendationID, assignment.state.rawValue,
        assignment.assignTime, assignment.dispatchTime, assignment.acknowledgeTime,
        assignment.departTime, assignment.arriveTime, assignment.clearTime, assignment.cancelTime,
        assignment.disposalCode, assignment.note, assignment.dispatchRuleID,
      ])
  }

  func update(_ assignment: Assignment) throws {
    try change(
      """
      UPDATE assignment SET state = $3, dispatch_time = $4, acknowledge_time = $5,
        depart_time = $6, arrive_time = $7, clear_time = $8, cancel_time = $9, disposal_code = $10,
        note = $11
      WHERE partition = $1 AND id = $2
      """,
      [
        partition, assignment.id, assignment.state.rawValue, assignment.dispatchTime,
        assignment.acknowledgeTime, assignment.departTime, assignment.arriveTime,
        assignment.clearTime, assignment.cancelTime, assignment.disposalCode, assignment.note,
      ])
  }

  func insert(_ directive: Directive) throws {
    for course in directive.courses where !reached.reaches(course.recipient.id) {
      throw CommandError.recipientOutsideReach(course.recipient, field: "content.recipients")
    }
    try tx.execute(
      """
      INSERT INTO directive (partition, id, revision, directive_class, incident_id, title, text,
        issue_time, record_time, template_code, form, selections, reissue_of, decision)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
      """,
      [
        partition, directive.id, directive.revision, directive.directiveClass.rawValue,
        directive.incidentID, directive.title, directive.text, directive.issueTime,
        directive.recordTime, directive.origin.templateCode,
        try JSONDocument.encode(optional: directive.origin.form),
        try Self.selections(of: directive), directive.origin.reissueOf,
        try JSONDocument.encode(optional: directive.origin.decision),
      ])
    for (ordinal, course) in directive.courses.enumerated() {
      try save(course, ordinal: ordinal, of: directive.id)
    }
  }

  func update(_ directive: Directive, courses: [Recipient]) throws {
    try change(
      """
      UPDATE directive SET revision = $3, issue_time = $4, selections = $5
      WHERE partition = $1 AND id = $2
      """,
      [
        partition, directive.id, directive.revision, directive.issueTime,
        try Self.selections(of: directive),
      ])
    let changed = Set(courses)
    for (ordinal, course) in directive.courses.enumerated() where changed.contains(course.recipient)
    {
      try save(course, ordinal: ordinal, of: directive.id)
    }
  }

  private static func selections(of directive: Directive) throws -> String? {
    directive.selections.isEmpty ? nil : try JSONDocument.encode(directive.selections)
  }

  private func save(_ course: RecipientCourse, ordinal: Int, of directive: DirectiveID) throws {
    try tx.execute(
      """
      INSERT INTO directive_recipient (partition, directive_id, ordinal, kind, recipient_id,
        revision, state, deliver_time, acknowledge_time, feedback_time, feedback, return_count,
        reason, assignment_id, answers, reminder_count, reminder_time, recall_time,
        recall_confirm_time, post)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19,
        $20)
      ON CONFLICT (partition, directive_id, ordinal) DO UPDATE SET
        revision = excluded.revision, state = excluded.state,
        deliver_time = excluded.deliver_time, acknowledge_time = excluded.acknowledge_time,
        feedback_time = excluded.feedback_time, feedback = excluded.feedback,
        return_count = excluded.return_count, reason = excluded.reason,
        answers = excluded.answers, reminder_count = excluded.reminder_count,
        reminder_time = excluded.reminder_time, recall_time = excluded.recall_time,
        recall_confirm_time = excluded.recall_confirm_time, post = excluded.post
      """,
      [
        partition, directive, ordinal, course.recipient.kind.rawValue, course.recipient.id,
        course.revision, course.state.rawValue, course.deliverTime, course.acknowledgeTime,
        course.feedbackTime, course.feedback, course.returnCount, course.reason,
        course.assignmentID,
        course.answers.isEmpty ? nil : try JSONDocument.encode(course.answers),
        course.reminderCount, course.reminderTime, course.recallTime, course.recallConfirmTime,
        try JSONDocument.encode(optional: course.post),
      ])
  }
}
