// 派警: quintet.command.v1.DispatchService.

import Access
import CommandDomain
import Foundation
import GRPCCore
import Identifiers
import QuintetAPI
import SwiftProtobuf
import Wire

struct Dispatches: Quintet_Command_V1_DispatchService.SimpleServiceProtocol {
  let room: CommandRoom
  let advice: UnitAdvice

  func recommendUnits(
    request: Quintet_Command_V1_RecommendUnitsRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_RecommendUnitsResponse {
    let now = room.now
    let key = try RequestKey(request, id: request.requestID, context: context)
    let codes = try Check.list(request.capabilities, field: "capabilities", 0...16)
    let wanted = UnitAdvice.Wanted(
      incidentID: try Check.identifier(request.incidentID, field: "incident_id"),
      limit: try Check.count(request.limit, field: "limit", 1...20, standard: 5),
      capabilities: try codes.enumerated().map { index, code in
        try Check.code(
          code, field: "capabilities[\(index)]", max: 64, allowed: .capabilityCharacters,
          required: true)
      },
      asOf: request.hasOccurTime
        ? try Check.time(request.occurTime, field: "occur_time", now: now) : nil)
    CallContext.current.notes.incident(wanted.incidentID.description)
    let recommendation = try await advice.ask(for: wanted, key: key, now: now)
    let message = try recommendation.message
    return .with {
      $0.recommendationID = recommendation.id.description
      $0.recommendation = message
    }
  }

  func planResponse(
    request: Quintet_Command_V1_PlanResponseRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_PlanResponseResponse {
    let now = room.now
    let key = try RequestKey(request, id: request.requestID, context: context)
    let wanted = UnitAdvice.Wanted(
      incidentID: try Check.identifier(request.incidentID, field: "incident_id"), limit: 0,
      capabilities: [],
      asOf: request.hasOccurTime
        ? try Check.time(request.occurTime, field: "occur_time", now: now) : nil, byPlan: true)
    CallContext.current.notes.incident(wanted.incidentID.description)
    let recommendation = try await advice.ask(for: wanted, key: key, now: now)
    let message = try recommendation.message
    return .with {
      $0.recommendationID = recommendation.id.description
      $0.recommendation = message
    }
  }

  func recommendGroup(
    request: Quintet_Command_V1_RecommendGroupRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_RecommendGroupResponse {
    let now = room.now
    let key = try RequestKey(request, id: request.requestID, context: context)
    let wanted = UnitAdvice.Wanted(
      incidentID: try Check.identifier(request.incidentID, field: "incident_id"), limit: 0,
      capabilities: [],
      asOf: request.hasOccurTime
        ? try Check.time(request.occurTime, field: "occur_time", now: now) : nil,
      group: try Check.identifier(request.groupID, field: "group_id"))
    CallContext.current.notes.incident(wanted.incidentID.description)
    let recommendation = try await advice.ask(for: wanted, key: key, now: now)
    let message = try recommendation.message
    return .with {
      $0.recommendationID = recommendation.id.description
      $0.recommendation = message
    }
  }

  func dispatchUnits(
    request: Quintet_Command_V1_DispatchUnitsRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_DispatchUnitsResponse {
    let now = room.now
    let key = try RequestKey(request, id: request.requestID, context: context)
    let command = DispatchUnits(
      incidentID: try Check.identifier(request.incidentID, field: "incident_id"),
      etag: try Check.etag(request.etag),
      unitIDs: try Check.units(
        request.unitIds, least: request.recommendationID.isEmpty ? 1 : 0),
      recommendationID: try Check.optionalIdentifier(
        request.recommendationID, field: "recommendation_id"),
      instruction: try Check.text(request.instruction, field: "instruction", max: 1_000),
      occurTime: try Check.time(
        request.hasOccurTime ? request.occurTime : nil, field: "occur_time", now: now))
    CallContext.current.notes.incident(command.incidentID.description)
    let dispatched = try await room.write(
      key, now: now, fields: ["content.recipients": "unit_ids"]
    ) {
      for unit in command.unitIDs where try $0.kind(of: unit) == Self.groupKind {
        throw CommandError.unitIsGroup(unit)
      }
      let proposed = try command.recommendationID.flatMap($0.recommendation)
      return try Dispatching().dispatch(try command.adopting(proposed), in: $0, now: now)
    }
    return .with {
      $0.directive = Quintet_Command_V1_Directive(dispatched.directive)
      $0.assignments = dispatched.assignments.map(Quintet_Command_V1_Assignment.init)
      $0.incidentEtag = dispatched.incidentEtag
    }
  }

  /// As duty tells it.
  private static let groupKind = Quintet_Duty_V1_UnitKind.group.rawValue

  func advanceAssignment(
    request: Quintet_Command_V1_AdvanceAssignmentRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_AdvanceAssignmentResponse {
    let now = room.now
    let key = try RequestKey(request, id: request.requestID, context: context)
    let command = try Self.step(request, now: now)
    let assignment = try await room.write(key, now: now) {
      try Dispatching().advance(command, in: $0, now: now)
    }
    CallContext.current.notes.incident(assignment.incidentID.description)
    return .with { $0.assignment = Quintet_Command_V1_Assignment(assignment) }
  }

  func streamAssignmentSteps(
    request: RPCAsyncSequence<Quintet_Command_V1_StreamAssignmentStepsRequest, any Error>,
    response: RPCWriter<Quintet_Command_V1_StreamAssignmentStepsResponse>,
    context: ServerContext
  ) async throws {
    let method = Quintet_Command_V1_DispatchService.Method.AdvanceAssignment.descriptor
      .fullyQualifiedMethod
    try await ItemStream.run(request, answering: response, context: context) { [room] message in
      let step = message.step
      return room.item(requestID: step.requestID) {
        guard message.hasStep else { throw Failure.required("step") }
        let now = room.now
        let key = try RequestKey(step, id: step.requestID, method: method)
        let command = try Self.step(step, now: now)
        return (key, { try Dispatching().advance(command, in: $0, now: now) })
      }
    } size: {
      256 + $0.step.requestID.utf8.count + $0.step.note.utf8.count
    } work: { [room] items in
      let outcome = await room.write(items)
      let answers = outcome.answers.map { answer in
        Quintet_Command_V1_StreamAssignmentStepsResponse.with {
          $0.requestID = answer.requestID
          switch answer.result {
          case .success(let assignment):
            $0.assignment = Quintet_Command_V1_Assignment(assignment)
          case .failure(let failure): $0.error = failure.problem
          }
        }
      }
      return (answers, outcome.obstacle)
    }
  }

  func cancelAssignment(
    request: Quintet_Command_V1_CancelAssignmentRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_CancelAssignmentResponse {
    let now = room.now
    let key = try RequestKey(request, id: request.requestID, context: context)
    let command = CancelAssignment(
      assignmentID: try Check.identifier(request.assignmentID, field: "assignment_id"),
      reason: try Check.reason(request.reason, required: true),
      occurTime: try Check.time(
        request.hasOccurTime ? request.occurTime : nil, field: "occur_time", now: now))
    let assignment = try await room.write(key, now: now) {
      try Dispatching().cancel(command, in: $0, now: now)
    }
    CallContext.current.notes.incident(assignment.incidentID.description)
    return .with { $0.assignment = Quintet_Command_V1_Assignment(assignment) }
  }

  func getAssignment(
    request: Quintet_Command_V1_GetAssignmentRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_GetAssignmentResponse {
    let id: AssignmentID = try Check.identifier(request.assignmentID, field: "assignment_id")
    let assignment: Assignment = try await room.read { try $0.existing(id) }
    CallContext.current.notes.incident(assignment.incidentID.description)
    return .with { $0.assignment = Quintet_Command_V1_Assignment(assignment) }
  }

  func getRecommendation(
    request: Quintet_Command_V1_GetRecommendationRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_GetRecommendationResponse {
    let id: RecommendationID = try Check.identifier(
      request.recommendationID, field: "recommendation_id")
    let recommendation: Recommendation = try await room.read { try $0.existing(id) }
    CallContext.current.notes.incident(recommendation.incidentID.description)
    let message = try recommendation.message
    return .with {
      $0.recommendationID = recommendation.id.description
      $0.incidentID = recommendation.incidentID.description
      $0.recommendation = message
      $0.occurTime = recommendation.occurTime.timestamp
    }
  }

  private static func step(
    _ request: Quintet_Command_V1_AdvanceAssignmentRequest, now: Date
  ) throws -> AdvanceAssignment {
    AdvanceAssignment(
      assignmentID: try Check.identifier(request.assignmentID, field: "assignment_id"),
      step: try Check.assignmentStep(request.step, field: "step"),
      occurTime: try Check.time(
        request.hasOccurTime ? request.occurTime : nil, field: "occur_time", now: now),
      timeUnknown: request.timeUnknown,
      disposalCode: try Check.code(
        request.disposalCode, field: "disposal_code", max: 64, allowed: .lowercaseCodeCharacters),
      note: try Check.text(request.note, field: "note", max: 1_000))
  }
}

extension Check {
  /// Up to 50 units, each once.
  fileprivate static func units(_ texts: [String], least: Int) throws -> [UnitID] {
    var known: Set<UnitID> = []
    return try list(texts, field: "unit_ids", least...50).enumerated().map { index, text in
      let id: UnitID = try identifier(text, field: "unit_ids[\(index)]")
      guard known.insert(id).inserted else { throw Failure.duplicate("unit_ids[\(index)]") }
      return id
    }
  }
}

extension CharacterSet {
  /// `[a-z0-9_]`
  fileprivate static let capabilityCharacters = CharacterSet(
    charactersIn: "abcdefghijklmnopqrstuvwxyz0123456789_")
}
