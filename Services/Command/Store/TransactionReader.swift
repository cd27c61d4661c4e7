// What reading has in common: the transaction, the partition, and pages without a query per row.
import CommandDomain
import EventLog
import Foundation
import Persistence
import Territory

/// Everything of `CommandReader` in terms of a transaction; readers and the writer share it.
protocol StoreReader: CommandReader {
  var tx: any Transaction { get }
  var log: EventLog { get }
  /// What the caller may see.
  var reached: ReachedThings { get }
}

extension StoreReader {
  var partition: String { log.partition }
}

struct TransactionReader: StoreReader {
  let tx: any Transaction
  let log: EventLog
  let reached: ReachedThings
}

/// The rows of one table that a query is about. Others that hang on them are fetched by the same
/// selection, so that a page costs a fixed number of queries.
struct Selection {
  private let table: String
  private var conditions: [String] = ["partition = $1"]
  private var bindings: Bindings
  private var tail = ""

  init(_ table: String, partition: String) {
    self.table = table
    bindings = Bindings([partition])
  }

  /// - Parameters:
  ///   - condition: with `?` for each of `values`, in order; otherwise a constant text.
  mutating func filter(_ condition: String, _ values: any ValueConvertible...) {
    filter(condition, values)
  }

  mutating func filter(_ condition: String, _ values: [any ValueConvertible]) {
    conditions.append(bindings.number(condition, values))
  }

  /// Newest first, from below `before`.
  mutating func page(before: (any ValueConvertible)?, limit: Int) {
    if let before { filter("id < ?", before) }
    order("id DESC", limit: limit)
  }

  mutating func order(_ columns: String, limit: Int) {
    tail = bindings.number(" ORDER BY \(columns) LIMIT ?", [limit])
  }

  var arguments: [any ValueConvertible] { bindings.arguments }

  var query: String { "SELECT * FROM \(table) WHERE " + joined + tail }

  /// Rows of another table that refer to the selected ones by `column`.
  func query(of other: String, by column: String, order: String) -> String {
    """
    WITH page AS (SELECT id FROM \(table) WHERE \(joined)\(tail))
    SELECT other.* FROM page JOIN \(other) AS other
    ON other.partition = $1 AND other.\(column) = page.id
    ORDER BY other.\(column), other.\(order)
    """
  }

  private var joined: String { conditions.joined(separator: " AND ") }
}

extension Row {
  /// An enumeration by its raw value.
  func raw<T: RawRepresentable>(_ column: String) throws -> T
  where T.RawValue: ValueConvertible {
    guard let value: T = try raw(column) else {
      throw DatabaseError.unexpectedValue("column \(column): NULL does not read as \(T.self)")
    }
    return value
  }

  func raw<T: RawRepresentable>(_ column: String) throws -> T?
  where T.RawValue: ValueConvertible {
    guard let stored = try get(column, as: T.RawValue?.self) else { return nil }
    guard let value = T(rawValue: stored) else {
      throw DatabaseError.unexpectedValue("column \(column): \(stored) does not read as \(T.self)")
    }
    return value
  }
}
