// 专班: creating a campaign, taking its rows in, handing its parts out, closing it.
import Forms
public import Foundation
public import Identifiers

/// A row of a file, as the reader of the wire leaves it.
public enum GivenCampaignRow: Sendable, Hashable {
  case row(CampaignRowDraft)
  case fault(number: Int, CampaignRowFault)

  public var number: Int {
    switch self {
    case .row(let draft): draft.number
    case .fault(let number, _): number
    }
  }
}

public struct HandOutParts: Sendable, Hashable {
  public var campaignID: CampaignID
  /// Of the campaign; empty to accept any.
  public var etag: String
  /// Empty for all that were not handed out yet.
  public var orgUnitIDs: [OrgUnitID]
  public var occurTime: Date

  public init(
    campaignID: CampaignID, etag: String, orgUnitIDs: [OrgUnitID], occurTime: Date
  ) {
    self.campaignID = campaignID
    self.etag = etag
    self.orgUnitIDs = orgUnitIDs
    self.occurTime = occurTime
  }
}

public struct CampaignKeeping: Sendable {
  /// Rows of one batch.
  public static let batchLimit = 500

  public init() {}

  /// - Throws: what `CampaignContent.check` throws; `dispatchClassReserved`; `dueTimeOutOfRange`;
  ///   `incidentUnknown`.
  public func create(
    _ content: CampaignContent, by actor: String, in writer: any CommandWriter, now: Date
  ) throws -> Campaign {
    try content.check()
    guard content.directiveClass != .dispatch else { throw CommandError.dispatchClassReserved }
    guard content.dueTime > now, content.dueTime.timeIntervalSince(now) <= CampaignContent.longest
    else { throw CommandError.campaign(.dueTimeOutOfRange) }
    if let id = content.incidentID { _ = try writer.existing(id) as Incident }
    let campaign = Campaign(
      id: writer.mint(CampaignTag.self), content: content, createdBy: actor, createTime: now)
    try writer.insert(campaign)
    writer.record(
      .campaign(.created(campaign)), incident: content.incidentID, occurTime: now)
    return campaign
  }

  /// Takes one batch in. What was dealt with before is passed over, so that a file may be sent again
  /// from its beginning as often as need be.
  /// - Parameter rows: numbers going up.
  /// - Throws: `campaignUnknown`, `closed`, `tooManyRows`.
  public func take(
    _ rows: [GivenCampaignRow], of file: String, into id: CampaignID,
    in writer: any CommandWriter, now: Date
  ) throws -> CampaignImport {
    var campaign = try writer.existing(id)
    try campaign.checkOpen()
    var progress =
      try writer.campaignImport(file, of: id)
      ?? CampaignImport(fileDigest: file, through: 0, stored: 0, known: 0, quarantined: 0)
    let fresh = rows.filter { $0.number > progress.through }
    guard let last = fresh.last?.number else { return progress }
    var known = try writer.campaignRowDigests(
      fresh.compactMap { if case .row(let draft) = $0 { draft.key } else { nil } }, of: id)
    var stored: [CampaignRowDraft] = []
    var aside: [QuarantinedCampaignRow] = []
    let keyField = campaign.content.keyIndex.map { campaign.content.columns[$0].field.code } ?? ""
    for row in fresh {
      switch row {
      case .fault(let number, let fault):
        aside.append(QuarantinedCampaignRow(fileDigest: file, number: number, fault: fault))
      case .row(let draft):
        if let digest = known[draft.key] {
          if digest == draft.digest {
            progress.known += 1
          } else {
            let fault = CampaignRowFault(field: keyField, rule: "KEY_TAKEN")
            aside.append(
              QuarantinedCampaignRow(fileDigest: file, number: draft.number, fault: fault))
          }
        } else {
          known[draft.key] = draft.digest
          stored.append(draft)
        }
      }
    }
    guard campaign.rowCount + stored.count <= Campaign.rowLimit else {
      throw CommandError.campaign(.tooManyRows)
    }
    try writer.insert(stored, first: campaign.rowCount + 1, of: id, now: now)
    try writer.insert(aside, of: id)
    campaign.rowCount += stored.count
    progress.stored += stored.count
    progress.quarantined += aside.count
    progress.through = last
    try writer.update(campaign)
    try writer.save(progress, of: id)
    return progress
  }

