// What of command's incidents and assignments is demand: where, of which class, when, from whom by
// origin, and how soon somebody was there. Nothing else of them is read.
import DutyDomain
import Foundation
import Geography
import Identifiers
import QuintetAPI
import SwiftProtobuf
import Wire

extension DemandIncident {
  /// Nil without the time at which it came in, or an origin: such an event is of no use here, and none
  /// of ours.
  /// - Parameter state: the one before, of an incident that moved.
  init?(
    _ incident: Quintet_Command_V1_Incident, from state: Quintet_Command_V1_IncidentState
  ) throws {
    guard incident.hasReceiveTime,
      let origin = try? Check.incidentOrigin(incident.origin, field: "incident.origin")
    else { return nil }
    self.init(
      id: try IncidentID(parsing: incident.id), origin: origin,
      incidentClass: (try? Check.incidentClass(incident.incidentClass)) ?? nil,
      point: try incident.location.hasPoint
        ? Check.givenPoint(incident.location.point, field: "incident.location.point").coordinate
        : nil,
      receiveTime: incident.receiveTime.microsecondDate,
      standing: Standing(incident.state, from: state), revision: Int(incident.etag) ?? 0)
  }
}

extension DemandIncident.Standing {
  fileprivate init(
    _ state: Quintet_Command_V1_IncidentState, from before: Quintet_Command_V1_IncidentState
  ) {
    switch (before, state) {
    case (_, .merged): self = .merged
    case (_, .cancelled): self = .cancelled
    // The other authority took it and has done with it.
    case (_, .diverted), (.diverted, .closed): self = .diverted
    default: self = .counts
    }
  }
}

extension DemandArrival {
  /// Nil while nobody was ordered.
  init?(_ assignment: Quintet_Command_V1_Assignment) throws {
    guard assignment.hasDispatchTime || assignment.hasAssignTime else { return nil }
    let order = assignment.hasDispatchTime ? assignment.dispatchTime : assignment.assignTime
    self.init(
      incidentID: try IncidentID(parsing: assignment.incidentID), orderTime: order.microsecondDate,
      arriveTime: assignment.hasArriveTime ? assignment.arriveTime.microsecondDate : nil)
  }
}
