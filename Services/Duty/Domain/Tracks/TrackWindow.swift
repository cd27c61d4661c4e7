// 轨迹: of all that a unit reports, its track keeps the few positions between which it went straight
// at an even pace. Decided position by position, with eight numbers to remember for each unit, so that
// ten thousand units cost little more than their newest positions do.
//
// This is the swing filter (Elmeleegy and others, "Online Piece-wise Linear Approximation of Numerical
// Streams with Precision Guarantees", VLDB 2009) in two dimensions, ending its lines at positions that
// were reported. Its error is measured between positions of the same moment, as Meratnia and de By do
// ("Spatiotemporal Compression Techniques for Moving Point Objects", EDBT 2004).
public import Foundation
public import Geography

/// What a track promises of every position that it leaves out.
public enum TrackPromise {
  /// Metres from the line between the points kept, at the moment of the position.
  public static let tolerance: Double = 10
  /// Seconds to the point before and to the point after, at most.
  public static let gap: Double = 300
  /// Metres north and south, and east and west: half of the square within the circle of tolerance,
  /// and 1 % less for the earth's being round.
  static let halfWidth: Double = 7
}

/// The end of a track that is still open: from the last point kept to the newest position.
public struct TrackWindow: Sendable, Hashable {
  /// Metres per second in one direction, with which one passes everything since the start.
  public struct Rates: Sendable, Hashable {
    public var least: Double
    public var most: Double

    /// Faster than anything that moves.
    public static let any = Rates(least: -1e9, most: 1e9)

    public init(least: Double, most: Double) {
      self.least = least
      self.most = most
    }

    /// Those that pass within the tolerance of what lies so many metres away after so many seconds.
    init(passing metres: Double, after seconds: Double) {
      least = (metres - TrackPromise.halfWidth) / seconds
      most = (metres + TrackPromise.halfWidth) / seconds
    }

    func contains(_ rate: Double) -> Bool { least <= rate && rate <= most }

    mutating func narrow(to other: Rates) {
      least = max(least, other.least)
      most = min(most, other.most)
    }
  }

  /// The last point kept.
  public let start: Coordinate
  public let startTime: Date
  public private(set) var north = Rates.any
  public private(set) var east = Rates.any
  /// Positions after the start that were left out; the newest is not counted among them.
  public private(set) var droppedCount = 0

  /// Begins at a position that is kept.
  public init(at position: UnitPosition) {
    start = position.coordinate
    startTime = position.fixTime
  }

  /// As it was stored.
  public init(
    start: Coordinate, startTime: Date, north: Rates, east: Rates, droppedCount: Int
  ) {
    self.start = start
    self.startTime = startTime
    self.north = north
    self.east = east
    self.droppedCount = droppedCount
  }

  /// Whether this position is the point at which it starts.
  public func starts(at position: UnitPosition) -> Bool {
    Self.isSame(startTime, position.fixTime) && start == position.coordinate
  }

  /// Times are kept to the microsecond; half of one absorbs the rounding of equal times.
  static func isSame(_ left: Date, _ right: Date) -> Bool {
    abs(left.timeIntervalSince(right)) < 0.000_000_5
  }
}

// MARK: - Positions that come in order

extension TrackWindow {
  /// What a newer position does to a track.
  public struct Advance: Sendable, Hashable {
    public var window: TrackWindow
    /// The position that was the newest becomes a point, with so many left out before it; nil when it
    /// is one already, or is left out.
    public var keptBefore: Int?
    /// The new position is a point at once.
    public var keepsNew = false
  }

  /// - Parameters:
  ///   - position: at the time of the newest one or later.
  ///   - before: the newest so far; nil for the first of a unit.
  ///   - window: nil for the first, and for a unit that had no track until now.
  public static func advance(
    _ window: TrackWindow?, from before: UnitPosition?, to position: UnitPosition
  ) -> Advance {
    guard let before else {
      return Advance(window: TrackWindow(at: position), keepsNew: true)
    }
    guard let window else {
      return advance(TrackWindow(at: before), from: before, to: position).keeping(0)
    }
    let isPoint = window.starts(at: before)
    // A jump begins anew: whoever reads the track shall see both of its ends.
    guard position.jumps?.isLatest != true else {
      return Advance(
        window: TrackWindow(at: position), keptBefore: isPoint ? nil : window.droppedCount,
        keepsNew: true)
    }
    if isPoint { return window.begun(with: position) }
    if let extended = window.extended(to: position) { return Advance(window: extended) }
    return TrackWindow(at: before).begun(with: position).keeping(window.droppedCount)
  }

