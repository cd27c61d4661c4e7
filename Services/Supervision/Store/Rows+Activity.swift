// Rows of facts and the domain's own types, both ways.
import Classification
import Foundation
import Geography
import Identifiers
public import Persistence
public import SupervisionDomain

extension IncidentMove.State: ValueConvertible {}
extension CourseActivity.State: ValueConvertible {}
extension OrgUnitActivity.Rank: ValueConvertible {}

extension AssignmentMove.State {
  /// By raw value.
  private static let words = [
    "assigned", "dispatched", "acknowledged", "en_route", "on_scene", "cleared", "cancelled",
  ]

  var word: String { Self.words[rawValue] }

  init(word: String) throws {
    guard let number = Self.words.firstIndex(of: word), let state = Self(rawValue: number) else {
      throw DatabaseError.unexpectedValue("\(word) is no state of an assignment")
    }
    self = state
  }
}

extension Row {
  /// Of the columns `latitude` and `longitude`.
  fileprivate func point() throws -> Coordinate? {
    guard let latitude = try get("latitude", as: Double?.self),
      let longitude = try get("longitude", as: Double?.self)
    else { return nil }
    return try? Coordinate(latitude: latitude, longitude: longitude)
  }

  func origin() throws -> IncidentOrigin {
    let text = try get("origin", as: String.self)
    guard let origin = IncidentOrigin(rawValue: text) else {
      throw DatabaseError.unexpectedValue("\(text) is no origin")
    }
    return origin
  }

  func optionalOrigin() throws -> IncidentOrigin? {
    try get("origin", as: String?.self).flatMap { IncidentOrigin(rawValue: $0) }
  }
}

extension IncidentActivity {
  init(_ row: Row) throws {
    self.init(
      id: try row.get("incident_id"), origin: try row.origin(),
      incidentClass: try row.get("incident_class", as: String?.self)
        .flatMap { IncidentClass(rawValue: $0) },
      point: try row.point(), receiveTime: try row.get("receive_time"),
      state: try row.get("state"))
  }
}

extension AssignmentActivity {
  init(_ row: Row) throws {
    self.init(
      id: try row.get("assignment_id"), incident: try row.get("incident_id"),
      unit: try row.get("unit_id"),
      state: try AssignmentMove.State(word: row.get("state", as: String.self)),
      times: Times(
        assign: try row.get("assign_time"), dispatch: try row.get("dispatch_time"),
        acknowledge: try row.get("acknowledge_time"), depart: try row.get("depart_time"),
        arrive: try row.get("arrive_time"), clear: try row.get("clear_time"),
        cancel: try row.get("cancel_time")))
  }
}

extension CallActivity {
  init(_ row: Row) throws {
    self.init(
      id: try row.get("call_report_id"), origin: try row.origin(),
      isByVoice: try row.get("is_by_voice"), point: try row.point(),
      receiveTime: try row.get("receive_time"), answerTime: try row.get("answer_time"),
      incident: try row.get("incident_id"), isFirst: try row.get("is_first"))
  }
}

extension CourseActivity {
  init(_ row: Row) throws {
    self.init(
      directive: try row.get("directive_id"),
      recipient: Recipient(
        kind: try row.get("recipient_kind"), id: try row.get("recipient_id")),
      incident: try row.get("incident_id"), state: try row.get("state"),
      issueTime: try row.get("issue_time"), acknowledgeTime: try row.get("acknowledge_time"),
      feedbackTime: try row.get("feedback_time"))
  }
}

extension OrgUnitActivity {
  init(_ row: Row) throws {
    self.init(
      id: try row.get("org_unit_id"), code: try row.get("code"), name: try row.get("name"),
      rank: try row.get("org_rank"), parent: try row.get("parent_id"))
  }
}

extension UnitActivity {
  init(_ row: Row) throws {
    self.init(
      id: try row.get("unit_id"), kind: try row.get("kind"),
      orgUnit: try row.get("org_unit_id"))
  }
}

extension UnitStatusActivity {
  init(_ row: Row) throws {
    self.init(
      unit: try row.get("unit_id"), time: try row.get("status_time"),
      isOnDuty: try row.get("is_on_duty"))
  }
}
