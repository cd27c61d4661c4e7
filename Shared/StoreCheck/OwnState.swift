// State and event commit together, so what an event said last about a row is what the row holds.
import EventLog
import Foundation
import Persistence
import QuintetAPI
import SwiftProtobuf

/// What an event says about a row.
public struct Claim: Sendable, Hashable {
  public let table: String
  public let key: String
  public let value: String
  /// The row is no more.
  public let isGone: Bool

  /// - Parameters:
  ///   - key: as the `key` of the stated table gives it for the row.
  ///   - value: as its `value` does.
  public init(_ table: String, _ key: String, _ value: String) {
    self.table = table
    self.key = key
    self.value = value
    isGone = false
  }

  /// That a row which was told of is no more.
  public init(gone table: String, _ key: String) {
    self.table = table
    self.key = key
    value = ""
    isGone = true
  }
}

/// A table whose rows repeat what the own events said last.
public struct StatedTable: Sendable {
  let name: String
  let key: String
  let value: String
  let retained: String?
  let anonymised: String

  /// - Parameters:
  ///   - key: an SQL expression over the table's columns, unique within a partition, of type text.
  ///   - value: another, not null.
  ///   - retained: the kind of record as which rows are let go: those whose last event lies before
  ///     what the store says was swept may be missing, and no others.
  ///   - anonymised: a condition for rows that no longer hold what the events said.
  public init(
    _ name: String, key: String, value: String, retained: String? = nil,
    anonymised: String = "1 = 0"
  ) {
    self.name = name
    self.key = key
    self.value = value
    self.retained = retained
    self.anonymised = anonymised
  }
}

/// `awaitingFeedback` → `awaiting_feedback`: a case of an enumeration on the wire as stores spell it.
public func spelled(_ value: Any) -> String {
  "\(value)".reduce(into: "") { text, character in
    text += character.isUppercase ? "_\(character.lowercased())" : String(character)
  }
}

struct OwnState {
  let check: StoreCheck
  let partition: String
  /// Whether every event ever recorded is still there to be read.
  let isWhole: Bool

  func check(_ snapshot: any StoreSnapshot, _ report: inout CheckReport) throws {
    var newest = try newestClaims(snapshot, &report)
    for table in check.stated {
      var untold: [String] = []
      var other: [String] = []
      try snapshot.forEachRow(
        """
        SELECT \(table.key) AS key, \(table.value) AS value,
          CASE WHEN \(table.anonymised) THEN 1 ELSE 0 END AS is_anonymised
        FROM \(table.name) WHERE partition = $1
        """, [partition]
      ) { row in
        report.rows += 1
        let key = try row.get("key", as: String.self)
        let value = try row.get("value", as: String.self)
        guard let told = newest[table.name]?.removeValue(forKey: key) else {
          if isWhole { untold.append(key) }
          return
        }
        let isAnonymised = try row.get("is_anonymised", as: Int.self) == 1
        if told.value != value, !isAnonymised {
          other.append("\(key) \(value), told \(told.value)")
        }
      }
      let swept = try sweptThrough(table, snapshot)
      let missing = (newest[table.name] ?? [:]).filter { _, told in
        swept.map { told.occurTime >= $0 } ?? true
      }
      report.add(
        "\(table.name) 中有事件未提及的行", "\(table.name) holds rows that no event tells of", untold)
      report.add(
        "\(table.name) 与最后的事件不符", "\(table.name) is not what its last events say", other)
      report.add(
        "\(table.name) 缺少事件提及的行", "\(table.name) lacks rows that events tell of",
        missing.keys.sorted())
    }
  }

  private struct Told {
    let value: String
    let occurTime: Int64
  }

  /// In microseconds; nil when nothing was ever let go.
  private func sweptThrough(_ table: StatedTable, _ snapshot: any StoreSnapshot) throws -> Int64? {
    guard let kind = table.retained else { return nil }
    return try snapshot.read { tx in
      try tx.query(
        "SELECT swept_through FROM retention_sweep WHERE partition = $1 AND kind = $2",
        [partition, kind]
      ).first?.get("swept_through")
    }
  }

  /// Reads the whole log, and with it every payload.
  /// - Returns: table → key → value.
  private func newestClaims(
    _ snapshot: any StoreSnapshot, _ report: inout CheckReport
  ) throws -> [String: [String: Told]] {
    var newest: [String: [String: Told]] = [:]
    var unreadable: [String] = []
    try snapshot.forEachRow(
      """
      SELECT sequence, type, occur_time, payload FROM event WHERE partition = $1 ORDER BY sequence
      """,
      [partition]
    ) { row in
      let type = try row.get("type", as: String.self)
      guard let message = Self.message(type, try row.get("payload")) else {
        unreadable.append("\(try row.get("sequence", as: Int.self)) \(type)")
        return
      }
      let occurTime = try row.get("occur_time", as: Int64.self)
      for claim in check.claims(message) {
        newest[claim.table, default: [:]][claim.key] =
          claim.isGone ? nil : Told(value: claim.value, occurTime: occurTime)
      }
    }
    report.add("事件内容无法读取", "events cannot be read as what they say they are", unreadable)
    return newest
  }

  private static func message(_ type: String, _ payload: [UInt8]) -> (any SwiftProtobuf.Message)? {
    try? QuintetMessages.type(named: type)?.init(serializedBytes: payload)
  }
}
