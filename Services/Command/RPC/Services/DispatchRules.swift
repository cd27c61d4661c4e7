// 自动派警规则: quintet.command.v1.DispatchRuleService.

import Access
import Classification
import CommandDomain
import Foundation
import GRPCCore
import Identifiers
import QuintetAPI
import SwiftProtobuf
import Wire

struct DispatchRules: Quintet_Command_V1_DispatchRuleService.SimpleServiceProtocol {
  let room: CommandRoom

  func switchOnDispatchRule(
    request: Quintet_Command_V1_SwitchOnDispatchRuleRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_SwitchOnDispatchRuleResponse {
    let now = room.now
    let key = try RequestKey(request, id: request.requestID, context: context)
    guard request.durationS != 0 else { throw Failure.required("duration_s") }
    let classes = try Check.list(request.incidentClasses, field: "incident_classes", 0...9)
    let levels = try Check.list(request.levels, field: "levels", 1...4)
    let command = SwitchOnDispatchRule(
      classes: Set(
        try classes.enumerated().map { index, value in
          let field = "incident_classes[\(index)]"
          guard let value = try Check.incidentClass(value, field: field) else {
            throw Failure.unspecified(field)
          }
          return value
        }),
      levels: Set(
        try levels.enumerated().map { index, value in
          guard let value = try Check.incidentLevel(value, field: "levels[\(index)]") else {
            throw Failure.unspecified("levels[\(index)]")
          }
          return value
        }),
      stationID: try Check.optionalIdentifier(request.stationID, field: "station_id"),
      reason: try Check.reason(request.reason, required: true),
      actor: key.provenance.actor,
      duration: Double(
        try Check.count(
          request.durationS, field: "duration_s", 60...Int(DispatchRule.durationLimit),
          standard: 0)))
    let rule = try await room.write(key, now: now) {
      try DispatchRuling().switchOn(command, in: $0, now: now)
    }
    CallContext.current.notes["subject"] = rule.id.description
    return .with { $0.rule = Quintet_Command_V1_DispatchRule(rule, now: now) }
  }

  func switchOffDispatchRule(
    request: Quintet_Command_V1_SwitchOffDispatchRuleRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_SwitchOffDispatchRuleResponse {
    let now = room.now
    let key = try RequestKey(request, id: request.requestID, context: context)
    let id: DispatchRuleID = try Check.identifier(
      request.dispatchRuleID, field: "dispatch_rule_id")
    let actor = key.provenance.actor
    let rule = try await room.write(key, now: now) {
      try DispatchRuling().switchOff(id, by: actor, in: $0, now: now)
    }
    CallContext.current.notes["subject"] = rule.id.description
    return .with { $0.rule = Quintet_Command_V1_DispatchRule(rule, now: now) }
  }

  func listDispatchRules(
    request: Quintet_Command_V1_ListDispatchRulesRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_ListDispatchRulesResponse {
    _ = try Check.count(request.pageSize, field: "page_size", 1...100, standard: 50)
    let page = try Page<DispatchRuleTag>(size: request.pageSize, token: request.pageToken)
    let rules = try await room.read {
      try $0.dispatchRules(before: page.before, limit: page.size + 1)
    }
    let now = room.now
    return .with {
      $0.rules = rules.prefix(page.size).map { Quintet_Command_V1_DispatchRule($0, now: now) }
      $0.nextPageToken = page.token(after: rules.map(\.id))
    }
  }
}

extension Quintet_Command_V1_DispatchRule {
  /// - Parameter now: decides whether it is on.
  init(_ rule: DispatchRule, now: Date) {
    self = .with {
      $0.id = rule.id.description
      $0.incidentClasses = IncidentClass.allCases.filter(rule.classes.contains)
        .map { Quintet_Type_V1_IncidentClass($0) }
      $0.levels = rule.levels.sorted().map { Quintet_Type_V1_IncidentLevel($0) }
      $0.stationID = rule.stationID?.description ?? ""
      $0.reason = rule.reason
      $0.switchedOnBy = rule.switchedOnBy
      $0.switchOnTime = rule.switchOnTime.timestamp
      $0.endTime = rule.endTime.timestamp
      if let time = rule.switchOffTime { $0.switchOffTime = time.timestamp }
      $0.switchedOffBy = rule.switchedOffBy ?? ""
      $0.isOn = rule.isOn(at: now)
    }
  }
}
