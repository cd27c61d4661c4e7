// 警情 as callers see it: the incident, and beside it what intelligence suggests and who was sent.

import CommandDomain
import Identifiers
import QuintetAPI
import SwiftProtobuf
import Wire

extension Quintet_Command_V1_Incident {
  init(_ view: IncidentView) {
    self.init(view.incident)
    if let advice = view.advice { self.advice = Quintet_Command_V1_IncidentAdvice(advice) }
    assignments = view.assignments.map(Quintet_Command_V1_Assignment.init)
    series = view.series.map(Quintet_Command_V1_SeriesReference.init)
  }

  /// Without advice, assignments and series.
  init(_ incident: Incident) {
    let beginning = incident.beginning
    self = .with {
      $0.id = incident.id.description
      $0.etag = incident.etag
      $0.number = incident.number
      $0.state = Quintet_Command_V1_IncidentState(incident.state)
      $0.incidentClass = Quintet_Type_V1_IncidentClass(incident.incidentClass)
      $0.level = Quintet_Type_V1_IncidentLevel(incident.level)
      $0.origin = Quintet_Type_V1_IncidentOrigin(beginning.origin)
      $0.title = incident.title
      $0.location = Quintet_Type_V1_Location(incident.place)
      $0.narrative = beginning.narrative
      $0.callReportIds = incident.callReportIDs.map(\.description)
      $0.source = beginning.source
      $0.externalReference = beginning.externalReference
      $0.occurTime = beginning.occurTime.timestamp
      $0.receiveTime = beginning.receiveTime.timestamp
      $0.createTime = beginning.createTime.timestamp
      $0.recordTime = incident.recordTime.timestamp
      $0.stateTime = incident.stateTime.timestamp
      $0.mergedInto = incident.mergedInto?.description ?? ""
      $0.divertedTo = incident.divertedTo
      if let feedback = incident.feedback {
        $0.feedback = Quintet_Command_V1_IncidentFeedback(feedback)
      }
      $0.reopenCount = Int32(clamping: incident.reopenCount)
    }
  }
}

extension Quintet_Command_V1_IncidentFeedback {
  init(_ feedback: IncidentFeedback) {
    self = .with {
      $0.text = feedback.text
      $0.disposalCode = feedback.disposalCode
      $0.occurTime = feedback.occurTime.timestamp
      $0.returnCount = Int32(clamping: feedback.returnCount)
    }
  }
}

extension Quintet_Command_V1_IncidentAdvice {
  init(_ advice: IncidentAdvice) {
    self = .with {
      $0.assessmentID = advice.assessmentID.description
      $0.stationID = advice.stationID?.description ?? ""
      $0.stationName = advice.stationName
      $0.suggestedClass = Quintet_Type_V1_IncidentClass(advice.suggestedClass)
      $0.suggestedLevel = Quintet_Type_V1_IncidentLevel(advice.suggestedLevel)
      $0.repeatCount = Int32(clamping: advice.repeatCount)
    }
  }
}

extension Quintet_Command_V1_IncidentState {
  init(_ state: IncidentState) {
    self =
      switch state {
      case .new: .new
      case .queued: .queued
      case .active: .active
      case .monitored: .monitored
      case .diverted: .diverted
      case .awaitingFeedback: .awaitingFeedback
      case .inReview: .inReview
      case .closed: .closed
      case .cancelled: .cancelled
      case .merged: .merged
      }
  }
}
