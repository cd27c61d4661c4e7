// 会商: planning, holding and closing a consultation, and the directives that its decisions become.
public import Foundation
public import Identifiers

/// What all changes of a consultation have in common.
public struct ChangeConsultation: Sendable, Hashable {
  public var consultationID: ConsultationID
  /// Empty to accept any.
  public var etag: String
  public var occurTime: Date

  public init(consultationID: ConsultationID, etag: String = "", occurTime: Date) {
    self.consultationID = consultationID
    self.etag = etag
    self.occurTime = occurTime
  }
}

public struct PutAgendaItem: Sendable, Hashable {
  public var title: String
  public var text: String
  /// An incident or a series that the caller sees; nil for a free subject.
  public var subject: AgendaSubject?
  /// Of what is the caller's.
  public var putBy: Recipient

  public init(title: String, text: String, subject: AgendaSubject?, putBy: Recipient) {
    self.title = title
    self.text = text
    self.subject = subject
    self.putBy = putBy
  }
}

public struct RecordDecision: Sendable, Hashable {
  /// Nil when it is about none.
  public var itemNumber: Int?
  public var text: String
  public var responsible: Recipient
  public var dueTime: Date

  public init(itemNumber: Int?, text: String, responsible: Recipient, dueTime: Date) {
    self.itemNumber = itemNumber
    self.text = text
    self.responsible = responsible
    self.dueTime = dueTime
  }
}

/// A consultation with the directive that a decision became.
public struct IssuedDecision: Sendable, Hashable, Codable {
  public let consultation: Consultation
  public let directive: Directive
}

/// Each change throws `consultationUnknown`, `etagMismatch` and `moveNotAllowed`, besides what it names.
public struct Consulting: Sendable {
  public init() {}

  /// - Throws: `required`; `duplicateParticipant`.
  public func plan(
    title: String, startTime: Date, participants: [Participant], by actor: String,
    in writer: any CommandWriter, now: Date
  ) throws -> Consultation {
    guard !title.isEmpty else { throw CommandError.required(field: "title") }
    guard !participants.isEmpty else { throw CommandError.required(field: "participants") }
    var known: Set<Recipient> = []
    for one in participants where !known.insert(one.recipient).inserted {
      throw CommandError.joint(.duplicateParticipant(one.recipient))
    }
    let consultation = Consultation(
      id: writer.mint(ConsultationTag.self), title: title, startTime: startTime,
      convenedBy: actor, participants: participants, recordTime: now)
    try writer.insert(consultation)
    writer.record(
      .jointFact(.consultationMoved(consultation, from: nil)), incident: nil, occurTime: now)
    return consultation
  }

  public func open(
    _ change: ChangeConsultation, in writer: any CommandWriter, now: Date
  ) throws -> Consultation {
    try moved(change, in: writer) { consultation throws(CommandError) in
      try consultation.open(at: change.occurTime)
    }
  }

  /// - Throws: `required` without a reason.
  public func cancel(
    reason: String, _ change: ChangeConsultation, in writer: any CommandWriter, now: Date
  ) throws -> Consultation {
    try moved(change, in: writer) { consultation throws(CommandError) in
      try consultation.cancel(reason: reason, at: change.occurTime)
    }
  }

  /// - Throws: `decisionsNotIssued`; `attendanceOpen`.
  public func close(
    _ change: ChangeConsultation, in writer: any CommandWriter, now: Date
  ) throws -> Consultation {
    try moved(change, in: writer) { consultation throws(CommandError) in
      try consultation.close(at: change.occurTime)
    }
  }

  /// - Throws: `incidentUnknown`, `seriesUnknown`; `recipientOutsideReach`; `agendaFull`.
  public func put(
    _ command: PutAgendaItem, _ change: ChangeConsultation, in writer: any CommandWriter,
    now: Date
  ) throws -> Consultation {
    var consultation = try found(change, in: writer)
    try check(command.subject, in: writer)
    guard try writer.reaches(command.putBy) else {
      throw CommandError.recipientOutsideReach(command.putBy, field: "put_by")
    }
    let item = try consultation.put(
      title: command.title, text: command.text, command.subject, by: command.putBy,
      at: change.occurTime)
    try writer.update(consultation, with: .item(item))
    record(
      .agendaItemPut(consultation, item), about: item.subject, change.occurTime, in: writer)
    return consultation
  }

  /// - Throws: `recipientOutsideReach` for another; `participantUnknown`; `required`.
  public func attend(
    _ recipient: Recipient, _ attendance: Attendance, reason: String,
    _ change: ChangeConsultation, in writer: any CommandWriter, now: Date
  ) throws -> Consultation {
    var consultation = try found(change, in: writer)
    guard try writer.reaches(recipient) else {
      throw CommandError.recipientOutsideReach(recipient, field: "participant")
    }
    let participant = try consultation.attend(
      recipient, attendance, reason: reason, at: change.occurTime)
    try writer.update(consultation, with: .participant(participant))
    record(
      .attendanceRecorded(consultation, participant), about: nil, change.occurTime, in: writer)
    return consultation
  }

