// Who answers for a point, from the areas and the organisation that duty told of.

import Foundation
public import Geography
public import Identifiers

/// Ranks of the organisation, from the top. Raw values are stored; never rename one.
public enum OrgRank: String, Sendable, Codable, CaseIterable {
  case city, county, station, beat
}

/// One organisation, as far as assessments need it.
public struct OrgUnit: Sendable, Hashable {
  public var id: OrgUnitID
  public var name: String
  public var rank: OrgRank
  public var parent: OrgUnitID?

  public init(id: OrgUnitID, name: String, rank: OrgRank, parent: OrgUnitID?) {
    self.id = id
    self.name = name
    self.rank = rank
    self.parent = parent
  }
}

/// An area that an organisation answers for.
public struct Jurisdiction: Sendable, Hashable {
  public var id: JurisdictionID
  public var orgUnit: OrgUnit
  public var area: Polygon

  public init(id: JurisdictionID, orgUnit: OrgUnit, area: Polygon) {
    self.id = id
    self.orgUnit = orgUnit
    self.area = area
  }

  /// The finding for a point; nil when no area holds it.
  ///
  /// Where areas of one rank overlap, the smallest answers. A beat's station is the one above it
  /// in the organisation; only without a beat, or where that is unknown, the map decides.
  ///
  /// - Parameter parent: looks an organisation up.
  public static func finding(
    at point: Coordinate, among candidates: [Jurisdiction],
    parent: (OrgUnitID) throws -> OrgUnit?
  ) rethrows -> JurisdictionFinding? {
    let holding = candidates.filter { $0.area.contains(point) }
    guard !holding.isEmpty else { return nil }
    let beat = smallest(holding, .beat)
    let above = try beat?.parent.flatMap(parent)
    let station = above?.rank == .station ? above : smallest(holding, .station)
    return JurisdictionFinding(
      station: station.map { .init(id: $0.id, name: $0.name) },
      beat: beat.map { .init(id: $0.id, name: $0.name) })
  }

  private static func smallest(_ areas: [Jurisdiction], _ rank: OrgRank) -> OrgUnit? {
    let ranked = areas.filter { $0.orgUnit.rank == rank }
    // Nearly always one: then no area need be computed.
    guard ranked.count > 1 else { return ranked.first?.orgUnit }
    return ranked.min { left, right in
      (left.area.areaSquareMetres, left.id.stablePart)
        < (right.area.areaSquareMetres, right.id.stablePart)
    }?.orgUnit
  }
}
