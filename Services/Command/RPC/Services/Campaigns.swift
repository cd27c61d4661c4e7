// 专班: quintet.command.v1.CampaignService.

import Access
import CommandDomain
import Foundation
import GRPCCore
import Identifiers
import Logging
import QuintetAPI
import SwiftProtobuf
import Wire

struct Campaigns: Quintet_Command_V1_CampaignService.SimpleServiceProtocol {
  let room: CommandRoom
  let directory: any StationDirectory

  func createCampaign(
    request: Quintet_Command_V1_CreateCampaignRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_CreateCampaignResponse {
    let now = room.now
    let key = try RequestKey(request, id: request.requestID, context: context)
    guard request.hasContent else { throw Failure.required("content") }
    let content = try Check.campaign(request.content)
    // A list without parts yet belongs to no area.
    guard CallContext.current.reach.isEverywhere else { throw Failure.outsideArea("content") }
    let actor = key.provenance.actor
    let campaign = try await room.write(
      key, now: now, fields: ["incident_id": "content.incident_id"]
    ) {
      try CampaignKeeping().create(content, by: actor, in: $0, now: now)
    }
    CallContext.current.notes["subject"] = campaign.id.description
    return .with {
      $0.campaign = Quintet_Command_V1_Campaign(campaign, counts: CampaignCounts(), now: now)
    }
  }

  func getCampaign(
    request: Quintet_Command_V1_GetCampaignRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_GetCampaignResponse {
    let id: CampaignID = try Check.identifier(request.campaignID, field: "campaign_id")
    let campaign = try await told(id)
    return .with { $0.campaign = campaign }
  }

  func listCampaigns(
    request: Quintet_Command_V1_ListCampaignsRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_ListCampaignsResponse {
    _ = try Check.count(request.pageSize, field: "page_size", 1...100, standard: 50)
    let page = try Page<CampaignTag>(size: request.pageSize, token: request.pageToken)
    let found = try await room.read {
      try $0.campaigns(before: page.before, limit: page.size + 1)
    }
    let now = room.now
    return .with {
      $0.campaigns = found.prefix(page.size).map {
        Quintet_Command_V1_Campaign($0, now: now, withColumns: false)
      }
      $0.nextPageToken = page.token(after: found.map(\.id))
    }
  }

  func splitCampaign(
    request: Quintet_Command_V1_SplitCampaignRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_SplitCampaignResponse {
    let key = try RequestKey(request, id: request.requestID, context: context)
    let requestID = try shortened(request.requestID, field: "request_id")
    let id: CampaignID = try Check.identifier(request.campaignID, field: "campaign_id")
    CallContext.current.notes["subject"] = id.description
    let splitting = CampaignSplitting(try Check.split(request), among: try await stations())
    guard CallContext.current.reach.isEverywhere else {
      throw Failure.outsideArea("campaign_id")
    }
    var assigned = 0
    var unassigned = 0
    var after: Int? = 0
    while let from = after {
      try Task.checkCancellation()
      // Each step is a mutation of its own, so that calls do not wait for the whole list.
      var step = key
      step.id = "\(requestID):\(from)"
      let done = try await room.write(step, now: room.now) {
        try splitting.step(id, after: from, in: $0)
      }
      assigned += done.assigned
      unassigned += done.unassigned
      after = done.next
    }
    return .with {
      $0.assignedCount = Int32(clamping: assigned)
      $0.unassignedCount = Int32(clamping: unassigned)
    }
  }

  private func stations() async throws -> [KnownStation] {
    do {
      return try await directory.stations()
    } catch is CancellationError {
      throw CancellationError()
    } catch {
      room.logger.warning("duty told no stations", metadata: ["error": "\(error)"])
      throw Failure(
        code: .unavailable, reason: "DUTY_UNAVAILABLE",
        message: "勤务服务无应答，请稍后再拆分。Duty does not answer: split later.")
    }
  }

  func listCampaignParts(
    request: Quintet_Command_V1_ListCampaignPartsRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_ListCampaignPartsResponse {
    let id: CampaignID = try Check.identifier(request.campaignID, field: "campaign_id")
    let (campaign, parts) = try await room.read { reader in
      (try reader.existing(id), try reader.campaignParts(id).parts)
    }
    let now = room.now
    return .with {
      $0.parts = parts.map {
        Quintet_Command_V1_CampaignPart($0, dueTime: campaign.content.dueTime, now: now)
      }
    }
  }

  func handOutParts(
    request: Quintet_Command_V1_HandOutPartsRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_HandOutPartsResponse {
    let now = room.now
    let key = try RequestKey(request, id: request.requestID, context: context)
    let id: CampaignID = try Check.identifier(request.campaignID, field: "campaign_id")
    CallContext.current.notes["subject"] = id.description
    let command = HandOutParts(
      campaignID: id, etag: try Check.etag(request.etag),
      orgUnitIDs: try Check.orgUnits(request.orgUnitIds, field: "org_unit_ids", 0...100),
      occurTime: try Check.time(
        request.hasOccurTime ? request.occurTime : nil, field: "occur_time", now: now))
    let answer = try await room.write(key, now: now) { writer in
      HandedOut(
        parts: try CampaignKeeping().handOut(command, in: writer, now: now),
        dueTime: try writer.existing(id).content.dueTime)
    }
    return .with {
      $0.parts = answer.parts.map {
        Quintet_Command_V1_CampaignPart($0, dueTime: answer.dueTime, now: now)
      }
    }
  }

  private struct HandedOut: Codable, Sendable {
    let parts: [CampaignPart]
    let dueTime: Date
  }

  func closeCampaign(
    request: Quintet_Command_V1_CloseCampaignRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_CloseCampaignResponse {
    let now = room.now
    let key = try RequestKey(request, id: request.requestID, context: context)
    let id: CampaignID = try Check.identifier(request.campaignID, field: "campaign_id")
    CallContext.current.notes["subject"] = id.description
    let etag = try Check.etag(request.etag)
    let actor = key.provenance.actor
    _ = try await room.write(key, now: now) {
      try CampaignKeeping().close(id, etag: etag, by: actor, in: $0, now: now)
    }
    let campaign = try await told(id)
    return .with { $0.campaign = campaign }
  }

  private func told(_ id: CampaignID) async throws -> Quintet_Command_V1_Campaign {
    let (campaign, counts, unassigned) = try await room.read { reader in
      let campaign = try reader.existing(id)
      let (parts, unassigned) = try reader.campaignParts(id)
      var counts = unassigned
      for part in parts { counts.add(part.counts) }
      return (campaign, counts, unassigned.total)
    }
    return Quintet_Command_V1_Campaign(
      campaign, counts: counts, unassigned: unassigned, now: room.now)
  }
}

/// A request id that steps of the request are named after.
func shortened(_ id: String, field: String) throws -> String {
  guard id.utf8.count <= 96 else {
    throw Failure.invalid(
      "TOO_LONG", field: field,
      "\(field) 不得超过 96 个字符。\(field) takes at most 96 characters here.")
  }
  return id
}
