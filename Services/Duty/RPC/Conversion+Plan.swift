// Response plans and what became of them, between wire and domain.
import Classification
import DutyDomain
import Foundation
import Identifiers
import QuintetAPI
import SwiftProtobuf
import Wire

extension ResponseLine {
  /// - Throws: `Failure`.
  init(_ line: Quintet_Duty_V1_ResponsePlanLine, field: String) throws {
    let within = try Check.count(
      line.withinS, field: "\(field).within_s", 1...7200, standard: 0)
    self.init(
      title: try Check.text(line.title, field: "\(field).title", max: 40, required: true),
      count: try Check.count(line.count, field: "\(field).count", 1...20, standard: 1),
      kinds: Set(try UnitKind.list(line.kinds, field: "\(field).kinds")),
      capabilities: try Check.capabilities(line.capabilities, field: "\(field).capabilities"),
      within: within == 0 ? nil : Double(within), isStaging: line.isStaging)
  }
}

extension UnitKind {
  /// Up to 10, and no group: its parts are what goes.
  static func list(_ values: [Quintet_Duty_V1_UnitKind], field: String) throws -> [UnitKind] {
    try Check.list(values, field: field, 0...10).enumerated().map { index, value in
      let kind = try UnitKind(value, field: "\(field)[\(index)]")
      guard kind != .group else {
        throw Failure.invalid(
          "KIND_NOT_ALLOWED", field: "\(field)[\(index)]",
          "编组由其成员代表，请指定成员类型。A group is found by its parts: name their kinds.")
      }
      return kind
    }
  }
}

extension Check {
  /// Up to 16 codes of 1 … 32 characters of [a-z0-9_].
  static func capabilities(_ codes: [String], field: String) throws -> [String] {
    try list(codes, field: field, 0...16).enumerated().map { index, code in
      try Check.code(
        code, field: "\(field)[\(index)]", max: 32, allowed: .capability, required: true)
    }
  }

  /// Required.
  static func level(
    _ value: Quintet_Type_V1_IncidentLevel, field: String = "level"
  ) throws -> IncidentLevel {
    guard let level = try incidentLevel(value, field: field) else {
      throw Failure.unspecified(field)
    }
    return level
  }
}

extension CharacterSet {
  static let capability = CharacterSet(
    charactersIn: "abcdefghijklmnopqrstuvwxyz0123456789_")
}

extension Quintet_Duty_V1_ResponsePlan {
  init(_ plan: ResponsePlan) {
    self = .with {
      $0.id = plan.id?.description ?? ""
      $0.etag = plan.etag
      $0.name = plan.terms.name
      $0.incidentClass = Quintet_Type_V1_IncidentClass(plan.key.incidentClass)
      $0.level = Quintet_Type_V1_IncidentLevel(plan.key.level)
      $0.lines = plan.terms.lines.map { line in
        .with {
          $0.title = line.title
          $0.count = Int32(line.count)
          $0.kinds = line.sortedKinds.map(Quintet_Duty_V1_UnitKind.init)
          $0.capabilities = line.capabilities
          $0.withinS = Int32(line.within ?? 0)
          $0.isStaging = line.isStaging
        }
      }
      $0.takesFromLowerLevels = plan.terms.takesFromLowerLevels
      $0.takesFromScene = plan.terms.takesFromScene
      $0.keepsCoverage = plan.terms.keepsCoverage
      $0.isStandard = plan.id == nil
    }
  }
}

extension Quintet_Type_V1_DispatchPlan {
  init(_ plan: DispatchPlan) {
    self = .with {
      $0.planName = plan.planName
      $0.incidentClass = Quintet_Type_V1_IncidentClass(plan.incidentClass)
      $0.level = Quintet_Type_V1_IncidentLevel(plan.level)
      $0.targetS = plan.target
      $0.lines = plan.lines.map(Quintet_Type_V1_DispatchPlanLine.init)
      $0.uncoveredPlaces = plan.uncovered
      $0.keptPlaces = plan.kept
      $0.isComplete = plan.isComplete
      $0.method = plan.method
      $0.summary = plan.summary
    }
  }
}

extension Quintet_Type_V1_DispatchPlanLine {
  init(_ line: FilledLine) {
    self = .with {
      $0.title = line.title
      $0.wantedCount = Int32(line.wanted)
      $0.withinS = line.within
      $0.isStaging = line.isStaging
      $0.units = line.units.map(Quintet_Type_V1_PlannedUnit.init)
      $0.missingCount = Int32(line.missing)
      $0.reason = line.reason
    }
  }
}

extension Quintet_Type_V1_PlannedUnit {
  init(_ unit: PlannedUnit) {
    self = .with {
      $0.unitID = unit.unitID.description
      $0.callSign = unit.callSign
      $0.source =
        switch unit.source {
        case .free: .free
        case .conditional: .conditional
        case .staging: .staging
        case .reassigned: .reassigned
        }
      $0.travelTimeS = unit.travelTime
      $0.isLate = unit.isLate
      $0.takenFromIncidentIds = unit.takenFrom.map(\.description)
      $0.reason = unit.reason
    }
  }
}