  /// The file has come to its end: says so, once for each time that something came of it.
  public func finishImport(
    of file: String, into id: CampaignID, in writer: any CommandWriter, now: Date
  ) throws -> CampaignImport {
    let campaign = try writer.existing(id)
    let progress =
      try writer.campaignImport(file, of: id)
      ?? CampaignImport(fileDigest: file, through: 0, stored: 0, known: 0, quarantined: 0)
    writer.record(
      .campaign(.rowsImported(campaign, progress)), incident: campaign.content.incidentID,
      occurTime: now)
    return progress
  }

  /// Each station gets a directive of its own.
  /// - Throws: `campaignUnknown`, `etagMismatch`, `closed`; `partUnknown`; `nothingToHandOut`;
  ///   `recipientOutsideReach`; what `Directing.issue` throws.
  public func handOut(
    _ command: HandOutParts, in writer: any CommandWriter, now: Date
  ) throws -> [CampaignPart] {
    var campaign = try writer.existing(command.campaignID)
    try campaign.check(etag: command.etag)
    try campaign.checkOpen()
    let parts = try writer.campaignParts(campaign.id).parts
    for id in command.orgUnitIDs where !parts.contains(where: { $0.orgUnitID == id }) {
      throw CommandError.campaign(.partUnknown(id))
    }
    var handedOut: [CampaignPart] = []
    for var part in parts where part.handOutTime == nil {
      guard command.orgUnitIDs.isEmpty || command.orgUnitIDs.contains(part.orgUnitID) else {
        continue
      }
      let recipient = Recipient(kind: .station, id: part.orgUnitID.description)
      guard try writer.reaches(recipient) else {
        throw CommandError.recipientOutsideReach(recipient, field: "org_unit_ids")
      }
      let directive = try Directing().issue(
        .content(campaign.order(for: part, to: recipient)), at: command.occurTime, in: writer,
        now: now)
      part.handOutTime = command.occurTime
      part.directiveID = directive.id
      try writer.save(part, of: campaign.id)
      handedOut.append(part)
    }
    guard !handedOut.isEmpty else { throw CommandError.campaign(.nothingToHandOut) }
    campaign.revision += 1
    try writer.update(campaign)
    for part in handedOut {
      writer.record(
        .campaign(.partHandedOut(campaign, part)), incident: campaign.content.incidentID,
        occurTime: command.occurTime)
    }
    return handedOut
  }

  /// - Throws: `campaignUnknown`, `etagMismatch`, `closed`; `rowsOpen`.
  public func close(
    _ id: CampaignID, etag: String, by actor: String, in writer: any CommandWriter, now: Date
  ) throws -> Campaign {
    var campaign = try writer.existing(id)
    try campaign.check(etag: etag)
    try campaign.checkOpen()
    var (parts, counts) = try writer.campaignParts(id)
    for part in parts { counts.add(part.counts) }
    parts = []
    guard counts.unfinished == 0 else {
      throw CommandError.campaign(.rowsOpen(counts.unfinished))
    }
    campaign.state = .closed
    campaign.closeTime = now
    campaign.closedBy = actor
    campaign.revision += 1
    try writer.update(campaign)
    writer.record(
      .campaign(.closed(campaign, counts)), incident: campaign.content.incidentID, occurTime: now)
    return campaign
  }
}

extension Campaign {
  /// What a station is told when its part is handed out.
  fileprivate func order(for part: CampaignPart, to recipient: Recipient) -> DirectiveContent {
    let day = content.dueTime.formatted(
      Date.ISO8601FormatStyle(timeZone: TimeZone(secondsFromGMT: 28_800) ?? .gmt)
        .year().month().day())
    return DirectiveContent(
      directiveClass: content.directiveClass, incidentID: nil,
      title: String("专班：\(content.name)".unicodeScalars.prefix(120)),
      text: "\(content.name)：贵单位 \(part.counts.total) 条，请于 \(day) 前核查完毕。依据：\(content.basis)。"
        + "\(part.counts.total) rows are yours to check by \(day). Campaign \(id).",
      recipients: [recipient])
  }
}
