// A store on which the process can be made to die at any point of a write: before it, between two of
// its statements, or when it is durable and nobody has been told yet. It also lets concurrent
// writes go in an order of its own.
import Foundation
import Persistence
import Synchronization

/// When the process dies.
struct Fault: Sendable, CustomStringConvertible {
  enum Place: Sendable {
    case beforeWrite
    /// At the end of the transaction when it has fewer statements.
    case afterStatement(Int)
    case afterCommit
  }

  /// The how many-th write meets it, from 1.
  var write = 1
  var place: Place
  /// True: the machine loses its power, and only what is in the files then is found again. False:
  /// the caller hears nothing more, which costs less.
  var isPowerCut = false

  var description: String { "\(isPowerCut ? "power cut" : "death") \(place) of write \(write)" }
}

/// What the dead process would not have said.
struct Killed: Error {}

final class FaultyDatabase: Database {
  /// What became of a fault.
  struct Met: Sendable {
    /// What was written stays, though nobody was told.
    var isCommitted: Bool
    /// The files as they were at that moment, when power was cut.
    var files: StoreFolder?
  }

  private struct State {
    var fault: Fault?
    var writes = 0
    var met: Met?
    var gate: Gate?
    var seriesLimit: Int?
  }

  private let inner: any Database
  private let folder: StoreFolder
  private let engine: Engine
  private let dying: any Error
  private let state = Mutex(State())

  /// - Parameter dying: what those hear who were at work when the process died.
  init(_ inner: any Database, in folder: StoreFolder, _ engine: Engine, dying: any Error = Killed())
  {
    self.inner = inner
    self.folder = folder
    self.engine = engine
    self.dying = dying
  }

  func arm(_ fault: Fault) {
    state.withLock {
      $0.fault = fault
      $0.writes = 0
      $0.met = nil
    }
  }

  /// - Returns: nil when the work never came to the place of the fault.
  func disarm() -> Met? {
    state.withLock { state in
      defer { (state.fault, state.met) = (nil, nil) }
      return state.met
    }
  }

  /// From here on writes wait for each other at `gate`; nil: no more.
  func hold(at gate: Gate?) { state.withLock { $0.gate = gate } }

  /// Of a series of writes only the first `limit` are done, and none is answered; nil: all.
  func killSeries(after limit: Int?) { state.withLock { $0.seriesLimit = limit } }

  /// The files as a power cut would leave them now.
  func files() throws -> StoreFolder {
    engine == .sqlite ? try folder.copyAsAfterPowerCut() : folder
  }

  func read<R: Sendable>(
    _ body: @escaping @Sendable (any Transaction) throws -> R
  ) async throws -> R {
    try await inner.read(body)
  }

  func write<R: Sendable>(
    _ body: @escaping @Sendable (any Transaction) throws -> R
  ) async throws -> R {
    if let gate = state.withLock({ $0.gate }) { return try await gate.pass(body, into: inner) }
    let due = state.withLock { state -> Fault? in
      state.writes += 1
      return state.fault.flatMap { $0.write == state.writes ? $0 : nil }
    }
    guard let due else { return try await inner.write(body) }
    switch due.place {
    case .beforeWrite:
      try meet(due, isCommitted: false)
    case .afterStatement(let count):
      return try await inner.write { [self] tx in
        let dying = DyingTransaction(tx, after: count) { [self] in
          try meet(due, isCommitted: false)
        }
        let result = try body(dying)
        try dying.die()
        return result
      }
    case .afterCommit:
      var isCommitted = true
      do { _ = try await inner.write(body) } catch { isCommitted = false }
      try meet(due, isCommitted: isCommitted)
    }
    throw dying
  }

  func writeEach<R: Sendable>(
    _ bodies: [@Sendable (any Transaction) throws -> R]
  ) async -> [Result<R, any Error>] {
    let done = state.withLock { state -> Int? in
      guard let limit = state.seriesLimit else { return nil }
      let done = min(limit, bodies.count)
      state.seriesLimit = limit - done
      return done
    }
    guard let done else { return await inner.writeEach(bodies) }
    _ = await inner.writeEach(Array(bodies.prefix(done)))
    return bodies.map { _ in .failure(dying) }
  }

