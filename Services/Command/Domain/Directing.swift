// 指令: writing and issuing directives, and each recipient's answers.
public import Forms
public import Foundation
public import Identifiers

/// What to issue.
public enum DirectiveSource: Sendable, Hashable {
  case content(DirectiveContent)
  case draft(DirectiveID)
}

/// What all moves of one recipient's course have in common.
public struct MoveCourse: Sendable, Hashable {
  public var directiveID: DirectiveID
  public var recipient: Recipient
  /// Of the course; empty to accept any.
  public var etag: String
  public var occurTime: Date

  public init(
    directiveID: DirectiveID, recipient: Recipient, etag: String = "", occurTime: Date
  ) {
    self.directiveID = directiveID
    self.recipient = recipient
    self.etag = etag
    self.occurTime = occurTime
  }
}

/// The moves of a course each throw `directiveUnknown`, `courseFollowsAssignment`,
/// `recipientUnknown`, `etagMismatch` and `moveNotAllowed`, besides what they name themselves.
public struct Directing: Sendable {
  public init() {}

  /// Binds nobody, so it may also be written about an incident that has ended. Whom it selects is
  /// found when it is issued.
  /// - Throws: `dispatchClassReserved`; `required`; `duplicateRecipient`; `incidentUnknown`; for a
  ///   template `templateUnknown`, `placeholderMissing`, `placeholderUnknown`, `filledTooLong`.
  public func draft(
    _ content: DirectiveContent, at time: Date, in writer: any CommandWriter, now: Date
  ) throws -> Directive {
    let directive = try written(content, mayHaveEnded: true, in: writer, now: now)
    try writer.insert(directive)
    writer.record(.directiveIssued(directive), incident: directive.incidentID, occurTime: time)
    return directive
  }

  /// - Throws: as `draft`; `directiveUnknown`; `moveNotAllowed` when it is no draft any more;
  ///   `incidentEnded`; `selectionEmpty`; `tooManyRecipients`.
  public func issue(
    _ source: DirectiveSource, at time: Date, in writer: any CommandWriter, now: Date
  ) throws -> Directive {
    var directive: Directive
    switch source {
    case .content(let content):
      directive = try written(content, mayHaveEnded: false, in: writer, now: now)
      try directive.issueAtOnce(at: time, in: writer)
      try writer.insert(directive)
    case .draft(let id):
      directive = try writer.existing(id)
      guard directive.state == .draft else { throw directive.refused("issue") }
      try directive.resolve(in: writer)
      try directive.issue(at: time)
      try checkIncident(directive.incidentID, mayHaveEnded: false, in: writer)
      try writer.update(directive, courses: directive.courses.map(\.recipient))
    }
    writer.record(.directiveIssued(directive), incident: directive.incidentID, occurTime: time)
    return directive
  }

  /// issued → delivered.
  public func confirmDelivery(
    _ command: MoveCourse, in writer: any CommandWriter, now: Date
  ) throws -> Directive {
    try moved(.deliver, command, in: writer)
  }

  /// delivered → acknowledged (签收).
  public func acknowledge(
    _ command: MoveCourse, in writer: any CommandWriter, now: Date
  ) throws -> Directive {
    try moved(.acknowledge, command, in: writer)
  }

  /// acknowledged, returned → in_progress.
  public func start(
    _ command: MoveCourse, in writer: any CommandWriter, now: Date
  ) throws -> Directive {
    try moved(.start, command, in: writer)
  }

  /// in_progress → fed_back.
  /// - Throws: `required` without a text; `formViolated` where the directive has a form.
  public func submitFeedback(
    _ command: MoveCourse, text: String, answers: [FormAnswer] = [],
    in writer: any CommandWriter, now: Date
  ) throws -> Directive {
    try moved(.feedBack, command, text: text, answers: answers, in: writer)
  }

  /// fed_back → accepted.
  public func acceptFeedback(
    _ command: MoveCourse, in writer: any CommandWriter, now: Date
  ) throws -> Directive {
    try moved(.accept, command, in: writer)
  }

  /// fed_back → returned (退回).
  /// - Throws: `required` without a reason.
  public func returnFeedback(
    _ command: MoveCourse, reason: String, in writer: any CommandWriter, now: Date
  ) throws -> Directive {
    try moved(.giveBack, command, text: reason, in: writer)
  }

