// What the board reads of the service's own event log: this room knows neither log nor store, so
// Main gives it this port.

/// One recorded event, as far as the board looks at it.
public struct JournalEntry: Sendable {
  public let sequence: Int64
  /// Full name of the payload's message.
  public let type: String
  /// The serialized message.
  public let payload: [UInt8]

  public init(sequence: Int64, type: String, payload: [UInt8]) {
    self.sequence = sequence
    self.type = type
    self.payload = payload
  }
}

public protocol DirectiveJournal: Sendable {
  /// One element after each commit, merged while nobody looks; ends when the store is closed.
  func commits() -> AsyncStream<Void>
  /// Sequence of the newest event, 0 if there is none.
  func head() async throws -> Int64
  /// Events of these types with a sequence greater than `after`, in order, at most `limit`, and the
  /// sequence up to which there are no others: what lies between is not looked at again.
  func page(
    after: Int64, types: [String], limit: Int
  ) async throws -> (entries: [JournalEntry], reached: Int64)
}
