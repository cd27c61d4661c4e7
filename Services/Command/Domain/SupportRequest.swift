// 支撑请求: what a station asks of the centre's seats. Nobody approves it; each seat has a part of its
// own, and where the request stands follows from the parts until somebody ends it.
public import Foundation
public import Identifiers

/// Where one seat's part stands.
public enum SupportPartState: String, Sendable, Codable, CaseIterable {
  case offered, taken, answered
  case givenBack = "given_back"
  case released

  /// The seat owes something.
  public var isOpen: Bool { self == .offered || self == .taken }
  /// It counts for where the request stands.
  var isHeld: Bool { isOpen || self == .answered }
}

/// What can be done with a part. Raw values name the move in refusals.
public enum SupportPartMove: String, Sendable, CaseIterable {
  case take, answer
  case giveBack = "give_back"
  case release

  public var sources: Set<SupportPartState> {
    switch self {
    case .take: [.offered]
    case .answer: [.taken]
    case .giveBack, .release: [.offered, .taken]
    }
  }

  public var target: SupportPartState {
    switch self {
    case .take: .taken
    case .answer: .answered
    case .giveBack: .givenBack
    case .release: .released
    }
  }
}

/// What a seat found.
public enum SupportResult: String, Sendable, Codable, CaseIterable {
  case found, nothing
}

/// What is asked of one seat, and its answer.
public struct SupportPart: Sendable, Hashable, Codable {
  /// From 1.
  public let number: Int
  /// 1 when added, one more with every change.
  public internal(set) var revision: Int
  /// The seat, by duty's code.
  public let seatCode: String
  public let task: String
  public internal(set) var state: SupportPartState
  public internal(set) var answer: String
  /// Nil until answered.
  public internal(set) var result: SupportResult?
  /// Why it was given back.
  public internal(set) var reason: String
  public let offerTime: Date
  public internal(set) var takeTime: Date?
  public internal(set) var answerTime: Date?
  /// When it was given back or released.
  public internal(set) var endTime: Date?

  public var etag: String { String(revision) }
  public var seat: Recipient { Recipient(kind: .seat, id: seatCode) }

  public init(
    number: Int, revision: Int = 1, seatCode: String, task: String,
    state: SupportPartState = .offered, answer: String = "", result: SupportResult? = nil,
    reason: String = "", offerTime: Date, takeTime: Date? = nil, answerTime: Date? = nil,
    endTime: Date? = nil
  ) {
    self.number = number
    self.revision = revision
    self.seatCode = seatCode
    self.task = task
    self.state = state
    self.answer = answer
    self.result = result
    self.reason = reason
    self.offerTime = offerTime
    self.takeTime = takeTime
    self.answerTime = answerTime
    self.endTime = endTime
  }

  /// - Parameters:
  ///   - text: the answer, or the reason.
  ///   - result: with the answer.
  /// - Throws: `moveNotAllowed`; `required` where answer, result or reason is missing. Nothing is
  ///   changed then.
  public mutating func move(
    _ move: SupportPartMove, at time: Date, text: String = "", result: SupportResult? = nil
  ) throws(CommandError) {
    switch move {
    case .answer where text.isEmpty: throw .required(field: "text")
    case .answer where result == nil: throw .required(field: "result")
    case .giveBack where text.isEmpty: throw .required(field: "reason")
    default: break
    }
    guard move.sources.contains(state) else {
      throw .moveNotAllowed(subject: seatCode, from: state.rawValue, move: move.rawValue)
    }
    state = move.target
    revision += 1
    switch move {
    case .take: takeTime = time
    case .answer:
      answerTime = time
      answer = text
      self.result = result
    case .giveBack:
      endTime = time
      reason = text
    case .release: endTime = time
    }
  }
}

/// Where a request stands. The first three follow from its parts.
public enum SupportState: String, Sendable, Codable, CaseIterable {
  case asked, underway, answered, closed, withdrawn

  public var isOpen: Bool { self != .closed && self != .withdrawn }
}

/// How a request was closed.
public enum SupportOutcome: String, Sendable, Codable, CaseIterable {
  case solved, unsolved
}

/// A request is over.
public struct SupportEnd: Sendable, Hashable, Codable {
  /// Nil when it was withdrawn.
  public let outcome: SupportOutcome?
  public let reason: String
  public let time: Date

