// The Database port over a PostgreSQL server: readers on a pool, writes through GroupCommit. Several
// processes may have the same store open.
import Dispatch
import Synchronization

final class PostgreSQLDatabase: Database {
  /// How long another process's commit may go unnoticed. (LISTEN would do it sooner, but not every
  /// engine that speaks PostgreSQL's protocol has it.)
  private static let lookInterval: Duration = .milliseconds(20)

  private let readers: PostgreSQLPool
  private let connection: SharedConnection
  private let writer: GroupCommit
  private let broadcast: CommitBroadcast
  private let thread = DispatchQueue(label: "store.writer")
  private let lookout = Mutex<Task<Void, Never>?>(nil)

  init(_ address: PostgreSQLAddress, connection: SharedConnection, options: StoreOptions) {
    let broadcast = CommitBroadcast()
    self.broadcast = broadcast
    self.connection = connection
    self.readers = PostgreSQLPool(address, count: options.readers)
    self.writer = GroupCommit(options: options, place: address.schema) { broadcast.announce() }
  }

  /// Writes that no group has taken yet: lets a test build a queue in a known order.
  var waitingWrites: Int { writer.waitingCount }

  func read<R: Sendable>(
    _ body: @escaping @Sendable (any Transaction) throws -> R
  ) async throws -> R {
    guard !writer.isClosed else { throw DatabaseError.closed }
    return try await readers.read(body)
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
    thread.async { [writer, connection] in
      connection.use { writer.drain(PostgreSQLSession(connection: $0)) }
    }
  }

  func commits() -> AsyncStream<Void> {
    lookout.withLock { lookout in
      if lookout == nil, !writer.isClosed {
        lookout = Task { [readers, broadcast] in await Self.lookOut(readers, broadcast) }
      }
    }
    return broadcast.subscribe()
  }

  /// Tells of what other processes commit.
  private static func lookOut(_ readers: PostgreSQLPool, _ broadcast: CommitBroadcast) async {
    var seen: Int64?
    while !Task.isCancelled {
      let turn = try? await readers.read { tx in
        try tx.query("SELECT turn FROM writer_turn WHERE id = 1").first?.get("turn", as: Int64.self)
      }
      if let turn, turn != seen {
        seen = turn
        broadcast.announce()
      }
      try? await Task.sleep(for: turn == nil ? .seconds(1) : lookInterval)
    }
  }

  func close() async throws {
    guard writer.close() else { return }
    defer { broadcast.finish() }
    lookout.withLock { $0?.cancel() }
    await withCheckedContinuation { continuation in
      // Behind what was queued before; not on a thread that Swift's tasks share.
      thread.async { [connection, readers] in
        connection.use { $0.close() }
        readers.close()
        continuation.resume()
      }
    }
  }
}
