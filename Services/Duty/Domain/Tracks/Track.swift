// 轨迹 as it is asked for: for a purpose and a case, which the store can check.
public import Foundation
public import Identifiers

/// One point of a track.
public struct TrackPoint: Sendable, Hashable {
  public let position: UnitPosition
  /// It came late, and lies beside the line.
  public let isAside: Bool
  /// Positions between the point before and this one that were left out.
  public let droppedCount: Int
  /// It is the unit's newest position, and may be left out later.
  public let isNewest: Bool
  /// Orders points of the same moment.
  public let sequence: Int64

  public init(
    position: UnitPosition, isAside: Bool, droppedCount: Int, isNewest: Bool, sequence: Int64
  ) {
    self.position = position
    self.isAside = isAside
    self.droppedCount = droppedCount
    self.isNewest = isNewest
    self.sequence = sequence
  }

  public var key: TrackKey { TrackKey(time: position.fixTime, sequence: sequence) }
}

/// Where a page of a track ended.
public struct TrackKey: Sendable, Hashable {
  public let time: Date
  public let sequence: Int64

  public init(time: Date, sequence: Int64) {
    self.time = time
    self.sequence = sequence
  }
}

/// Which part of a track is asked for, and what for.
public struct TrackInquiry: Sendable, Hashable {
  /// Seconds between the first and the last moment, at most.
  public static let longest: Double = 86_400

  /// An id or a call sign.
  public let unit: String
  public let incidentID: IncidentID
  /// Somebody is to be found: any open incident is reason enough.
  public let isRescue: Bool
  public let from: Date
  public let to: Date

  public init(unit: String, incidentID: IncidentID, isRescue: Bool, from: Date, to: Date) {
    self.unit = unit
    self.incidentID = incidentID
    self.isRescue = isRescue
    self.from = from
    self.to = to
  }

  /// - Returns: the unit, and its points, oldest first.
  /// - Throws: `DutyError.unitUnknown`, `.unitIsGroup`, `.caseNotOfUnit`, `.caseNotOpen`.
  public func answer(
    after key: TrackKey?, limit: Int, in reader: any DutyReader
  ) throws -> (unit: UnitID, points: [TrackPoint]) {
    let unit = try reader.named(unit).unit
    guard unit.kind != .group else { throw DutyError.unitIsGroup(unit.id) }
    if isRescue {
      guard try reader.isOpen(incidentID) else { throw DutyError.caseNotOpen }
    } else {
      guard try reader.wasSent(unit.id, to: incidentID) else { throw DutyError.caseNotOfUnit }
    }
    return (
      unit.id, try reader.track(of: unit.id, from: from, to: to, after: key, limit: limit)
    )
  }
}

extension DutyReader {
  /// A unit by its id or its call sign.
  /// - Throws: `DutyError.unitUnknown`.
  public func named(_ name: String) throws -> UnitView {
    if let id = UnitID(name), let view = try unit(id) { return view }
    guard let view = try unit(callSign: name) else { throw DutyError.unitUnknown(name) }
    return view
  }
}
