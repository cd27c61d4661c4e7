// How fast roads are driven, and how fast those move who use none: data, so that a bureau can put in
// what it has measured.

/// Metres per second by class of road, and for what is no road.
public struct TravelSpeeds: Sendable, Hashable, Codable {
  /// By the value of OpenStreetMap's `highway` key; `other` for a class without one; `access` between
  /// a point and the road; `foot`, `drone`, `helicopter` and `boat` for those who take no road.
  public let metresPerSecond: [String: Double]

  /// - Parameter changes: in place of the usual ones.
  public init(changes: [String: Double] = [:]) {
    metresPerSecond = Self.usual.merging(changes) { $1 }
  }

  /// In kilometres per hour, as one drives in a city by day; a limit that a road has goes before.
  private static let usual: [String: Double] = [
    "motorway": 80, "motorway_link": 45, "trunk": 60, "trunk_link": 40, "primary": 50,
    "primary_link": 35, "secondary": 45, "secondary_link": 35, "tertiary": 40,
    "tertiary_link": 30, "residential": 30, "unclassified": 30, "living_street": 15,
    "service": 20, "other": 25, "access": 15, "foot": 6, "drone": 50, "helicopter": 180,
    "boat": 30,
  ].mapValues { $0 / 3.6 }

  /// Metres per second of a class, `other`'s where it has none.
  public func speed(_ name: String) -> Double {
    metresPerSecond[name] ?? metresPerSecond["other"] ?? 5
  }

  /// Of somebody who takes no road; nil for those who drive.
  func direct(_ kind: UnitKind) -> Double? {
    switch kind {
    case .foot, .securityGuard: speed("foot")
    case .drone: speed("drone")
    case .helicopter: speed("helicopter")
    case .boat: speed("boat")
    case .car, .motorcycle, .volunteer, .partner, .commandCar, .group: nil
    }
  }
}
