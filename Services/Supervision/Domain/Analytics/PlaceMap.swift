// Which station an incident lies in, and which station a unit belongs to, as duty says it now.
public import Geography
public import Identifiers

/// Organisations, areas and units of the bureau.
public struct PlaceMap: Sendable {
  /// Where a point lies.
  public struct Lying: Sendable, Hashable {
    /// Whose smallest area holds it.
    public let holder: OrgUnitID?
    /// The station or post above, or `holder` itself where there is none.
    public let station: OrgUnitID?
    public let areaClass: AreaClass
  }

  public let orgUnits: [OrgUnitID: OrgUnitActivity]
  public let units: [UnitID: UnitActivity]
  private let areas: [Area]
  private let holders: [JurisdictionID: OrgUnitID]

  public init(
    orgUnits: [OrgUnitActivity], units: [UnitActivity], areas: [Area],
    holders: [JurisdictionID: OrgUnitID]
  ) {
    self.orgUnits = Dictionary(orgUnits.map { ($0.id, $0) }) { $1 }
    self.units = Dictionary(units.map { ($0.id, $0) }) { $1 }
    // Smallest first, as `AreaClass(of:among:)` decides; ids only where all else is equal.
    self.areas = areas.map { ($0, $0.polygon.areaSquareMetres) }.sorted { left, right in
      guard left.1 == right.1 else { return left.1 < right.1 }
      let strictness = (left.0.areaClass.strictness, right.0.areaClass.strictness)
      guard strictness.0 == strictness.1 else { return strictness.0 < strictness.1 }
      return left.0.id.stablePart < right.0.id.stablePart
    }.map(\.0)
    self.holders = holders
  }

  /// Nil for a point that is not known, or in no area.
  public func lying(_ point: Coordinate?) -> Lying? {
    guard let point,
      let area = areas.first(where: {
        $0.polygon.contains(point)
      })
    else { return nil }
    let holder = holders[area.id]
    return Lying(
      holder: holder, station: holder.flatMap { station(of: $0) ?? $0 },
      areaClass: area.areaClass)
  }

  /// The station or post that an organisation is, or is below of.
  public func station(of orgUnit: OrgUnitID?) -> OrgUnitID? {
    var next = orgUnit
    // Ranks fall from parent to child: four steps are the most, and a ring of parents ends here too.
    for _ in 0..<8 {
      guard let id = next, let known = orgUnits[id] else { return nil }
      if known.rank == .station { return id }
      next = known.parent
    }
    return nil
  }

  public func station(of unit: UnitID) -> OrgUnitID? { station(of: units[unit]?.orgUnit) }

  /// To whose station a recipient belongs.
  public func station(ofRecipient kind: Recipient.Kind, _ id: String) -> OrgUnitID? {
    switch kind {
    case .station, .beat: OrgUnitID(id).flatMap { station(of: $0) }
    case .unit: UnitID(id).flatMap { station(of: $0) }
    case .seat: nil
    }
  }

  /// For the order of figures, and to be shown; empty for none.
  public func code(of orgUnit: OrgUnitID?) -> String {
    orgUnit.flatMap { orgUnits[$0]?.code } ?? ""
  }
  public func name(of orgUnit: OrgUnitID?) -> String {
    orgUnit.flatMap { orgUnits[$0]?.name } ?? ""
  }
}
