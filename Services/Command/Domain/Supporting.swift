// 支撑请求: asking, taking, answering, giving back and ending.
public import Foundation
public import Identifiers

/// What is to be asked of one seat.
public struct SupportTask: Sendable, Hashable {
  public let seatCode: String
  public let task: String

  public init(seatCode: String, task: String) {
    self.seatCode = seatCode
    self.task = task
  }
}

public struct AskSupport: Sendable, Hashable {
  public var incidentID: IncidentID
  public var asker: Recipient
  public var title: String
  public var text: String
  /// At least one; each seat once.
  public var tasks: [SupportTask]
  public var occurTime: Date

  public init(
    incidentID: IncidentID, asker: Recipient, title: String, text: String, tasks: [SupportTask],
    occurTime: Date
  ) {
    self.incidentID = incidentID
    self.asker = asker
    self.title = title
    self.text = text
    self.tasks = tasks
    self.occurTime = occurTime
  }
}

/// What all changes of a request, or of one part of it, have in common.
public struct ChangeSupport: Sendable, Hashable {
  public var supportRequestID: SupportRequestID
  /// Of what is changed; empty to accept any.
  public var etag: String
  public var occurTime: Date

  public init(supportRequestID: SupportRequestID, etag: String = "", occurTime: Date) {
    self.supportRequestID = supportRequestID
    self.etag = etag
    self.occurTime = occurTime
  }
}

/// What a seat does with its part.
public struct MoveSupportPart: Sendable, Hashable {
  public var change: ChangeSupport
  /// From 1.
  public var number: Int
  public var move: SupportPartMove
  /// The answer, or the reason.
  public var text: String
  public var result: SupportResult?

  public init(
    change: ChangeSupport, number: Int, move: SupportPartMove, text: String = "",
    result: SupportResult? = nil
  ) {
    self.change = change
    self.number = number
    self.move = move
    self.text = text
    self.result = result
  }
}

public struct Supporting: Sendable {
  public init() {}

  /// - Throws: `incidentUnknown`, `incidentEnded`; `recipientOutsideReach` for an asker that is not the
  ///   caller's; `required`; `partOpen`, `tooManyParts`.
  public func ask(
    _ command: AskSupport, in writer: any CommandWriter, now: Date
  ) throws -> SupportRequest {
    let incident: Incident = try writer.existing(command.incidentID)
    try incident.checkNotEnded()
    guard try writer.reaches(command.asker) else {
      throw CommandError.recipientOutsideReach(command.asker, field: "asker")
    }
    guard !command.title.isEmpty else { throw CommandError.required(field: "title") }
    guard !command.tasks.isEmpty else { throw CommandError.required(field: "parts") }
    var request = SupportRequest(
      id: writer.mint(SupportRequestTag.self), revision: 0, incidentID: incident.id,
      asker: command.asker, title: command.title, text: command.text, parts: [],
      askTime: command.occurTime, recordTime: now)
    for task in command.tasks {
      _ = try request.add(seat: task.seatCode, task: task.task, at: command.occurTime)
    }
    request.revision = 1
    try writer.insert(request)
    record(.supportAsked(request), request, command.occurTime, in: writer)
    return request
  }

  /// - Throws: `supportRequestUnknown`; `recipientOutsideReach`; `etagMismatch`; `moveNotAllowed`;
  ///   `partOpen`, `tooManyParts`.
  public func add(
    _ task: SupportTask, _ change: ChangeSupport, in writer: any CommandWriter, now: Date
  ) throws -> SupportRequest {
    var request = try ofAsker(change, in: writer)
    let part = try request.add(seat: task.seatCode, task: task.task, at: change.occurTime)
    try writer.update(request, part: part)
    record(
      .supportPartMoved(request, part, from: nil), request, change.occurTime, in: writer)
    return request
  }

  /// - Throws: `supportRequestUnknown`, `partUnknown`; `recipientOutsideReach` for another seat's part;
  ///   `etagMismatch`; `moveNotAllowed`; `required`.
  public func move(
    _ command: MoveSupportPart, in writer: any CommandWriter, now: Date
  ) throws -> SupportRequest {
    let change = command.change
    var request: SupportRequest = try writer.existing(change.supportRequestID)
    let part = try request.part(command.number)
    guard try writer.reaches(part.seat) else {
      throw CommandError.recipientOutsideReach(part.seat, field: "part_number")
    }
    guard change.etag.isEmpty || change.etag == part.etag else {
      throw CommandError.etagMismatch(current: part.etag)
    }
    let (moved, from) = try request.move(
      part: command.number, command.move, at: change.occurTime, text: command.text,
      result: command.result)
    try writer.update(request, part: moved)
    record(
      .supportPartMoved(request, moved, from: from), request, change.occurTime, in: writer)
    return request
  }

  /// Closed with an outcome, withdrawn without one.
  /// - Throws: `supportRequestUnknown`; `recipientOutsideReach`; `etagMismatch`; `required`;
  ///   `moveNotAllowed`; `supportUnanswered`.
  public func end(
    _ outcome: SupportOutcome?, reason: String, _ change: ChangeSupport,
    in writer: any CommandWriter, now: Date
  ) throws -> SupportRequest {
    var request = try ofAsker(change, in: writer)
    let from = request.state
    let open = request.parts.filter(\.state.isOpen).map(\.number)
    try request.end(outcome, reason: reason, at: change.occurTime)
    for number in open { try writer.update(request, part: request.part(number)) }
    if open.isEmpty { try writer.update(request, part: nil) }
    record(.supportEnded(request, from: from), request, change.occurTime, in: writer)
    return request
  }

  /// The request of a caller to whom its asker belongs: that of a seat is its part alone.
  private func ofAsker(
    _ change: ChangeSupport, in writer: any CommandWriter
  ) throws -> SupportRequest {
    let request: SupportRequest = try writer.existing(change.supportRequestID)
    guard try writer.reaches(request.asker) else {
      throw CommandError.recipientOutsideReach(request.asker, field: "support_request_id")
    }
    try request.check(etag: change.etag)
    return request
  }

  private func record(
    _ fact: JointFact, _ request: SupportRequest, _ time: Date, in writer: any CommandWriter
  ) {
    writer.record(.jointFact(fact), incident: request.incidentID, occurTime: time)
  }
}
