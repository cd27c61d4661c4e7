// Footings, mode plans and musters as callers see them, and as command tells of them.

import CommandDomain
import Foundation
import Identifiers
import QuintetAPI
import SwiftProtobuf
import Wire

extension Quintet_Command_V1_ModePlan {
  init(_ plan: ModePlan) {
    self = .with {
      $0.code = plan.code
      $0.etag = plan.etag
      $0.name = plan.name
      $0.levels = plan.levels.map { level in
        .with {
          $0.level = Int32(level.level)
          $0.name = level.name
          $0.musterLimitS = Int32(level.musterLimit)
        }
      }
      $0.members = plan.members.map { member in
        .with {
          $0.code = member.code
          $0.name = member.name
          $0.contact = Quintet_Command_V1_Recipient(member.contact)
          $0.seats = member.seats
          $0.fromLevel = Int32(member.fromLevel)
        }
      }
    }
  }
}

extension Quintet_Command_V1_Muster {
  /// - Parameter now: decides who is missing.
  init(_ muster: Muster, now: Date, withMembers: Bool = true) {
    self = .with {
      $0.id = muster.id.description
      $0.etag = muster.etag
      $0.planCode = muster.plan.code
      $0.planName = muster.plan.name
      $0.level = Int32(muster.level)
      $0.levelName = muster.levelName
      $0.incidentID = muster.incidentID?.description ?? ""
      $0.reason = muster.reason
      $0.switchedBy = muster.switchedBy
      $0.switchTime = muster.switchTime.timestamp
      $0.escalations = muster.escalations.map(Quintet_Command_V1_Escalation.init)
      if let end = muster.standDown {
        $0.standDownTime = end.time.timestamp
        $0.stoodDownBy = end.actor
        $0.standDownReason = end.reason
      }
      if withMembers {
        $0.members = muster.members.map { Quintet_Command_V1_MusterMember($0, now: now) }
      }
      $0.summary = Quintet_Command_V1_MusterSummary(muster.summary(at: now))
    }
  }
}

extension Quintet_Command_V1_Escalation {
  init(_ escalation: Escalation) {
    self = .with {
      $0.level = Int32(escalation.level)
      $0.time = escalation.time.timestamp
      $0.actor = escalation.actor
      $0.reason = escalation.reason
    }
  }
}

extension Quintet_Command_V1_MusterMember {
  init(_ member: MusterMember, now: Date) {
    self = .with {
      $0.code = member.code
      $0.name = member.name
      $0.contact = Quintet_Command_V1_Recipient(member.contact)
      $0.seats = member.seats.map { seat in
        .with {
          $0.code = seat.code
          if let time = seat.musterTime { $0.musterTime = time.timestamp }
        }
      }
      $0.state = Quintet_Command_V1_MusterMemberState(member.state)
      $0.level = Int32(member.level)
      $0.added = member.isAdded
      $0.summonTime = member.summonTime.timestamp
      $0.dueTime = member.dueTime.timestamp
      if let time = member.acknowledgeTime { $0.acknowledgeTime = time.timestamp }
      if let time = member.musterTime { $0.musterTime = time.timestamp }
      if let time = member.excuseTime { $0.excuseTime = time.timestamp }
      $0.excuseReason = member.excuseReason
      if let time = member.releaseTime { $0.releaseTime = time.timestamp }
      $0.isMissing = member.isMissing(at: now)
      $0.isLate = member.isLate
    }
  }
}

extension Quintet_Command_V1_MusterMemberState {
  /// Unspecified for nil.
  init(_ state: MusterMemberState?) {
    self =
      switch state {
      case .summoned: .summoned
      case .acknowledged: .acknowledged
      case .mustered: .mustered
      case .excused: .excused
      case .released: .released
      case nil: .unspecified
      }
  }
}

extension Quintet_Command_V1_MusterSummary {
  init(_ summary: MusterSummary) {
    self = .with {
      $0.summonedCount = Int32(summary.summoned)
      $0.acknowledgedCount = Int32(summary.acknowledged)
      $0.musteredCount = Int32(summary.mustered)
      $0.lateCount = Int32(summary.late)
      $0.excusedCount = Int32(summary.excused)
      $0.missingCount = Int32(summary.missing)
      $0.awaitedCount = Int32(summary.awaited)
      $0.seatCount = Int32(summary.seats)
      $0.missingSeatCount = Int32(summary.missingSeats)
      $0.medianMusterS = Int32(clamping: summary.medianMuster)
      $0.longestMusterS = Int32(clamping: summary.longestMuster)
    }
  }
}

extension Quintet_Command_V1_OperatingMode {
  /// - Parameter last: the newest muster; nil when there was never one.
  init(_ last: Muster?, now: Date) {
    self = .with {
      guard let last else {
        $0.footing = .peace
        return
      }
      if let end = last.standDown {
        $0.footing = .peace
        $0.since = end.time.timestamp
        $0.reason = end.reason
        $0.actor = end.actor
        return
      }
      $0.footing = .war
      $0.since = last.switchTime.timestamp
      $0.musterID = last.id.description
      $0.planName = last.plan.name
      $0.level = Int32(last.level)
      $0.levelName = last.levelName
      $0.incidentID = last.incidentID?.description ?? ""
      $0.reason = last.escalations.last?.reason ?? last.reason
      $0.actor = last.escalations.last?.actor ?? last.switchedBy
      $0.summary = Quintet_Command_V1_MusterSummary(last.summary(at: now))
    }
  }
}

extension ModeFact {
  var message: any SwiftProtobuf.Message {
    switch self {
    case .planDefined(let plan):
      Quintet_Command_V1_ModePlanDefined.with { $0.plan = Quintet_Command_V1_ModePlan(plan) }
    case .switchedToWar(let muster):
      Quintet_Command_V1_SwitchedToWar.with {
        $0.muster = Quintet_Command_V1_Muster(
          muster, now: muster.switchTime, withMembers: false)
      }
    case .escalated(let muster, let escalation):
      Quintet_Command_V1_ModeEscalated.with {
        $0.muster = Quintet_Command_V1_Muster(
          muster, now: escalation.time, withMembers: false)
        $0.escalation = Quintet_Command_V1_Escalation(escalation)
      }
    case .memberMoved(let muster, let member, let from):
      Quintet_Command_V1_MusterMemberMoved.with {
        $0.musterID = muster.id.description
        $0.incidentID = muster.incidentID?.description ?? ""
        // Whether it is missing is nothing that a fact can say.
        $0.member = Quintet_Command_V1_MusterMember(member, now: member.summonTime)
        $0.from = Quintet_Command_V1_MusterMemberState(from)
      }
    case .stoodDown(let muster):
      Quintet_Command_V1_StoodDown.with {
        $0.muster = Quintet_Command_V1_Muster(
          muster, now: muster.standDown?.time ?? muster.switchTime, withMembers: false)
      }
    }
  }
}