  /// - Throws: `itemUnknown`; `incidentUnknown`, `seriesUnknown`, `directiveUnknown`; `linkKnown`;
  ///   `required`; `agendaFull`.
  public func link(
    item number: Int, _ target: AgendaSubject, reason: String, _ change: ChangeConsultation,
    in writer: any CommandWriter, now: Date
  ) throws -> Consultation {
    var consultation = try found(change, in: writer)
    _ = try consultation.item(number)
    try check(target, in: writer)
    let link = try consultation.link(
      item: number, target, reason: reason, at: change.occurTime)
    try writer.update(consultation, with: .link(link))
    record(.agendaItemLinked(consultation, link), about: target, change.occurTime, in: writer)
    return consultation
  }

  /// - Throws: `itemUnknown`; `required`; `dueNotAhead`; `agendaFull`.
  public func decide(
    _ command: RecordDecision, _ change: ChangeConsultation, in writer: any CommandWriter,
    now: Date
  ) throws -> Consultation {
    var consultation = try found(change, in: writer)
    let decision = try consultation.decide(
      item: command.itemNumber, text: command.text, responsible: command.responsible,
      due: command.dueTime, at: change.occurTime)
    try save(decision, from: nil, of: consultation, change.occurTime, in: writer)
    return consultation
  }

  /// - Throws: `decisionUnknown`; `required` without a reason.
  public func withdraw(
    decision number: Int, reason: String, _ change: ChangeConsultation,
    in writer: any CommandWriter, now: Date
  ) throws -> Consultation {
    var consultation = try found(change, in: writer)
    let decision = try consultation.withdraw(decision: number, reason: reason)
    try save(decision, from: .recorded, of: consultation, change.occurTime, in: writer)
    return consultation
  }

  /// The decision becomes a directive to whoever is responsible; each names the other.
  /// - Throws: `decisionUnknown`; `dispatchClassReserved`; `required`; `recipientOutsideReach`.
  public func issue(
    decision number: Int, title: String, _ directiveClass: DirectiveClass,
    _ change: ChangeConsultation, in writer: any CommandWriter, now: Date
  ) throws -> IssuedDecision {
    var consultation = try found(change, in: writer)
    let decided = try consultation.decision(number)
    try consultation.checkIssue(decision: number)
    // What has ended takes no directive; the decision stands by itself then.
    let incident = try consultation.incident(of: decided).flatMap(writer.incident)
    var content = DirectiveContent(
      directiveClass: directiveClass,
      incidentID: incident.flatMap { $0.state.isEnded ? nil : $0.id }, title: title,
      text: decided.text, recipients: [decided.responsible])
    content.decision = DecisionReference(
      consultationID: consultation.id, number: number, dueTime: decided.dueTime)
    let directive = try Directing().issue(
      .content(content), at: change.occurTime, in: writer, now: now)
    let decision = try consultation.issue(decision: number, as: directive.id)
    try save(decision, from: .recorded, of: consultation, change.occurTime, in: writer)
    return IssuedDecision(consultation: consultation, directive: directive)
  }

  /// - Throws: `decisionUnknown`; `required`; `agendaFull`.
  public func amend(
    decision number: Int?, text: String, by actor: String, _ change: ChangeConsultation,
    in writer: any CommandWriter, now: Date
  ) throws -> Consultation {
    var consultation = try found(change, in: writer)
    let amendment = try consultation.amend(
      decision: number, text: text, by: actor, at: change.occurTime)
    try writer.update(consultation, with: .amendment(amendment))
    record(
      .consultationAmended(consultation, amendment), about: nil, change.occurTime, in: writer)
    return consultation
  }

  private func found(
    _ change: ChangeConsultation, in writer: any CommandWriter
  ) throws -> Consultation {
    let consultation: Consultation = try writer.existing(change.consultationID)
    try consultation.check(etag: change.etag)
    return consultation
  }

  private func moved(
    _ change: ChangeConsultation, in writer: any CommandWriter,
    _ move: (inout Consultation) throws(CommandError) -> Void
  ) throws -> Consultation {
    var consultation = try found(change, in: writer)
    let from = consultation.state
    try move(&consultation)
    try writer.update(consultation, with: nil)
    record(
      .consultationMoved(consultation, from: from), about: nil, change.occurTime, in: writer)
    return consultation
  }

  private func save(
    _ decision: Decision, from: DecisionState?, of consultation: Consultation, _ time: Date,
    in writer: any CommandWriter
  ) throws {
    try writer.update(consultation, with: .decision(decision))
    record(
      .decisionMoved(consultation, decision, from: from),
      about: consultation.incident(of: decision).map(AgendaSubject.incident), time, in: writer)
  }

  private func check(_ subject: AgendaSubject?, in writer: any CommandWriter) throws {
    switch subject {
    case .incident(let id): _ = try writer.existing(id) as Incident
    case .series(let id): _ = try writer.existing(id) as Series
    case .directive(let id): _ = try writer.existing(id) as Directive
    case nil: break
    }
  }

  private func record(
    _ fact: JointFact, about subject: AgendaSubject?, _ time: Date, in writer: any CommandWriter
  ) {
    var incident: IncidentID?
    if case .incident(let id) = subject { incident = id }
    writer.record(.jointFact(fact), incident: incident, occurTime: time)
  }
}

extension Consultation {
  /// The incident that a decision is about, where its item is about one.
  public func incident(of decision: Decision) -> IncidentID? {
    guard let number = decision.itemNumber,
      case .incident(let id)? = items.first(where: { $0.number == number })?.subject
    else { return nil }
    return id
  }
}
