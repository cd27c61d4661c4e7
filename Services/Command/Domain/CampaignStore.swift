// What campaigns need of a store, and what command tells of them.
public import Foundation
public import Geography
public import Identifiers

/// Which rows to list; empty for all.
public struct CampaignRowFilter: Sendable, Hashable {
  public var orgUnitID: OrgUnitID?
  public var states: Set<CampaignRowState>
  public var key: String

  public init(
    orgUnitID: OrgUnitID? = nil, states: Set<CampaignRowState> = [], key: String = ""
  ) {
    self.orgUnitID = orgUnitID
    self.states = states
    self.key = key
  }
}

/// A row that was read and sealed, on its way into the store.
public struct CampaignRowDraft: Sendable, Hashable {
  public let number: Int
  public let key: String
  /// Keyed hash of the whole row: equal rows are known as equal, nobody finds the row.
  public let digest: String
  /// In the order of the columns, what is personal masked.
  public let values: [String]
  /// What is personal, whole; nil when there is none.
  public let sealed: [UInt8]?
  public let point: Coordinate?

  public init(
    number: Int, key: String, digest: String, values: [String], sealed: [UInt8]?,
    point: Coordinate?
  ) {
    self.number = number
    self.key = key
    self.digest = digest
    self.values = values
    self.sealed = sealed
    self.point = point
  }
}

/// A row of a file that was not taken.
public struct QuarantinedCampaignRow: Sendable, Hashable {
  public let fileDigest: String
  public let number: Int
  public let fault: CampaignRowFault

  public init(fileDigest: String, number: Int, fault: CampaignRowFault) {
    self.fileDigest = fileDigest
    self.number = number
    self.fault = fault
  }
}

/// How far the taking in of one file is.
public struct CampaignImport: Sendable, Hashable, Codable {
  public let fileDigest: String
  /// All rows up to this number have been dealt with.
  public internal(set) var through: Int
  public internal(set) var stored: Int
  public internal(set) var known: Int
  public internal(set) var quarantined: Int

  public init(fileDigest: String, through: Int, stored: Int, known: Int, quarantined: Int) {
    self.fileDigest = fileDigest
    self.through = through
    self.stored = stored
    self.known = known
    self.quarantined = quarantined
  }
}

/// What a splitter looks at.
public struct UnassignedRow: Sendable, Hashable {
  public let position: Int
  public let values: [String]
  public let point: Coordinate?

  public init(position: Int, values: [String], point: Coordinate?) {
    self.position = position
    self.values = values
    self.point = point
  }
}

/// Everything is cut to what the caller may see: a campaign with no row of the caller's is as if it
/// were not there.
public protocol CampaignReading {
  func campaign(_ id: CampaignID) throws -> Campaign?
  /// Newest first, from below `before`.
  func campaigns(before: CampaignID?, limit: Int) throws -> [Campaign]
  /// With their counts, in the order of their organisations' ids; `unassigned` belong to none.
  func campaignParts(
    _ id: CampaignID
  ) throws -> (parts: [CampaignPart], unassigned: CampaignCounts)
  func campaignRow(_ key: String, of campaign: CampaignID) throws -> CampaignRow?
  /// In the order of their positions, from above `after`.
  func campaignRows(
    _ filter: CampaignRowFilter, of campaign: CampaignID, after: Int, limit: Int
  ) throws -> [CampaignRow]
  func sealedCampaignRow(_ key: String, of campaign: CampaignID) throws -> [UInt8]?
  /// Not cut: for those who split. From above `after`.
  func unassignedRows(of campaign: CampaignID, after: Int, limit: Int) throws -> [UnassignedRow]
  /// Digests of those of these keys that are there. Not cut.
  func campaignRowDigests(_ keys: [String], of campaign: CampaignID) throws -> [String: String]
  func campaignImport(_ digest: String, of campaign: CampaignID) throws -> CampaignImport?
  /// In the order of files and numbers, from behind `after`.
  func quarantinedRows(
    of campaign: CampaignID, after: (digest: String, number: Int)?, limit: Int
  ) throws -> [QuarantinedCampaignRow]
}

public protocol CampaignWriting: CampaignReading {
  func insert(_ campaign: Campaign) throws
  func update(_ campaign: Campaign) throws
  /// - Parameter first: position of the first of them.
  func insert(_ rows: [CampaignRowDraft], first: Int, of campaign: CampaignID, now: Date) throws
  func save(_ progress: CampaignImport, of campaign: CampaignID) throws
  func insert(_ rows: [QuarantinedCampaignRow], of campaign: CampaignID) throws
  func assign(_ positions: [Int], of campaign: CampaignID, to orgUnit: OrgUnitID) throws
  /// Adds or replaces, without its counts.
  func save(_ part: CampaignPart, of campaign: CampaignID) throws
  /// With checks that are new.
  func update(_ row: CampaignRow) throws
}

extension CampaignReading {
  /// - Throws: `campaignUnknown`.
  public func existing(_ id: CampaignID) throws -> Campaign {
    guard let campaign = try campaign(id) else {
      throw CommandError.campaign(.campaignUnknown(id))
    }
    return campaign
  }

  /// - Throws: `rowUnknown`.
  public func existing(_ key: String, of campaign: CampaignID) throws -> CampaignRow {
    guard let row = try campaignRow(key, of: campaign) else {
      throw CommandError.campaign(.rowUnknown(key))
    }
    return row
  }
}

/// What command tells of campaigns: one case for each payload of campaign_events.proto. Single rows
/// are told to nobody: they are in the audit log.
public enum CampaignFact: Sendable, Hashable {
  case created(Campaign)
  case rowsImported(Campaign, CampaignImport)
  case partHandedOut(Campaign, CampaignPart)
  case closed(Campaign, CampaignCounts)

  var campaign: Campaign {
    switch self {
    case .created(let campaign), .rowsImported(let campaign, _), .partHandedOut(let campaign, _),
      .closed(let campaign, _):
      campaign
    }
  }

  /// Id of the thing that changed.
  public var subject: String { campaign.id.description }
}
