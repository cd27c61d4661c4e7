// What boards read of a service's own event log: the rooms that serve calls know neither log nor store,
// so their Main gives them this port.

/// One recorded event, as far as boards look at it.
public struct JournalEntry: Sendable {
  public let sequence: Int64
  /// Full name of the payload's message.
  public let type: String
  /// Id of the thing that changed.
  public let subject: String
  /// The serialized message.
  public let payload: [UInt8]
  /// The incident that it is about; nil for none.
  public let incidentID: String?

  public init(
    sequence: Int64, type: String, subject: String, payload: [UInt8], incidentID: String?
  ) {
    self.sequence = sequence
    self.type = type
    self.subject = subject
    self.payload = payload
    self.incidentID = incidentID
  }
}

public protocol FeedJournal: Sendable {
  /// One element after each commit, merged while nobody looks; ends when the store is closed.
  func commits() -> AsyncStream<Void>
  /// Sequence of the newest event, 0 if there is none.
  func head() async throws -> Int64
  /// Up to which sequence old events may have been removed, 0 if none ever were.
  func prunedThrough() async throws -> Int64
  /// Events of these types with a sequence greater than `after`, in order, at most `limit`, and the
  /// sequence up to which there are no others: what lies between is not looked at again.
  func page(
    after: Int64, types: [String], limit: Int
  ) async throws -> (entries: [JournalEntry], reached: Int64)
}
