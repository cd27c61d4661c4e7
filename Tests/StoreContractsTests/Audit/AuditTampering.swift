// What somebody might do to an audit log: with the store at hand, with the exported folder at hand, and
// with the key as well.
import Foundation
import Persistence
import QuintetAPI
import SwiftProtobuf

@testable import Audit

/// A log and its exported checkpoints, to be changed.
struct Tampered {
  static let count: Int64 = 311

  let tx: any Transaction
  let folder: String
  let key: AuditKey

  static func bytes(_ entry: Quintet_Audit_V1_AuditEntry) throws -> [UInt8] {
    var entry = entry
    entry.service = "command"
    return try entry.serializedBytes()
  }

  func payloads() throws -> [[UInt8]] {
    try tx.query("SELECT payload FROM audit_entry ORDER BY n").map { try $0.get("payload") }
  }

  /// Writes the whole log anew, with everything that is computed from it.
  mutating func rebuild(_ payloads: [[UInt8]]) throws {
    for table in AuditCheck.tables where table != "audit_checkpoint" {
      try tx.execute("DELETE FROM \(table)")
    }
    for payload in payloads {
      try AuditLogTests.log.append(
        try Quintet_Audit_V1_AuditEntry(serializedBytes: payload), in: tx)
    }
  }

  /// Signs every stored checkpoint anew, for the log as it is.
  func signStored(_ key: AuditKey) throws {
    let leaves = try tx.query("SELECT leaf_hash FROM audit_entry ORDER BY n").map {
      try $0.get("leaf_hash", as: [UInt8].self)
    }
    for size in try sizes() where size <= leaves.count {
      let checkpoint = Checkpoint(
        origin: AuditLogTests.log.origin, size: size, root: NaiveTree.root(leaves[..<Int(size)]))
      try tx.execute(
        "UPDATE audit_checkpoint SET note = $2 WHERE size = $1", [size, key.sign(checkpoint)])
    }
  }

  /// Puts what is stored into the folder, in the place of what was exported.
  func exportStored() throws {
    for row in try tx.query("SELECT size, note FROM audit_checkpoint") {
      try write(row.get("note", as: String.self), "\(row.get("size", as: Int64.self))")
    }
  }

  func sizes() throws -> [Int64] {
    try tx.query("SELECT size FROM audit_checkpoint ORDER BY size").map { try $0.get("size") }
  }

  func read(_ file: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(file)")))
  }

  func write(_ text: String, _ file: String) throws { try write(Array(text.utf8), file) }

  func write(_ bytes: [UInt8], _ file: String) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: "\(folder)/\(file)"))
  }

  /// Adds to all numbers from `index` on; in two steps, for each number is there once.
  func shift(from index: Int64, by distance: Int64) throws {
    for table in ["audit_entry", "audit_subject"] {
      try tx.execute("UPDATE \(table) SET n = n + 100000 WHERE n >= $1", [index])
      try tx.execute("UPDATE \(table) SET n = n - 100000 + $1 WHERE n >= 100000", [distance])
    }
  }
}

struct AuditTampering: Sendable {
  let name: String
  let change: @Sendable (Tampered, inout SplitMix) throws -> Void

  init(
    _ name: String, _ change: @escaping @Sendable (Tampered, inout SplitMix) throws -> Void
  ) {
    self.name = name
    self.change = change
  }

  static let all = entries + orders + derived + forks + exports

  private static func index(_ random: inout SplitMix) -> Int64 {
    .random(in: 0..<Tampered.count, using: &random)
  }

  private static func flipped(_ bytes: [UInt8], _ random: inout SplitMix) -> [UInt8] {
    var bytes = bytes
    let place = Int.random(in: 0..<bytes.count, using: &random)
    bytes[place] ^= UInt8.random(in: 1...255, using: &random)
    return bytes
  }

  private static func flip(
    _ column: String, of table: String, _ condition: String, _ log: Tampered,
    _ random: inout SplitMix
  ) throws {
    let rows = try log.tx.query("SELECT \(column) AS bytes FROM \(table) WHERE \(condition)")
    let bytes = try rows[0].get("bytes", as: [UInt8].self)
    try log.tx.execute(
      "UPDATE \(table) SET \(column) = $1 WHERE \(condition)", [flipped(bytes, &random)])
  }

