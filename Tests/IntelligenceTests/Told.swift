// Events as command and duty tell them.

import Foundation
import Geography
import Identifiers
import QuintetAPI
import SwiftProtobuf

/// One incident with its first call, as a test describes it.
struct Story {
  var name: String
  var after: TimeInterval = 0
  var phone = ""
  var address = ""
  var point: GeoPoint?
  var title = ""
  var narrative = ""
  var kind = Quintet_Type_V1_IncidentClass.unspecified
  var source = ""

  init(_ name: String, after: TimeInterval = 0) {
    self.name = name
    self.after = after
  }

  func with(_ change: (inout Story) -> Void) -> Story {
    var story = self
    change(&story)
    return story
  }

  var time: Date { midnight.addingTimeInterval(after) }

  var location: Quintet_Type_V1_Location {
    .with {
      $0.address = address
      if let point { $0.point = point.message }
    }
  }

  var incident: Quintet_Command_V1_Incident {
    .with {
      $0.id = Named.incident(name).description
      $0.callReportIds = [Named.call(name).description]
      $0.location = location
      $0.title = title
      $0.narrative = narrative
      $0.incidentClass = kind
      $0.source = source
      $0.receiveTime = .init(date: time)
      $0.occurTime = .init(date: time)
    }
  }

  func opened(now: Date = midnight) throws -> Quintet_Events_V1_Event {
    let opened = Quintet_Command_V1_IncidentOpened.with {
      $0.incident = incident
      $0.phoneHash = phone
    }
    return try told("opened/\(name)", opened, at: time, now: now) {
      $0.incidentID = incident.id
      $0.subject = incident.id
    }
  }

  /// The incident as it is after a change at `seconds`.
  func classified(after seconds: TimeInterval) throws -> Quintet_Events_V1_Event {
    let message = Quintet_Command_V1_IncidentClassified.with { $0.incident = incident }
    return try told(
      "classified/\(name)/\(seconds)", message, at: midnight.addingTimeInterval(seconds)
    ) { $0.subject = incident.id }
  }

  /// This story's call, attached to the incident of another.
  func attached(
    to other: String, outcome: Quintet_Command_V1_CallOutcome = .attached
  ) throws -> Quintet_Events_V1_Event {
    let ended = Quintet_Command_V1_CallReportEnded.with {
      $0.phoneHash = phone
      $0.callReport.id = Named.call(name).description
      $0.callReport.incidentID = Named.incident(other).description
      $0.callReport.outcome = outcome
      $0.callReport.location = location
      $0.callReport.narrative = narrative
      $0.callReport.receiveTime = .init(date: time)
    }
    return try told("ended/\(name)", ended, at: time) { $0.subject = ended.callReport.id }
  }
}

func told(
  _ name: String, service: String = "command", _ payload: any SwiftProtobuf.Message, at time: Date,
  now: Date = midnight, _ fill: (inout Quintet_Events_V1_Event) -> Void = { _ in }
) throws -> Quintet_Events_V1_Event {
  let bytes: Data = try payload.serializedBytes()
  return .with {
    $0.id = Named.event(name, now: now).description
    $0.type = type(of: payload).protoMessageName
    $0.service = service
    $0.occurTime = .init(date: time)
    $0.trace = "0af7651916cd43dd8448eb211c80319c"
    $0.payload.value = bytes
    fill(&$0)
  }
}

/// Duty's part: organisations and rectangles.
enum Area {
  static func org(
    _ name: String, _ rank: Quintet_Duty_V1_OrgRank, under parent: String? = nil,
    called: String? = nil, until: Date? = nil
  ) throws -> Quintet_Events_V1_Event {
    let message = Quintet_Duty_V1_OrgUnitDefined.with {
      if let until { $0.orgUnit.untilTime = Google_Protobuf_Timestamp(date: until) }
      $0.orgUnit.id = Named.org(name).description
      $0.orgUnit.name = called ?? name
      $0.orgUnit.rank = rank
      $0.orgUnit.parentID = parent.map { Named.org($0).description } ?? ""
    }
    return try told(
      "org/\(name)/\(called ?? "")/\(until.map { "\($0)" } ?? "")", service: "duty", message,
      at: midnight)
  }

  /// A square of `metres` around a point.
  static func square(
    _ name: String, _ rank: Quintet_Duty_V1_OrgRank, around point: GeoPoint, metres: Double
  ) throws -> Quintet_Events_V1_Event {
    let half = metres / 2
    let corners = try [(-half, -half), (-half, half), (half, half), (half, -half)].map {
      try point.offset(north: $0.0, east: $0.1).message
    }
    let message = Quintet_Duty_V1_JurisdictionDefined.with {
      $0.jurisdiction.id = Named.jurisdiction(name).description
      $0.jurisdiction.orgUnitID = Named.org(name).description
      $0.jurisdiction.orgUnitName = name
      $0.jurisdiction.rank = rank
      $0.jurisdiction.area.corners = corners
    }
    return try told("area/\(name)", service: "duty", message, at: midnight)
  }
}