  /// One recipient's course becomes reassigned, and a new one begins as issued.
  /// - Throws: `required` without a reason; `recipientKnown`.
  public func reassign(
    _ command: MoveCourse, to successor: Recipient, reason: String,
    in writer: any CommandWriter, now: Date
  ) throws -> Directive {
    guard try writer.reaches(successor) else {
      throw CommandError.recipientOutsideReach(successor, field: "to")
    }
    var directive = try found(command, in: writer)
    let ended = try directive.change(command.recipient) { course throws(CommandError) in
      try course.move(.reassign, text: reason)
    }
    let begun = try directive.begin(successor, at: ended.course.post)
    try writer.update(directive, courses: [command.recipient, successor])
    writer.record(
      .directiveMoved(directive, course: ended.course, from: ended.from),
      incident: directive.incidentID, occurTime: command.occurTime)
    writer.record(
      .directiveMoved(directive, course: begun, from: nil), incident: directive.incidentID,
      occurTime: command.occurTime)
    return directive
  }

  /// Withdraws it from everyone who has not been accepted; a draft is thrown away so.
  /// - Throws: `required` without a reason; `directiveUnknown`; `courseFollowsAssignment`;
  ///   `moveNotAllowed` when there is nobody to withdraw it from.
  public func cancel(
    _ id: DirectiveID, reason: String, at time: Date, in writer: any CommandWriter, now: Date
  ) throws -> Directive {
    guard !reason.isEmpty else { throw CommandError.required(field: "reason") }
    var directive: Directive = try writer.existing(id)
    try directive.checkMovedByHand()
    let withdrawn = try directive.cancel(reason: reason)
    try writer.update(directive, courses: withdrawn.map(\.course.recipient))
    for (course, from) in withdrawn {
      writer.record(
        .directiveMoved(directive, course: course, from: from), incident: directive.incidentID,
        occurTime: time)
    }
    return directive
  }

  private func moved(
    _ move: CourseMove, _ command: MoveCourse, text: String = "", answers: [FormAnswer] = [],
    in writer: any CommandWriter
  ) throws -> Directive {
    var directive = try found(command, in: writer)
    let (course, from) = try directive.change(command.recipient) { course throws(CommandError) in
      try course.move(move, at: command.occurTime, text: text, answers: answers)
    }
    if move == .feedBack { try check(answers, of: directive, in: writer) }
    try writer.update(directive, courses: [command.recipient])
    writer.record(
      .directiveMoved(directive, course: course, from: from), incident: directive.incidentID,
      occurTime: command.occurTime)
    return directive
  }

  private func found(_ command: MoveCourse, in writer: any CommandWriter) throws -> Directive {
    let directive: Directive = try writer.existing(command.directiveID)
    // Of several recipients of one directive, each answers for itself.
    guard try writer.reaches(command.recipient) else {
      throw CommandError.recipientOutsideReach(command.recipient, field: "recipient")
    }
    try directive.checkMovedByHand()
    try directive.course(of: command.recipient).check(etag: command.etag)
    return directive
  }

  private func check(
    _ answers: [FormAnswer], of directive: Directive, in reader: any CommandReader
  ) throws {
    // Without a form there is no field to answer.
    let form = directive.origin.form ?? Form(fields: [])
    let violations = try form.violations(in: answers) {
      try reader.attachment($0, of: directive.id)?.isComplete == true
    }
    guard violations.isEmpty else { throw CommandError.directives(.formViolated(violations)) }
  }

  private func written(
    _ content: DirectiveContent, mayHaveEnded: Bool, in writer: any CommandWriter, now: Date
  ) throws -> Directive {
    var content = content
    guard content.directiveClass != .dispatch else { throw CommandError.dispatchClassReserved }
    try checkIncident(content.incidentID, mayHaveEnded: mayHaveEnded, in: writer)
    var origin = DirectiveOrigin()
    if let use = content.template {
      guard let template = try writer.template(use.code) else {
        throw CommandError.directives(.templateUnknown(use.code))
      }
      let filled = try template.filled(use.values)
      content.directiveClass = content.directiveClass ?? template.directiveClass
      if content.title.isEmpty { content.title = try fitting(filled.title, "title", 120) }
      if content.text.isEmpty { content.text = try fitting(filled.text, "text", 4_000) }
      origin = DirectiveOrigin(templateCode: template.code, form: template.form)
    }
    origin.decision = content.decision
    return try Directive(
      id: writer.mint(DirectiveTag.self), content: content, origin: origin, recordTime: now)
  }

  private func fitting(
    _ text: String, _ field: String, _ limit: Int
  ) throws(CommandError) -> String {
    guard text.unicodeScalars.count <= limit else {
      throw .directives(.filledTooLong(field: field, limit: limit))
    }
    return text
  }

  private func checkIncident(
    _ id: IncidentID?, mayHaveEnded: Bool, in writer: any CommandWriter
  ) throws {
    guard let id else { return }
    let incident: Incident = try writer.existing(id)
    if !mayHaveEnded { try incident.checkNotEnded() }
  }
}
