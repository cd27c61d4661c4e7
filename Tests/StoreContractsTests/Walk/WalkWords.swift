// What is compared, in words: one line for each thing as command answers it, and one for each event
// as it is recorded. Times are left out, all but the day in an incident's number.
import Foundation
import QuintetAPI
import SwiftProtobuf

@testable import EventLog

enum Words {
  static func answer(_ message: any SwiftProtobuf.Message) -> String {
    switch message {
    case let call as Quintet_Command_V1_CallReport: return call.words
    case let incident as Quintet_Command_V1_Incident: return incident.words
    case let assignment as Quintet_Command_V1_Assignment: return assignment.words
    case let directive as Quintet_Command_V1_Directive: return directive.words
    case let support as Quintet_Command_V1_SupportRequest: return support.words
    case let opened as Quintet_Command_V1_OpenIncidentResponse:
      return "\(opened.callReport.words) + incident \(opened.incidentID) "
        + "\(opened.incidentNumber) #\(opened.incidentEtag)"
    case let submitted as Quintet_Command_V1_SubmitReportResponse:
      return "call \(submitted.callReportID) + incident \(submitted.incidentID) "
        + "\(submitted.incidentNumber) #\(submitted.incidentEtag)"
    case let dispatched as Quintet_Command_V1_DispatchUnitsResponse:
      return
        ([dispatched.directive.words] + dispatched.assignments.map(\.words)
        + ["#\(dispatched.incidentEtag)"]).joined(separator: " + ")
    case let recommended as Quintet_Command_V1_RecommendUnitsResponse:
      return "recommendation \(recommended.recommendationID) of "
        + recommended.recommendation.units.map(\.unitID).joined(separator: ",")
    default: return "unexpected \(message)"
    }
  }
}

extension Quintet_Command_V1_CallReport {
  var words: String {
    CallRow(
      id: id, etag: etag, outcome: outcome, isActive: state == .active, incident: incidentID,
      source: source, reference: externalReference, reason: endReason
    ).words
  }
}

extension Quintet_Command_V1_Assignment {
  var words: String {
    AssignmentRow(
      id: id, incident: incidentID, unit: unitID, directive: directiveID,
      recommendation: recommendationID, state: state, note: note
    ).words
  }
}

extension Quintet_Command_V1_Incident {
  var words: String {
    let row = IncidentRow(
      id: id, etag: etag, number: number, state: state, incidentClass: incidentClass,
      level: level, calls: callReportIds, mergedInto: mergedInto, divertedTo: divertedTo,
      account: feedback.text, returns: Int(feedback.returnCount), reopenings: Int(reopenCount))
    return row.words(assignments.map(\.words))
  }
}

extension Quintet_Command_V1_Directive {
  var words: String {
    DirectiveRow(
      id: id, etag: etag, directiveClass: directiveClass, incident: incidentID, title: title,
      courses: recipients.map { course in
        CourseRow(
          party: Party(kind: course.recipient.kind, id: course.recipient.id), etag: course.etag,
          state: course.state, account: course.feedback, returns: Int(course.returnCount),
          reason: course.reason)
      }
    ).words(state: state)
  }
}

/// An event as it stands in the log, without its times and its own id.
struct Told: Hashable, CustomStringConvertible {
  var type: String
  var subject: String
  var incident: String
  var cause: String
  /// What the payload says: the thing as it is now, and where it was before.
  var content: String
  var sequence: Int64 = 0

  var description: String {
    "\(sequence) \(type) of \(subject) (\(incident)) by \(cause): \(content)"
  }
}

extension Told {
  init(_ event: StoredEvent) throws {
    self.init(
      type: String(event.type.split(separator: ".").last ?? ""), subject: event.subject,
      incident: event.incidentID ?? "", cause: event.cause,
      content: try Self.content(event.type, event.payload), sequence: event.sequence)
  }

  private static func content(_ type: String, _ payload: [UInt8]) throws -> String {
    switch type {
    case Quintet_Command_V1_CallReportAnswered.protoMessageName:
      return try Quintet_Command_V1_CallReportAnswered(serializedBytes: payload).callReport.words
    case Quintet_Command_V1_CallReportEnded.protoMessageName:
      return try Quintet_Command_V1_CallReportEnded(serializedBytes: payload).callReport.words
    case Quintet_Command_V1_IncidentOpened.protoMessageName:
      return try Quintet_Command_V1_IncidentOpened(serializedBytes: payload).incident.words
    case Quintet_Command_V1_IncidentClassified.protoMessageName:
      return try Quintet_Command_V1_IncidentClassified(serializedBytes: payload).incident.words
    case Quintet_Command_V1_IncidentMoved.protoMessageName:
      let moved = try Quintet_Command_V1_IncidentMoved(serializedBytes: payload)
      return "\(moved.incident.words) from \(moved.from)"
    case Quintet_Command_V1_UnitsRecommended.protoMessageName:
      let told = try Quintet_Command_V1_UnitsRecommended(serializedBytes: payload)
      return told.recommendation.units.map(\.unitID).joined(separator: ",")
    case Quintet_Command_V1_AssignmentMoved.protoMessageName:
      let moved = try Quintet_Command_V1_AssignmentMoved(serializedBytes: payload)
      return "\(moved.assignment.words) from \(moved.from)"
    case Quintet_Command_V1_DirectiveIssued.protoMessageName:
      return try Quintet_Command_V1_DirectiveIssued(serializedBytes: payload).directive.words
    case Quintet_Command_V1_DirectiveMoved.protoMessageName:
      let moved = try Quintet_Command_V1_DirectiveMoved(serializedBytes: payload)
      return "\(moved.course.recipient.id) #\(moved.course.etag) \(moved.course.state) "
        + "from \(moved.from)"
    case Quintet_Command_V1_SupportAsked.protoMessageName:
      return try Quintet_Command_V1_SupportAsked(serializedBytes: payload).supportRequest.words
    case Quintet_Command_V1_SupportPartMoved.protoMessageName:
      let moved = try Quintet_Command_V1_SupportPartMoved(serializedBytes: payload)
      return "\(moved.part.words) from \(moved.from), \(moved.state)"
    case Quintet_Command_V1_SupportEnded.protoMessageName:
      let ended = try Quintet_Command_V1_SupportEnded(serializedBytes: payload)
      return "\(ended.supportRequest.words) from \(ended.from)"
    default: return "of a type nobody knows: \(type)"
    }
  }
}
