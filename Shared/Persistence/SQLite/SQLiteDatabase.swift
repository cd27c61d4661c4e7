// The Database port over a GRDB pool: readers on the pool's threads, writes through GroupCommit.
import Foundation
import GRDB

final class SQLiteDatabase: Database {
  private let pool: DatabasePool
  private let writer: GroupCommit
  private let broadcast: CommitBroadcast
  private let writeBack = LogWriteBack()

  init(pool: DatabasePool, options: StoreOptions) {
    let broadcast = CommitBroadcast()
    self.pool = pool
    self.broadcast = broadcast
    self.writer = GroupCommit(options: options, place: pool.path) { broadcast.announce() }
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
    try await writer.write(body, startDraining: startDraining)
  }

  func writeEach<R: Sendable>(
    _ bodies: [@Sendable (any Transaction) throws -> R]
  ) async -> [Result<R, any Error>] {
    await writer.writeEach(bodies, startDraining: startDraining)
  }

  private func startDraining() {
    pool.asyncWriteWithoutTransaction { [writer, writeBack] connection in
      writer.drain(SQLiteSession(connection: connection, writeBack: writeBack))
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
