// Units as a live map is told of them: in full once, then in columns of short numbers. A thousand moves a
// second are by estimate some 25 KB so; as units with all their fields they would be ten times that.
import DutyDomain
import Foundation
import Geography
import Identifiers
import QuintetAPI
import SwiftProtobuf
import Wire

/// Seconds since 1970.
struct BoardTime: Sendable, Hashable {
  let seconds: UInt32

  init(_ date: Date) {
    seconds = UInt32(clamping: Int(date.timeIntervalSince1970.rounded(.down)))
  }
}

/// What is told at one moment, in messages of limited size.
struct UnitPage: Sendable {
  static let unitLimit = 500
  static let moveLimit = 5_000

  private let asOf: BoardTime
  private var marks: [Quintet_Duty_V1_UnitMark] = []
  private var moved: [BoardUnit] = []
  private var removed: [UInt32] = []

  init(asOf: BoardTime) { self.asOf = asOf }

  mutating func add(_ unit: BoardUnit) { marks.append(Quintet_Duty_V1_UnitMark(unit)) }

  mutating func move(_ unit: BoardUnit) {
    // A position that is gone is no move.
    if unit.view.position == nil { add(unit) } else { moved.append(unit) }
  }

  mutating func remove(_ number: Int) { removed.append(UInt32(clamping: number)) }

  /// None when there is nothing to tell.
  var messages: [Quintet_Duty_V1_WatchUnitsResponse] {
    var messages: [Quintet_Duty_V1_WatchUnitsResponse] = []
    for start in stride(from: 0, to: marks.count, by: Self.unitLimit) {
      messages.append(
        .with { $0.units = Array(marks[start..<min(start + Self.unitLimit, marks.count)]) })
    }
    for start in stride(from: 0, to: moved.count, by: Self.moveLimit) {
      let some = moved[start..<min(start + Self.moveLimit, moved.count)]
      messages.append(.with { $0.moves = moves(some) })
    }
    if !removed.isEmpty {
      if messages.isEmpty { messages.append(.init()) }
      messages[messages.count - 1].removed = removed
    }
    for index in messages.indices { messages[index].asOf = asOf.seconds }
    return messages
  }

  /// One message at least, marked as a snapshot.
  var snapshot: [Quintet_Duty_V1_WatchUnitsResponse] {
    var messages = self.messages
    if messages.isEmpty { messages.append(.with { $0.asOf = asOf.seconds }) }
    for index in messages.indices { messages[index].isSnapshot = true }
    messages[messages.count - 1].isSnapshotEnd = true
    return messages
  }

  private func moves(_ units: ArraySlice<BoardUnit>) -> Quintet_Duty_V1_UnitMoves {
    var moves = Quintet_Duty_V1_UnitMoves()
    for unit in units {
      guard let position = unit.view.position else { continue }
      let place = BoardPlace(position)
      let number = UInt32(clamping: unit.number)
      moves.n.append(number)
      moves.lat.append(place.latitude)
      moves.lon.append(place.longitude)
      moves.heading.append(place.heading)
      moves.age.append(Int32(clamping: Int64(asOf.seconds) - Int64(place.fix)))
      if place.isImplausible { moves.implausible.append(number) }
    }
    return moves
  }
}

/// A position in whole numbers.
private struct BoardPlace {
  let latitude: Int32
  let longitude: Int32
  let heading: Int32
  let fix: UInt32
  let isImplausible: Bool

  init(_ position: UnitPosition) {
    latitude = Int32((position.coordinate.latitude * 100_000).rounded())
    longitude = Int32((position.coordinate.longitude * 100_000).rounded())
    // Whoever stands still has no direction, whatever the receiver says.
    heading = position.speed > 0 ? Int32(position.heading.rounded()) % 360 : -1
    fix = BoardTime(position.fixTime).seconds
    isImplausible = position.jumps?.isLatest == true
  }
}

extension Quintet_Duty_V1_UnitMark {
  init(_ unit: BoardUnit) {
    let view = unit.view
    self = .with {
      $0.n = UInt32(clamping: unit.number)
      $0.id = view.unit.id.description
      $0.callSign = view.unit.callSign
      $0.kind = Quintet_Duty_V1_UnitKind(view.unit.kind)
      $0.orgUnitID = view.unit.orgUnitID?.description ?? ""
      $0.availability = Quintet_Duty_V1_Availability(view.availability)
      $0.secondaryStatus = Quintet_Duty_V1_SecondaryStatus(view.activity)
      $0.incidentIds = view.incidentIDs.map(\.description)
      guard let position = view.position else { return }
      let place = BoardPlace(position)
      $0.fix = place.fix
      $0.lat = place.latitude
      $0.lon = place.longitude
      $0.heading = place.heading
      $0.isImplausible = place.isImplausible
    }
  }
}
