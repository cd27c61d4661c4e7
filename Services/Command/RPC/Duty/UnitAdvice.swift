// Asking duty and keeping its answer. The question goes out between two transactions, never inside
// one: duty may be slow or down, and nothing here waits for it.

import CommandDomain
import Foundation
import GRPCCore
import Geography
import Identifiers
import Logging
import QuintetAPI
import SwiftProtobuf
import Wire

struct UnitAdvice: Sendable {
  let room: CommandRoom
  let advisor: any UnitAdvisor

  struct Wanted: Sendable {
    var incidentID: IncidentID
    var limit: Int
    var capabilities: [String]
    /// Nil: as of when duty is asked.
    var asOf: Date?
    /// The response plan of the incident's class and level is to be filled.
    var byPlan = false
    /// Its free parts are wanted.
    var group: UnitID?
  }

  /// - Throws: `Failure` INCIDENT_UNKNOWN, LOCATION_REQUIRED, DUTY_UNAVAILABLE; by plan also
  ///   CLASSIFICATION_INCOMPLETE, of a group UNIT_UNKNOWN and UNIT_NOT_A_GROUP. Nothing is stored
  ///   then.
  func ask(for wanted: Wanted, key: RequestKey, now: Date) async throws -> Recommendation {
    if let known = try await answered(key, now: now) { return known }
    let (point, plan) = try await room.read { reader -> (Coordinate, UnitQuestion.Kind?) in
      let incident: Incident = try reader.existing(wanted.incidentID)
      let point = try incident.pointForUnits()
      guard wanted.byPlan else { return (point, nil) }
      guard let level = incident.level, let incidentClass = incident.incidentClass else {
        throw CommandError.classificationIncomplete(
          incident.id, missing: incident.missingClassification)
      }
      return (point, UnitQuestion.Kind(incidentClass: incidentClass, level: level))
    }
    let answer = try await answer(
      to: UnitQuestion(
        // Made from this request's id: asked again, duty tells and counts it once.
        requestID: Self.dutyRequestID(key.id), incidentID: wanted.incidentID, point: point,
        limit: wanted.limit, capabilities: wanted.capabilities, asOf: wanted.asOf,
        plan: plan, group: wanted.group))
    let command = KeepRecommendation(
      incidentID: wanted.incidentID, document: try answer.jsonString(),
      unitIDs: try answer.units.map { try UnitID(parsing: $0.unitID) },
      occurTime: wanted.asOf ?? now)
    return try await room.write(key, now: now) {
      try Dispatching().keep(command, in: $0, now: now)
    }
  }

  /// What was answered to this request before, so that a repeat needs no duty; nil the first time.
  private func answered(_ key: RequestKey, now: Date) async throws -> Recommendation? {
    do {
      return try await room.write(key, now: now) { _ -> Recommendation in throw NotAnsweredYet() }
    } catch is NotAnsweredYet {
      return nil
    }
  }

  private struct NotAnsweredYet: Error {}

  private func answer(
    to question: UnitQuestion
  ) async throws -> Quintet_Type_V1_UnitRecommendation {
    do {
      return try await advisor.recommend(question)
    } catch is CancellationError {
      throw CancellationError()
    } catch let error as RPCError where question.group != nil && error.code == .notFound {
      throw Failure.notFound(
        "UNIT_UNKNOWN", field: "group_id", question.group?.description ?? "")
    } catch let error as RPCError where question.group != nil && error.code == .permissionDenied {
      throw Failure.outsideArea("group_id")
    } catch let error as RPCError where question.group != nil && error.code == .failedPrecondition {
      throw Failure.precondition(
        "UNIT_NOT_A_GROUP", "该警力不是编组，请直接派出。This unit is no group: send it by its id.")
    } catch {
      room.logger.warning(
        "duty gave no recommendation",
        metadata: [
          "incident": .string(question.incidentID.description), "error": "\(error)",
        ])
      throw Failure(
        code: .unavailable, reason: "DUTY_UNAVAILABLE",
        message: "勤务服务无应答，请人工选择警力。Duty does not answer: choose units by hand.")
    }
  }

  /// `command/<request id>`; ids take 128 characters, so a long one gives up its beginning.
  private static func dutyRequestID(_ id: String) -> String {
    "command/" + id.suffix(128 - "command/".count)
  }
}
