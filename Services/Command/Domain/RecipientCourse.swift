// What one recipient does about a directive: 签收, 反馈, 退回.
public import Forms
public import Foundation
public import Identifiers

/// Where a directive, or one recipient's course of it, stands. Overdue is computed, never stored.
public enum DirectiveState: String, Sendable, Codable, CaseIterable {
  case draft, issued, delivered, acknowledged
  case inProgress = "in_progress"
  case fedBack = "fed_back"
  case accepted, returned, cancelled, reassigned

  /// Still, or to the end, the part of this recipient.
  public var isHeld: Bool { self != .cancelled && self != .reassigned }

  /// The recipient has still something to hear or do about it. Drafts bind nobody.
  public var isOpen: Bool { isHeld && self != .draft && self != .accepted }

  /// The recipient owes an account.
  public var isUnanswered: Bool { isOpen && self != .fedBack }

  /// How far it is. Returned work has to be started again, so it is less far than begun work.
  var progress: Int {
    switch self {
    case .draft: 0
    case .issued: 1
    case .delivered: 2
    case .acknowledged: 3
    case .returned: 4
    case .inProgress: 5
    case .fedBack: 6
    case .accepted: 7
    case .cancelled, .reassigned: 8
    }
  }
}

/// What kind of recipient.
public enum RecipientKind: String, Sendable, Codable, CaseIterable {
  case station, beat, unit, seat
}

/// To whom.
public struct Recipient: Sendable, Hashable, Codable {
  public let kind: RecipientKind
  /// 1 … 64 characters of [A-Za-z0-9_.-].
  public let id: String

  public init(kind: RecipientKind, id: String) {
    self.kind = kind
    self.id = id
  }

  public init(unit: UnitID) {
    self.init(kind: .unit, id: unit.description)
  }
}

/// What can be done with a course. Raw values name the move in refusals.
public enum CourseMove: String, Sendable, CaseIterable {
  case issue, deliver, acknowledge, start
  case feedBack = "feed_back"
  case accept
  case giveBack = "return"
  case cancel, reassign

  public var sources: Set<DirectiveState> {
    switch self {
    case .issue: [.draft]
    case .deliver: [.issued]
    case .acknowledge: [.delivered]
    case .start: [.acknowledged, .returned]
    case .feedBack: [.inProgress]
    case .accept, .giveBack: [.fedBack]
    case .cancel:
      [.draft, .issued, .delivered, .acknowledged, .inProgress, .fedBack, .returned]
    case .reassign: [.issued, .delivered, .acknowledged, .inProgress, .fedBack, .returned]
    }
  }

  public var target: DirectiveState {
    switch self {
    case .issue: .issued
    case .deliver: .delivered
    case .acknowledge: .acknowledged
    case .start: .inProgress
    case .feedBack: .fedBack
    case .accept: .accepted
    case .giveBack: .returned
    case .cancel: .cancelled
    case .reassign: .reassigned
    }
  }
}

/// One recipient's course.
public struct RecipientCourse: Sendable, Hashable, Codable {
  public let recipient: Recipient
  /// 1 when begun, one more with every change.
  public internal(set) var revision: Int
  public internal(set) var state: DirectiveState
  /// Nil until it arrives. Stays nil in a dispatch: nobody reports its arrival.
  public internal(set) var deliverTime: Date?
  public internal(set) var acknowledgeTime: Date?
  /// When feedback was given last.
  public internal(set) var feedbackTime: Date?
  /// What was fed back last.
  public internal(set) var feedback: String
  /// How often feedback was returned.
  public internal(set) var returnCount: Int
  /// Why it was returned, withdrawn or given to someone else.
  public internal(set) var reason: String
  /// What was answered last in the directive's form.
  public internal(set) var answers: [FormAnswer]
  /// 催办: how often it was reminded, and when last.
  public internal(set) var reminderCount: Int
  public internal(set) var reminderTime: Date?
  /// 撤回: when it was recalled; it is cancelled then.
  public internal(set) var recallTime: Date?
  /// When the recipient confirmed the recall.
  public internal(set) var recallConfirmTime: Date?
  /// In a cordon, where the recipient stands.
  public let post: Post?
  /// In a dispatch, the assignment it follows.
  public let assignmentID: AssignmentID?

