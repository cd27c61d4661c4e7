// What a consultation allows, and what it refuses: pure, and nothing is changed by what is refused.
import Foundation
import Identifiers

extension Consultation {
  /// - Throws: `etagMismatch`.
  func check(etag: String) throws(CommandError) {
    guard etag.isEmpty || etag == self.etag else { throw .etagMismatch(current: self.etag) }
  }

  /// Takes the step, if the state allows it.
  /// - Throws: `moveNotAllowed`. Nothing is changed then.
  mutating func take(_ move: ConsultationMove) throws(CommandError) {
    guard move.sources.contains(state) else {
      throw .moveNotAllowed(
        subject: id.description, from: state.rawValue, move: move.rawValue)
    }
    if let target = move.target { state = target }
    revision += 1
  }

  /// planned → open.
  mutating func open(at time: Date) throws(CommandError) {
    try take(.open)
    openTime = time
  }

  /// planned → cancelled.
  /// - Throws: `required` without a reason.
  mutating func cancel(reason: String, at time: Date) throws(CommandError) {
    guard !reason.isEmpty else { throw .required(field: "reason") }
    try take(.cancel)
    self.reason = reason
    closeTime = time
  }

  /// open → closed.
  /// - Throws: `decisionsNotIssued`; `attendanceOpen`.
  mutating func close(at time: Date) throws(CommandError) {
    var closed = self
    try closed.take(.close)
    let waiting = decisions.filter { $0.state == .recorded }.map(\.number)
    guard waiting.isEmpty else { throw .joint(.decisionsNotIssued(waiting)) }
    let awaited = participants.filter { $0.attendance == .awaited }.map(\.name)
    guard awaited.isEmpty else { throw .joint(.attendanceOpen(awaited)) }
    closed.closeTime = time
    self = closed
  }

  /// - Throws: `agendaFull`.
  mutating func put(
    title: String, text: String, _ subject: AgendaSubject?, by recipient: Recipient,
    at time: Date
  ) throws(CommandError) -> AgendaItem {
    guard !title.isEmpty else { throw .required(field: "title") }
    try checkRoom(items.count, Self.itemLimit, .putItem)
    let item = AgendaItem(
      number: items.count + 1, title: title, text: text, subject: subject, putBy: recipient,
      time: time)
    items.append(item)
    return item
  }

  /// - Throws: `participantUnknown`; `required` for an absence without a reason.
  mutating func attend(
    _ recipient: Recipient, _ attendance: Attendance, reason: String, at time: Date
  ) throws(CommandError) -> Participant {
    guard let index = participants.firstIndex(where: { $0.recipient == recipient }) else {
      throw .joint(.participantUnknown(recipient))
    }
    guard attendance != .absent || !reason.isEmpty else { throw .required(field: "reason") }
    try take(.attend)
    participants[index].attendance = attendance
    participants[index].reason = attendance == .absent ? reason : ""
    participants[index].time = time
    return participants[index]
  }

  /// - Throws: `itemUnknown`; `linkKnown`; `required`; `agendaFull`.
  mutating func link(
    item number: Int, _ target: AgendaSubject, reason: String, at time: Date
  ) throws(CommandError) -> AgendaLink {
    _ = try item(number)
    guard !reason.isEmpty else { throw .required(field: "reason") }
    guard !links.contains(where: { $0.itemNumber == number && $0.target == target }) else {
      throw .joint(.linkKnown(item: number))
    }
    try checkRoom(links.count, Self.linkLimit, .link)
    let link = AgendaLink(
      number: links.count + 1, itemNumber: number, target: target, reason: reason, time: time)
    links.append(link)
    return link
  }

  /// - Throws: `itemUnknown`; `required`; `dueNotAhead`; `agendaFull`.
  mutating func decide(
    item number: Int?, text: String, responsible: Recipient, due: Date, at time: Date
  ) throws(CommandError) -> Decision {
    if let number { _ = try item(number) }
    guard !text.isEmpty else { throw .required(field: "text") }
    guard due > time, due.timeIntervalSince(time) <= Self.dueLimit else {
      throw .joint(.dueNotAhead)
    }
    try checkRoom(decisions.count, Self.decisionLimit, .decide)
    let decision = Decision(
      number: decisions.count + 1, itemNumber: number, text: text, responsible: responsible,
      dueTime: due, time: time)
    decisions.append(decision)
    return decision
  }

  /// - Throws: `decisionUnknown`; `required` without a reason.
  mutating func withdraw(
    decision number: Int, reason: String
  ) throws(CommandError) -> Decision {
    guard !reason.isEmpty else { throw .required(field: "reason") }
    var decision = try decision(number)
    try decision.move(.withdraw)
    decision.reason = reason
    try take(.withdrawDecision)
    decisions[number - 1] = decision
    return decision
  }

  /// - Throws: `decisionUnknown`.
  mutating func issue(
    decision number: Int, as directive: DirectiveID
  ) throws(CommandError) -> Decision {
    var decision = try decision(number)
    try decision.move(.issue)
    decision.directiveID = directive
    try take(.issueDecision)
    decisions[number - 1] = decision
    return decision
  }

  /// - Throws: as `issue`.
  func checkIssue(decision number: Int) throws(CommandError) {
    var trial = self
    var decision = try decision(number)
    try decision.move(.issue)
    try trial.take(.issueDecision)
  }

  /// - Throws: `decisionUnknown`; `required`; `agendaFull`.
  mutating func amend(
    decision number: Int?, text: String, by actor: String, at time: Date
  ) throws(CommandError) -> Amendment {
    if let number { _ = try decision(number) }
    guard !text.isEmpty else { throw .required(field: "text") }
    try checkRoom(amendments.count, Self.amendmentLimit, .amend)
    let amendment = Amendment(
      number: amendments.count + 1, decisionNumber: number, text: text, by: actor, time: time)
    amendments.append(amendment)
    return amendment
  }

  func decision(_ number: Int) throws(CommandError) -> Decision {
    guard let decision = decisions.first(where: { $0.number == number }) else {
      throw .joint(.decisionUnknown(number))
    }
    return decision
  }

  func item(_ number: Int) throws(CommandError) -> AgendaItem {
    guard let item = items.first(where: { $0.number == number }) else {
      throw .joint(.itemUnknown(number))
    }
    return item
  }

  /// The step, if state and room allow it.
  private mutating func checkRoom(
    _ count: Int, _ limit: Int, _ move: ConsultationMove
  ) throws(CommandError) {
    var changed = self
    try changed.take(move)
    guard count < limit else { throw .joint(.agendaFull(limit: limit)) }
    self = changed
  }
}
