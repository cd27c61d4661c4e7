// 查询监督: who looks people up, how often, and whether somebody should ask why. What is counted is
// what an actor did; nothing is said of whom he looked for.
public import Foundation
public import Identifiers

/// Why look-ups are unusual.
public enum LookUpConcern: String, Sendable, Hashable, Codable, CaseIterable {
  case manyPersons = "many_persons"
  case ownFamilyName = "own_family_name"
  case outsideArea = "outside_area"
  case outsideShift = "outside_shift"
  case refused = "refused"
}

/// One look-up, as the service that answered or refused it told of it.
public struct LookUp: Sendable, Hashable, Codable {
  /// Whose audit log has it.
  public var service: String
  /// Its index there, from 0.
  public var entryIndex: Int64
  public var actor: String
  /// Organisations whose affairs are the actor's; `*` for all.
  public var areas: [String]
  public var method: String
  public var purpose: String
  public var caseID: String
  /// Tells persons apart within one day; empty when nobody was shown.
  public var personKey: String
  /// gRPC's name of the result.
  public var resultCode: String
  public var resultReason: String
  public var isOwnFamilyName: Bool
  public var isHeldElsewhere: Bool
  public var isOutsideShift: Bool
  public var time: Date

  public init(
    service: String, entryIndex: Int64, actor: String, areas: [String], method: String,
    purpose: String, caseID: String, personKey: String, resultCode: String, resultReason: String,
    isOwnFamilyName: Bool, isHeldElsewhere: Bool, isOutsideShift: Bool, time: Date
  ) {
    self.service = service
    self.entryIndex = entryIndex
    self.actor = actor
    self.areas = areas
    self.method = method
    self.purpose = purpose
    self.caseID = caseID
    self.personKey = personKey
    self.resultCode = resultCode
    self.resultReason = resultReason
    self.isOwnFamilyName = isOwnFamilyName
    self.isHeldElsewhere = isHeldElsewhere
    self.isOutsideShift = isOutsideShift
    self.time = time
  }

  /// What it counts for.
  public var concerns: Set<LookUpConcern> {
    var concerns: Set<LookUpConcern> = []
    if !personKey.isEmpty { concerns.insert(.manyPersons) }
    if isOwnFamilyName { concerns.insert(.ownFamilyName) }
    if isHeldElsewhere { concerns.insert(.outsideArea) }
    if isOutsideShift || resultReason == "NOT_ON_DUTY" { concerns.insert(.outsideShift) }
    // What was mistyped is no sign of anything; to be refused for who asks, or what for, is.
    let refusals = [
      "CASE_NOT_OPEN", "CALL_NOT_OF_CASE", "PURPOSE_NOT_ALLOWED", "ROLE_NOT_ALLOWED",
      "ROLE_FORBIDS",
    ]
    if refusals.contains(resultReason) {
      concerns.insert(.refused)
    }
    return concerns
  }
}

/// From how many look-ups on, within which time, somebody should ask.
public struct LookUpRule: Sendable, Hashable, Codable {
  public static let thresholdRange = 1...1_000
  /// Seconds.
  public static let windowRange = 60...2_592_000

  public let concern: LookUpConcern
  /// Look-ups; different persons for `manyPersons`.
  public var threshold: Int
  /// Seconds.
  public var window: Int

  public init(concern: LookUpConcern, threshold: Int, window: Int) {
    self.concern = concern
    self.threshold = threshold
    self.window = window
  }

  /// What a new store begins with: ours, to be set to what a bureau finds usual.
  public static let defaults = [
    LookUpRule(concern: .manyPersons, threshold: 20, window: 3_600),
    LookUpRule(concern: .ownFamilyName, threshold: 1, window: 86_400),
    LookUpRule(concern: .outsideArea, threshold: 5, window: 86_400),
    LookUpRule(concern: .outsideShift, threshold: 1, window: 86_400),
    LookUpRule(concern: .refused, threshold: 3, window: 86_400),
  ]
}

/// Look-ups of one actor over some time, counted.
public struct LookUpCount: Sendable, Hashable, Codable {
  public var lookUps: Int
  /// Different persons, as far as somebody was shown.
  public var persons: Int
  public var firstTime: Date
  public var lastTime: Date

  public init(lookUps: Int, persons: Int, firstTime: Date, lastTime: Date) {
    self.lookUps = lookUps
    self.persons = persons
    self.firstTime = firstTime
    self.lastTime = lastTime
  }

  /// What the rule's threshold is held against.
  func measure(of concern: LookUpConcern) -> Int {
    concern == .manyPersons ? persons : lookUps
  }
}

/// Unusual look-ups of one actor, open until somebody else has answered for them.
public struct LookUpFinding: Sendable, Hashable, Codable {
  public enum State: String, Sendable, Hashable, Codable, CaseIterable {
    case open, explained
    case passedOn = "passed_on"
  }

  public struct Answer: Sendable, Hashable, Codable {
    public let text: String
    /// Who answered.
    public let actor: String
    public let time: Date

    public init(text: String, actor: String, time: Date) {
      self.text = text
      self.actor = actor
      self.time = time
    }
  }

  public let id: LookUpFindingID
  public let actor: String
  /// Those of the look-up that opened it.
  public let areas: [String]
  public let concern: LookUpConcern
  /// As it was when the finding was opened.
  public let rule: LookUpRule
  public private(set) var state: State
  public private(set) var count: LookUpCount
  public private(set) var answer: Answer?
  /// Grows with every change.
  public private(set) var revision: Int

  public init(
    id: LookUpFindingID, actor: String, areas: [String], rule: LookUpRule, state: State = .open,
    count: LookUpCount, answer: Answer? = nil, revision: Int = 1
  ) {
    self.id = id
    self.actor = actor
    self.areas = areas
    self.concern = rule.concern
    self.rule = rule
    self.state = state
    self.count = count
    self.answer = answer
    self.revision = revision
  }

  public var etag: String { "\(revision)" }

  /// Counts further; nothing else of an open finding changes.
  mutating func grow(to count: LookUpCount) {
    self.count = count
    revision += 1
  }

  /// - Throws: `findingAnswered`, `ownLookUps`.
  mutating func close(as state: State, _ answer: Answer) throws(SupervisionError) {
    guard self.state == .open else { throw .findingAnswered }
    guard answer.actor != actor else { throw .ownLookUps }
    self.state = state
    self.answer = answer
    revision += 1
  }
}
