// Deadlines and rules between domain and wire.
import Foundation
import Identifiers
import QuintetAPI
import SupervisionDomain
import SwiftProtobuf
import Wire

extension Quintet_Supervision_V1_DeadlineKind {
  init(_ kind: DeadlineKind) {
    self =
      switch kind {
      case .sign: .sign
      case .departure: .departure
      case .arrival: .arrival
      case .directiveFeedback: .directiveFeedback
      case .incidentFeedback: .incidentFeedback
      case .opinionResponse: .opinionResponse
      case .task: .task
      }
  }

  /// Nil when unspecified.
  /// - Throws: `Failure` UNSPECIFIED for a number that this version does not know.
  func checked(field: String) throws -> DeadlineKind? {
    switch self {
    case .unspecified: nil
    case .sign: .sign
    case .departure: .departure
    case .arrival: .arrival
    case .directiveFeedback: .directiveFeedback
    case .incidentFeedback: .incidentFeedback
    case .opinionResponse: .opinionResponse
    case .task: .task
    case .UNRECOGNIZED: throw Failure.unspecified(field)
    }
  }
}

extension Quintet_Supervision_V1_DeadlineState {
  init(_ state: DeadlineState) {
    self =
      switch state {
      case .running: .running
      case .warned: .warned
      case .overdue: .overdue
      case .met: .met
      case .missed: .missed
      case .cancelled: .cancelled
      }
  }

  /// - Throws: `Failure` UNSPECIFIED.
  func checked(field: String) throws -> DeadlineState {
    switch self {
    case .running: .running
    case .warned: .warned
    case .overdue: .overdue
    case .met: .met
    case .missed: .missed
    case .cancelled: .cancelled
    case .unspecified, .UNRECOGNIZED: throw Failure.unspecified(field)
    }
  }
}

extension Quintet_Supervision_V1_Deadline {
  init(_ deadline: Deadline) {
    self = .with {
      $0.id = deadline.id.description
      $0.ruleCode = deadline.ruleCode
      $0.kind = .init(deadline.kind)
      $0.state = .init(deadline.state)
      $0.subject = deadline.subject
      $0.responsible = deadline.responsible
      $0.incidentID = deadline.incidentID?.description ?? ""
      $0.startTime = deadline.startTime.timestamp
      $0.warnTime = deadline.warnTime.timestamp
      $0.dueTime = deadline.dueTime.timestamp
      if let time = deadline.escalateTime { $0.escalateTime = time.timestamp }
      if let time = deadline.stopTime { $0.stopTime = time.timestamp }
      $0.escalationLevel = Int32(deadline.escalationLevel)
    }
  }
}

extension Quintet_Supervision_V1_Rule {
  init(_ rule: Rule) {
    self = .with {
      $0.code = rule.code
      $0.kind = .init(rule.kind)
      $0.name = rule.name
      $0.limitS = Int64(rule.limit)
      $0.warnBeforeS = Int64(rule.warnBefore)
      $0.escalateAfterS = Int64(rule.escalateAfter)
      $0.escalationLevels = Int32(rule.escalationLevels)
    }
  }
}

extension Quintet_Supervision_V1_DeadlineCount {
  init(_ count: DeadlineCount) {
    self = .with {
      $0.ruleCode = count.ruleCode
      $0.started = Int64(count.started)
      $0.met = Int64(count.met)
      $0.missed = Int64(count.missed)
      $0.cancelled = Int64(count.cancelled)
      $0.running = Int64(count.running)
    }
  }
}

extension PageStart {
  var token: String {
    PageToken.encode(["\(Int64((time.timeIntervalSince1970 * 1_000_000).rounded()))", id])
  }

  /// - Returns: nil for the first page.
  /// - Throws: `Failure` PAGE_TOKEN_INVALID.
  init?<Tag: IdentifierTag>(token: String, ids: Tag.Type) throws {
    guard let keys = try PageToken.decode(token, count: 2) else { return nil }
    guard let microseconds = Int64(keys[0]), let id = Identifier<Tag>(keys[1]) else {
      throw PageToken.invalid
    }
    self.init(
      time: Date(timeIntervalSince1970: Double(microseconds) / 1_000_000), id: id.description)
  }
}
