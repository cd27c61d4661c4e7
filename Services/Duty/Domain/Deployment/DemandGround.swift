// The ground that a post answers for, and what was reported from it.
public import Foundation
public import Geography
public import Identifiers

/// What was found on a ground.
public struct GroundDemand: Sendable {
  /// Oldest first, at most `DemandGround.callLimit`.
  public let calls: [DemandCall]
  /// What does not count, as far as it is told.
  public let leftOut: [DemandRecord]
  public let basis: DemandBasis
}

/// The areas of an organisation, or a circle around their middle.
public struct DemandGround: Sendable {
  /// Calls that a plan rests on: the newest.
  public static let callLimit = 3000
  /// Rows that are looked at, of those that count and of the others.
  static let rowLimit = 50_000
  private static let metresPerDegree = 111_195.0

  public let orgUnit: OrgUnit
  /// All areas of the partition.
  public let areas: [Jurisdiction]
  private let own: [Polygon]
  public let middle: Coordinate
  /// Metres; nil for the areas themselves.
  public let radius: Double?

  /// - Throws: `DutyError.orgUnitUnknown`; `DeploymentError.orgUnitOutsideReach`, `.areaMissing`.
  public init(of id: OrgUnitID, radius: Double?, in reader: any DutyReader) throws {
    guard let orgUnit = try reader.orgUnit(id) else {
      throw DutyError.orgUnitUnknown(id, field: "org_unit_id")
    }
    guard reader.reaches(id) else { throw DeploymentError.orgUnitOutsideReach }
    let areas = try reader.standingJurisdictions()
    let own = areas.filter { $0.orgUnit.id == id }.sorted(by: Jurisdiction.comesFirst)
    // The largest is the ground; key places lie within it.
    guard let widest = own.max(by: { $0.area.areaSquareMetres < $1.area.areaSquareMetres }) else {
      throw DeploymentError.areaMissing(id)
    }
    self.orgUnit = orgUnit
    self.areas = areas
    self.own = own.map(\.area)
    self.middle = widest.area.centroid
    self.radius = radius
  }

  func contains(_ point: Coordinate) -> Bool {
    if let radius { return middle.distance(to: point) <= radius }
    return own.contains { $0.contains(point) }
  }

  private var bounds: DemandBounds {
    if let radius {
      let north = radius / Self.metresPerDegree * 1.01
      let east = north / max(0.01, cos(middle.latitude * .pi / 180))
      return DemandBounds(
        south: middle.latitude - north, west: middle.longitude - east,
        north: middle.latitude + north, east: middle.longitude + east)
    }
    let all = own.map(\.bounds)
    return DemandBounds(
      south: all.map(\.south).min() ?? 0, west: all.map(\.west).min() ?? 0,
      north: all.map(\.north).max() ?? 0, east: all.map(\.east).max() ?? 0)
  }

  /// Of whole days, the last of which ended before `time`.
  public func demand(
    days: Int, before time: Date, in reader: any DutyReader
  ) throws -> GroundDemand {
    let today = RosterDay(of: time)
    return try demand(from: today.adding(-days).start, until: today.start, in: reader)
  }

  public func demand(
    from: Date, until: Date, in reader: any DutyReader
  ) throws -> GroundDemand {
    func records(_ counted: Bool) throws -> [DemandRecord] {
      try reader.demand(
        DemandQuery(
          from: from, until: until, bounds: bounds, counted: counted, limit: Self.rowLimit)
      ).filter { contains($0.point) }
    }
    let counted = try records(true)
    let leftOut = try records(false)
    let calls = counted.prefix(Self.callLimit).reversed().compactMap { record in
      DemandCall(record, target: target(at: record.point))
    }
    return GroundDemand(
      calls: calls, leftOut: leftOut,
      basis: DemandBasis(
        from: from, until: until, counted: calls.count, leftOut: DemandLeftOut.counted(leftOut),
        beyondLimit: counted.count - calls.count, radius: radius))
  }

  private func target(at point: Coordinate) -> Double {
    let areaClass = areas.lazy.filter { $0.area.contains(point) }.map(\.areaClass).min()
    return (areaClass ?? .other).drivingSeconds
  }
}

/// Calls at one place, by hour of the day.
public struct DemandPlace: Sendable, Hashable {
  public let point: Coordinate
  /// Citizens' calls that count: 24 numbers.
  public fileprivate(set) var citizens = [Int](repeating: 0, count: 24)
  /// What officers found themselves, apart.
  public fileprivate(set) var discovered = [Int](repeating: 0, count: 24)

  fileprivate var count: Int { citizens.reduce(0, +) + discovered.reduce(0, +) }
}

extension GroundDemand {
  /// Most calls first, then from south to north.
  public var places: [DemandPlace] {
    var places: [Coordinate: DemandPlace] = [:]
    func hour(_ time: Date) -> Int {
      Int(time.timeIntervalSince(RosterDay(of: time).start) / 3600) % 24
    }
    for call in calls {
      places[call.point, default: DemandPlace(point: call.point)].citizens[hour(call.time)] += 1
    }
    for record in leftOut where record.exclusion == .officerDiscovered {
      places[record.point, default: DemandPlace(point: record.point)]
        .discovered[hour(record.receiveTime)] += 1
    }
    return places.values.sorted {
      ($1.count, $0.point.latitude, $0.point.longitude)
        < ($0.count, $1.point.latitude, $1.point.longitude)
    }
  }
}
