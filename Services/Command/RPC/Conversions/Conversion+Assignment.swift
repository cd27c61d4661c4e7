// 派警 as callers see it: who was sent, how far they are, and what they were chosen from.

import CommandDomain
import Foundation
import Identifiers
import QuintetAPI
import SwiftProtobuf
import Wire

extension Quintet_Command_V1_Assignment {
  init(_ assignment: Assignment) {
    self = .with {
      $0.id = assignment.id.description
      $0.incidentID = assignment.incidentID.description
      $0.unitID = assignment.unitID.description
      $0.directiveID = assignment.directiveID.description
      $0.state = Quintet_Command_V1_AssignmentState(assignment.state)
      $0.assignTime = assignment.assignTime.timestamp
      // A step whose time nobody recorded has no time here either.
      if let time = assignment.dispatchTime { $0.dispatchTime = time.timestamp }
      if let time = assignment.acknowledgeTime { $0.acknowledgeTime = time.timestamp }
      if let time = assignment.departTime { $0.departTime = time.timestamp }
      if let time = assignment.arriveTime { $0.arriveTime = time.timestamp }
      if let time = assignment.clearTime { $0.clearTime_p = time.timestamp }
      if let time = assignment.cancelTime { $0.cancelTime = time.timestamp }
      $0.disposalCode = assignment.disposalCode
      $0.note = assignment.note
      $0.recommendationID = assignment.recommendationID?.description ?? ""
      $0.dispatchRuleID = assignment.dispatchRuleID?.description ?? ""
    }
  }
}

extension Quintet_Command_V1_AssignmentState {
  init(_ state: AssignmentState?) {
    self =
      switch state {
      case nil: .unspecified
      case .assigned: .assigned
      case .dispatched: .dispatched
      case .acknowledged: .acknowledged
      case .enRoute: .enRoute
      case .onScene: .onScene
      case .cleared: .cleared
      case .cancelled: .cancelled
      }
  }
}

extension DispatchUnits {
  /// With what the recommendation adds: its units where none were named, and from where a plan takes
  /// those that are sent. One for another incident adds nothing, and is refused later.
  /// - Throws: `Failure` REQUIRED when there is nobody to send; as `message`.
  func adopting(_ recommendation: Recommendation?) throws -> DispatchUnits {
    var command = self
    if let recommendation, recommendation.incidentID == incidentID {
      if command.unitIDs.isEmpty { command.unitIDs = recommendation.unitIDs }
      let sent = Set(command.unitIDs)
      for unit in try recommendation.message.plan.lines.flatMap(\.units) {
        let unitID = try UnitID(parsing: unit.unitID)
        guard sent.contains(unitID) else { continue }
        command.releases += try unit.takenFromIncidentIds.map {
          UnitRelease(unitID: unitID, incidentID: try IncidentID(parsing: $0))
        }
      }
    }
    return command
  }
}

extension Recommendation {
  /// As duty gave it.
  ///
  /// - Throws: `JSONDecodingError` when what is stored is not such a message.
  var message: Quintet_Type_V1_UnitRecommendation {
    get throws {
      var options = JSONDecodingOptions()
      // Duty may have been newer than the command that reads it back.
      options.ignoreUnknownFields = true
      return try Quintet_Type_V1_UnitRecommendation(jsonString: document, options: options)
    }
  }
}
