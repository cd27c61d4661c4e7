// A store in which nothing is found and nothing kept: every decoder behind a store can be reached, and
// no input depends on those before it.
import Persistence

struct EmptyDatabase: Database {
  func read<R: Sendable>(
    _ body: @escaping @Sendable (any Transaction) throws -> R
  ) async throws -> R { try body(EmptyTransaction()) }

  func write<R: Sendable>(
    _ body: @escaping @Sendable (any Transaction) throws -> R
  ) async throws -> R { try body(EmptyTransaction()) }

  func writeEach<R: Sendable>(
    _ bodies: [@Sendable (any Transaction) throws -> R]
  ) async -> [Result<R, any Error>] {
    bodies.map { body in Result { try body(EmptyTransaction()) } }
  }

  func commits() -> AsyncStream<Void> { AsyncStream { $0.finish() } }

  func close() async throws {}
}

struct EmptyTransaction: Transaction {
  func execute(_ sql: String, _ arguments: [any ValueConvertible]) throws -> Int {
    // As the engines do: a value that cannot be stored shows here.
    _ = arguments.map(\.value)
    return 0
  }

  func query(_ sql: String, _ arguments: [any ValueConvertible]) throws -> [Row] {
    _ = arguments.map(\.value)
    return []
  }

  func tableNames() throws -> [String] { [] }
}
