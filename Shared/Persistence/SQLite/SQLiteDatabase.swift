// The Database port over a GRDB pool: readers on the pool's threads, writes through GroupCommit.
import Foundation
import GRDB
import Synchronization

final class SQLiteDatabase: Database {
  private let pool: DatabasePool
  private let writer: GroupCommit
  private let broadcast: CommitBroadcast

  init(pool: DatabasePool, options: SQLiteOptions) {
    let broadcast = CommitBroadcast()
    self.pool = pool
    self.broadcast = broadcast
    self.writer = GroupCommit(options: options, path: pool.path) { broadcast.announce() }
  }

  /// Writes that no group has taken yet: lets a test build a queue in a known order.
  var waitingWrites: Int { writer.waitingCount }

  func read<R: Sendable>(
    _ body: @escaping @Sendable (any Transaction) throws -> R
  ) async throws -> R {
    guard !writer.isClosed else { throw DatabaseError.closed }
    do {
      return try await pool.read { db in
        let tx = SQLiteTransaction(db)
        defer { tx.end() }
        return try body(tx)
      }
    } catch {
      throw DatabaseError.translating(error)
    }
  }

  func write<R: Sendable>(
    _ body: @escaping @Sendable (any Transaction) throws -> R
  ) async throws -> R {
    try await withCheckedThrowingContinuation { continuation in
      let job = GroupCommit.Job(
        run: { tx in
          let result = try body(tx)
          return { continuation.resume(returning: result) }
        },
        fail: { continuation.resume(throwing: $0) })
      do {
        guard try writer.enqueue(job) else { return }
        pool.asyncWriteWithoutTransaction { [writer] in writer.drain($0) }
      } catch {
        continuation.resume(throwing: error)
      }
    }
  }

  func writeEach<R: Sendable>(
    _ bodies: [@Sendable (any Transaction) throws -> R]
  ) async -> [Result<R, any Error>] {
    if bodies.isEmpty { return [] }
    return await withCheckedContinuation { continuation in
      let gathering = Gathering<R>(count: bodies.count) { continuation.resume(returning: $0) }
      for (index, body) in bodies.enumerated() {
        let job = GroupCommit.Job(
          run: { tx in
            let result = try body(tx)
            return { gathering.put(.success(result), at: index) }
          },
          fail: { gathering.put(.failure($0), at: index) })
        do {
          guard try writer.enqueue(job) else { continue }
          pool.asyncWriteWithoutTransaction { [writer] in writer.drain($0) }
        } catch {
          gathering.put(.failure(error), at: index)
        }
      }
    }
  }

  func commits() -> AsyncStream<Void> { broadcast.subscribe() }

  func close() async throws {
    guard writer.close() else { return }
    defer { broadcast.finish() }
    // Closing waits for connections; not on a thread that Swift's tasks share.
    try await withCheckedThrowingContinuation { continuation in
      DispatchQueue.global().async { [pool] in
        continuation.resume(with: Result { try Self.close(pool) })
      }
    }
  }

  /// Readers first, then the writer empties the log, so that what is left is one tidy file. The
  /// writer's queue is served in order: what was queued before is committed before.
  private static func close(_ pool: DatabasePool) throws {
    pool.releaseMemory()
    do {
      try pool.writeWithoutTransaction { db in _ = try db.checkpoint(.truncate) }
      try pool.close()
    } catch {
      throw DatabaseError.translating(error)
    }
  }
}

/// Collects results that arrive one by one, and hands them over when none is missing.
private final class Gathering<R: Sendable>: Sendable {
  private struct State {
    var results: [Result<R, any Error>?]
    var missing: Int
  }

  private let state: Mutex<State>
  private let finished: @Sendable ([Result<R, any Error>]) -> Void

  init(count: Int, finished: @escaping @Sendable ([Result<R, any Error>]) -> Void) {
    self.state = Mutex(State(results: Array(repeating: nil, count: count), missing: count))
    self.finished = finished
  }

  func put(_ result: Result<R, any Error>, at index: Int) {
    let all = state.withLock { state -> [Result<R, any Error>]? in
      state.results[index] = result
      state.missing -= 1
      return state.missing == 0 ? state.results.compactMap { $0 } : nil
    }
    if let all { finished(all) }
  }
}
