// What templates, selections, attachments, cordons and supervision's clocks need of a store, besides
// what CommandStore says.
public import Foundation
public import Identifiers

/// What supervision says of one recipient's time.
public struct CourseClock: Sendable, Hashable {
  public enum Matter: String, Sendable, CaseIterable {
    case sign, feedback
  }

  public let directiveID: DirectiveID
  public let recipient: Recipient
  public let matter: Matter
  public let dueTime: Date
  /// It said so, and has not said since that it was stopped.
  public let isOverdue: Bool

  public init(
    directiveID: DirectiveID, recipient: Recipient, matter: Matter, dueTime: Date,
    isOverdue: Bool
  ) {
    self.directiveID = directiveID
    self.recipient = recipient
    self.matter = matter
    self.dueTime = dueTime
    self.isOverdue = isOverdue
  }
}

/// A deadline of supervision's about a recipient of a directive.
public struct ToldDeadline: Sendable, Hashable {
  public enum State: String, Sendable, CaseIterable {
    case running, overdue, ended
  }

  public let id: DeadlineID
  public let clock: CourseClock
  public let state: State

  public init(id: DeadlineID, clock: CourseClock, state: State) {
    self.id = id
    self.clock = clock
    self.state = state
  }
}

/// A photo or signature, without its content.
public struct FeedbackAttachment: Sendable, Hashable, Codable {
  public enum Kind: String, Sendable, Codable, CaseIterable {
    case jpeg, png, webp
  }

  public let directiveID: DirectiveID
  public let recipient: Recipient
  /// SHA-256 in 64 lower-case hexadecimal digits.
  public let digest: String
  public let kind: Kind
  public let totalBytes: Int
  /// All pieces have come, and are what the digest says.
  public internal(set) var isComplete: Bool

  public init(
    directiveID: DirectiveID, recipient: Recipient, digest: String, kind: Kind, totalBytes: Int,
    isComplete: Bool
  ) {
    self.directiveID = directiveID
    self.recipient = recipient
    self.digest = digest
    self.kind = kind
    self.totalBytes = totalBytes
    self.isComplete = isComplete
  }

  /// Bytes of every piece but the last.
  public static let pieceBytes = 524_288
  public static let totalLimit = 8_388_608
  public var pieceCount: Int { (totalBytes + Self.pieceBytes - 1) / Self.pieceBytes }

  /// - Parameter piece: from 1.
  func bytes(ofPiece piece: Int) -> Int {
    min(Self.pieceBytes, totalBytes - (piece - 1) * Self.pieceBytes)
  }
}

public protocol DirectiveReading {
  func template(_ code: String) throws -> DirectiveTemplate?
  /// In the order of their codes, from above `after`.
  func templates(after: String, limit: Int) throws -> [DirectiveTemplate]
  /// Whom a selector gives now, in the order of their ids; the first `limit`. Not cut to what the
  /// caller may see: see `reaches`.
  func recipients(_ selector: RecipientSelector, limit: Int) throws -> [Recipient]
  /// What supervision says of these directives' recipients and has not ended.
  func clocks(of directives: [DirectiveID]) throws -> [CourseClock]

  func attachment(_ digest: String, of directive: DirectiveID) throws -> FeedbackAttachment?
  func attachmentCount(of recipient: Recipient, in directive: DirectiveID) throws -> Int
  func pieceCount(of digest: String, in directive: DirectiveID) throws -> Int
  /// - Parameter piece: from 1.
  func piece(_ piece: Int, of digest: String, in directive: DirectiveID) throws -> [UInt8]?

  func cordonPlan(_ code: String) throws -> CordonPlan?
  func cordonPlans(after: String, limit: Int) throws -> [CordonPlan]
  /// Nil also when its directive is not the caller's affair.
  func cordon(_ id: CordonID) throws -> Cordon?
  /// Newest first.
  func cordons(of incident: IncidentID, limit: Int) throws -> [Cordon]
}

public protocol DirectiveWriting: DirectiveReading {
  /// Adds or replaces.
  func save(_ template: DirectiveTemplate, now: Date) throws
  func save(_ attachment: FeedbackAttachment, now: Date) throws
  func save(piece: Int, _ data: [UInt8], of attachment: FeedbackAttachment) throws
  func save(_ plan: CordonPlan, now: Date) throws
  func insert(_ cordon: Cordon) throws
  /// With rings that are new.
  func update(_ cordon: Cordon) throws

  /// Keeps what duty says of an organisation and a unit, in place of what was known before.
  /// - Parameter kind: what the organisation is as a recipient; nil when it is none.
  func save(_ orgUnit: OrgUnitID, as kind: RecipientKind?) throws
  func save(_ unit: UnitID, kind: Int) throws
  /// Keeps what supervision says, in place of what it said before of the same deadline.
  func save(_ deadline: ToldDeadline) throws
}
