// Who read and looked up what, and who was refused, goes into the audit log before the answer leaves.
// What a call changes is recorded by the store, in the transaction that changes it.
import Access
import Audit
import EventLog
import Foundation
import Persistence
import QuintetAPI

/// The audit log of this host's store, as calls see it.
struct AuditTrail: CallAudit {
  /// Changes that no request id makes once: the store does not know them as such.
  static let recordedAsCalls: Set<String> = [
    "quintet.duty.v1.UnitService/ReportPositions",
    "quintet.operations.v1.FeedService/RetryParkedEvent",
    "quintet.operations.v1.FeedService/SkipParkedEvent",
    "quintet.operations.v1.FeedService/PruneFeed",
    "quintet.operations.v1.RetentionService/RunRetention",
  ]

  let log: AuditLog
  let database: any Database
  let budget = RefusalBudget()

  func record(_ call: AuditedCall) async throws {
    guard let kind = Self.kind(of: call) else { return }
    if kind == .refusal, !budget.take(Self.host(call.origin), at: call.time) { return }
    let entry = Self.entry(call, kind)
    try await database.write { [log] tx in
      let index = try log.append(entry, in: tx)
      guard let told = LookUpTold(call, entryIndex: index) else { return }
      try told.append(to: EventLog(service: log.service, partition: log.partition), in: tx)
    }
  }

  /// Records the refusals that were only counted: one entry for each origin.
  /// - Throws: `DatabaseError`; they are counted on then.
  func recordCounted(now: Date) async throws {
    let counted = budget.takeCounted()
    guard !counted.isEmpty else { return }
    do {
      try await database.write { [log] tx in
        for (origin, count) in counted.sorted(by: { $0.key < $1.key }) {
          var entry = Quintet_Audit_V1_AuditEntry()
          entry.set(time: now)
          entry.actor = Principal.nobody.actor
          entry.kind = .refusal
          entry.origin = origin
          entry.furtherCount = UInt64(count)
          try log.append(entry, in: tx)
        }
      }
    } catch {
      budget.giveBack(counted)
      throw error
    }
  }

  /// An origin without its port: whoever connects anew is still the same.
  private static func host(_ origin: String) -> String {
    guard origin.hasPrefix("ipv") else { return origin }
    let words = origin.split(separator: " ", maxSplits: 1)
    let address = words[0].split(separator: ":").dropLast().joined(separator: ":")
    return ([address] + words.dropFirst().map(String.init)).joined(separator: " ")
  }

  /// Nil for what is not recorded here.
  private static func kind(of call: AuditedCall) -> Quintet_Audit_V1_AuditEntry.Kind? {
    if ["UNAUTHENTICATED", "PERMISSION_DENIED"].contains(call.code) { return .refusal }
    switch call.kind {
    case .read:
      let isFeed = call.method.hasPrefix("quintet.events.v1.EventService/")
      return isFeed && call.principal?.kind == .service ? nil : .read
    case .lookup: return .lookup
    case .change:
      return call.code == "OK" && recordedAsCalls.contains(call.method) ? .change : nil
    case .open, nil: return nil
    }
  }

  private static func entry(
    _ call: AuditedCall, _ kind: Quintet_Audit_V1_AuditEntry.Kind
  ) -> Quintet_Audit_V1_AuditEntry {
    var entry = Quintet_Audit_V1_AuditEntry()
    entry.set(time: call.time)
    // What a refused token claims is not repeated: it may be anybody's name.
    entry.actor = (call.principal ?? .nobody).actor
    entry.onBehalfOf = call.onBehalfOf?.actor ?? ""
    entry.method = call.method
    entry.kind = kind
    entry.incidentID = call.notes["incident"] ?? ""
    entry.purpose = call.notes["purpose"] ?? ""
    entry.origin = call.origin
    entry.trace = call.trace
    entry.resultCode = call.code
    entry.resultReason = call.reason ?? ""
    let named = (call.notes["subject"] ?? "") + " " + (call.notes["topic"] ?? "")
    entry.add(subjects: named.split(separator: " ").map(String.init))
    return entry
  }
}
