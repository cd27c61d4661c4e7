// 平战模式: quintet.command.v1.OperatingModeService.

import Access
import CommandDomain
import Foundation
import GRPCCore
import Identifiers
import QuintetAPI
import SwiftProtobuf
import Wire

struct OperatingModes: Quintet_Command_V1_OperatingModeService.SimpleServiceProtocol {
  let room: CommandRoom

  func putModePlan(
    request: Quintet_Command_V1_PutModePlanRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_PutModePlanResponse {
    let now = room.now
    let key = try RequestKey(request, id: request.requestID, context: context)
    let etag = try Check.etag(request.etag)
    guard request.hasPlan else { throw Failure.required("plan") }
    let plan = try Check.modePlan(request.plan)
    let kept = try await room.write(key, now: now) {
      try Mustering().put(plan, etag: etag, in: $0, now: now)
    }
    return .with { $0.plan = Quintet_Command_V1_ModePlan(kept) }
  }

  func getModePlan(
    request: Quintet_Command_V1_GetModePlanRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_GetModePlanResponse {
    let code = try Check.code(request.planCode, field: "plan_code", max: 64, required: true)
    let plan = try await room.read { reader in
      guard let plan = try reader.modePlan(code) else {
        throw CommandError.mode(.planUnknown(code))
      }
      return plan
    }
    return .with { $0.plan = Quintet_Command_V1_ModePlan(plan) }
  }

  func listModePlans(
    request: Quintet_Command_V1_ListModePlansRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_ListModePlansResponse {
    let page = try CodePage(size: request.pageSize, token: request.pageToken, most: 100)
    let found = try await room.read { try $0.modePlans(after: page.after, limit: page.size + 1) }
    return .with {
      $0.plans = found.prefix(page.size).map(Quintet_Command_V1_ModePlan.init)
      $0.nextPageToken = page.token(after: found.map(\.code))
    }
  }

  func switchToWar(
    request: Quintet_Command_V1_SwitchToWarRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_SwitchToWarResponse {
    let now = room.now
    let key = try RequestKey(request, id: request.requestID, context: context)
    let command = SwitchToWar(
      planCode: try Check.code(request.planCode, field: "plan_code", max: 64, required: true),
      level: try Check.modeLevel(request.level, field: "level"),
      reason: try Check.reason(request.reason, required: true),
      incidentID: try Check.optionalIdentifier(request.incidentID, field: "incident_id"),
      actor: key.provenance.actor,
      occurTime: try Check.time(
        request.hasOccurTime ? request.occurTime : nil, field: "occur_time", now: now))
    let muster = try await room.write(key, now: now) {
      try Mustering().switchToWar(command, in: $0, now: now)
    }
    note(muster)
    return .with { $0.muster = Quintet_Command_V1_Muster(muster, now: room.now) }
  }

  func standDown(
    request: Quintet_Command_V1_StandDownRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_StandDownResponse {
    let now = room.now
    let key = try RequestKey(request, id: request.requestID, context: context)
    let etag = try Check.etag(request.etag)
    let reason = try Check.reason(request.reason, required: true)
    let time = try Check.time(
      request.hasOccurTime ? request.occurTime : nil, field: "occur_time", now: now)
    let actor = key.provenance.actor
    let muster = try await room.write(key, now: now) {
      try Mustering().standDown(
        etag: etag, reason: reason, actor: actor, at: time, in: $0, now: now)
    }
    note(muster)
    return .with { $0.muster = Quintet_Command_V1_Muster(muster, now: room.now) }
  }

  func getOperatingMode(
    request: Quintet_Command_V1_GetOperatingModeRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_GetOperatingModeResponse {
    let last = try await room.read { reader in
      try reader.runningMuster() ?? reader.musters(before: nil, limit: 1).first
    }
    return .with { $0.mode = Quintet_Command_V1_OperatingMode(last, now: room.now) }
  }

  func getMuster(
    request: Quintet_Command_V1_GetMusterRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_GetMusterResponse {
    let id: MusterID = try Check.identifier(request.musterID, field: "muster_id")
    let muster = try await room.read { try $0.existing(id) }
    return .with { $0.muster = Quintet_Command_V1_Muster(muster, now: room.now) }
  }

  func listMusters(
    request: Quintet_Command_V1_ListMustersRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_ListMustersResponse {
    _ = try Check.count(request.pageSize, field: "page_size", 1...100, standard: 50)
    let page = try Page<MusterTag>(size: request.pageSize, token: request.pageToken)
    let found = try await room.read {
      try $0.musters(before: page.before, limit: page.size + 1)
    }
    let now = room.now
    return .with {
      $0.musters = found.prefix(page.size).map {
        Quintet_Command_V1_Muster($0, now: now, withMembers: false)
      }
      $0.nextPageToken = page.token(after: found.map(\.id))
    }
  }

  func listMissingMembers(
    request: Quintet_Command_V1_ListMissingMembersRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_ListMissingMembersResponse {
    let running = try await room.read { try $0.runningMuster() }
    let now = room.now
    return .with {
      $0.members = (running?.absent(at: now) ?? []).map { member in
        .with {
          $0.member = Quintet_Command_V1_MusterMember(member, now: now)
          $0.missingSeats = member.missingSeats
          $0.overdueS = Int32(
            clamping: Int(now.timeIntervalSince(member.dueTime).rounded(.down)))
        }
      }
    }
  }

  private func note(_ muster: Muster) {
    let notes = CallContext.current.notes
    notes["subject"] = muster.id.description
    if let incident = muster.incidentID { notes.incident(incident.description) }
  }
}

// What members answer.
extension OperatingModes {
  func acknowledgeSummons(
    request: Quintet_Command_V1_AcknowledgeSummonsRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_AcknowledgeSummonsResponse {
    let now = room.now
    let key = try RequestKey(request, id: request.requestID, context: context)
    let command = try move(
      request.musterID, request.memberCode, request.hasOccurTime ? request.occurTime : nil, now)
    let member = try await room.write(key, now: now) {
      try Mustering().acknowledge(command, in: $0)
    }
    return .with { $0.member = Quintet_Command_V1_MusterMember(member, now: room.now) }
  }

  func reportMuster(
    request: Quintet_Command_V1_ReportMusterRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_ReportMusterResponse {
    let now = room.now
    let key = try RequestKey(request, id: request.requestID, context: context)
    let command = try move(
      request.musterID, request.memberCode, request.hasOccurTime ? request.occurTime : nil, now)
    let seats = try Check.seatCodes(request.seats, field: "seats")
    let member = try await room.write(key, now: now) {
      try Mustering().report(command, seats: seats, in: $0)
    }
    return .with { $0.member = Quintet_Command_V1_MusterMember(member, now: room.now) }
  }

  func excuseMember(
    request: Quintet_Command_V1_ExcuseMemberRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_ExcuseMemberResponse {
    let now = room.now
    let key = try RequestKey(request, id: request.requestID, context: context)
    let command = try move(
      request.musterID, request.memberCode, request.hasOccurTime ? request.occurTime : nil, now)
    let reason = try Check.reason(request.reason, required: true)
    let member = try await room.write(key, now: now) {
      try Mustering().excuse(command, reason: reason, in: $0)
    }
    return .with { $0.member = Quintet_Command_V1_MusterMember(member, now: room.now) }
  }

  func addMember(
    request: Quintet_Command_V1_AddMemberRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_AddMemberResponse {
    let now = room.now
    let key = try RequestKey(request, id: request.requestID, context: context)
    let member = try Check.modeMember(
      code: request.code, name: request.name, contact: request.contact,
      isSet: request.hasContact, seats: request.seats, fromLevel: 4, at: "")
    let time = try Check.time(
      request.hasOccurTime ? request.occurTime : nil, field: "occur_time", now: now)
    let added = try await room.write(key, now: now) {
      try Mustering().add(member, at: time, in: $0)
    }
    return .with { $0.member = Quintet_Command_V1_MusterMember(added, now: room.now) }
  }

  private func move(
    _ musterID: String, _ code: String, _ time: Google_Protobuf_Timestamp?, _ now: Date
  ) throws -> MoveMember {
    let id: MusterID = try Check.identifier(musterID, field: "muster_id")
    CallContext.current.notes["subject"] = id.description
    return MoveMember(
      musterID: id,
      code: try Check.code(code, field: "member_code", max: 64, required: true),
      occurTime: try Check.time(time, field: "occur_time", now: now))
  }
}