  public init(outcome: SupportOutcome?, reason: String, time: Date) {
    self.outcome = outcome
    self.reason = reason
    self.time = time
  }
}

public struct SupportRequest: Sendable, Hashable, Codable {
  public let id: SupportRequestID
  /// 1 when asked, one more with every change of it or of a part.
  public internal(set) var revision: Int
  public let incidentID: IncidentID
  public let asker: Recipient
  public let title: String
  public let text: String
  /// In the order in which they were added.
  public internal(set) var parts: [SupportPart]
  /// Nil while it is open.
  public internal(set) var end: SupportEnd?
  public let askTime: Date
  public let recordTime: Date

  public static let partLimit = 20

  public var etag: String { String(revision) }

  public init(
    id: SupportRequestID, revision: Int = 1, incidentID: IncidentID, asker: Recipient,
    title: String, text: String, parts: [SupportPart], end: SupportEnd? = nil, askTime: Date,
    recordTime: Date
  ) {
    self.id = id
    self.revision = revision
    self.incidentID = incidentID
    self.asker = asker
    self.title = title
    self.text = text
    self.parts = parts
    self.end = end
    self.askTime = askTime
    self.recordTime = recordTime
  }

  public var state: SupportState {
    if let end { return end.outcome == nil ? .withdrawn : .closed }
    let held = parts.map(\.state).filter(\.isHeld)
    if !held.isEmpty, held.allSatisfy({ $0 == .answered }) { return .answered }
    return held.contains { $0 != .offered } ? .underway : .asked
  }

  /// - Throws: `etagMismatch`.
  func check(etag: String) throws(CommandError) {
    guard etag.isEmpty || etag == self.etag else { throw .etagMismatch(current: self.etag) }
  }

  /// - Throws: `moveNotAllowed` when it has ended; `tooManyParts`; `partOpen` when the seat has one
  ///   that it has not ended.
  mutating func add(
    seat: String, task: String, at time: Date
  ) throws(CommandError) -> SupportPart {
    guard state.isOpen else { throw refused("add_part") }
    guard parts.count < Self.partLimit else {
      throw .joint(.tooManyParts(limit: Self.partLimit))
    }
    guard !parts.contains(where: { $0.seatCode == seat && $0.state.isOpen }) else {
      throw .joint(.partOpen(seat: seat))
    }
    let part = SupportPart(
      number: parts.count + 1, seatCode: seat, task: task, offerTime: time)
    parts.append(part)
    revision += 1
    return part
  }

  func part(_ number: Int) throws(CommandError) -> SupportPart {
    guard let part = parts.first(where: { $0.number == number }) else {
      throw .joint(.partUnknown(number))
    }
    return part
  }

  /// Moves one part and counts the change.
  /// - Returns: the part as it is now, and its state before.
  /// - Throws: `partUnknown`; what the move throws. Nothing is changed then.
  mutating func move(
    part number: Int, _ move: SupportPartMove, at time: Date, text: String,
    result: SupportResult?
  ) throws(CommandError) -> (part: SupportPart, from: SupportPartState) {
    var part = try part(number)
    let from = part.state
    try part.move(move, at: time, text: text, result: result)
    parts[number - 1] = part
    revision += 1
    return (part, from)
  }

  /// open → closed, or withdrawn without an outcome. Open parts are released.
  /// - Throws: `required` without a reason; `moveNotAllowed` when it has ended; `supportUnanswered`
  ///   when it would be solved by nobody.
  mutating func end(
    _ outcome: SupportOutcome?, reason: String, at time: Date
  ) throws(CommandError) {
    guard !reason.isEmpty else { throw .required(field: "reason") }
    guard state.isOpen else { throw refused(outcome == nil ? "withdraw" : "close") }
    guard outcome != .solved || parts.contains(where: { $0.state == .answered }) else {
      throw .joint(.supportUnanswered(id))
    }
    for index in parts.indices where parts[index].state.isOpen {
      try parts[index].move(.release, at: time)
    }
    end = SupportEnd(outcome: outcome, reason: reason, time: time)
    revision += 1
  }

  private func refused(_ move: String) -> CommandError {
    .moveNotAllowed(subject: id.description, from: state.rawValue, move: move)
  }
}
