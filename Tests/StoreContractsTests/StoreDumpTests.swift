// Two runs of the same causes dump alike, whatever the clock said and whoever came first.
import Foundation
import Identifiers
import Testing

@testable import EventLog
@testable import Persistence

@Suite struct StoreDumpTests {
  let first = try! StoreFolder()
  let second = try! StoreFolder()

  @Test(arguments: Engine.allCases)
  func anotherClockAndAnotherOrderDumpAlike(engine: Engine) async throws {
    let calm = try await run(engine, first, order: [1, 2, 3, 4], start: 1000)
    let stormy = try await run(engine, second, order: [3, 1, 4, 2], start: 99_000)
    let canonical = try await (dump(calm), dump(stormy))
    #expect(canonical.0 == canonical.1)
    #expect(canonical.0.count == 12)
    #expect(canonical.0 == canonical.0.sorted())
    let full = try await (dump(calm, full: true), dump(stormy, full: true))
    #expect(full.0 != full.1)
    #expect(full.0.contains { $0.hasPrefix("schema_migration|") })
  }

  @Test(arguments: Engine.allCases)
  func otherContentDumpsOtherwise(engine: Engine) async throws {
    let one = try await run(engine, first, order: [1, 2], start: 1000)
    let other = try await run(engine, second, order: [1, 2], start: 1000, level: 2)
    let dumps = try await (dump(one), dump(other))
    #expect(dumps.0 != dumps.1)
    #expect(zip(dumps.0, dumps.1).count(where: { $0 != $1 }) == 2)
  }

  @Test(arguments: Engine.allCases)
  func volatileColumnsAndKeysAreLeftOut(engine: Engine) async throws {
    let lines = try await dump(try await run(engine, first, order: [1], start: 1000))
    let event = try #require(lines.first { $0.hasPrefix("event|") })
    for word in ["recordTime", "record_time", "number", "\"sequence\"", "trace"] {
      #expect(!event.contains(word), "\(word)")
    }
    #expect(event.contains("\"payload\":{\"level\":1,\"place\":\"温州/瓯海\"}"))
    let ledger = try #require(lines.first { $0.hasPrefix("request_ledger|") })
    #expect(!ledger.contains("fingerprint"))
    #expect(!ledger.contains("result"))
  }

  @Test func idsAreCutToWhatTheCauseDecides() {
    let early = IdentifierMint(service: "s", cause: "c", now: Date(timeIntervalSince1970: 1))
    let late = IdentifierMint(service: "s", cause: "c", now: Date(timeIntervalSince1970: 1e9))
    let lines = [early, late].map { mint in
      var mint = mint
      let id: IncidentID = mint.next()
      return StoreDump.cuttingIDs(in: "thing|{\"note\":\"see \(id), and (\(id))\"}")
    }
    #expect(lines[0] == lines[1])
    var mint = early
    let id: IncidentID = mint.next()
    #expect(lines[0] == "thing|{\"note\":\"see inc_\(id.stablePart), and (inc_\(id.stablePart))\"}")
    for text in ["record_time", "_01abc", "x_" + String(repeating: "8", count: 26), "中文_01"] {
      #expect(StoreDump.cuttingIDs(in: text) == text)
    }
  }

  @Test(arguments: Engine.allCases)
  func everyKindOfValueIsValidJSON(engine: Engine) async throws {
    let table = Migration(
      "test-0002", ["CREATE TABLE value (partition TEXT, i INTEGER, r REAL, t TEXT, b BLOB)"])
    let database = try engine.open(first, [table])
    try await database.write { tx in
      try tx.execute(
        "INSERT INTO value VALUES ('main', $1, $2, $3, $4)",
        [Int?.none, 1.5, "a \"b\" \\ \n \u{1}", [0, 255] as [UInt8]])
    }
    let line = try #require(
      try await database.read { tx in
        try StoreDump.canonical(in: tx) { _, _ in nil }
      }.first)
    #expect(
      line == #"value|{"b":"00ff","i":null,"partition":"main","r":1.5,"t":"a \"b\" \\ \n \u0001"}"#)
  }

  /// Makes things for the given causes in the given order, a second apart.
  private func run(
    _ engine: Engine, _ folder: StoreFolder, order: [Int], start: Double, level: Int = 1
  ) async throws -> any Database {
    let bureau = try Bureau(engine, folder)
    for (step, index) in order.enumerated() {
      let now = Date(timeIntervalSince1970: start + Double(step))
      let payload = """
        {"recordTime":"\(now)","level":\(level),"place":"温州/瓯海","number":"2016-\(step)"}
        """
      try await bureau.make("thing \(index)", at: now, payload: payload)
      let key = RequestKey(id: "r\(index)", method: "/a/B", fingerprint: "\(start)")
      try await bureau.database.write { tx in
        try RequestLedger.once(key, partition: "main", now: now, in: tx) { step }
      }
    }
    return bureau.database
  }

  private func dump(_ database: any Database, full: Bool = false) async throws -> [String] {
    try await database.read { tx in
      let decode: StoreDump.PayloadDecoder = { _, bytes in String(decoding: bytes, as: UTF8.self) }
      return full
        ? try StoreDump.full(in: tx, decodePayload: decode)
        : try StoreDump.canonical(in: tx, decodePayload: decode)
    }
  }
}
