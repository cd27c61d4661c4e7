// 布卡: quintet.command.v1.CordonService.

import Access
import CommandDomain
import Foundation
import GRPCCore
import Identifiers
import QuintetAPI
import SwiftProtobuf
import Wire

struct Cordons: Quintet_Command_V1_CordonService.SimpleServiceProtocol {
  /// Cordons of one incident that are listed.
  private static let listLimit = 20

  let room: CommandRoom

  func putCordonPlan(
    request: Quintet_Command_V1_PutCordonPlanRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_PutCordonPlanResponse {
    let now = room.now
    let key = try RequestKey(request, id: request.requestID, context: context)
    let etag = try Check.etag(request.etag)
    guard request.hasPlan else { throw Failure.required("plan") }
    let plan = try Check.plan(request.plan)
    let kept = try await room.write(key, now: now) {
      try Cordoning().put(plan, etag: etag, in: $0, now: now)
    }
    return .with { $0.plan = Quintet_Command_V1_CordonPlan(kept) }
  }

  func getCordonPlan(
    request: Quintet_Command_V1_GetCordonPlanRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_GetCordonPlanResponse {
    let code = try Check.code(request.planCode, field: "plan_code", max: 64, required: true)
    let plan = try await room.read { reader in
      guard let plan = try reader.cordonPlan(code) else {
        throw CommandError.directives(.planUnknown(code))
      }
      return plan
    }
    return .with { $0.plan = Quintet_Command_V1_CordonPlan(plan) }
  }

  func listCordonPlans(
    request: Quintet_Command_V1_ListCordonPlansRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_ListCordonPlansResponse {
    let page = try CodePage(size: request.pageSize, token: request.pageToken, most: 100)
    let found = try await room.read {
      try $0.cordonPlans(after: page.after, limit: page.size + 1)
    }
    return .with {
      $0.plans = found.prefix(page.size).map(Quintet_Command_V1_CordonPlan.init)
      $0.nextPageToken = page.token(after: found.map(\.code))
    }
  }

  func activateCordon(
    request: Quintet_Command_V1_ActivateCordonRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_ActivateCordonResponse {
    let now = room.now
    let key = try RequestKey(request, id: request.requestID, context: context)
    let command = ActivateCordon(
      planCode: try Check.code(request.planCode, field: "plan_code", max: 64, required: true),
      incidentID: try Check.identifier(request.incidentID, field: "incident_id"),
      directiveClass: try Check.directiveClass(request.directiveClass, field: "directive_class"),
      title: try Check.title(request.title, required: true),
      text: try Check.text(request.text, field: "text", max: 4_000),
      sighting: request.hasSighting ? try Check.sighting(request.sighting, now: now) : nil,
      occurTime: try Check.time(
        request.hasOccurTime ? request.occurTime : nil, field: "occur_time", now: now))
    let made = try await room.write(
      key, now: now,
      fields: [
        "content.directive_class": "directive_class", "content.recipients": "plan_code",
      ]
    ) {
      try Cordoning().activate(command, in: $0, now: now)
    }
    note(made)
    return .with {
      $0.cordon = Quintet_Command_V1_Cordon(made.cordon)
      $0.directive = Quintet_Command_V1_Directive(made.directive)
    }
  }

  func moveCordon(
    request: Quintet_Command_V1_MoveCordonRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_MoveCordonResponse {
    let now = room.now
    let key = try RequestKey(request, id: request.requestID, context: context)
    let id: CordonID = try Check.identifier(request.cordonID, field: "cordon_id")
    guard request.hasSighting else { throw Failure.required("sighting") }
    let command = MoveCordon(
      cordonID: id, etag: try Check.etag(request.etag),
      sighting: try Check.sighting(request.sighting, now: now),
      speed: request.speedMps == 0
        ? nil : try Check.range(request.speedMps, field: "speed_mps", Check.cordonSpeeds),
      occurTime: try Check.time(
        request.hasOccurTime ? request.occurTime : nil, field: "occur_time", now: now))
    let made = try await room.write(key, now: now) {
      try Cordoning().move(command, in: $0, now: now)
    }
    note(made)
    return .with {
      $0.cordon = Quintet_Command_V1_Cordon(made.cordon)
      $0.directive = Quintet_Command_V1_Directive(made.directive)
    }
  }

  func releaseCordon(
    request: Quintet_Command_V1_ReleaseCordonRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_ReleaseCordonResponse {
    let now = room.now
    let key = try RequestKey(request, id: request.requestID, context: context)
    let id: CordonID = try Check.identifier(request.cordonID, field: "cordon_id")
    let etag = try Check.etag(request.etag)
    let reason = try Check.reason(request.reason, required: true)
    let time = try Check.time(
      request.hasOccurTime ? request.occurTime : nil, field: "occur_time", now: now)
    let made = try await room.write(key, now: now) {
      try Cordoning().release(id, etag: etag, reason: reason, at: time, in: $0, now: now)
    }
    note(made)
    return .with {
      $0.cordon = Quintet_Command_V1_Cordon(made.cordon)
      $0.directive = Quintet_Command_V1_Directive(made.directive)
    }
  }

  func getCordon(
    request: Quintet_Command_V1_GetCordonRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_GetCordonResponse {
    let id: CordonID = try Check.identifier(request.cordonID, field: "cordon_id")
    let cordon = try await room.read { reader in
      guard let cordon = try reader.cordon(id) else {
        throw CommandError.directives(.cordonUnknown(id))
      }
      return cordon
    }
    CallContext.current.notes.incident(cordon.incidentID.description)
    return .with { $0.cordon = Quintet_Command_V1_Cordon(cordon) }
  }

  func listCordons(
    request: Quintet_Command_V1_ListCordonsRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_ListCordonsResponse {
    let id: IncidentID = try Check.identifier(request.incidentID, field: "incident_id")
    let found = try await room.read { reader in
      let incident: Incident = try reader.existing(id)
      return try reader.cordons(of: incident.id, limit: Self.listLimit)
    }
    return .with { $0.cordons = found.map(Quintet_Command_V1_Cordon.init) }
  }

  private func note(_ made: MannedCordon) {
    CallContext.current.notes.incident(made.cordon.incidentID.description)
  }
}
