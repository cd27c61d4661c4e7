// Whatever is done to a log or to what was exported of it, the check finds it. The changes are made in
// a transaction that is looked at and then rolled back: a thousand of them cost one store.
import EventLog
import Foundation
import Identifiers
import Persistence
import QuintetAPI
import Testing

@testable import Audit

@Suite struct AuditCheckTests {
  @Test(arguments: Engine.allCases)
  func aSoundLogIsFoundSound(engine: Engine) async throws {
    let bench = try await AuditBench(engine)
    #expect(try await bench.findings { _, _ in }.isEmpty)
    try await bench.database.write { tx in
      try AuditLogTests.log.removeContent(
        before: 200, provenance: AuditBench.provenance, now: AuditLogTests.start, in: tx)
      try AuditLogTests.log.makeCheckpoint(bench.key, in: tx)
    }
    // Until it is exported, that is what is wrong.
    #expect(try await bench.findings { _, _ in }.contains { $0.contains("312 entries is not in") })
    try await bench.export()
    #expect(try await bench.findings { _, _ in }.isEmpty)
    try await bench.database.close()
  }

  @Test func everyOneOfAThousandChangesIsFound() async throws {
    try await findAll(1000, on: .sqlite)
  }

  @Test func everyOneOfAHundredChangesIsFoundOnAServer() async throws {
    try await findAll(100, on: .postgresql)
  }

  private func findAll(_ count: Int, on engine: Engine) async throws {
    let bench = try await AuditBench(engine)
    #expect(try await bench.findings { _, _ in }.isEmpty)
    for number in 0..<count {
      let kinds = AuditTampering.all
      let tampering = kinds[number % kinds.count]
      let findings = try await bench.findings { tx, folder in
        var random = SplitMix(seed: UInt64(number) &+ 20_260)
        try tampering.change(Tampered(tx: tx, folder: folder, key: bench.key), &random)
      }
      #expect(!findings.isEmpty, "\(tampering.name), change \(number), was not found")
    }
    try await bench.database.close()
  }

  @Test func aFindingNamesTheFirstBadEntry() async throws {
    let bench = try await AuditBench(.sqlite)
    let edited = try await bench.findings { tx, _ in
      try tx.execute("UPDATE audit_entry SET payload = $1 WHERE n IN (17, 30)", [[UInt8(8), 1]])
    }
    #expect(edited.contains { $0.contains("第 17 条被改动") && $0.contains("entry 17 was changed") })
    let deleted = try await bench.findings { tx, _ in
      try tx.execute("DELETE FROM audit_entry WHERE n = 40")
    }
    #expect(deleted.contains { $0.contains("entry 40 is missing") })
    let truncated = try await bench.findings { tx, folder in
      var log = Tampered(tx: tx, folder: folder, key: bench.key)
      try log.rebuild(Array(log.payloads().prefix(150)))
      try tx.execute("DELETE FROM audit_checkpoint WHERE size > 150")
    }
    #expect(truncated.contains { $0.contains("entry 150 is the first that is missing") })
    let forked = try await bench.findings { tx, folder in
      var log = Tampered(tx: tx, folder: folder, key: bench.key)
      var payloads = try log.payloads()
      payloads[120] = try Tampered.bytes(AuditLogTests.entry(999))
      try log.rebuild(payloads)
      try log.signStored(bench.key)
    }
    #expect(forked.contains { $0.contains("the first wrong one is among entries 100 to 199") })
    try await bench.database.close()
  }
}

/// A log of 311 entries with four checkpoints, all of them exported.
struct AuditBench {
  static let provenance = Provenance(actor: "service/command", cause: "clock", trace: "")
  static let sizes = [1, 100, 200, 311]

  let folder: StoreFolder
  let database: any Database
  let key = AuditKey(name: AuditLogTests.log.origin)

  init(_ engine: Engine) async throws {
    folder = try StoreFolder()
    database = try engine.open(folder, AuditLogTests.migrations)
    let key = key
    try await database.write { tx in
      for number in 0..<311 {
        try AuditLogTests.log.append(AuditLogTests.entry(number), in: tx)
        if Self.sizes.contains(number + 1) { try AuditLogTests.log.makeCheckpoint(key, in: tx) }
      }
    }
    try exported.announce(key.verifier)
    try await export()
  }

  var exported: CheckpointFolder {
    CheckpointFolder(directory: folder.folder.path, service: "command", partition: "main")
  }

  func export() async throws {
    let checkpoints = try await database.read {
      try AuditLogTests.log.checkpoints(above: 0, limit: 100, in: $0)
    }
    for checkpoint in checkpoints { try exported.export(size: checkpoint.size, checkpoint.note) }
  }

  /// What the check finds after a change of the store, or of the folder that is named to it.
  func findings(
    _ change: @escaping @Sendable (any Transaction, String) throws -> Void
  ) async throws -> [String] {
    let copy = try StoreFolder()
    try FileManager.default.copyItem(
      atPath: exported.path, toPath: copy.folder.path + "/command")
    let check = AuditCheck(service: "command", directory: copy.folder.path)
    do {
      try await database.write { tx in
        try change(tx, copy.folder.path + "/command")
        let reports = try check.reports(on: SnapshotInside(tx: tx), try check.exports())
        throw Findings(sentences: reports.flatMap(\.findings))
      }
    } catch let findings as Findings {
      return findings.sentences
    }
    return []
  }

  private struct Findings: Error {
    let sentences: [String]
  }
}

/// A store as a transaction has left it so far.
private struct SnapshotInside: StoreSnapshot {
  let tx: any Transaction

  func read<R>(_ body: (any Transaction) throws -> R) throws -> R { try body(tx) }

  func forEachRow(
    _ sql: String, _ arguments: [any ValueConvertible], _ body: (Row) throws -> Void
  ) throws {
    for row in try tx.query(sql, arguments) { try body(row) }
  }

  func damage(checkingReferences: Bool) throws -> [String] { [] }

  func close() throws {}
}

/// Small, seeded, and the same everywhere.
struct SplitMix: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var value = state
    value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
    value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
    return value ^ (value >> 31)
  }
}
