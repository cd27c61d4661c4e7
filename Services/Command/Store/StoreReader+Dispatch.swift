// Reading recommendations, directives and assignments.
import CommandDomain
import Foundation
import Identifiers
import Persistence

extension StoreReader {
  func assignment(_ id: AssignmentID) throws -> Assignment? {
    var selection = Selection("assignment", partition: partition)
    selection.filter("id = ?", id)
    selection.cut(reached, \.assignment)
    return try tx.query(selection.query, selection.arguments).first.map(Assignment.init)
  }

  func assignments(of incident: IncidentID) throws -> [Assignment] {
    try tx.query(
      "SELECT * FROM assignment WHERE partition = $1 AND incident_id = $2 ORDER BY ordinal",
      [partition, incident]
    ).map(Assignment.init)
  }

  func recommendation(_ id: RecommendationID) throws -> Recommendation? {
    var selection = Selection("recommendation", partition: partition)
    selection.filter("id = ?", id)
    selection.cut(reached, \.recommendation)
    return try tx.query(selection.query, selection.arguments).first.map(Recommendation.init)
  }

  func kind(of unit: UnitID) throws -> Int? {
    try tx.query(
      "SELECT kind FROM known_recipient_unit WHERE partition = $1 AND id = $2", [partition, unit]
    ).first?.get("kind")
  }

  func directive(_ id: DirectiveID) throws -> Directive? {
    var selection = Selection("directive", partition: partition)
    selection.filter("id = ?", id)
    selection.cut(reached, \.directive)
    return try directives(selection).first
  }

  func reaches(_ recipient: Recipient) throws -> Bool { reached.reaches(recipient.id) }

  func directives(
    _ filter: DirectiveFilter, before: DirectiveID?, limit: Int
  ) throws -> [Directive] {
    var selection = Selection("directive", partition: partition)
    if let incident = filter.incidentID { selection.filter("incident_id = ?", incident) }
    if let recipient = filter.recipient {
      selection.filter(
        """
        id IN (SELECT directive_id FROM directive_recipient
        WHERE partition = $1 AND kind = ? AND recipient_id = ?)
        """, recipient.kind.rawValue, recipient.id)
    }
    if filter.isOverdue {
      selection.filter(
        """
        id IN (SELECT directive_id FROM directive_deadline
        WHERE partition = $1 AND state = 'overdue')
        """)
    }
    selection.cut(reached, \.directive)
    selection.page(before: before, limit: limit)
    return try directives(selection)
  }

  func openDirectives(of recipient: Recipient, limit: Int) throws -> [Directive] {
    var selection = Selection("directive", partition: partition)
    selection.filter(
      """
      id IN (SELECT directive_id FROM directive_recipient
      WHERE partition = $1 AND kind = ? AND recipient_id = ? AND state IN (\(Self.openStates))
      UNION SELECT directive_id FROM directive_recipient
      WHERE partition = $1 AND kind = ? AND recipient_id = ? AND state = 'cancelled'
        AND recall_time IS NOT NULL AND acknowledge_time IS NOT NULL
        AND recall_confirm_time IS NULL)
      """, recipient.kind.rawValue, recipient.id, recipient.kind.rawValue, recipient.id)
    selection.order("id", limit: limit)
    return try directives(selection)
  }

  func unansweredDirectives(on incident: IncidentID) throws -> [DirectiveID] {
    try tx.query(
      """
      SELECT id FROM directive WHERE partition = $1 AND incident_id = $2
        AND directive_class <> 'dispatch'
        AND EXISTS (SELECT 1 FROM directive_recipient AS course
          WHERE course.partition = $1 AND course.directive_id = directive.id
            AND course.state IN (\(Self.unansweredStates)))
      ORDER BY id
      """, [partition, incident]
    ).map { try $0.get("id") }
  }

  private func directives(_ selection: Selection) throws -> [Directive] {
    let rows = try tx.query(selection.query, selection.arguments)
    guard !rows.isEmpty else { return [] }
    let courses = try tx.query(
      selection.query(of: "directive_recipient", by: "directive_id", order: "ordinal"),
      selection.arguments)
    let byDirective = try Dictionary(grouping: courses) {
      try $0.get("directive_id", as: String.self)
    }
    return try rows.map { row in
      try Directive(row, courses: byDirective[row.get("id")]?.map(RecipientCourse.init) ?? [])
    }
  }

  /// In the words of the partial index, which serves no other.
  static var openStates: String { quoted(DirectiveState.allCases.filter(\.isOpen)) }

  static var unansweredStates: String {
    quoted(DirectiveState.allCases.filter(\.isUnanswered))
  }

  private static func quoted(_ states: [DirectiveState]) -> String {
    states.map { "'\($0.rawValue)'" }.joined(separator: ", ")
  }
}

extension Assignment {
  init(_ row: Row) throws {
    self.init(
      id: try row.get("id"), incidentID: try row.get("incident_id"),
      unitID: try row.get("unit_id"), directiveID: try row.get("directive_id"),
      recommendationID: try row.get("recommendation_id"),
      dispatchRuleID: try row.get("dispatch_rule_id"), state: try row.raw("state"),
      assignTime: try row.get("assign_time"), dispatchTime: try row.get("dispatch_time"),
      acknowledgeTime: try row.get("acknowledge_time"), departTime: try row.get("depart_time"),
      arriveTime: try row.get("arrive_time"), clearTime: try row.get("clear_time"),
      cancelTime: try row.get("cancel_time"), disposalCode: try row.get("disposal_code"),
      note: try row.get("note"))
  }
}

extension Recommendation {
  init(_ row: Row) throws {
    self.init(
      id: try row.get("id"), incidentID: try row.get("incident_id"),
      occurTime: try row.get("occur_time"), document: try row.get("document"),
      unitIDs: try row.get("unit_ids", as: String.self).split(separator: " ").map {
        try UnitID(parsing: String($0))
      })
  }
}

extension Directive {
  init(_ row: Row, courses: [RecipientCourse]) throws {
    self.init(
      id: try row.get("id"), revision: try row.get("revision"),
      directiveClass: try row.raw("directive_class"), incidentID: try row.get("incident_id"),
      title: try row.get("title"), text: try row.get("text"),
      origin: DirectiveOrigin(
        templateCode: try row.get("template_code"),
        form: try JSONDocument.decode(optional: row.get("form")),
        reissueOf: try row.get("reissue_of"),
        decision: try JSONDocument.decode(optional: row.get("decision"))),
      selections: try JSONDocument.decode(optional: row.get("selections")) ?? [],
      courses: courses,
      issueTime: try row.get("issue_time"), recordTime: try row.get("record_time"))
  }
}

extension RecipientCourse {
  init(_ row: Row) throws {
    self.init(
      recipient: Recipient(kind: try row.raw("kind"), id: try row.get("recipient_id")),
      revision: try row.get("revision"), state: try row.raw("state"),
      deliverTime: try row.get("deliver_time"),
      acknowledgeTime: try row.get("acknowledge_time"),
      feedbackTime: try row.get("feedback_time"), feedback: try row.get("feedback"),
      returnCount: try row.get("return_count"), reason: try row.get("reason"),
      answers: try JSONDocument.decode(optional: row.get("answers")) ?? [],
      reminderCount: try row.get("reminder_count"), reminderTime: try row.get("reminder_time"),
      recallTime: try row.get("recall_time"),
      recallConfirmTime: try row.get("recall_confirm_time"),
      post: try JSONDocument.decode(optional: row.get("post")),
      assignmentID: try row.get("assignment_id"))
  }
}
