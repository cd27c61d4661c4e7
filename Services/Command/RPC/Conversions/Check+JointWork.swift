// Parts of requests about support, consultations and series.

import CommandDomain
import Foundation
import Identifiers
import QuintetAPI
import SwiftProtobuf
import Wire

extension Check {
  /// A number from 1 that must be given.
  static func number(_ value: Int32, field: String) throws -> Int {
    guard value != 0 else { throw Failure.required(field) }
    return try count(value, field: field, 1...1_000, standard: 0)
  }

  /// A number from 1; nil for 0.
  static func optionalNumber(_ value: Int32, field: String) throws -> Int? {
    value == 0 ? nil : try number(value, field: field)
  }

  /// A time that may lie ahead, and must be given.
  static func anyTime(
    _ time: Google_Protobuf_Timestamp, isSet: Bool, field: String
  ) throws -> Date {
    guard isSet else { throw Failure.required(field) }
    return try Check.time(time, field: field, now: .distantFuture)
  }

  static func supportTask(
    _ part: Quintet_Command_V1_SupportPartContent, field: String
  ) throws -> SupportTask {
    SupportTask(
      seatCode: try code(part.seatCode, field: "\(field).seat_code", max: 64, required: true),
      task: try text(part.task, field: "\(field).task", max: 1_000))
  }

  static func supportTasks(
    _ parts: [Quintet_Command_V1_SupportPartContent]
  ) throws -> [SupportTask] {
    var known: Set<String> = []
    return try list(parts, field: "parts", 1...SupportRequest.partLimit).enumerated().map {
      index, part in
      let task = try supportTask(part, field: "parts[\(index)]")
      guard known.insert(task.seatCode).inserted else {
        throw Failure.duplicate("parts[\(index)].seat_code")
      }
      return task
    }
  }

  static func supportResult(
    _ value: Quintet_Command_V1_SupportResult, field: String
  ) throws -> SupportResult {
    switch value {
    case .found: .found
    case .nothing: .nothing
    case .unspecified, .UNRECOGNIZED: throw Failure.unspecified(field)
    }
  }

  static func supportOutcome(
    _ value: Quintet_Command_V1_SupportOutcome, field: String
  ) throws -> SupportOutcome {
    switch value {
    case .solved: .solved
    case .unsolved: .unsolved
    case .unspecified, .UNRECOGNIZED: throw Failure.unspecified(field)
    }
  }

  static func attendance(
    _ value: Quintet_Command_V1_Attendance, field: String
  ) throws -> Attendance {
    switch value {
    case .awaited: .awaited
    case .present: .present
    case .absent: .absent
    case .unspecified, .UNRECOGNIZED: throw Failure.unspecified(field)
    }
  }

  static func participants(
    _ participants: [Quintet_Command_V1_ParticipantContent]
  ) throws -> [Participant] {
    var known: Set<Recipient> = []
    return try list(
      participants, field: "participants", 1...Consultation.participantLimit
    ).enumerated().map { index, one in
      let at = "participants[\(index)]"
      let recipient = try Check.recipient(
        one.participant, isSet: one.hasParticipant, field: "\(at).participant")
      guard known.insert(recipient).inserted else {
        throw Failure.duplicate("\(at).participant")
      }
      return Participant(
        recipient: recipient,
        name: try text(one.name, field: "\(at).name", max: 60, required: true))
    }
  }

  static func seriesState(
    _ value: Quintet_Command_V1_SeriesState, field: String
  ) throws -> SeriesState {
    switch value {
    case .proposed: .proposed
    case .confirmed: .confirmed
    case .rejected: .rejected
    case .dissolved: .dissolved
    case .unspecified, .UNRECOGNIZED: throw Failure.unspecified(field)
    }
  }

  static func seriesMember(
    _ member: Quintet_Command_V1_SeriesMemberContent, field: String
  ) throws -> (incident: IncidentID, reason: String) {
    (
      incident: try identifier(member.incidentID, field: "\(field).incident_id"),
      reason: try text(member.reason, field: "\(field).reason", max: 500, required: true)
    )
  }
}
