// 催办、撤回、重发: what is done about recipients who have not answered.
public import Foundation
public import Identifiers

extension RecipientCourse {
  /// It had been signed before it was recalled, and whoever signed has not confirmed that it knows.
  public var isRecallUnconfirmed: Bool {
    state == .cancelled && recallTime != nil && acknowledgeTime != nil && recallConfirmTime == nil
  }

  /// 催办: no state changes.
  /// - Throws: `moveNotAllowed` for one who owes nothing.
  public mutating func remind(at time: Date) throws(CommandError) {
    guard state.isUnanswered else { throw refused("remind") }
    reminderCount += 1
    reminderTime = time
    revision += 1
  }

  /// 撤回: cancelled, and to be confirmed by one who had signed. A draft was never sent.
  /// - Throws: `moveNotAllowed`; `required` without a reason.
  public mutating func recall(at time: Date, reason: String) throws(CommandError) {
    guard state.isOpen else { throw refused("recall") }
    try move(.cancel, text: reason)
    recallTime = time
  }

  /// - Throws: `moveNotAllowed` when there is nothing to confirm.
  public mutating func confirmRecall(at time: Date) throws(CommandError) {
    guard isRecallUnconfirmed else { throw refused("confirm_recall") }
    recallConfirmTime = time
    revision += 1
  }

  /// A new course of somebody whose earlier one has ended, with an etag of its own.
  func begunAgain(at post: Post?) -> RecipientCourse {
    RecipientCourse(recipient: recipient, revision: revision + 1, state: .issued, post: post)
  }

  private func refused(_ move: String) -> CommandError {
    .moveNotAllowed(subject: recipient.id, from: state.rawValue, move: move)
  }
}

extension Directive {
  typealias MovedCourse = (course: RecipientCourse, from: DirectiveState)

  /// Changes the courses of some recipients at once, and counts one change.
  /// - Returns: the courses as they are now, each with its state before.
  /// - Throws: `recipientUnknown`; what `change` throws. Nothing is changed then.
  mutating func changeEach(
    _ recipients: [Recipient],
    _ change: (inout RecipientCourse) throws(CommandError) -> Void
  ) throws(CommandError) -> [MovedCourse] {
    var changed = self
    var moved: [MovedCourse] = []
    for recipient in recipients {
      guard let index = changed.courses.firstIndex(where: { $0.recipient == recipient }) else {
        throw .recipientUnknown(recipient)
      }
      let from = changed.courses[index].state
      try change(&changed.courses[index])
      moved.append((changed.courses[index], from))
    }
    if !moved.isEmpty { changed.revision += 1 }
    self = changed
    return moved
  }
}

/// All throw `directiveUnknown`, `recipientUnknown`, `courseFollowsAssignment`, besides what they name.
public struct Urging: Sendable {
  public init() {}

  /// Reminds those who owe an account; with nobody named, all of them.
  /// - Throws: `moveNotAllowed` for one who owes nothing, or when nobody does.
  public func remind(
    _ id: DirectiveID, _ recipients: [Recipient], text: String, at time: Date,
    in writer: any CommandWriter, now: Date
  ) throws -> Directive {
    var directive: Directive = try writer.existing(id)
    try directive.checkMovedByHand()
    let meant = recipients.isEmpty ? directive.recipients(where: \.isUnanswered) : recipients
    guard !meant.isEmpty else { throw directive.refused("remind") }
    let moved = try directive.changeEach(meant) { course throws(CommandError) in
      try course.remind(at: time)
    }
    try writer.update(directive, courses: meant)
    writer.record(
      .directiveFact(.reminded(directive, moved.map(\.course), text: text)),
      incident: directive.incidentID, occurTime: time)
    return directive
  }

  /// Takes it back from those who have not been accepted; with nobody named, from all of them.
  /// - Throws: `required` without a reason; `moveNotAllowed` for one with nothing to take back, or
  ///   when nobody has.
  public func recall(
    _ id: DirectiveID, _ recipients: [Recipient], reason: String, at time: Date,
    in writer: any CommandWriter, now: Date
  ) throws -> Directive {
    var directive: Directive = try writer.existing(id)
    try directive.checkMovedByHand()
    let meant = recipients.isEmpty ? directive.recipients(where: \.isOpen) : recipients
    guard !meant.isEmpty else { throw directive.refused("recall") }
    let moved = try directive.changeEach(meant) { course throws(CommandError) in
      try course.recall(at: time, reason: reason)
    }
    try writer.update(directive, courses: meant)
    writer.record(moved, of: directive, at: time)
    return directive
  }

  /// - Throws: `recipientOutsideReach`; `etagMismatch`; `moveNotAllowed` when there is nothing to
  ///   confirm.
  public func confirmRecall(
    _ command: MoveCourse, in writer: any CommandWriter, now: Date
  ) throws -> Directive {
    var directive: Directive = try writer.existing(command.directiveID)
    guard try writer.reaches(command.recipient) else {
      throw CommandError.recipientOutsideReach(command.recipient, field: "recipient")
    }
    try directive.checkMovedByHand()
    try directive.course(of: command.recipient).check(etag: command.etag)
    let (course, _) = try directive.change(command.recipient) { course throws(CommandError) in
      try course.confirmRecall(at: command.occurTime)
    }
    try writer.update(directive, courses: [command.recipient])
    writer.record(
      .directiveFact(.recallConfirmed(directive, course)), incident: directive.incidentID,
      occurTime: command.occurTime)
    return directive
  }

  /// Issues it again to those who have not signed; their courses of the old one become reassigned.
  /// - Returns: the new one, and the old one as it is now.
  /// - Throws: `required` without a reason; `moveNotAllowed` when all have signed; `incidentEnded`;
  ///   `heldByCordon`.
  public func reissue(
    _ id: DirectiveID, reason: String, at time: Date, in writer: any CommandWriter, now: Date
  ) throws -> Reissued {
    var old: Directive = try writer.existing(id)
    try old.checkMovedByHand()
    guard old.courses.allSatisfy({ $0.post == nil }) else {
      throw CommandError.directives(.heldByCordon(id))
    }
    let meant = old.recipients { $0 == .issued || $0 == .delivered }
    guard !meant.isEmpty else { throw old.refused("reissue") }
    if let incident = old.incidentID {
      try (writer.existing(incident) as Incident).checkNotEnded()
    }
    let ended = try old.changeEach(meant) { course throws(CommandError) in
      try course.move(.reassign, text: reason)
    }
    try writer.update(old, courses: meant)
    writer.record(ended, of: old, at: time)
    let new = Directive(
      id: writer.mint(DirectiveTag.self), again: old, to: meant, issueTime: time, recordTime: now)
    try writer.insert(new)
    writer.record(.directiveIssued(new), incident: new.incidentID, occurTime: time)
    return Reissued(directive: new, previous: old)
  }
}

public struct Reissued: Sendable, Hashable, Codable {
  public let directive: Directive
  public let previous: Directive
}

extension Directive {
  /// Those whose course stands so, in order.
  func recipients(where isMeant: (DirectiveState) -> Bool) -> [Recipient] {
    courses.filter { isMeant($0.state) }.map(\.recipient)
  }
}

extension CommandWriter {
  func record(_ moved: [Directive.MovedCourse], of directive: Directive, at time: Date) {
    for (course, from) in moved {
      record(
        .directiveMoved(directive, course: course, from: from), incident: directive.incidentID,
        occurTime: time)
    }
  }
}
