// 核查、复核、核销: what people find, row by row.
public import Forms
public import Foundation
public import Identifiers

/// Which row of which campaign.
public struct MoveCampaignRow: Sendable, Hashable {
  public var campaignID: CampaignID
  public var key: String
  /// Of the row; empty to accept any.
  public var etag: String
  public var actor: String

  public init(campaignID: CampaignID, key: String, etag: String, actor: String) {
    self.campaignID = campaignID
    self.key = key
    self.etag = etag
    self.actor = actor
  }
}

public struct CampaignChecking: Sendable {
  /// Rows written off by one request.
  public static let writeOffLimit = 500

  public init() {}

  /// - Throws: `notAPerson`; `campaignUnknown`, `closed`; `rowUnknown`, `etagMismatch`,
  ///   `notHandedOut`, `moveNotAllowed`, `samePerson`; `formViolated`.
  public func check(
    _ command: MoveCampaignRow, answers: [FormAnswer], in writer: any CommandWriter, now: Date
  ) throws -> CampaignRow {
    try changed(command, answers, in: writer) { row, campaign in
      let parts = try writer.campaignParts(campaign.id).parts
      guard parts.contains(where: { $0.orgUnitID == row.orgUnitID && $0.handOutTime != nil })
      else { throw CommandError.campaign(.notHandedOut) }
      try row.check(answers, by: command.actor, at: now, in: campaign.content)
    }
  }

  /// - Throws: as `check`; `required` without a reason.
  public func settle(
    _ command: MoveCampaignRow, answers: [FormAnswer], reason: String,
    in writer: any CommandWriter, now: Date
  ) throws -> CampaignRow {
    guard !reason.isEmpty else { throw CommandError.required(field: "reason") }
    return try changed(command, answers, in: writer) { row, _ in
      try row.settle(answers, reason: reason, by: command.actor, at: now)
    }
  }

  /// All of them or none.
  /// - Throws: `required` without a reason; `campaignUnknown`, `closed`; `rowUnknown`,
  ///   `moveNotAllowed`.
  public func writeOff(
    _ keys: [String], of id: CampaignID, reason: String, by actor: String,
    in writer: any CommandWriter, now: Date
  ) throws -> Int {
    guard !reason.isEmpty else { throw CommandError.required(field: "reason") }
    try writer.existing(id).checkOpen()
    for key in keys {
      var row = try writer.existing(key, of: id)
      try row.writeOff(reason: reason, by: actor, at: now)
      try writer.update(row)
    }
    return keys.count
  }

  private func changed(
    _ command: MoveCampaignRow, _ answers: [FormAnswer], in writer: any CommandWriter,
    _ change: (inout CampaignRow, Campaign) throws -> Void
  ) throws -> CampaignRow {
    // Two names are two people only where both are people.
    guard command.actor.hasPrefix("person/") else { throw CommandError.campaign(.notAPerson) }
    let campaign = try writer.existing(command.campaignID)
    try campaign.checkOpen()
    var row = try writer.existing(command.key, of: campaign.id)
    try row.check(etag: command.etag)
    try change(&row, campaign)
    let violations = campaign.content.form.violations(in: answers) { _ in false }
    guard violations.isEmpty else { throw CommandError.campaign(.formViolated(violations)) }
    try writer.update(row)
    return row
  }

  /// Opens what is sealed in a row, for the campaign itself while it is open or for an open case.
  /// - Throws: `campaignUnknown`, `rowUnknown`; `caseNotOpen`.
  public func reveal(
    _ key: String, of id: CampaignID, for inquiry: InquiryCase?, in reader: any CommandReader
  ) throws -> (campaign: Campaign, sealed: [UInt8]?) {
    let campaign = try reader.existing(id)
    if let inquiry {
      try CallerInquiry().check(inquiry, in: reader)
    } else {
      guard campaign.state == .open else { throw CommandError.caseNotOpen }
    }
    _ = try reader.existing(key, of: id)
    return (campaign, try reader.sealedCampaignRow(key, of: id))
  }
}
