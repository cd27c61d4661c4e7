// 会商: a meeting with its agenda, links and decisions. Closed, it never changes; amendments are added.
public import Foundation
public import Identifiers

public enum ConsultationState: String, Sendable, Codable, CaseIterable {
  case planned, open, closed, cancelled
}

/// What can be done with a consultation. Raw values name the move in refusals.
public enum ConsultationMove: String, Sendable, CaseIterable {
  case open, cancel, close
  case putItem = "put_item"
  case link, attend
  case decide
  case withdrawDecision = "withdraw_decision"
  case issueDecision = "issue_decision"
  case amend

  public var sources: Set<ConsultationState> {
    switch self {
    case .open, .cancel: [.planned]
    case .putItem, .link: [.planned, .open]
    case .close, .attend, .decide, .withdrawDecision, .issueDecision: [.open]
    case .amend: [.closed]
    }
  }

  /// Nil where the state stays.
  public var target: ConsultationState? {
    switch self {
    case .open: .open
    case .cancel: .cancelled
    case .close: .closed
    case .putItem, .link, .attend, .decide, .withdrawDecision, .issueDecision, .amend: nil
    }
  }
}

public enum Attendance: String, Sendable, Codable, CaseIterable {
  case awaited, present, absent
}

/// Who takes part.
public struct Participant: Sendable, Hashable, Codable {
  public let recipient: Recipient
  /// What it is called in the minutes.
  public let name: String
  public internal(set) var attendance: Attendance
  /// Why it did not come.
  public internal(set) var reason: String
  /// When attendance was recorded.
  public internal(set) var time: Date?

  public init(
    recipient: Recipient, name: String, attendance: Attendance = .awaited, reason: String = "",
    time: Date? = nil
  ) {
    self.recipient = recipient
    self.name = name
    self.attendance = attendance
    self.reason = reason
    self.time = time
  }
}

/// What an item is about, or what belongs to one.
public enum AgendaSubject: Sendable, Hashable, Codable {
  case incident(IncidentID)
  case series(SeriesID)
  case directive(DirectiveID)
}

/// 议题
public struct AgendaItem: Sendable, Hashable, Codable {
  /// From 1.
  public let number: Int
  public let title: String
  public let text: String
  /// An incident or a series; nil for a free subject.
  public let subject: AgendaSubject?
  public let putBy: Recipient
  public let time: Date

  public init(
    number: Int, title: String, text: String, subject: AgendaSubject?, putBy: Recipient,
    time: Date
  ) {
    self.number = number
    self.title = title
    self.text = text
    self.subject = subject
    self.putBy = putBy
    self.time = time
  }

  /// The same without its words.
  public var wordless: AgendaItem {
    AgendaItem(
      number: number, title: "", text: "", subject: subject, putBy: putBy, time: time)
  }
}

/// 关联
public struct AgendaLink: Sendable, Hashable, Codable {
  /// From 1.
  public let number: Int
  public let itemNumber: Int
  public let target: AgendaSubject
  public let reason: String
  public let time: Date

  public init(number: Int, itemNumber: Int, target: AgendaSubject, reason: String, time: Date) {
    self.number = number
    self.itemNumber = itemNumber
    self.target = target
    self.reason = reason
    self.time = time
  }

  /// The same without its words.
  public var wordless: AgendaLink {
    AgendaLink(number: number, itemNumber: itemNumber, target: target, reason: "", time: time)
  }
}

public enum DecisionState: String, Sendable, Codable, CaseIterable {
  case recorded, issued, withdrawn
}

/// What can be done with a decision.
public enum DecisionMove: String, Sendable, CaseIterable {
  case issue, withdraw

  public var target: DecisionState { self == .issue ? .issued : .withdrawn }
}

/// 决定
public struct Decision: Sendable, Hashable, Codable {
  /// From 1.
  public let number: Int
  /// Nil when it is about none.
  public let itemNumber: Int?
  public internal(set) var text: String
  public let responsible: Recipient
  public let dueTime: Date
  public internal(set) var state: DecisionState
  /// What it became.
  public internal(set) var directiveID: DirectiveID?
  /// Why it was withdrawn.
  public internal(set) var reason: String
  public let time: Date