  /// The first position after the start.
  private func begun(with position: UnitPosition) -> Advance {
    guard var next = narrowed(to: position) else {
      return Advance(window: TrackWindow(at: position), keepsNew: true)
    }
    next.droppedCount = 0
    return Advance(window: next)
  }

  /// Nil when the line to this position would leave one before it too far aside, or be too long.
  private func extended(to position: UnitPosition) -> TrackWindow? {
    let seconds = position.fixTime.timeIntervalSince(startTime)
    guard seconds <= TrackPromise.gap, let way = rates(to: position), north.contains(way.north),
      east.contains(way.east), var next = narrowed(to: position)
    else { return nil }
    next.droppedCount += 1
    return next
  }

  /// Nil for a position of the same moment.
  private func rates(to position: UnitPosition) -> (north: Double, east: Double)? {
    let seconds = position.fixTime.timeIntervalSince(startTime)
    guard seconds > 0 else { return nil }
    let metres = start.plane(to: position.coordinate)
    return (metres.north / seconds, metres.east / seconds)
  }

  private func narrowed(to position: UnitPosition) -> TrackWindow? {
    let seconds = position.fixTime.timeIntervalSince(startTime)
    guard seconds > 0 else { return nil }
    let metres = start.plane(to: position.coordinate)
    var next = self
    next.north.narrow(to: Rates(passing: metres.north, after: seconds))
    next.east.narrow(to: Rates(passing: metres.east, after: seconds))
    return next
  }
}

extension TrackWindow.Advance {
  fileprivate func keeping(_ count: Int) -> TrackWindow.Advance {
    var kept = self
    kept.keptBefore = count
    return kept
  }
}

// MARK: - Positions that come late

/// Where a position belongs that came after a later one.
public enum LatePlace: Sendable, Hashable {
  /// It is a point already, and was sent again.
  case known
  /// The line passes it closely enough.
  case dropped
  /// It is a point of the line: nothing was left out where it comes in.
  case onLine
  /// It is kept, and the line goes past it: positions that were left out lie along the line.
  case aside
}

/// A point of a line.
public struct TrackEnd: Sendable, Hashable {
  public let coordinate: Coordinate
  public let time: Date
  /// Positions between the point before and this one that were left out.
  public let droppedCount: Int

  public init(coordinate: Coordinate, time: Date, droppedCount: Int) {
    self.coordinate = coordinate
    self.time = time
    self.droppedCount = droppedCount
  }
}

extension TrackWindow {
  /// - Parameters:
  ///   - before: the point of the line at this position's time or before it; nil when there is none.
  ///   - after: the next point.
  public static func place(
    late position: UnitPosition, between before: TrackEnd?, and after: TrackEnd
  ) -> LatePlace {
    guard let before else { return after.droppedCount == 0 ? .onLine : .aside }
    let isSameTime = isSame(before.time, position.fixTime)
    if isSameTime, before.coordinate == position.coordinate { return .known }
    if after.droppedCount == 0, !isSameTime { return .onLine }
    return passes(position, from: before, to: after) ? .dropped : .aside
  }

  /// The same where the line is still open: between its start and the newest position.
  /// - Returns: the window as it is then, too.
  public func place(
    late position: UnitPosition, before newest: UnitPosition
  ) -> (place: LatePlace, window: TrackWindow) {
    let place = Self.place(
      late: position, between: TrackEnd(coordinate: start, time: startTime, droppedCount: 0),
      and: TrackEnd(
        coordinate: newest.coordinate, time: newest.fixTime, droppedCount: droppedCount))
    switch place {
    case .onLine: return (place, TrackWindow(at: position).begun(with: newest).window)
    case .dropped:
      var next = narrowed(to: position) ?? self
      next.droppedCount += 1
      return (place, next)
    case .known, .aside: return (place, self)
    }
  }

  /// Whether the line from one point to the next passes a position closely enough at its moment.
  private static func passes(
    _ position: UnitPosition, from before: TrackEnd, to after: TrackEnd
  ) -> Bool {
    let whole = after.time.timeIntervalSince(before.time)
    let share = whole > 0 ? position.fixTime.timeIntervalSince(before.time) / whole : 0
    let (end, here) = (
      before.coordinate.plane(to: after.coordinate),
      before.coordinate.plane(to: position.coordinate)
    )
    return abs(end.north * share - here.north) <= TrackPromise.halfWidth
      && abs(end.east * share - here.east) <= TrackPromise.halfWidth
  }
}
