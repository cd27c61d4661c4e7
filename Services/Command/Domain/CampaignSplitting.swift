// 拆分: which station a row belongs to. Decided from the row and from what duty said of stations, in
// steps that hold up nobody else's work.
import Foundation
public import Geography
public import Identifiers

/// A station as duty knows it.
public struct KnownStation: Sendable, Hashable {
  public let id: OrgUnitID
  public let name: String
  public let areas: [Polygon]

  public init(id: OrgUnitID, name: String, areas: [Polygon]) {
    self.id = id
    self.name = name
    self.areas = areas
  }
}

public struct SplitWord: Sendable, Hashable {
  public let text: String
  public let orgUnitID: OrgUnitID

  public init(text: String, orgUnitID: OrgUnitID) {
    self.text = text
    self.orgUnitID = orgUnitID
  }
}

public enum SplitMethod: Sendable, Hashable {
  case area
  case column([SplitWord])
  case address([SplitWord])
  case evenly([OrgUnitID])
}

/// One step's outcome.
public struct SplitStep: Sendable, Hashable, Codable {
  public let assigned: Int
  public let unassigned: Int
  /// The last row that was looked at; nil when there are no more.
  public let next: Int?
}

public struct CampaignSplitting: Sendable {
  /// Rows of one step.
  public static let stepLimit = 1_000

  private let method: SplitMethod
  private let stations: [KnownStation]
  private let names: [OrgUnitID: String]
  private let byWord: [String: OrgUnitID]

  /// - Parameter stations: all of them, as duty says.
  public init(_ method: SplitMethod, among stations: [KnownStation]) {
    self.method = method
    self.stations = stations
    names = Dictionary(stations.map { ($0.id, $0.name) }, uniquingKeysWith: { first, _ in first })
    var byWord: [String: OrgUnitID] = [:]
    for station in stations {
      byWord[station.name] = station.id
      byWord[station.id.description] = station.id
    }
    if case .column(let words) = method {
      for word in words { byWord[word.text] = word.orgUnitID }
    }
    self.byWord = byWord
  }

  /// Splits the next rows that belong to no part.
  /// - Parameter after: the last row of the step before; 0 for the first.
  /// - Throws: `campaignUnknown`, `closed`, `columnMissing`.
  public func step(
    _ id: CampaignID, after: Int, in writer: any CommandWriter
  ) throws -> SplitStep {
    let campaign = try writer.existing(id)
    try campaign.checkOpen()
    try checkColumns(of: campaign.content)
    let rows = try writer.unassignedRows(of: id, after: after, limit: Self.stepLimit)
    let parts = try writer.campaignParts(id).parts
    var loads = Dictionary(
      parts.map { ($0.orgUnitID, $0.counts.total) }, uniquingKeysWith: { first, _ in first })
    var found: [OrgUnitID: [Int]] = [:]
    var unassigned = 0
    for row in rows {
      guard let orgUnit = orgUnit(of: row, in: campaign.content, loads: loads) else {
        unassigned += 1
        continue
      }
      loads[orgUnit, default: 0] += 1
      found[orgUnit, default: []].append(row.position)
    }
    for (orgUnit, positions) in found.sorted(by: { $0.key.description < $1.key.description }) {
      if !parts.contains(where: { $0.orgUnitID == orgUnit }) {
        try writer.save(
          CampaignPart(orgUnitID: orgUnit, orgUnitName: names[orgUnit] ?? ""), of: id)
      }
      try writer.assign(positions, of: id, to: orgUnit)
    }
    return SplitStep(
      assigned: rows.count - unassigned, unassigned: unassigned,
      next: rows.count == Self.stepLimit ? rows.last?.position : nil)
  }

  private func checkColumns(of content: CampaignContent) throws {
    let needed: CampaignColumnUse? =
      switch method {
      case .area: .latitude
      case .column: .orgUnit
      case .address: .address
      case .evenly: nil
      }
    guard let needed, content.index(of: needed) == nil else { return }
    throw CommandError.campaign(.columnMissing(field: "method"))
  }

  private func orgUnit(
    of row: UnassignedRow, in content: CampaignContent, loads: [OrgUnitID: Int]
  ) -> OrgUnitID? {
    switch method {
    case .area:
      guard let point = row.point else { return nil }
      return stations.first { $0.areas.contains { $0.contains(point) } }?.id
    case .column:
      guard let index = content.index(of: .orgUnit), row.values.indices.contains(index) else {
        return nil
      }
      return byWord[row.values[index]]
    case .address(let words):
      guard let index = content.index(of: .address), row.values.indices.contains(index) else {
        return nil
      }
      return words.first { row.values[index].contains($0.text) }?.orgUnitID
    case .evenly(let orgUnits):
      return orgUnits.enumerated().min {
        (loads[$0.element] ?? 0, $0.offset) < (loads[$1.element] ?? 0, $1.offset)
      }?.element
    }
  }
}