  public init(
    number: Int, itemNumber: Int?, text: String, responsible: Recipient, dueTime: Date,
    state: DecisionState = .recorded, directiveID: DirectiveID? = nil, reason: String = "",
    time: Date
  ) {
    self.number = number
    self.itemNumber = itemNumber
    self.text = text
    self.responsible = responsible
    self.dueTime = dueTime
    self.state = state
    self.directiveID = directiveID
    self.reason = reason
    self.time = time
  }

  /// The same without its words.
  public var wordless: Decision {
    var decision = self
    decision.text = ""
    decision.reason = ""
    return decision
  }

  /// recorded → issued or withdrawn.
  /// - Throws: `moveNotAllowed`. Nothing is changed then.
  public mutating func move(_ move: DecisionMove) throws(CommandError) {
    guard state == .recorded else {
      throw .moveNotAllowed(
        subject: "decision \(number)", from: state.rawValue, move: move.rawValue)
    }
    state = move.target
  }
}

/// The decision that a directive came from.
public struct DecisionReference: Sendable, Hashable, Codable {
  public let consultationID: ConsultationID
  public let number: Int
  public let dueTime: Date

  public init(consultationID: ConsultationID, number: Int, dueTime: Date) {
    self.consultationID = consultationID
    self.number = number
    self.dueTime = dueTime
  }
}

/// 补正
public struct Amendment: Sendable, Hashable, Codable {
  /// From 1.
  public let number: Int
  /// Nil when it is about none.
  public let decisionNumber: Int?
  public let text: String
  /// `person/…`
  public let by: String
  public let time: Date

  public init(number: Int, decisionNumber: Int?, text: String, by: String, time: Date) {
    self.number = number
    self.decisionNumber = decisionNumber
    self.text = text
    self.by = by
    self.time = time
  }

  /// The same without its words.
  public var wordless: Amendment {
    Amendment(number: number, decisionNumber: decisionNumber, text: "", by: by, time: time)
  }
}

public struct Consultation: Sendable, Hashable, Codable {
  public let id: ConsultationID
  /// 1 when planned, one more with every change.
  public internal(set) var revision: Int
  public let title: String
  public internal(set) var state: ConsultationState
  /// When it is to begin.
  public let startTime: Date
  public internal(set) var openTime: Date?
  /// When it was closed or cancelled.
  public internal(set) var closeTime: Date?
  /// Why it was cancelled.
  public internal(set) var reason: String
  /// `person/…`
  public let convenedBy: String
  public internal(set) var participants: [Participant]
  public internal(set) var items: [AgendaItem]
  public internal(set) var links: [AgendaLink]
  public internal(set) var decisions: [Decision]
  public internal(set) var amendments: [Amendment]
  public let recordTime: Date

  public static let participantLimit = 60
  public static let itemLimit = 100
  public static let linkLimit = 200
  public static let decisionLimit = 100
  public static let amendmentLimit = 100
  /// How long after a decision it may be due, in seconds.
  public static let dueLimit: TimeInterval = 366 * 86_400

  public var etag: String { String(revision) }

  /// Puts a consultation together as it was stored.
  public init(
    id: ConsultationID, revision: Int = 1, title: String, state: ConsultationState = .planned,
    startTime: Date, openTime: Date? = nil, closeTime: Date? = nil, reason: String = "",
    convenedBy: String, participants: [Participant], items: [AgendaItem] = [],
    links: [AgendaLink] = [], decisions: [Decision] = [], amendments: [Amendment] = [],
    recordTime: Date
  ) {
    self.id = id
    self.revision = revision
    self.title = title
    self.state = state
    self.startTime = startTime
    self.openTime = openTime
    self.closeTime = closeTime
    self.reason = reason
    self.convenedBy = convenedBy
    self.participants = participants
    self.items = items
    self.links = links
    self.decisions = decisions
    self.amendments = amendments
    self.recordTime = recordTime
  }
}