  public var etag: String { String(revision) }

  /// Puts a course together as it was stored.
  public init(
    recipient: Recipient, revision: Int = 1, state: DirectiveState = .draft,
    deliverTime: Date? = nil, acknowledgeTime: Date? = nil, feedbackTime: Date? = nil,
    feedback: String = "", returnCount: Int = 0, reason: String = "",
    answers: [FormAnswer] = [], reminderCount: Int = 0, reminderTime: Date? = nil,
    recallTime: Date? = nil, recallConfirmTime: Date? = nil, post: Post? = nil,
    assignmentID: AssignmentID? = nil
  ) {
    self.recipient = recipient
    self.revision = revision
    self.state = state
    self.deliverTime = deliverTime
    self.acknowledgeTime = acknowledgeTime
    self.feedbackTime = feedbackTime
    self.feedback = feedback
    self.returnCount = returnCount
    self.reason = reason
    self.answers = answers
    self.reminderCount = reminderCount
    self.reminderTime = reminderTime
    self.recallTime = recallTime
    self.recallConfirmTime = recallConfirmTime
    self.post = post
    self.assignmentID = assignmentID
  }

  /// - Parameter etag: what the caller saw last; empty to accept any.
  /// - Throws: `etagMismatch`.
  func check(etag: String) throws(CommandError) {
    guard etag.isEmpty || etag == self.etag else { throw .etagMismatch(current: self.etag) }
  }

  /// - Parameters:
  ///   - time: of the move, kept where the move has a time of its own.
  ///   - text: the account given, or the reason.
  ///   - answers: with the account; as the directive's form wants them.
  /// - Throws: `moveNotAllowed`; `required` where an account or a reason is missing. Nothing is
  ///   changed then.
  public mutating func move(
    _ move: CourseMove, at time: Date? = nil, text: String = "", answers: [FormAnswer] = []
  ) throws(CommandError) {
    switch move {
    case .feedBack where text.isEmpty: throw .required(field: "text")
    case .giveBack where text.isEmpty, .cancel where text.isEmpty, .reassign where text.isEmpty:
      throw .required(field: "reason")
    default: break
    }
    guard move.sources.contains(state) else {
      throw .moveNotAllowed(
        subject: recipient.id, from: state.rawValue, move: move.rawValue)
    }
    state = move.target
    revision += 1
    switch move {
    case .deliver: deliverTime = time
    case .acknowledge: acknowledgeTime = time
    case .feedBack:
      feedbackTime = time
      feedback = text
      self.answers = answers
    case .giveBack:
      returnCount += 1
      reason = text
    case .cancel, .reassign: reason = text
    case .issue, .start, .accept: break
    }
  }

  /// Brings the course of a dispatch to where its assignment is: dispatched is delivered, on the
  /// way and there are in progress, cleared is accepted (the incident's feedback answers it).
  /// - Returns: false when the step does not show here (on scene), and nothing is changed.
  mutating func follow(_ assignment: Assignment) -> Bool {
    let target: DirectiveState =
      switch assignment.state {
      case .assigned: .issued
      case .dispatched: .delivered
      case .acknowledged: .acknowledged
      case .enRoute, .onScene: .inProgress
      case .cleared: .accepted
      case .cancelled: .cancelled
      }
    guard target != state else { return false }
    state = target
    revision += 1
    switch assignment.state {
    case .acknowledged: acknowledgeTime = assignment.acknowledgeTime
    case .cleared:
      feedbackTime = assignment.clearTime
      feedback = assignment.note
    case .cancelled: reason = assignment.note
    default: break
    }
    return true
  }
}
