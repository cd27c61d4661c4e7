// 指令: an order to one or many recipients. What one recipient does about it is in RecipientCourse.
public import Forms
public import Foundation
public import Identifiers

/// Which time limits apply.
public enum DirectiveClass: String, Sendable, Codable, CaseIterable {
  /// Sends units; made by DispatchUnits alone, and answered by the incident's feedback.
  case dispatch
  case urgent, priority, routine, general
}

/// What a directive says.
public struct DirectiveContent: Sendable, Hashable, Codable {
  /// Nil only when a template says it.
  public var directiveClass: DirectiveClass?
  /// The incident it serves; may be nil.
  public var incidentID: IncidentID?
  public var title: String
  public var text: String
  /// To whom, each once.
  public var recipients: [Recipient]
  /// To whom besides, once it is issued.
  public var selectors: [RecipientSelector]
  /// Fills what is empty above; nil when it is written by hand.
  public var template: TemplateUse?
  /// The decision of a consultation that becomes this directive; nil when none does.
  public var decision: DecisionReference?

  /// - Parameter directiveClass: nil to take the template's.
  public init(
    directiveClass: DirectiveClass?, incidentID: IncidentID?, title: String, text: String,
    recipients: [Recipient], selectors: [RecipientSelector] = [], template: TemplateUse? = nil
  ) {
    self.directiveClass = directiveClass
    self.incidentID = incidentID
    self.title = title
    self.text = text
    self.recipients = recipients
    self.selectors = selectors
    self.template = template
  }
}

/// Where a directive comes from, besides the hand that wrote it.
public struct DirectiveOrigin: Sendable, Hashable, Codable {
  /// The template it was written from; empty when from none.
  public var templateCode: String
  /// What feedback has to answer, as it was when the directive was written.
  public var form: Form?
  /// The one that it was issued again for.
  public var reissueOf: DirectiveID?
  /// The decision of a consultation that it came from.
  public var decision: DecisionReference?

  public init(
    templateCode: String = "", form: Form? = nil, reissueOf: DirectiveID? = nil,
    decision: DecisionReference? = nil
  ) {
    self.templateCode = templateCode
    self.form = form
    self.reissueOf = reissueOf
    self.decision = decision
  }
}

public struct Directive: Sendable, Hashable, Codable {
  public let id: DirectiveID
  /// 1 when written, one more with every change of it or of a course.
  public internal(set) var revision: Int
  public let directiveClass: DirectiveClass
  public let incidentID: IncidentID?
  public let title: String
  public let text: String
  public let origin: DirectiveOrigin
  /// How recipients were selected, besides those named.
  public internal(set) var selections: [RecipientSelection]
  /// In the order given; those who were selected or took over a part follow.
  public internal(set) var courses: [RecipientCourse]
  /// Nil for a draft.
  public internal(set) var issueTime: Date?
  public let recordTime: Date

  public var etag: String { String(revision) }

  /// Puts a directive together as it was stored.
  public init(
    id: DirectiveID, revision: Int, directiveClass: DirectiveClass, incidentID: IncidentID?,
    title: String, text: String, origin: DirectiveOrigin = DirectiveOrigin(),
    selections: [RecipientSelection] = [], courses: [RecipientCourse], issueTime: Date?,
    recordTime: Date
  ) {
    self.id = id
    self.revision = revision
    self.directiveClass = directiveClass
    self.incidentID = incidentID
    self.title = title
    self.text = text
    self.origin = origin
    self.selections = selections
    self.courses = courses
    self.issueTime = issueTime
    self.recordTime = recordTime
  }

  /// Newly written: a draft.
  /// - Throws: `required` without recipients or class; `duplicateRecipient`.
  init(
    id: DirectiveID, content: DirectiveContent, origin: DirectiveOrigin, recordTime: Date
  ) throws(CommandError) {
    guard let directiveClass = content.directiveClass else {
      throw .required(field: "content.directive_class")
    }
    guard !content.title.isEmpty else { throw .required(field: "content.title") }
    guard !content.recipients.isEmpty || !content.selectors.isEmpty else {
      throw .required(field: "content.recipients")
    }
    var seen: Set<Recipient> = []
    for recipient in content.recipients where !seen.insert(recipient).inserted {
      throw .duplicateRecipient(recipient)
    }
    self.init(
      id: id, revision: 1, directiveClass: directiveClass, incidentID: content.incidentID,
      title: content.title, text: content.text, origin: origin,
      selections: content.selectors.map { RecipientSelection(selector: $0) },
      courses: content.recipients.map { RecipientCourse(recipient: $0, state: .draft) },
      issueTime: nil, recordTime: recordTime)
  }

  /// The same content for those who are given here.
  init(
    id: DirectiveID, again old: Directive, to recipients: [Recipient], issueTime: Date,
    recordTime: Date
  ) {
    var origin = old.origin
    origin.reissueOf = old.id
    self.init(
      id: id, revision: 1, directiveClass: old.directiveClass, incidentID: old.incidentID,
      title: old.title, text: old.text, origin: origin,
      courses: recipients.map { RecipientCourse(recipient: $0, state: .issued) },
      issueTime: issueTime, recordTime: recordTime)
  }

