// The port between a service and its store. Repositories are written against these two protocols
// and nothing else, so that the engine below can be changed without touching them.

/// What may be done to the store within one `read` or `write`. Valid only inside that closure.
///
/// Statements use numbered parameters `$1`, `$2` …, in any order and any number of times, one
/// statement a call, with constant texts (they are prepared once and kept).
public protocol Transaction {
  /// Runs a statement for its effect.
  /// - Returns: the number of rows inserted, updated or deleted by it.
  /// - Throws: `DatabaseError`.
  @discardableResult
  func execute(_ sql: String, _ arguments: [any ValueConvertible]) throws -> Int

  /// Runs a statement for its rows (`SELECT`, or anything with `RETURNING`).
  /// - Throws: `DatabaseError`.
  func query(_ sql: String, _ arguments: [any ValueConvertible]) throws -> [Row]

  /// Names of the tables that hold facts, in order: those behind a search index are derived from
  /// others.
  /// - Throws: `DatabaseError`.
  func tableNames() throws -> [String]
}

extension Transaction {
  @discardableResult
  public func execute(_ sql: String) throws -> Int { try execute(sql, []) }

  public func query(_ sql: String) throws -> [Row] { try query(sql, []) }
}

/// A store: many readers at once, writes one after another, whichever process they come from.
public protocol Database: Sendable {
  /// Runs `body` on a snapshot of the committed state, beside the writer. Keep it short: a reader
  /// that stays holds back the log's recycling.
  /// - Throws: what `body` throws; `DatabaseError`; `CancellationError` when the task is cancelled.
  func read<R: Sendable>(_ body: @escaping @Sendable (any Transaction) throws -> R) async throws
    -> R

  /// Runs `body` all or nothing, after every write queued before it, and returns once its effect
  /// is durable. Several queued writes share one commit; each stands or falls alone.
  ///
  /// A statement that fails fails the whole of `body`, which cannot catch the error and go on.
  ///
  /// `body` must do nothing but use its transaction: it holds up every other write, and it is run
  /// a second time when the group it was part of could not be committed together.
  /// - Throws: what `body` throws; `DatabaseError.overloaded` when too many writes are waiting;
  ///   `DatabaseError`. After any error nothing of `body` remains.
  @discardableResult
  func write<R: Sendable>(_ body: @escaping @Sendable (any Transaction) throws -> R) async throws
    -> R

  /// Queues all `bodies` at once, in order; each stands or falls alone, as if written one by one.
  /// What comes in a stream keeps its order this way and still shares commits.
  /// - Returns: one result for each body, in order, once all are durable or have failed.
  func writeEach<R: Sendable>(
    _ bodies: [@Sendable (any Transaction) throws -> R]
  ) async -> [Result<R, any Error>]

  /// One element after each durable commit; commits that nobody waited for are merged into one.
  /// Ends when the store is closed.
  func commits() -> AsyncStream<Void>

  /// Lets the queued writes finish, refuses new ones, and closes the files. May be called twice.
  func close() async throws
}

/// What can go wrong with a store, whatever the engine.
public enum DatabaseError: Error, Sendable, Equatable {
  /// Too many writes are waiting. Nothing was done; try again later.
  case overloaded
  /// A unique or primary key already holds this value.
  case unique(String)
  /// The row that is referred to does not exist, or is still referred to.
  case foreignKey(String)
  /// A CHECK or NOT NULL rule was broken.
  case check(String)
  /// A column held another kind of value than the code expects.
  case unexpectedValue(String)
  /// The file is damaged or is not a database.
  case corrupt(String)
  /// The file was written by a newer version of this program.
  case newerSchema(String)
  /// A migration that was already applied has been changed since.
  case changedMigration(String)
  /// The store cannot promise durability on this system; it is not opened.
  case notDurable(String)
  /// The disk is full. The store works again once there is room.
  case full
  /// Another process holds the file.
  case busy
  /// Other writers were in the way, however often it was tried.
  case conflict
  /// The server of the store cannot be reached. Whether a write that met this was done is not
  /// known: it is safe to repeat under the same request id.
  case unavailable(String)
  /// Reading failed in the operating system. (A writer that meets this ends the process.)
  case inputOutput(String)
  /// The store has been closed.
  case closed
  /// Anything else, such as a mistake in a statement.
  case other(String)

  /// True when not only the statement that met this is at its end, but the transaction around it.
  var concernsAllWriters: Bool {
    switch self {
    case .inputOutput, .full, .busy, .conflict, .unavailable: true
    default: false
    }
  }

  /// True when the same work may succeed later without anybody changing it.
  public var isTransient: Bool {
    switch self {
    case .overloaded, .full, .busy, .conflict, .unavailable: true
    default: false
    }
  }
}
