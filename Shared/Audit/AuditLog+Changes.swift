// Changes that no request makes: there is no request id by which a repeat is known, so whoever makes
// them says itself what was changed.
public import Foundation
public import Identifiers
public import Persistence
import QuintetAPI

extension AuditLog {
  /// Records one change, in the transaction that makes it.
  /// - Parameters:
  ///   - method: what was done, such as `quintet.terminal.v1/Report`.
  ///   - subjects: ids of what was changed.
  ///   - events: numbers of the events that tell of it; nil when none does.
  /// - Throws: `DatabaseError`.
  public func append(
    change method: String, to subjects: [String], events: ClosedRange<Int64>? = nil,
    provenance: Provenance, now: Date, in tx: any Transaction
  ) throws {
    var entry = Quintet_Audit_V1_AuditEntry(kind: .change, provenance, now: now)
    entry.method = method
    if let events {
      entry.firstEventSequence = UInt64(events.lowerBound)
      entry.lastEventSequence = UInt64(events.upperBound)
    }
    entry.add(subjects: subjects)
    try append(entry, in: tx)
  }
}