  private static let entries = [
    AuditTampering("content edited") { log, random in
      try flip("payload", of: "audit_entry", "n = \(index(&random))", log, &random)
    },
    AuditTampering("content and hash edited") { log, random in
      let place = index(&random)
      try flip("payload", of: "audit_entry", "n = \(place)", log, &random)
      let payload = try log.payloads()[Int(place)]
      try log.tx.execute(
        "UPDATE audit_entry SET leaf_hash = $2 WHERE n = $1",
        [place, MerkleTree.leafHash(payload)])
    },
    AuditTampering("hash edited") { log, random in
      try flip("leaf_hash", of: "audit_entry", "n = \(index(&random))", log, &random)
    },
    AuditTampering("time edited") { log, random in
      try log.tx.execute(
        "UPDATE audit_entry SET time = time + $2 WHERE n = $1",
        [index(&random), Int64.random(in: 1...9_000_000, using: &random)])
    },
    AuditTampering("content removed") { log, random in
      let place = index(&random)
      try log.tx.execute(
        "UPDATE audit_entry SET payload = NULL, time = NULL WHERE n = $1", [place])
      if Bool.random(using: &random) {
        try log.tx.execute("DELETE FROM audit_subject WHERE n = $1", [place])
      }
    },
    AuditTampering("entry deleted") { log, random in
      let place = index(&random)
      try log.tx.execute("DELETE FROM audit_entry WHERE n = $1", [place])
      try log.tx.execute("DELETE FROM audit_subject WHERE n = $1", [place])
    },
  ]

  private static let orders = [
    AuditTampering("entry deleted and the others moved up") { log, random in
      let place = index(&random)
      try log.tx.execute("DELETE FROM audit_entry WHERE n = $1", [place])
      try log.tx.execute("DELETE FROM audit_subject WHERE n = $1", [place])
      try log.shift(from: place + 1, by: -1)
      if Bool.random(using: &random) {
        try log.tx.execute("UPDATE audit_head SET n = n - 1")
      }
    },
    AuditTampering("two entries exchanged") { log, random in
      let place = Int64.random(in: 0..<(Tampered.count - 1), using: &random)
      for table in ["audit_entry", "audit_subject"] {
        try log.tx.execute("UPDATE \(table) SET n = 100000 WHERE n = $1", [place])
        try log.tx.execute("UPDATE \(table) SET n = $1 WHERE n = $1 + 1", [place])
        try log.tx.execute("UPDATE \(table) SET n = $1 + 1 WHERE n = 100000", [place])
      }
    },
    AuditTampering("entry inserted") { log, random in
      let place = index(&random)
      let payload = try Tampered.bytes(AuditLogTests.entry(1000 + Int(place)))
      try log.shift(from: place, by: 1)
      try log.tx.execute(
        """
        INSERT INTO audit_entry (partition, n, leaf_hash, payload, time)
        VALUES ('main', $1, $2, $3, $4)
        """, [place, MerkleTree.leafHash(payload), payload, 1])
    },
    AuditTampering("log truncated, head and all") { log, random in
      var log = log
      let size = Int.random(in: 1..<Int(Tampered.count), using: &random)
      try log.rebuild(Array(log.payloads().prefix(size)))
      if Bool.random(using: &random) {
        try log.tx.execute("DELETE FROM audit_checkpoint WHERE size > $1", [size])
      }
    },
    AuditTampering("last entries deleted") { log, random in
      try log.tx.execute("DELETE FROM audit_entry WHERE n >= $1", [index(&random)])
    },
    AuditTampering("everything deleted") { log, _ in
      for table in AuditCheck.tables { try log.tx.execute("DELETE FROM \(table)") }
    },
  ]

  private static let derived = [
    AuditTampering("subtree hash edited") { log, random in
      try flip("hash", of: "audit_node", "n = 0", log, &random)
    },
    AuditTampering("subtree hash deleted") { log, _ in
      try log.tx.execute("DELETE FROM audit_node")
    },
    AuditTampering("subtree hash invented") { log, random in
      try log.tx.execute(
        "INSERT INTO audit_node (partition, level, n, hash) VALUES ('main', $1, $2, $3)",
        [
          8 * Int64.random(in: 1...9, using: &random), Int64.random(in: 1...90, using: &random),
          Array(repeating: UInt8(3), count: 32),
        ])
    },
    AuditTampering("head's hashes edited") { log, random in
      try flip("frontier", of: "audit_head", "n > 0", log, &random)
    },
    AuditTampering("head's number edited") { log, random in
      try log.tx.execute(
        "UPDATE audit_head SET n = n + $1", [Int64.random(in: 1...9, using: &random)])
    },
    AuditTampering("head deleted") { log, _ in try log.tx.execute("DELETE FROM audit_head") },
    AuditTampering("index row deleted") { log, random in
      try log.tx.execute(
        "DELETE FROM audit_subject WHERE n = $1 AND subject LIKE 'person/p%'", [index(&random)])
    },
    AuditTampering("index row edited") { log, random in
      try log.tx.execute(
        "UPDATE audit_subject SET subject = 'person/wang' WHERE n = $1 AND subject LIKE 'inc_%'",
        [index(&random)])
    },
    AuditTampering("index row invented") { log, random in
      try log.tx.execute(
        "INSERT INTO audit_subject (partition, subject, n) VALUES ('main', 'person/wang', $1)",
        [Int64.random(in: 0...500, using: &random)])
    },
  ]

