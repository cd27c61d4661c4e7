// What of the calls goes into the audit log, and that nobody can fill the disk by being refused.
import Access
import Audit
import EventLog
import Foundation
import Persistence
import QuintetAPI
import SwiftProtobuf
import Testing

@testable import ServiceHost

@Suite struct AuditTrailTests {
  private static let now = Date(timeIntervalSince1970: 1_700_000_000)
  private static let read = "quintet.command.v1.IncidentService/GetIncident"

  private struct Bench {
    let database: any Database
    let trail: AuditTrail

    init() throws {
      let folder = FileManager.default.temporaryDirectory
        .appendingPathComponent("quintet-trail-\(UUID().uuidString)")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      database = try SQLite.open(
        path: folder.appendingPathComponent("store.sqlite").path,
        migrations: EventLog.migrations + AuditLog.migrations)
      trail = AuditTrail(
        log: AuditLog(service: "command", partition: "main"), database: database)
    }

    /// In their order.
    func entries() async throws -> [Quintet_Audit_V1_AuditEntry] {
      let log = trail.log
      return try await database.read { try log.entries(AuditQuery(), limit: 1000, in: $0) }
        .reversed().map(\.entry)
    }
  }

  private static func call(
    _ method: String = read, _ kind: AccessTable.Kind? = .read, code: String = "OK",
    reason: String? = nil, actor: String = "person/zhang.wei", origin: String = "socket",
    after seconds: Double = 0, notes: [String: String] = [:]
  ) throws -> AuditedCall {
    AuditedCall(
      time: now.addingTimeInterval(seconds), principal: try Principal(parsing: actor),
      claimedSubject: nil, tokenID: nil, onBehalfOf: try Principal(parsing: "person/li.na"),
      origin: origin, method: method, kind: kind, code: code, reason: reason, trace: "abc",
      notes: notes, marks: [])
  }

  @Test func aReadIsRecordedWithWhoForWhomWhatAndFromWhere() async throws {
    let bench = try Bench()
    try await bench.trail.record(
      Self.call(notes: ["incident": "inc_1", "subject": "call_1 call_2", "purpose": "rescue"]))
    try await bench.trail.record(
      Self.call(Self.read, .lookup, code: "NOT_FOUND", reason: "INCIDENT_UNKNOWN"))
    let entries = try await bench.entries()
    let first = try #require(entries.first)
    #expect(first.kind == .read && first.method == Self.read && first.service == "command")
    #expect(first.actor == "person/zhang.wei" && first.onBehalfOf == "person/li.na")
    #expect(first.incidentID == "inc_1" && first.subjects == ["call_1", "call_2"])
    #expect(first.purpose == "rescue" && first.origin == "socket" && first.trace == "abc")
    #expect(first.resultCode == "OK" && first.time.seconds == 1_700_000_000)
    #expect(entries[1].kind == .lookup && entries[1].resultReason == "INCIDENT_UNKNOWN")
    #expect(entries.count == 2)
  }

  @Test func whatTheStoreRecordsOrWhatIsOpenIsNotRecordedHere() async throws {
    let bench = try Bench()
    try await bench.trail.record(
      Self.call("quintet.command.v1.IncidentService/QueueIncident", .change))
    try await bench.trail.record(
      Self.call("quintet.supervision.v1.DeadlineService/ListRules", .open))
    try await bench.trail.record(
      Self.call("quintet.events.v1.EventService/Watch", actor: "service/duty"))
    #expect(try await bench.entries().isEmpty)
    try await bench.trail.record(Self.call("quintet.events.v1.EventService/Watch"))
    try await bench.trail.record(
      Self.call("quintet.operations.v1.FeedService/PruneFeed", .change))
    try await bench.trail.record(
      Self.call("quintet.operations.v1.FeedService/PruneFeed", .change, code: "UNAVAILABLE"))
    #expect(try await bench.entries().map(\.kind) == [.read, .change])
  }

  @Test func aFloodOfRefusalsIsCountedAndTheCountRecorded() async throws {
    let bench = try Bench()
    for number in 0..<100 {
      try await bench.trail.record(
        Self.call(
          code: "UNAUTHENTICATED", reason: "TOKEN_EXPIRED", origin: "10.0.0.1",
          after: Double(number) / 1000))
      if number % 10 == 0 {
        try await bench.trail.record(
          Self.call(code: "PERMISSION_DENIED", origin: "10.0.0.2", after: 0))
      }
    }
    let recorded = try await bench.entries()
    #expect(recorded.allSatisfy { $0.kind == .refusal && $0.furtherCount == 0 })
    #expect(recorded.filter { $0.origin == "10.0.0.1" }.count == RefusalBudget.perSecond)
    #expect(recorded.filter { $0.origin == "10.0.0.2" }.count == 10)
    try await bench.trail.recordCounted(now: Self.now)
    try await bench.trail.recordCounted(now: Self.now)
    let summary = try await bench.entries().dropFirst(recorded.count)
    #expect(summary.map(\.furtherCount) == [80])
    #expect(summary.first?.origin == "10.0.0.1")
    try await bench.trail.record(
      Self.call(code: "UNAUTHENTICATED", origin: "10.0.0.1", after: 1))
    #expect(try await bench.entries().count == recorded.count + 2)
  }

  @Test func originsWithoutEndShareABudget() throws {
    let budget = RefusalBudget()
    let many = RefusalBudget.originLimit + 500
    let recorded = (0..<many).filter { budget.take("origin \($0)", at: Self.now) }.count
    #expect(recorded == RefusalBudget.originLimit + RefusalBudget.perSecond)
    #expect(
      budget.takeCounted() == [RefusalBudget.otherOrigins: 500 - RefusalBudget.perSecond])
    // In the next second there is room again.
    #expect(budget.take("another", at: Self.now.addingTimeInterval(1)))
  }

  @Test func whatCannotBeRecordedIsSaidSo() async throws {
    let bench = try Bench()
    try await bench.database.close()
    await #expect(throws: DatabaseError.closed) { try await bench.trail.record(Self.call()) }
  }
}
