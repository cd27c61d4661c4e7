// Groups of units and what they are made of, between wire and domain.
import DutyDomain
import Foundation
import Identifiers
import QuintetAPI
import SwiftProtobuf
import Wire

extension Quintet_Duty_V1_Unit {
  /// With what it is made of, if it is a group. Events are without.
  init(whole view: UnitView) {
    self.init(view)
    if view.isGroup { group = Quintet_Duty_V1_UnitGroup(view) }
  }
}

extension Quintet_Duty_V1_UnitGroup {
  init(_ view: UnitView) {
    self = .with {
      $0.parts = (view.parts ?? []).map(Quintet_Duty_V1_UnitPart.init)
      $0.freeCount = Int32(view.freeParts.count)
      $0.freeHeadcount = Int32(clamping: view.freeParts.reduce(0) { $0 + $1.headcount })
      $0.leadUnitID = view.lead?.unit.id.description ?? ""
    }
  }
}

extension Quintet_Duty_V1_UnitPart {
  init(_ view: UnitView) {
    self = .with {
      $0.unitID = view.unit.id.description
      $0.callSign = view.unit.callSign
      $0.kind = Quintet_Duty_V1_UnitKind(view.unit.kind)
      $0.headcount = Int32(clamping: view.headcount)
      $0.availability = Quintet_Duty_V1_Availability(view.availability)
      $0.secondaryStatus = Quintet_Duty_V1_SecondaryStatus(view.activity)
      $0.incidentIds = view.incidentIDs.map(\.description)
    }
  }
}

extension PutUnit {
  /// - Throws: `Failure`.
  init(_ request: Quintet_Duty_V1_PutUnitRequest, now: Date) throws {
    let kind = try UnitKind(request.kind, field: "kind")
    let groupID: UnitID? = try Check.optionalIdentifier(request.groupID, field: "group_id")
    let headcount = try Check.count(
      request.headcount, field: "headcount", 0...1000, standard: 0)
    if kind == .group {
      guard groupID == nil else { throw Self.notOfAGroup("group_id") }
      guard headcount == 0 else { throw Self.notOfAGroup("headcount") }
    }
    self.init(
      callSign: try Check.text(request.callSign, field: "call_sign", max: 32, required: true),
      kind: kind,
      orgUnitID: try Check.optionalIdentifier(request.orgUnitID, field: "org_unit_id"),
      groupID: groupID, headcount: headcount == 0 ? nil : headcount,
      capabilities: try Check.capabilities(request.capabilities, field: "capabilities"),
      occurTime: try Check.time(
        request.hasOccurTime ? request.occurTime : nil, field: "occur_time", now: now))
  }

  private static func notOfAGroup(_ field: String) -> Failure {
    .invalid(
      "KIND_NOT_ALLOWED", field: field,
      "编组没有 \(field)，由其成员得出。A group has no \(field) of its own.")
  }
}
