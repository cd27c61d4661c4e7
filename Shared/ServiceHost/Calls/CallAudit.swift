// Where a record of each call is kept before its answer leaves. The host knows who asked for what and
// how it ended; a service with an audit log keeps it.
public import Access
public import Foundation
import GRPCCore
import Synchronization

/// Keeps records of calls. Asked once for each call: before the answer of a unary call and the first
/// message of a stream, and for every refusal.
public protocol CallAudit: Sendable {
  /// Returns when the record is durable. What it throws has the caller refused with UNAVAILABLE
  /// (AUDIT_UNAVAILABLE), and nothing of the answer leaves.
  func record(_ call: AuditedCall) async throws
}

/// One call, when it is known how it ends; of a stream, when it begins to answer.
public struct AuditedCall: Sendable {
  public let time: Date
  /// nil when the caller could not be told.
  public let principal: Principal?
  /// Subject of a token that was refused, at most 80 characters; not to be believed.
  public let claimedSubject: String?
  /// `jti` of the caller's token.
  public let tokenID: String?
  public let onBehalfOf: Principal?
  /// Such as `socket via service/gateway`.
  public let origin: String
  /// Such as `quintet.command.v1.IncidentService/GetIncident`.
  public let method: String
  /// nil for a method that the access table does not know.
  public let kind: AccessTable.Kind?
  /// `OK` or the name of the code as gRPC has it.
  public let code: String
  /// The reason of a refusal, such as `OUTSIDE_AREA`.
  public let reason: String?
  /// W3C trace id.
  public let trace: String
  /// What the handler noted, such as `incident`.
  public let notes: [String: String]
  /// What makes a look-up unusual.
  public let marks: Set<CallNotes.Mark>
}

/// The record of one call: made once, whoever comes first, and waited for by everybody.
final class CallRecord: Sendable {
  private let audit: any CallAudit
  private let method: String
  private let entrance: Entrance
  private let context: CallContext
  private let clock: @Sendable () -> Date
  private let writing = Mutex<Task<Void, any Error>?>(nil)

  init(
    _ audit: any CallAudit, method: String, entrance: Entrance, context: CallContext,
    clock: @escaping @Sendable () -> Date
  ) {
    self.audit = audit
    self.method = method
    self.entrance = entrance
    self.context = context
    self.clock = clock
  }

  /// - Throws: what the audit throws, to everybody who asks.
  func make(_ code: RPCError.Code?, reason: String?) async throws {
    // In a task of its own: a caller that leaves does not take the record of his call with him.
    let task = writing.withLock { writing in
      if let writing { return writing }
      let task = Task { try await self.audit.record(self.call(code, reason: reason)) }
      writing = task
      return task
    }
    try await task.value
  }

  private func call(_ code: RPCError.Code?, reason: String?) -> AuditedCall {
    AuditedCall(
      time: clock(), principal: entrance.tokenID == nil ? nil : entrance.principal,
      claimedSubject: entrance.claimedSubject, tokenID: entrance.tokenID,
      onBehalfOf: entrance.onBehalfOf, origin: entrance.origin, method: method,
      kind: entrance.kind, code: codeName(code), reason: reason, trace: context.trace,
      notes: context.notes.all, marks: context.notes.marks)
  }
}

/// Lets nothing pass before the record is made.
struct RecordedAnswer<Element: Sendable>: RPCWriterProtocol {
  let base: RPCWriter<Element>
  let record: CallRecord

  func write(_ element: Element) async throws {
    try await recorded()
    try await base.write(element)
  }

  func write(contentsOf elements: some Sequence<Element>) async throws {
    try await recorded()
    try await base.write(contentsOf: elements)
  }

  private func recorded() async throws {
    do { try await record.make(nil, reason: nil) } catch { throw AuditFailure() }
  }
}

/// The record of a call could not be made.
struct AuditFailure: Error {}