  func commits() -> AsyncStream<Void> { inner.commits() }

  func close() async throws { try await inner.close() }

  private func meet(_ fault: Fault, isCommitted: Bool) throws {
    let files = fault.isPowerCut ? try files() : nil
    state.withLock { $0.met = Met(isCommitted: isCommitted, files: files) }
    throw dying
  }
}

/// Passes statements on until the process dies.
private final class DyingTransaction: Transaction {
  private let inner: any Transaction
  private var left: Int
  private let meet: () throws -> Void

  init(_ inner: any Transaction, after count: Int, _ meet: @escaping () throws -> Void) {
    self.inner = inner
    self.left = count
    self.meet = meet
  }

  func die() throws { try meet() }

  func execute(_ sql: String, _ arguments: [any ValueConvertible]) throws -> Int {
    try count()
    return try inner.execute(sql, arguments)
  }

  func query(_ sql: String, _ arguments: [any ValueConvertible]) throws -> [Row] {
    try count()
    return try inner.query(sql, arguments)
  }

  func tableNames() throws -> [String] { try inner.tableNames() }

  private func count() throws {
    if left == 0 { try meet() }
    left -= 1
  }
}

/// Where concurrent writes wait until all of them have come, and leave in the order of the lot.
final class Gate: Sendable {
  /// Which of the concurrent callers this task is.
  @TaskLocal static var caller = 0

  private struct Waiting: Sendable {
    let caller: Int
    let run: @Sendable (any Transaction) throws -> @Sendable () -> Void
    let fail: @Sendable (any Error) -> Void
  }

  private struct State {
    var active: Int
    var waiting: [Waiting] = []
    var passed: [(caller: Int, isWritten: Bool)] = []
  }

  /// Place in the order, by caller.
  private let lot: [Int]
  private let killAfter: Int?
  private let state: Mutex<State>

  /// - Parameter killAfter: how many writes are done before the process dies and answers nobody;
  ///   nil when it lives on.
  init(lot: [Int], killAfter: Int?) {
    self.lot = lot
    self.killAfter = killAfter
    self.state = Mutex(State(active: lot.count))
  }

  /// Who passed, in order; some pass more than once.
  var passed: [(caller: Int, isWritten: Bool)] { state.withLock { $0.passed } }

  func pass<R: Sendable>(
    _ body: @escaping @Sendable (any Transaction) throws -> R, into database: any Database
  ) async throws -> R {
    let caller = Gate.caller
    return try await withCheckedThrowingContinuation { continuation in
      let waiting = Waiting(
        caller: caller,
        run: { tx in
          let result = try body(tx)
          return { continuation.resume(returning: result) }
        }, fail: { continuation.resume(throwing: $0) })
      state.withLock { $0.waiting.append(waiting) }
      openWhenAllHaveCome(database)
    }
  }

  /// A caller has got his answer and comes no more.
  func leave(_ database: any Database) {
    state.withLock { $0.active -= 1 }
    openWhenAllHaveCome(database)
  }

  private func openWhenAllHaveCome(_ database: any Database) {
    let lot = lot
    let group = state.withLock { state -> (all: [Waiting], done: Int) in
      guard !state.waiting.isEmpty, state.waiting.count == state.active else { return ([], 0) }
      let all = state.waiting.sorted { lot[$0.caller] < lot[$1.caller] }
      state.waiting = []
      let left = killAfter.map { max(0, $0 - state.passed.count) } ?? all.count
      for (index, one) in all.enumerated() { state.passed.append((one.caller, index < left)) }
      return (all, min(left, all.count))
    }
    if group.all.isEmpty { return }
    Task { [killAfter] in
      let results = await database.writeEach(group.all.prefix(group.done).map(\.run))
      for (one, result) in zip(group.all, results) {
        switch result {
        case _ where killAfter != nil: one.fail(Killed())
        case .success(let answer): answer()
        case .failure(let error): one.fail(error)
        }
      }
      for one in group.all.dropFirst(group.done) { one.fail(Killed()) }
    }
  }
}
