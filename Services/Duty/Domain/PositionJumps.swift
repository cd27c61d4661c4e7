// A receiver that sees too few satellites, or a clock that is wrong, puts a car into the sea. Such a
// position is kept like any other, for it may be the one before that was wrong; but it is marked, so
// that nobody sends a unit by it without a second look.
import Foundation
import Geography

/// What a unit's positions were that it can hardly have moved to.
public struct PositionJumps: Codable, Sendable, Hashable {
  /// Whether the newest is one of them.
  public let isLatest: Bool
  /// How many there were, of all that were kept.
  public let count: Int

  public init(isLatest: Bool, count: Int) {
    self.isLatest = isLatest
    self.count = count
  }
}

extension UnitKind {
  /// Metres per second that nobody of this kind exceeds, not even on the motorway at night.
  public var topSpeed: Double {
    switch self {
    case .foot: 12
    case .boat: 30
    case .drone: 40
    case .car, .motorcycle, .volunteer, .partner, .securityGuard, .commandCar, .group: 70
    case .helicopter: 100
    }
  }
}

extension UnitPosition {
  /// Metres by which two positions of a unit at rest may lie apart, between tall houses.
  static let scatter: Double = 150

  /// This position, and what it says of the unit's movement.
  /// - Parameter before: the position that it replaces; nil for the first.
  public func following(_ before: UnitPosition?, of kind: UnitKind) -> UnitPosition {
    guard let before else { return self }
    let seconds = max(0, fixTime.timeIntervalSince(before.fixTime))
    let metres = before.coordinate.distance(to: coordinate)
    let isJump = metres > Self.scatter + kind.topSpeed * seconds
    var position = self
    let count = before.jumps?.count ?? 0
    position.jumps =
      isJump || count > 0 ? PositionJumps(isLatest: isJump, count: count + (isJump ? 1 : 0)) : nil
    return position
  }
}
