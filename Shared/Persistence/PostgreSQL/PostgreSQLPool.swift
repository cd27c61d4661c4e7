// Connections that read beside the writer. A closure runs on a thread of the store's own: libpq
// waits for its server, and Swift's threads are for work.
import Dispatch
import Synchronization

/// A connection that may go from thread to thread; one uses it at a time.
final class SharedConnection: Sendable {
  private let connection: Mutex<PostgreSQLConnection>

  init(_ address: PostgreSQLAddress) { connection = Mutex(PostgreSQLConnection(address)) }

  func use<R: Sendable>(
    _ body: @Sendable (PostgreSQLConnection) throws -> R
  ) rethrows -> R {
    try connection.withLock { try body($0) }
  }
}

final class PostgreSQLPool: Sendable {
  private typealias Taker = @Sendable (Result<SharedConnection, DatabaseError>) -> Void

  private struct State {
    var idle: [SharedConnection]
    var waiting: [Taker] = []
    var closed = false
  }

  /// Readers that may wait for a connection.
  private static let waitingLimit = 4096

  private let state: Mutex<State>
  private let threads = DispatchQueue(label: "store.readers", attributes: .concurrent)

  init(_ address: PostgreSQLAddress, count: Int) {
    state = Mutex(State(idle: (0..<max(1, count)).map { _ in SharedConnection(address) }))
  }

  /// `Database.read`.
  func read<R: Sendable>(
    _ body: @escaping @Sendable (any Transaction) throws -> R
  ) async throws -> R {
    try await withCheckedThrowingContinuation { continuation in
      take { [self] taken in
        switch taken {
        case .failure(let error): continuation.resume(throwing: error)
        case .success(let connection):
          threads.async { [self] in
            let result = Result { try connection.use { try Self.read($0, body) } }
            giveBack(connection)
            continuation.resume(with: result)
          }
        }
      }
    }
  }

  /// Waits for those who read, and lets nobody in any more. Blocks.
  func close() {
    let refused = state.withLock { state in
      state.closed = true
      defer { state.waiting = [] }
      return state.waiting
    }
    for taker in refused { taker(.failure(.closed)) }
    threads.sync(flags: .barrier) {}
    for connection in state.withLock({ $0.idle }) { connection.use { $0.close() } }
  }

  private static func read<R>(
    _ connection: PostgreSQLConnection, _ body: (any Transaction) throws -> R
  ) throws -> R {
    try connection.begin("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
    let tx = PostgreSQLTransaction(connection)
    defer { tx.end() }
    do {
      let result = try body(tx)
      try connection.run("COMMIT")
      return result
    } catch {
      connection.rollback()
      throw error
    }
  }

  private func take(_ taker: @escaping Taker) {
    let answer: Result<SharedConnection, DatabaseError>? = state.withLock { state in
      if state.closed { return .failure(.closed) }
      if let connection = state.idle.popLast() { return .success(connection) }
      if state.waiting.count >= Self.waitingLimit { return .failure(.overloaded) }
      state.waiting.append(taker)
      return nil
    }
    if let answer { taker(answer) }
  }

  private func giveBack(_ connection: SharedConnection) {
    let next: Taker? = state.withLock { state in
      if !state.waiting.isEmpty { return state.waiting.removeFirst() }
      state.idle.append(connection)
      return nil
    }
    next?(.success(connection))
  }
}
