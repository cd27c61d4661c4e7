// The requests of a replay, each a function of the file alone: the same file gives the same ids and the
// same content, whenever and however often it is replayed.
import Classification
import Datasets
import Foundation
import Geography
import QuintetAPI
import SwiftProtobuf
import Wire

struct ReplayRequests: Sendable {
  /// Such as `sf:1f2e3d4c5b6a`; begins every request id.
  let prefix: String
  /// What the incidents name as the system that reported them.
  let source: String

  func report(_ call: FireCall) -> Quintet_Command_V1_StreamReportsRequest {
    .with { item in
      item.report.requestID = id(call, "call")
      item.report.title = call.title
      item.report.incidentClass = .init(IncidentClass(rawValue: call.kind.classCode))
      item.report.level = .init(IncidentLevel(rawValue: call.kind.level))
      item.report.content.channel = .phone
      item.report.content.origin = .citizenReported
      item.report.content.location.address = call.address
      item.report.content.location.point = .with {
        $0.latitude = call.point.latitude
        $0.longitude = call.point.longitude
        $0.datum = .wgs84
      }
      item.report.content.narrative =
        [call.first.callType, call.first.callTypeGroup, "priority \(call.priority)"]
        .filter { !$0.isEmpty }.joined(separator: "; ")
      item.report.content.receiveTime = call.received.timestamp
      item.report.content.source = source
      item.report.content.externalReference = call.number
    }
  }

  /// - Parameter name: tells the dispatches of one call apart.
  func dispatch(
    _ call: FireCall, _ name: String, incident: String, units: [String], at time: Date,
    recommendation: String = "", instruction: String = ""
  ) -> Quintet_Command_V1_DispatchUnitsRequest {
    .with {
      $0.requestID = id(call, "dispatch:\(name)")
      $0.incidentID = incident
      $0.unitIds = units
      $0.recommendationID = recommendation
      $0.instruction = instruction
      $0.occurTime = time.timestamp
    }
  }

  func step(
    _ call: FireCall, _ step: FireStep, unit: String, assignment: String, at time: Date,
    timeKnown: Bool
  ) -> Quintet_Command_V1_StreamAssignmentStepsRequest {
    .with { item in
      item.step.requestID = id(call, "unit:\(unit):\(step.rawValue)")
      item.step.assignmentID = assignment
      item.step.step = .init(step)
      item.step.occurTime = time.timestamp
      item.step.timeUnknown = !timeKnown
      if step == .clear { item.step.disposalCode = Code.underscored(call.first.disposition) }
    }
  }

  func cancel(
    _ call: FireCall, unit: String, assignment: String, at time: Date, timeKnown: Bool
  ) -> Quintet_Command_V1_CancelAssignmentRequest {
    .with {
      $0.requestID = id(call, "unit:\(unit):cancel")
      $0.assignmentID = assignment
      $0.occurTime = time.timestamp
      $0.reason =
        timeKnown
        ? "到场前撤回。Called off before it was on scene."
        : "到场前撤回，时间未记录，按本警情最后一次记录的时间。"
          + "Called off before it was on scene; when was not recorded, so the last time recorded of "
          + "the call stands here."
    }
  }

  func queue(
    _ call: FireCall, incident: String, at time: Date
  ) -> Quintet_Command_V1_QueueIncidentRequest {
    .with {
      $0.requestID = id(call, "queue")
      $0.incidentID = incident
      $0.occurTime = time.timestamp
    }
  }

  func requestFeedback(
    _ call: FireCall, incident: String, at time: Date
  ) -> Quintet_Command_V1_RequestFeedbackRequest {
    .with {
      $0.requestID = id(call, "request-feedback")
      $0.incidentID = incident
      $0.reason = "所派单元均已撤回。Every unit sent was called off."
      $0.occurTime = time.timestamp
    }
  }

  func feedback(
    _ call: FireCall, incident: String, text: String, at time: Date
  ) -> Quintet_Command_V1_SubmitIncidentFeedbackRequest {
    .with {
      $0.requestID = id(call, "feedback")
      $0.incidentID = incident
      $0.text = text
      $0.disposalCode = Code.underscored(call.first.disposition)
      $0.occurTime = time.timestamp
    }
  }

  func close(
    _ call: FireCall, incident: String, at time: Date
  ) -> Quintet_Command_V1_CloseIncidentRequest {
    .with {
      $0.requestID = id(call, "close")
      $0.incidentID = incident
      $0.occurTime = time.timestamp
    }
  }

  func recommend(
    _ call: FireCall, _ name: String, incident: String, capability: String, limit: Int,
    at time: Date
  ) -> Quintet_Command_V1_RecommendUnitsRequest {
    .with {
      $0.requestID = id(call, "recommend:\(name)")
      $0.incidentID = incident
      $0.limit = Int32(limit)
      $0.capabilities = capability.isEmpty ? [] : [capability]
      $0.occurTime = time.timestamp
    }
  }

  private func id(_ call: FireCall, _ act: String) -> String {
    "\(prefix):call:\(call.number):\(act)"
  }
}

extension Quintet_Command_V1_AssignmentStep {
  init(_ step: FireStep) {
    self =
      switch step {
      case .acknowledge: .acknowledge
      case .depart: .depart
      case .arrive: .arrive
      case .clear: .clear
      }
  }
}
