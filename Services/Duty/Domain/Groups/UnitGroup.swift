// 编组: units that are led together, such as a rapid group of a command car, two cars and eight
// motorcycles. Each part is a unit of its own; what the whole is doing follows from its parts, and a
// part that is sent somewhere makes none of the others busy.
import Foundation
import Identifiers

extension UnitView {
  /// Parts of a group at most: all of them fit into one dispatch.
  public static let partLimit = 50

  public var isGroup: Bool { unit.kind == .group }

  /// Of a group, those that can be sent.
  public var freeParts: [UnitView] { (parts ?? []).filter { $0.availability != .notAvailable } }

  /// People in it; of a group, in all of its parts. 0 when nobody said.
  public var headcount: Int {
    isGroup ? (parts ?? []).reduce(0) { $0 + $1.headcount } : unit.headcount ?? 0
  }

  /// Of a group, the part whose position is the group's: its command car, else whoever reported last.
  public var lead: UnitView? {
    let placed = (parts ?? []).filter { $0.position != nil }
    let commanding = placed.filter { $0.unit.kind == .commandCar }
      .min { $0.unit.callSign < $1.unit.callSign }
    return commanding
      ?? placed.min {
        let (left, right) = ($0.position?.fixTime ?? .distantPast, $1.position?.fixTime)
        return left == right
          ? $0.unit.callSign < $1.unit.callSign : left > right ?? .distantPast
      }
  }

  /// Available as a whole, with some of its parts, or not at all.
  var groupAvailability: Availability {
    let free = freeParts.count
    if free == 0 { return .notAvailable }
    return free == parts?.count ? .available : .conditionallyAvailable
  }

  /// What the busiest part is doing, else what all of them are.
  var groupActivity: Activity? {
    let parts = parts ?? []
    if let state = parts.flatMap(\.commitments).map(\.state).max() { return .committed(state) }
    let conditions = Set(parts.map(\.unit.condition))
    return conditions.count == 1 ? conditions.first?.map(Activity.own) : nil
  }
}

/// The rules of who may be part of what.
struct UnitGrouping {
  /// - Parameter held: the unit with this call sign, if there is one.
  /// - Throws: `DutyError.groupKindFixed`, `.groupHasParts`, `.groupUnknown`, `.unitNotAGroup`,
  ///   `.groupOfAnotherOrgUnit`, `.groupFull`.
  func check(_ command: PutUnit, held: UnitView?, in writer: any DutyWriter) throws {
    if let held {
      guard held.isGroup == (command.kind == .group) else {
        throw DutyError.groupKindFixed(held.unit.id)
      }
      // Whoever sees a group sees its parts: they belong together.
      guard held.parts?.isEmpty != false || held.unit.orgUnitID == command.orgUnitID else {
        throw DutyError.groupHasParts(held.unit.id)
      }
    }
    guard let groupID = command.groupID else { return }
    guard let group = try writer.unit(groupID) else { throw DutyError.groupUnknown(groupID) }
    guard group.isGroup else { throw DutyError.unitNotAGroup(groupID) }
    guard group.unit.orgUnitID == command.orgUnitID else {
      throw DutyError.groupOfAnotherOrgUnit(groupID)
    }
    let others = (group.parts ?? []).filter { $0.unit.id != held?.unit.id }
    guard others.count < UnitView.partLimit else { throw DutyError.groupFull(groupID) }
  }
}
