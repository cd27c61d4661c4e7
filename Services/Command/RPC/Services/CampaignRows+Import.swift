// Taking a file in: batch by batch, each durable before the next is read, so that whatever breaks off
// can be sent again from its beginning.

import Access
import CommandDomain
import Forms
import Foundation
import GRPCCore
import Identifiers
import QuintetAPI
import SwiftProtobuf
import Wire

extension CampaignRows {
  func importCampaignRows(
    request: RPCAsyncSequence<Quintet_Command_V1_ImportCampaignRowsRequest, any Error>,
    context: ServerContext
  ) async throws -> Quintet_Command_V1_ImportCampaignRowsResponse {
    var intake: CampaignIntake?
    for try await message in request {
      switch message.part {
      case .header(let header):
        guard intake == nil else { throw Failure.required("batch") }
        intake = try await begin(header, method: context.descriptor.fullyQualifiedMethod)
      case .batch(let batch):
        guard var taking = intake else { throw Failure.required("header") }
        try await taking.take(batch)
        intake = taking
      case nil: throw Failure.required("part")
      }
    }
    guard let intake else { throw Failure.required("header") }
    let progress = try await intake.finish()
    return .with { $0.progress = Quintet_Command_V1_CampaignImport(progress) }
  }

  func getCampaignImport(
    request: Quintet_Command_V1_GetCampaignImportRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_GetCampaignImportResponse {
    let id: CampaignID = try Check.identifier(request.campaignID, field: "campaign_id")
    let digest = try Check.digest(request.fileDigest, field: "file_digest")
    let progress = try await room.read { reader in
      _ = try reader.existing(id)
      return try reader.campaignImport(digest, of: id)
    }
    return .with {
      $0.progress =
        progress.map(Quintet_Command_V1_CampaignImport.init)
        ?? .with { $0.fileDigest = digest }
    }
  }

  private func begin(
    _ header: Quintet_Command_V1_CampaignImportHeader, method: String
  ) async throws -> CampaignIntake {
    _ = try Check.requestID(header.requestID, field: "header.request_id")
    let requestID = try shortened(header.requestID, field: "header.request_id")
    let id: CampaignID = try Check.identifier(header.campaignID, field: "header.campaign_id")
    CallContext.current.notes["subject"] = id.description
    guard CallContext.current.reach.isEverywhere else {
      throw Failure.outsideArea("header.campaign_id")
    }
    let digest = try Check.digest(header.fileDigest, field: "header.file_digest")
    let columns = try Check.list(
      header.columns, field: "header.columns", 1...CampaignContent.columnLimit)
    let campaign = try await room.read(fields: ["campaign_id": "header.campaign_id"]) {
      try $0.existing(id)
    }
    let datum = try Check.datum(
      header.datum, hasPoints: campaign.content.index(of: .latitude) != nil,
      field: "header.datum")
    let plan: CampaignReadingPlan
    do {
      plan = try CampaignReadingPlan(campaign.content, header: columns, datum: datum)
    } catch {
      throw room.failure(for: error) ?? error
    }
    return CampaignIntake(
      room: room, campaign: campaign, fileDigest: digest, requestID: requestID, method: method,
      plan: plan)
  }
}

/// One file on its way in.
struct CampaignIntake {
  let room: CommandRoom
  let campaign: Campaign
  let fileDigest: String
  let requestID: String
  let method: String
  let plan: CampaignReadingPlan
  private(set) var lastNumber = 0

  init(
    room: CommandRoom, campaign: Campaign, fileDigest: String, requestID: String, method: String,
    plan: CampaignReadingPlan
  ) {
    self.room = room
    self.campaign = campaign
    self.fileDigest = fileDigest
    self.requestID = requestID
    self.method = method
    self.plan = plan
  }

  mutating func take(_ batch: Quintet_Command_V1_CampaignImportBatch) async throws {
    let given = try Check.list(batch.rows, field: "batch.rows", 1...CampaignKeeping.batchLimit)
    var rows: [GivenCampaignRow] = []
    rows.reserveCapacity(given.count)
    let first = lastNumber
    for (index, row) in given.enumerated() {
      guard Int(row.number) > lastNumber else {
        throw CampaignRefusal.numberOrder(field: "batch.rows[\(index)].number").failure
      }
      lastNumber = Int(row.number)
      rows.append(try read(row, at: "batch.rows[\(index)]"))
    }
    // The same rows under the same name give the same answer; other rows have another name.
    var key = try RequestKey(batch, id: "\(requestID):\(first)-\(lastNumber)", method: method)
    // And what they are rows of is as much of the content as they are.
    key.fingerprint = FileDigest.sha256(
      Array("\(campaign.id) \(fileDigest) \(key.fingerprint)".utf8))
    let now = room.now
    let (id, file) = (campaign.id, fileDigest)
    _ = try await room.write(key, now: now, fields: ["campaign_id": "header.campaign_id"]) {
      [rows] in
      try CampaignKeeping().take(rows, of: file, into: id, in: $0, now: now)
    }
  }

  func finish() async throws -> CampaignImport {
    let now = room.now
    let (id, file) = (campaign.id, fileDigest)
    let key = try RequestKey(
      Quintet_Command_V1_GetCampaignImportRequest.with {
        $0.campaignID = id.description
        $0.fileDigest = file
      }, id: "\(requestID):end", method: method)
    return try await room.write(key, now: now) {
      try CampaignKeeping().finishImport(of: file, into: id, in: $0, now: now)
    }
  }

  private func read(
    _ row: Quintet_Command_V1_CampaignImportRow, at path: String
  ) throws -> GivenCampaignRow {
    let number = Int(row.number)
    if !row.problem.isEmpty {
      let rule = try Check.code(row.problem, field: "\(path).problem", max: 64)
      return .fault(number: number, CampaignRowFault(field: "", rule: rule))
    }
    do {
      return .row(try sealed(plan.read(row.values), number: number))
    } catch let fault as CampaignRowFault {
      return .fault(number: number, fault)
    }
  }

  /// What is personal leaves this function sealed and masked.
  private func sealed(_ read: ReadCampaignRow, number: Int) throws -> CampaignRowDraft {
    let secrets = room.secrets
    var shown = read.values
    var personal: [String: String] = [:]
    for (index, column) in campaign.content.columns.enumerated()
    where column.use.isPersonal && !shown[index].isEmpty {
      personal[column.field.code] = shown[index]
      shown[index] = Self.masked(shown[index], column.use)
    }
    var key = String(number)
    if let index = campaign.content.keyIndex {
      let isPersonal = campaign.content.columns[index].use.isPersonal
      key = isPersonal ? secrets.hash(read.values[index]) : read.values[index]
    }
    return CampaignRowDraft(
      number: number, key: key,
      digest: secrets.hash(read.values.joined(separator: "\u{1F}")), values: shown,
      sealed: try secrets.sealedRow(personal), point: read.point)
  }

  private static func masked(_ value: String, _ use: CampaignColumnUse) -> String {
    switch use {
    case .phone: PhoneMask.mask(value)
    case .personName: NameMask.mask(value)
    case .document: "****" + (value.count > 8 ? String(value.suffix(4)) : "")
    case .plain, .orgUnit, .latitude, .longitude, .address: value
    }
  }
}
