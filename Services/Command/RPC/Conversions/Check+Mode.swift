// Mode plans and their members from the wire.

import CommandDomain
import Foundation
import QuintetAPI
import Wire

extension Check {
  static func modePlan(_ plan: Quintet_Command_V1_ModePlan) throws -> ModePlan {
    var known: Set<Int> = []
    let levels = try list(plan.levels, field: "plan.levels", 1...4).enumerated().map {
      index, level in
      let at = "plan.levels[\(index)]"
      let number = try modeLevel(level.level, field: "\(at).level")
      guard known.insert(number).inserted else { throw Failure.duplicate("\(at).level") }
      guard level.musterLimitS != 0 else { throw Failure.required("\(at).muster_limit_s") }
      return ModeLevel(
        level: number,
        name: try text(level.name, field: "\(at).name", max: 60, required: true),
        musterLimit: try count(
          level.musterLimitS, field: "\(at).muster_limit_s", 60...86_400, standard: 0))
    }
    var codes: Set<String> = []
    var seats: Set<String> = []
    let members = try list(
      plan.members, field: "plan.members", 1...ModePlan.memberLimit
    ).enumerated().map { index, given in
      let at = "plan.members[\(index)]"
      let fromLevel = try modeLevel(given.fromLevel, field: "\(at).from_level")
      guard levels.contains(where: { $0.level <= fromLevel }) else {
        throw Failure.invalid(
          "LEVEL_UNKNOWN", field: "\(at).from_level",
          "预案没有这样的级别，该单位永远不会被召集。No level of the plan would ever summon it.")
      }
      let member = try modeMember(
        code: given.code, name: given.name, contact: given.contact, isSet: given.hasContact,
        seats: given.seats, fromLevel: fromLevel, at: "\(at).")
      guard codes.insert(member.code).inserted else { throw Failure.duplicate("\(at).code") }
      for seat in member.seats where !seats.insert(seat).inserted {
        throw Failure.duplicate("\(at).seats")
      }
      return member
    }
    return ModePlan(
      code: try code(plan.code, field: "plan.code", max: 64, required: true),
      name: try text(plan.name, field: "plan.name", max: 120, required: true), levels: levels,
      members: members)
  }

  /// - Parameter at: path of what it belongs to, with its dot; empty at the top.
  static func modeMember(
    code: String, name: String, contact: Quintet_Command_V1_Recipient, isSet: Bool,
    seats: [String], fromLevel: Int, at path: String
  ) throws -> ModeMember {
    ModeMember(
      code: try Check.code(code, field: "\(path)code", max: 64, required: true),
      name: try text(name, field: "\(path)name", max: 120, required: true),
      contact: try recipient(contact, isSet: isSet, field: "\(path)contact"),
      seats: try seatCodes(seats, field: "\(path)seats"), fromLevel: fromLevel)
  }

  static func seatCodes(_ codes: [String], field: String) throws -> [String] {
    var known: Set<String> = []
    return try list(codes, field: field, 0...20).enumerated().map { index, seat in
      let at = "\(field)[\(index)]"
      let seat = try code(seat, field: at, max: 64, required: true)
      guard known.insert(seat).inserted else { throw Failure.duplicate(at) }
      return seat
    }
  }

  static func modeLevel(_ level: Int32, field: String) throws -> Int {
    guard level != 0 else { throw Failure.required(field) }
    return try count(level, field: field, 1...4, standard: 0)
  }
}
