// 专班的各行: quintet.command.v1.CampaignRowService. Taking files in is in CampaignRows+Import.

import Access
import CommandDomain
import Forms
import Foundation
import GRPCCore
import Identifiers
import QuintetAPI
import SwiftProtobuf
import Wire

struct CampaignRows: Quintet_Command_V1_CampaignRowService.SimpleServiceProtocol {
  /// Rows that are read at once for an export.
  private static let exportPage = 500
  /// Bytes of one piece of an export, give or take a row.
  private static let exportPiece = 131_072

  let room: CommandRoom

  func listQuarantinedRows(
    request: Quintet_Command_V1_ListQuarantinedRowsRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_ListQuarantinedRowsResponse {
    let id: CampaignID = try Check.identifier(request.campaignID, field: "campaign_id")
    let size = try Check.count(request.pageSize, field: "page_size", 1...500, standard: 50)
    var after: (digest: String, number: Int)?
    if let keys = try PageToken.decode(request.pageToken, count: 2) {
      guard let number = Int(keys[1]) else { throw PageToken.invalid }
      after = (keys[0], number)
    }
    let found = try await room.read { [after] reader in
      _ = try reader.existing(id)
      return try reader.quarantinedRows(of: id, after: after, limit: size + 1)
    }
    return .with {
      $0.rows = found.prefix(size).map { row in
        .with {
          $0.fileDigest = row.fileDigest
          $0.number = Int32(clamping: row.number)
          $0.field = row.fault.field
          $0.rule = row.fault.rule
        }
      }
      if found.count > size {
        let last = found[size - 1]
        $0.nextPageToken = PageToken.encode([last.fileDigest, String(last.number)])
      }
    }
  }

  func listCampaignRows(
    request: Quintet_Command_V1_ListCampaignRowsRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_ListCampaignRowsResponse {
    let id: CampaignID = try Check.identifier(request.campaignID, field: "campaign_id")
    let size = try Check.count(request.pageSize, field: "page_size", 1...500, standard: 50)
    let states = try Check.list(request.states, field: "states", 0...5).enumerated().map {
      try Check.rowState($1, field: "states[\($0)]")
    }
    let filter = CampaignRowFilter(
      orgUnitID: try Check.optionalIdentifier(request.orgUnitID, field: "org_unit_id"),
      states: Set(states), key: try Check.text(request.key, field: "key", max: 4_000))
    var after = 0
    if let keys = try PageToken.decode(request.pageToken, count: 1) {
      guard let position = Int(keys[0]) else { throw PageToken.invalid }
      after = position
    }
    let (form, found) = try await room.read { [after] reader in
      (
        try reader.existing(id).content.form,
        try reader.campaignRows(filter, of: id, after: after, limit: size + 1)
      )
    }
    return .with {
      $0.rows = found.prefix(size).map { Quintet_Command_V1_CampaignRow($0, form: form) }
      if found.count > size {
        $0.nextPageToken = PageToken.encode([String(found[size - 1].position)])
      }
    }
  }

  func checkCampaignRow(
    request: Quintet_Command_V1_CheckCampaignRowRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_CheckCampaignRowResponse {
    let now = room.now
    let key = try RequestKey(request, id: request.requestID, context: context)
    let command = try move(request.campaignID, request.key, request.etag, key)
    let answers = try Check.answers(request.answers, now: now)
    let row = try await room.write(key, now: now) { writer in
      let row = try CampaignChecking().check(command, answers: answers, in: writer, now: now)
      return ChangedRow(row: row, form: try writer.existing(row.campaignID).content.form)
    }
    return .with { $0.row = row.message }
  }

  func settleCampaignRow(
    request: Quintet_Command_V1_SettleCampaignRowRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_SettleCampaignRowResponse {
    let now = room.now
    let key = try RequestKey(request, id: request.requestID, context: context)
    let command = try move(request.campaignID, request.key, request.etag, key)
    let answers = try Check.answers(request.answers, now: now)
    let reason = try Check.reason(request.reason, required: true)
    let row = try await room.write(key, now: now) { writer in
      let row = try CampaignChecking().settle(
        command, answers: answers, reason: reason, in: writer, now: now)
      return ChangedRow(row: row, form: try writer.existing(row.campaignID).content.form)
    }
    return .with { $0.row = row.message }
  }

  func writeOffCampaignRows(
    request: Quintet_Command_V1_WriteOffCampaignRowsRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_WriteOffCampaignRowsResponse {
    let now = room.now
    let key = try RequestKey(request, id: request.requestID, context: context)
    let id: CampaignID = try Check.identifier(request.campaignID, field: "campaign_id")
    CallContext.current.notes["subject"] = id.description
    var known: Set<String> = []
    let keys = try Check.list(
      request.keys, field: "keys", 1...CampaignChecking.writeOffLimit
    ).enumerated().map { index, key in
      let key = try Check.rowKey(key, field: "keys[\(index)]")
      guard known.insert(key).inserted else { throw Failure.duplicate("keys[\(index)]") }
      return key
    }
    let reason = try Check.reason(request.reason, required: true)
    let actor = key.provenance.actor
    let count = try await room.write(key, now: now, fields: ["key": "keys"]) {
      try CampaignChecking().writeOff(
        keys, of: id, reason: reason, by: actor, in: $0, now: now)
    }
    return .with { $0.writtenOffCount = Int32(count) }
  }

  func revealCampaignRow(
    request: Quintet_Command_V1_RevealCampaignRowRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_RevealCampaignRowResponse {
    let id: CampaignID = try Check.identifier(request.campaignID, field: "campaign_id")
    let key = try Check.rowKey(request.key)
    CallContext.current.notes["subject"] = "\(id)/\(room.secrets.hash(key).prefix(16))"
    let inquiry = try purpose(of: request, campaign: id)
    let (campaign, sealed) = try await room.read { reader in
      try CampaignChecking().reveal(key, of: id, for: inquiry, in: reader)
    }
    let values = try room.secrets.openedRow(sealed)
    for column in campaign.content.columns where column.use == .personName {
      if CallContext.current.principal.sharesFamilyName(with: values[column.field.code] ?? "") {
        CallContext.current.notes.mark(.ownFamilyName)
      }
    }
    return .with {
      $0.values = campaign.content.columns.compactMap { column in
        values[column.field.code].map { value in
          Quintet_Command_V1_RevealedValue.with {
            $0.columnCode = column.field.code
            $0.value = value
          }
        }
      }
    }
  }

  /// Nil when the case is this campaign.
  private func purpose(
    of request: Quintet_Command_V1_RevealCampaignRowRequest, campaign: CampaignID
  ) throws -> InquiryCase? {
    guard request.hasPurpose, request.purpose.caseID == campaign.description else {
      return try CheckedPurpose(
        request.purpose, isSet: request.hasPurpose, now: room.now
      ).inquiryCase
    }
    try CheckedPurpose.permit(request.purpose, now: room.now)
    return nil
  }

  func exportCampaignRows(
    request: Quintet_Command_V1_ExportCampaignRowsRequest,
    response: RPCWriter<Quintet_Command_V1_ExportCampaignRowsResponse>, context: ServerContext
  ) async throws {
    let id: CampaignID = try Check.identifier(request.campaignID, field: "campaign_id")
    CallContext.current.notes["subject"] = id.description
    let (campaign, parts) = try await room.read { reader in
      (try reader.existing(id), try reader.campaignParts(id).parts)
    }
    let names = Dictionary(
      parts.map { ($0.orgUnitID, $0.orgUnitName.isEmpty ? "\($0.orgUnitID)" : $0.orgUnitName) },
      uniquingKeysWith: { first, _ in first })
    let table = CampaignTable(campaign.content)
    var piece = table.header
    var after = 0
    while true {
      let rows = try await room.read { [after] reader in
        try reader.campaignRows(
          CampaignRowFilter(), of: id, after: after, limit: Self.exportPage)
      }
      for row in rows {
        piece += table.line(row, part: row.orgUnitID.flatMap { names[$0] } ?? "")
        if piece.utf8.count >= Self.exportPiece {
          try await response.write(.with { $0.csv = piece })
          piece = ""
        }
      }
      guard rows.count == Self.exportPage, let last = rows.last else { break }
      after = last.position
    }
    if !piece.isEmpty { try await response.write(.with { $0.csv = piece }) }
  }

  private func move(
    _ campaign: String, _ rowKey: String, _ etag: String, _ key: RequestKey
  ) throws -> MoveCampaignRow {
    let id: CampaignID = try Check.identifier(campaign, field: "campaign_id")
    CallContext.current.notes["subject"] = id.description
    return MoveCampaignRow(
      campaignID: id, key: try Check.rowKey(rowKey), etag: try Check.etag(etag),
      actor: key.provenance.actor)
  }
}

/// A row with the form by which its differences are told.
private struct ChangedRow: Codable, Sendable {
  let row: CampaignRow
  let form: Form

  var message: Quintet_Command_V1_CampaignRow {
    Quintet_Command_V1_CampaignRow(row, form: form)
  }
}

extension CallerSecrets {
  /// What is personal in a row, by column.
  func sealedRow(_ values: [String: String]) throws -> [UInt8]? {
    if values.isEmpty { return nil }
    let encoder = JSONEncoder()
    // In one order only: the same values have to seal to the same bytes.
    encoder.outputFormatting = .sortedKeys
    return try seal(encoder.encode(values))
  }

  func openedRow(_ sealed: [UInt8]?) throws -> [String: String] {
    guard let sealed else { return [:] }
    return try JSONDecoder().decode([String: String].self, from: open(sealed))
  }
}
