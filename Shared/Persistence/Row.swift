// One row of an answer, copied out of the engine so that it outlives the transaction.

/// A row: named columns in the order of the query.
public struct Row: Sendable {
  /// Shared by all rows of one answer.
  let names: [String]
  let values: [Value]

  init(names: [String], values: [Value]) {
    self.names = names
    self.values = values
  }

  /// Reads the leftmost column of that name.
  /// - Throws: `DatabaseError.unexpectedValue` when there is none, or its value is of another type.
  public func get<T: ValueConvertible>(_ column: String, as type: T.Type = T.self) throws -> T {
    guard let index = names.firstIndex(of: column) else {
      throw DatabaseError.unexpectedValue("the answer has no column \(column)")
    }
    do {
      return try T.from(values[index])
    } catch DatabaseError.unexpectedValue(let reason) {
      throw DatabaseError.unexpectedValue("column \(column): \(reason)")
    }
  }

  /// All columns, for those that do not know the table.
  public var columns: [(name: String, value: Value)] {
    zip(names, values).map { (name: $0, value: $1) }
  }
}
