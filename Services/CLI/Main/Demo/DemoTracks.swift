// Where every unit is at every moment: on its round, on the way, at a scene, or on the way back.

import DemoBureau
import Foundation
import Geography
import QuintetAPI
import SwiftProtobuf
import Wire

struct DemoTracks {
  private enum Leg {
    case round
    /// To a scene, where it then stays.
    case out(from: Coordinate, to: Coordinate, start: Double, end: Double)
    /// Back into its round.
    case back(from: Coordinate, start: Double, end: Double)
  }

  private let units: [PatrolUnit]
  private let ids: [String]
  private let midnight: Date
  private var legs: [Leg]
  /// When each last reported, in seconds of the day.
  private var fixes: [Double]

  /// Fixes as old as this are renewed by the next tick: duty takes none older than ten minutes.
  static let fixSeconds: Double = 600
  /// Those this near to a call report before units are chosen for it, in metres.
  private static let nearMetres: Double = 2_500

  init(units: [PatrolUnit], ids: [String], midnight: Date) {
    self.units = units
    self.ids = ids
    self.midnight = midnight
    legs = units.map { _ in .round }
    fixes = units.map { _ in -.infinity }
  }

  func position(of unit: Int, at second: Double) -> Coordinate {
    switch legs[unit] {
    case .round: units[unit].position(at: second)
    case .out(let from, let to, let start, let end):
      from.towards(to, share: (second - start) / max(end - start, 1))
    case .back(let from, let start, let end):
      from.towards(
        units[unit].position(at: second), share: (second - start) / max(end - start, 1))
    }
  }

  /// - Returns: when it will be there.
  mutating func depart(_ unit: Int, to scene: Coordinate, at second: Double, slowness: Double)
    -> Double
  {
    let from = position(of: unit, at: second)
    let travel = max(8, units[unit].travelSeconds(from: from, to: scene) * slowness)
    legs[unit] = .out(from: from, to: scene, start: second, end: second + travel)
    return second + travel
  }

  mutating func release(_ unit: Int, at second: Double) {
    let from = position(of: unit, at: second)
    let home = units[unit].position(at: second)
    legs[unit] = .back(
      from: from, start: second,
      end: second + max(1, units[unit].travelSeconds(from: from, to: home)))
  }

  /// Fixes of those whose last one is old.
  mutating func dueFixes(at second: Double) -> [Quintet_Duty_V1_ReportPositionsRequest] {
    units.indices.filter { second - fixes[$0] >= Self.fixSeconds }.map { fix(of: $0, at: second) }
  }

  /// Fixes of those near a point.
  mutating func fixes(near point: Coordinate, at second: Double)
    -> [Quintet_Duty_V1_ReportPositionsRequest]
  {
    units.indices.filter { unit in
      fixes[unit] < second && position(of: unit, at: second).distance(to: point) < Self.nearMetres
    }.map { fix(of: $0, at: second) }
  }

  private mutating func fix(of unit: Int, at second: Double)
    -> Quintet_Duty_V1_ReportPositionsRequest
  {
    fixes[unit] = second
    let isMoving: Bool
    switch legs[unit] {
    case .round: isMoving = false
    case .out(_, _, _, let end), .back(_, _, let end): isMoving = second < end
    }
    return .with {
      $0.unitID = ids[unit]
      $0.position.point = Quintet_Type_V1_GeoPoint(position(of: unit, at: second))
      $0.position.fixTime = midnight.addingTimeInterval(second).timestamp
      $0.position.speedMps = isMoving ? units[unit].kind.speed : 1
    }
  }
}

extension Coordinate {
  /// On the straight way to another point; the ends for shares below 0 and above 1.
  func towards(_ other: Coordinate, share: Double) -> Coordinate {
    if share >= 1 { return other }
    if share <= 0 { return self }
    let point = try? Coordinate(
      latitude: latitude + (other.latitude - latitude) * share,
      longitude: longitude + (other.longitude - longitude) * share)
    // Between two points of one county: in range.
    return point ?? self
  }
}
