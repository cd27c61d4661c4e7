// What a live map asks of the roster: everything, and then only what changed.

/// A unit as a map draws it.
public struct BoardUnit: Sendable, Hashable {
  /// From 1; the same for as long as this roster stands in memory.
  public let number: Int
  public let view: UnitView
  /// Nothing else changed since the version asked about.
  public let hasOnlyMoved: Bool

  public init(number: Int, view: UnitView, hasOnlyMoved: Bool) {
    self.number = number
    self.view = view
    self.hasOnlyMoved = hasOnlyMoved
  }
}

extension Roster {
  /// Units of which anything changed after this version of the roster, in the order of their numbers; all
  /// of them after 0.
  public func boardUnits(changedAfter version: Int) -> [BoardUnit] {
    var found: [BoardUnit] = []
    forEachMember { index, member in
      guard max(member.changed, member.moved) > version else { return }
      found.append(
        BoardUnit(
          number: index + 1, view: member.view, hasOnlyMoved: member.changed <= version))
    }
    return found
  }
}