  private static func edited(
    _ log: Tampered, _ random: inout SplitMix
  ) throws -> [[UInt8]] {
    var payloads = try log.payloads()
    payloads[Int(index(&random))] = try Tampered.bytes(AuditLogTests.entry(777))
    return payloads
  }

  private static let forks = [
    AuditTampering("log rewritten") { log, random in
      var log = log
      try log.rebuild(edited(log, &random))
    },
    AuditTampering("log rewritten and signed with its own key") { log, random in
      var log = log
      try log.rebuild(edited(log, &random))
      try log.signStored(log.key)
    },
    AuditTampering("log rewritten and signed with another key") { log, random in
      var log = log
      try log.rebuild(edited(log, &random))
      try log.signStored(AuditKey(name: AuditLogTests.log.origin))
      if Bool.random(using: &random) { try log.exportStored() }
    },
    AuditTampering("log rewritten, checkpoints unsigned") { log, random in
      var log = log
      try log.rebuild(edited(log, &random))
      try log.signStored(log.key)
      for row in try log.tx.query("SELECT size, note FROM audit_checkpoint") {
        let note = try row.get("note", as: String.self)
        let text = note.components(separatedBy: "\n\n")[0] + "\n\n"
        try log.tx.execute(
          "UPDATE audit_checkpoint SET note = $2 WHERE size = $1",
          [row.get("size", as: Int64.self), text])
      }
      try log.exportStored()
    },
    AuditTampering("log rewritten and shortened checkpoints") { log, random in
      var log = log
      try log.rebuild(edited(log, &random))
      try log.tx.execute("DELETE FROM audit_checkpoint")
    },
    AuditTampering("stored checkpoint edited") { log, random in
      let sizes = try log.sizes()
      let size = sizes[Int.random(in: 0..<sizes.count, using: &random)]
      try log.tx.execute(
        "UPDATE audit_checkpoint SET note = replace(note, 'main', 'other') WHERE size = $1", [size])
    },
    AuditTampering("stored checkpoint deleted") { log, random in
      let sizes = try log.sizes()
      let size = sizes[Int.random(in: 0..<sizes.count, using: &random)]
      try log.tx.execute("DELETE FROM audit_checkpoint WHERE size = $1", [size])
    },
    AuditTampering("stored checkpoint moved to another size") { log, random in
      try log.tx.execute(
        "UPDATE audit_checkpoint SET size = $1 WHERE size = 100",
        [Int64.random(in: 101..<200, using: &random)])
    },
  ]

  private static func file(_ log: Tampered, _ random: inout SplitMix) throws -> String {
    let files = try FileManager.default.contentsOfDirectory(atPath: log.folder).sorted()
    return files[Int.random(in: 0..<files.count, using: &random)]
  }

  private static let exports = [
    AuditTampering("exported file edited") { log, random in
      let file = try file(log, &random)
      try log.write(flipped(log.read(file), &random), file)
    },
    AuditTampering("exported file cut off") { log, random in
      let file = try file(log, &random)
      let bytes = try log.read(file)
      try log.write(Array(bytes.prefix(.random(in: 0..<bytes.count, using: &random))), file)
    },
    AuditTampering("exported file deleted") { log, random in
      try FileManager.default.removeItem(atPath: "\(log.folder)/\(file(log, &random))")
    },
    AuditTampering("exported checkpoint renamed") { log, random in
      try FileManager.default.moveItem(
        atPath: "\(log.folder)/100",
        toPath: "\(log.folder)/\(Int.random(in: 101...190, using: &random))")
    },
    AuditTampering("exported file put in") { log, random in
      let size = Int.random(in: 2...99, using: &random)
      try log.write(log.read("100"), Bool.random(using: &random) ? "\(size)" : "0\(size)")
    },
    AuditTampering("exported key replaced") { log, random in
      let key = AuditKey(name: AuditLogTests.log.origin)
      try log.write("\(key.verifier)\n", "vkey")
    },
    AuditTampering("exported folder emptied") { log, _ in
      for file in try FileManager.default.contentsOfDirectory(atPath: log.folder) {
        try FileManager.default.removeItem(atPath: "\(log.folder)/\(file)")
      }
    },
  ]
}