  /// The dispatch that carries these assignments, one recipient each.
  init(
    id: DirectiveID, incident: Incident, instruction: String, assignments: [Assignment],
    issueTime: Date, recordTime: Date
  ) {
    self.init(
      id: id, revision: 1, directiveClass: .dispatch, incidentID: incident.id,
      title: incident.title, text: instruction,
      courses: assignments.map {
        RecipientCourse(
          recipient: Recipient(unit: $0.unitID), state: .delivered, assignmentID: $0.id)
      },
      issueTime: issueTime, recordTime: recordTime)
  }

  /// That of the recipient who is least far, among those it is still the part of; when nobody is
  /// left, cancelled.
  public var state: DirectiveState {
    let held = courses.map(\.state).filter(\.isHeld).min { $0.progress < $1.progress }
    // A draft that only selects has nobody yet.
    return held ?? (courses.isEmpty && issueTime == nil ? .draft : .cancelled)
  }

  /// Draft → issued, to all recipients at once.
  /// - Throws: `moveNotAllowed` unless it is a draft.
  mutating func issue(at time: Date) throws(CommandError) {
    guard state == .draft else { throw refused("issue") }
    for index in courses.indices { try courses[index].move(.issue) }
    issueTime = time
    revision += 1
  }

  /// The same for one that was never a draft: it and its courses begin as issued.
  mutating func issueAtOnce(at time: Date, in reader: any CommandReader) throws {
    try resolve(in: reader)
    for index in courses.indices { courses[index].state = .issued }
    issueTime = time
  }

  public func course(of recipient: Recipient) throws(CommandError) -> RecipientCourse {
    guard let course = courses.first(where: { $0.recipient == recipient }) else {
      throw .recipientUnknown(recipient)
    }
    return course
  }

  /// Changes one recipient's course and counts the change.
  /// - Returns: the course as it is now, and its state before.
  /// - Throws: `recipientUnknown`; what `change` throws. Nothing is changed then.
  mutating func change(
    _ recipient: Recipient,
    _ change: (inout RecipientCourse) throws(CommandError) -> Void
  ) throws(CommandError) -> (course: RecipientCourse, from: DirectiveState) {
    guard let index = courses.firstIndex(where: { $0.recipient == recipient }) else {
      throw .recipientUnknown(recipient)
    }
    let from = courses[index].state
    var course = courses[index]
    try change(&course)
    courses[index] = course
    revision += 1
    return (course, from)
  }

  /// Brings the course of a dispatched unit to where its assignment is.
  /// - Returns: nil when the step does not show here; nothing is changed then.
  /// - Throws: `recipientUnknown`.
  mutating func follow(
    _ assignment: Assignment, of recipient: Recipient
  ) throws(CommandError) -> (course: RecipientCourse, from: DirectiveState)? {
    guard let index = courses.firstIndex(where: { $0.recipient == recipient }) else {
      throw .recipientUnknown(recipient)
    }
    let from = courses[index].state
    guard courses[index].follow(assignment) else { return nil }
    revision += 1
    return (courses[index], from)
  }

  /// Begins the course of somebody who takes over another's part.
  /// - Throws: `recipientKnown`, also when that recipient's own course has ended: one course each.
  mutating func begin(
    _ recipient: Recipient, at post: Post? = nil
  ) throws(CommandError) -> RecipientCourse {
    guard !courses.contains(where: { $0.recipient == recipient }) else {
      throw .recipientKnown(recipient)
    }
    let course = RecipientCourse(recipient: recipient, state: .issued, post: post)
    courses.append(course)
    return course
  }

  /// Withdraws it from everyone who still holds it and has not been accepted.
  /// - Returns: the courses withdrawn, each with its state before.
  /// - Throws: `moveNotAllowed` when there is nobody left to withdraw it from.
  mutating func cancel(
    reason: String
  ) throws(CommandError) -> [(course: RecipientCourse, from: DirectiveState)] {
    var withdrawn: [(course: RecipientCourse, from: DirectiveState)] = []
    for index in courses.indices {
      let from = courses[index].state
      guard CourseMove.cancel.sources.contains(from) else { continue }
      try courses[index].move(.cancel, text: reason)
      withdrawn.append((courses[index], from))
    }
    guard !withdrawn.isEmpty else { throw refused("cancel") }
    revision += 1
    return withdrawn
  }

  /// - Throws: `courseFollowsAssignment` for a dispatch.
  func checkMovedByHand() throws(CommandError) {
    guard directiveClass != .dispatch else { throw .courseFollowsAssignment(id) }
  }

  func refused(_ move: String) -> CommandError {
    .moveNotAllowed(subject: id.description, from: state.rawValue, move: move)
  }
}
