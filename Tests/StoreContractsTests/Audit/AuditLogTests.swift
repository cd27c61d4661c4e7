// The log over both engines: entries stand and fall with what they record, can be found, and can be
// proven from few rows.
import EventLog
import Foundation
import Identifiers
import Persistence
import QuintetAPI
import Testing

@testable import Audit

@Suite struct AuditLogTests {
  static let log = AuditLog(service: "command", partition: "main")
  static let migrations =
    EventLog.migrations + [RequestLedger.migration] + AuditLog.migrations
  static let start = Date(timeIntervalSince1970: 1_700_000_000)

  static func entry(_ number: Int) -> Quintet_Audit_V1_AuditEntry {
    var entry = Quintet_Audit_V1_AuditEntry(
      kind: .read,
      Provenance(
        actor: "person/p\(number % 3)", cause: "request/r", trace: "t\(number)",
        onBehalfOf: number % 5 == 0 ? "person/chief" : "", origin: "socket"),
      now: start.addingTimeInterval(Double(number)))
    entry.method = "quintet.command.v1.IncidentService/GetIncident"
    entry.incidentID = "inc_\(number % 7)"
    entry.add(subjects: ["call_\(number)", "call_\(number)", entry.incidentID, ""])
    return entry
  }

  @Test(arguments: Engine.allCases)
  func aFailedChangeLeavesNeitherEntryNorGap(engine: Engine) async throws {
    let folder = try StoreFolder()
    let database = try engine.open(folder, Self.migrations)
    for number in 0..<6 {
      _ = try? await database.write { tx in
        try Self.log.append(Self.entry(number), in: tx)
        if number % 2 == 1 { throw Refusal() }
      }
    }
    let kept = try await database.read {
      try Self.log.export(from: 0, to: .max, limit: 10, in: $0)
    }
    #expect(kept.map(\.index) == [0, 1, 2])
    let leaves = kept.map(\.leafHash)
    #expect(
      try await database.read { try Self.log.head(in: $0) }.root == NaiveTree.root(leaves[...]))
    for entry in kept {
      #expect(MerkleTree.leafHash(try #require(entry.payload)) == entry.leafHash)
    }
    try await database.close()
  }

  @Test(arguments: Engine.allCases)
  func aRepeatedRequestIsRecordedOnceWithItsEvents(engine: Engine) async throws {
    let folder = try StoreFolder()
    let database = try engine.open(folder, Self.migrations)
    let key = RequestKey(
      id: "r1", method: "quintet.command.v1.IncidentService/QueueIncident", fingerprint: "f")
    let provenance = Provenance(
      actor: "person/zhang", cause: "request/r1", trace: "t", onBehalfOf: "person/li",
      origin: "socket")
    for _ in 0..<2 {
      let answer = try await database.write { tx in
        try Self.log.once(key, provenance: provenance, now: Self.start, in: tx) {
          var mint = IdentifierMint(service: "command", cause: "request/r1", now: Self.start)
          try EventLog(service: "command", partition: "main").append(
            ["inc_1", "as_1"].map {
              EventDraft(
                type: "t", subject: $0, incidentID: "inc_1", occurTime: Self.start, payload: [])
            }, provenance: provenance, mint: &mint, now: Self.start, in: tx)
          return 7
        }
      }
      #expect(answer == 7)
    }
    let entries = try await database.read { try Self.log.entries(AuditQuery(), limit: 9, in: $0) }
    let entry = try #require(entries.first?.entry)
    #expect(entries.count == 1)
    #expect(entry.kind == .change && entry.requestID == "r1" && entry.resultCode == "OK")
    #expect(entry.actor == "person/zhang" && entry.onBehalfOf == "person/li")
    #expect(entry.method == "quintet.command.v1.IncidentService/QueueIncident")
    #expect(entry.incidentID == "inc_1" && entry.subjects == ["as_1"])
    #expect(entry.firstEventSequence == 1 && entry.lastEventSequence == 2)
    try await database.close()
  }

  @Test(arguments: Engine.allCases)
  func entriesAreFoundByActorCaseRecordAndTimeNewestFirst(engine: Engine) async throws {
    let folder = try StoreFolder()
    let database = try engine.open(folder, Self.migrations)
    try await database.write { tx in
      for number in 0..<40 { try Self.log.append(Self.entry(number), in: tx) }
    }
    let found = { (query: AuditQuery, limit: Int) in
      try await database.read { try Self.log.entries(query, limit: limit, in: $0) }
        .map { Int($0.index) }
    }
    let all = Array((0..<40).reversed())
    #expect(try await found(AuditQuery(), 100) == all)
    #expect(try await found(AuditQuery(actor: "person/p1"), 100) == all.filter { $0 % 3 == 1 })
    #expect(try await found(AuditQuery(actor: "person/chief"), 100) == all.filter { $0 % 5 == 0 })
    #expect(try await found(AuditQuery(recordID: "call_12"), 100) == [12])
    #expect(
      try await found(AuditQuery(actor: "person/p2", incidentID: "inc_4"), 100)
        == all.filter { $0 % 3 == 2 && $0 % 7 == 4 })
    #expect(
      try await found(
        AuditQuery(
          start: Self.start.addingTimeInterval(10), end: Self.start.addingTimeInterval(13)), 100)
        == [12, 11, 10])
    #expect(try await found(AuditQuery(incidentID: "inc_0", before: 21), 2) == [14, 7])
    try await database.close()
  }

  @Test(arguments: Engine.allCases)
  func proofsComeFromTheStoreAndOutliveTheContent(engine: Engine) async throws {
    let folder = try StoreFolder()
    let database = try engine.open(folder, Self.migrations)
    try await database.write { tx in
      for number in 0..<600 { try Self.log.append(Self.entry(number), in: tx) }
      try Self.log.removeContent(
        before: 300, provenance: Provenance(actor: "service/command", cause: "clock", trace: ""),
        now: Self.start, in: tx)
    }
    let leaves = try await database.read {
      try Self.log.export(from: 0, to: .max, limit: 700, in: $0)
    }
    #expect(leaves.count == 601 && leaves.filter { $0.payload == nil }.count == 300)
    let hashes = leaves.map(\.leafHash)
    for (index, size) in [(0, 1), (0, 601), (255, 256), (256, 600), (300, 513), (600, 601)] {
      let proof = try await database.read {
        try Self.log.inclusionProof(of: Int64(index), in: Int64(size), in: $0)
      }
      #expect(proof?.leafHash == hashes[index])
      #expect(proof?.hashes == NaiveTree.path(index, hashes[..<size]))
    }
    for (first, second) in [(1, 601), (256, 512), (257, 600), (512, 601), (601, 601)] {
      let proof = try await database.read {
        try Self.log.consistencyProof(from: Int64(first), to: Int64(second), in: $0)
      }
      #expect(proof == NaiveTree.proof(first, hashes[..<second]))
    }
    let beyond = try await database.read { tx in
      (
        try Self.log.inclusionProof(of: 0, in: 602, in: tx)?.hashes,
        try Self.log.consistencyProof(from: 1, to: 602, in: tx)
      )
    }
    #expect(beyond.0 == nil && beyond.1 == nil)
    #expect(
      try await database.read {
        try Self.log.entries(AuditQuery(actor: "person/p1", before: 300), limit: 9, in: $0).isEmpty
      })
    try await database.close()
  }
}
