// 情况通报: what the bureau says about a topic. It takes two persons: no signature outlives the text that
// it was put under.

public import Foundation
public import Identifiers

/// Where a statement stands. Raw values are stored; never rename one.
public enum StatementState: String, Sendable, Codable, CaseIterable {
  case draft, returned, approved, published
}

/// What can be done with a statement. Raw values name the move in refusals.
public enum StatementMove: String, Sendable, CaseIterable {
  case revise, approve
  case giveBack = "return"
  case publish

  public var sources: Set<StatementState> {
    switch self {
    case .revise: [.draft, .returned, .approved]
    case .approve: [.draft]
    case .giveBack: [.draft, .approved]
    case .publish: [.approved]
    }
  }

  public var target: StatementState {
    switch self {
    case .revise: .draft
    case .approve: .approved
    case .giveBack: .returned
    case .publish: .published
    }
  }
}

/// Who signed, and when.
public struct Signature: Sendable, Hashable, Codable {
  /// `person/…`
  public var actor: String
  public var time: Date

  public init(actor: String, time: Date) {
    self.actor = actor
    self.time = time
  }
}

/// A text and with whom its facts were checked.
public struct StatementContent: Sendable, Hashable, Codable {
  /// Names addressed with @ are replaced.
  public let text: String
  /// The station, and who there.
  public let checkedWith: String

  public init(text: String, checkedWith: String) {
    self.text = NameRemoval.removingNames(from: text)
    self.checkedWith = NameRemoval.removingNames(from: checkedWith)
  }
}

/// A statement of the bureau.
public struct Statement: Sendable, Hashable, Codable {
  public let id: StatementID
  public let topic: TopicID
  public let incident: IncidentID
  /// 1 at first, one more with every change.
  public private(set) var revision: Int
  public private(set) var state: StatementState
  public private(set) var content: StatementContent
  /// Who wrote it as it is now.
  public private(set) var draft: Signature
  /// The second person's.
  public private(set) var approval: Signature?
  public private(set) var publication: Signature?
  /// Why it was returned last.
  public private(set) var returnReason: String

  public var etag: String { String(revision) }

  public init(
    id: StatementID, topic: TopicID, incident: IncidentID, revision: Int = 1,
    state: StatementState = .draft, content: StatementContent, draft: Signature,
    approval: Signature? = nil, publication: Signature? = nil, returnReason: String = ""
  ) {
    self.id = id
    self.topic = topic
    self.incident = incident
    self.revision = revision
    self.state = state
    self.content = content
    self.draft = draft
    self.approval = approval
    self.publication = publication
    self.returnReason = returnReason
  }

  /// - Throws: `OpinionError.statementChanged` unless `etag` is this state's, or empty.
  public func check(etag: String) throws(OpinionError) {
    guard etag.isEmpty || etag == self.etag else { throw .statementChanged(id) }
  }

  /// - Throws: `OpinionError.statementMoveNotAllowed`.
  public mutating func revise(
    _ content: StatementContent, by signature: Signature
  ) throws(OpinionError) {
    try move(.revise)
    self.content = content
    draft = signature
    approval = nil
  }

  /// - Throws: `OpinionError.statementMoveNotAllowed`; `secondPersonRequired`.
  public mutating func approve(by signature: Signature) throws(OpinionError) {
    guard signature.actor != draft.actor else { throw .secondPersonRequired(id) }
    try move(.approve)
    approval = signature
  }

  /// - Throws: `OpinionError.statementMoveNotAllowed`.
  public mutating func giveBack(because reason: String) throws(OpinionError) {
    try move(.giveBack)
    approval = nil
    returnReason = reason
  }

  /// - Throws: `OpinionError.statementMoveNotAllowed`.
  public mutating func publish(by signature: Signature) throws(OpinionError) {
    try move(.publish)
    publication = signature
  }

  private mutating func move(_ move: StatementMove) throws(OpinionError) {
    guard move.sources.contains(state) else {
      throw .statementMoveNotAllowed(id, from: state, move)
    }
    state = move.target
    revision += 1
  }
}
