// Why a store keeps up: writes that wait together are committed together. A commit costs one flush
// of the disk however many writes it carries, and each of them still stands or falls alone. Nearly
// all stand, so a group is first run without savepoints, and again with one for each write only when
// a write fails that has changed something already.
import Foundation
import Logging
import Synchronization

final class GroupCommit: Sendable {
  private struct Job: Sendable {
    /// Does the work; what it returns is called once the work is durable.
    let run: @Sendable (any Transaction) throws -> @Sendable () -> Void
    let fail: @Sendable (any Error) -> Void
  }

  /// A job failed whose changes stand among those of the others.
  private struct Entangled: Error {
    let cause: any Error
  }

  private struct State {
    var waiting: [Job] = []
    /// True while somebody has been asked to drain: there is one writer.
    var draining = false
    var closed = false
  }

  /// How often a group is tried when the engine asks for it to be run again.
  private static let attempts = 10

  private let state = Mutex(State())
  private let options: StoreOptions
  /// Where the store is, for the last words.
  private let place: String
  private let committed: @Sendable () -> Void

  init(options: StoreOptions, place: String, committed: @escaping @Sendable () -> Void) {
    self.options = options
    self.place = place
    self.committed = committed
  }

  var isClosed: Bool { state.withLock { $0.closed } }

  /// Writes that no group has taken yet: lets a test build a queue in a known order.
  var waitingCount: Int { state.withLock { $0.waiting.count } }

  /// `Database.write`.
  /// - Parameter startDraining: sees to it that `drain` is run on the writing connection.
  func write<R: Sendable>(
    _ body: @escaping @Sendable (any Transaction) throws -> R, startDraining: () -> Void
  ) async throws -> R {
    try await withCheckedThrowingContinuation { continuation in
      let job = Job(
        run: { tx in
          let result = try body(tx)
          return { continuation.resume(returning: result) }
        },
        fail: { continuation.resume(throwing: $0) })
      do {
        if try enqueue(job) { startDraining() }
      } catch {
        continuation.resume(throwing: error)
      }
    }
  }

  /// `Database.writeEach`.
  func writeEach<R: Sendable>(
    _ bodies: [@Sendable (any Transaction) throws -> R], startDraining: () -> Void
  ) async -> [Result<R, any Error>] {
    if bodies.isEmpty { return [] }
    return await withCheckedContinuation { continuation in
      let gathering = Gathering<R>(count: bodies.count) { continuation.resume(returning: $0) }
      for (index, body) in bodies.enumerated() {
        let job = Job(
          run: { tx in
            if let obstacle = gathering.obstacle { throw obstacle }
            let result = try body(tx)
            return { gathering.put(.success(result), at: index) }
          },
          fail: { gathering.put(.failure($0), at: index) })
        do {
          if let obstacle = gathering.obstacle { throw obstacle }
          if try enqueue(job) { startDraining() }
        } catch {
          gathering.put(.failure(error), at: index)
        }
      }
    }
  }

  /// - Returns: true when the caller must see to it that `drain` is run.
  private func enqueue(_ job: Job) throws(DatabaseError) -> Bool {
    try state.withLock { state throws(DatabaseError) in
      if state.closed { throw .closed }
      if state.waiting.count >= options.queueLimit { throw .overloaded }
      state.waiting.append(job)
      defer { state.draining = true }
      return !state.draining
    }
  }

  /// - Returns: false when it was closed already.
  func close() -> Bool {
    state.withLock { state in
      defer { state.closed = true }
      return !state.closed
    }
  }

  func drain(_ session: any WriteSession) {
    while let group = nextGroup() { commit(group, session) }
  }

  private func nextGroup() -> [Job]? {
    state.withLock { state in
      guard !state.waiting.isEmpty else {
        state.draining = false
        return nil
      }
      let group = Array(state.waiting.prefix(options.groupLimit))
      state.waiting.removeFirst(group.count)
      return group
    }
  }

  private func commit(
    _ group: [Job], _ session: any WriteSession, attempt: Int = 1, savepoints: Bool = false
  ) {
    var answers: [@Sendable () -> Void] = []
    do {
      try session.begin()
      for job in group {
        answers.append(try savepoints ? runInSavepoint(job, session) : run(job, session))
      }
      try session.commit()
    } catch {
      recover(group, from: error, session, attempt: attempt, savepoints: savepoints)
      return
    }
    committed()
    for answer in answers { answer() }
    tidyUp(session)
  }

  /// After the answers, which need not wait for it. A failed write or flush ends the process here as
  /// well: the next attempt could be told "all well" by a system that has dropped the pages.
  private func tidyUp(_ session: any WriteSession) {
    do {
      try session.tidyUp()
    } catch {
      // A full disk passes by itself, and so does a reader in the way.
      if case .inputOutput? = error as? DatabaseError { endProcess(error) }
    }
  }

  /// Runs one job of a group without savepoints. Most that fail are refused before they have
  /// changed anything.
  /// - Returns: what to tell its caller once the group is durable.
  /// - Throws: when the whole transaction is lost, not just this job; `Entangled`.
  private func run(_ job: Job, _ session: any WriteSession) throws -> @Sendable () -> Void {
    let tx = session.makeTransaction()
    defer { tx.end() }
    do {
      return try answer(of: job, tx, session)
    } catch {
      if let failure = tx.failure, failure.concernsAllWriters { throw failure }
      guard session.isInsideTransaction, tx.failure == nil, !tx.mayHaveWritten else {
        throw Entangled(cause: error)
      }
      return { job.fail(error) }
    }
  }

  private func answer(
    of job: Job, _ tx: any EngineTransaction, _ session: any WriteSession
  ) throws -> @Sendable () -> Void {
    let answer = try job.run(tx)
    if let failure = tx.failure { throw failure }
    guard session.isInsideTransaction else {
      throw DatabaseError.other("the transaction was ended inside a write")
    }
    return answer
  }

  /// Runs one job in its savepoint.
  /// - Returns: what to tell its caller once the group is durable.
  /// - Throws: when the whole transaction is lost, not just this job.
  private func runInSavepoint(
    _ job: Job, _ session: any WriteSession
  ) throws -> @Sendable () -> Void {
    try session.setSavepoint()
    let tx = session.makeTransaction()
    defer { tx.end() }
    do {
      let answer = try answer(of: job, tx, session)
      try session.releaseSavepoint()
      return answer
    } catch {
      if let failure = tx.failure, failure.concernsAllWriters { throw failure }
      // SQLite gives up the whole transaction on some errors, a full disk among them.
      guard session.isInsideTransaction else { throw error }
      try session.rollBackToSavepoint()
      try session.releaseSavepoint()
      return { job.fail(error) }
    }
  }

  /// The group is not committed. Nobody has been told anything yet.
  private func recover(
    _ group: [Job], from error: any Error, _ session: any WriteSession, attempt: Int,
    savepoints: Bool
  ) {
    // After a failed write or flush nobody knows what is on the disk, and asking the system again
    // can answer "all well" for pages it has dropped. Only a restart, which reads the disk, knows.
    if case .inputOutput? = error as? DatabaseError { endProcess(error) }
    do {
      try session.rollback()
    } catch {
      endProcess(error)
    }
    if let entangled = error as? Entangled {
      // Alone in its group it has taken itself back with the transaction.
      guard group.count > 1 else { return group[0].fail(entangled.cause) }
      return commit(group, session, attempt: attempt, savepoints: true)
    }
    switch error as? DatabaseError {
    case .conflict? where attempt < Self.attempts:
      commit(group, session, attempt: attempt + 1, savepoints: savepoints)
    case .full?, .busy?, .conflict?, .unavailable?:
      for job in group { job.fail(error) }
    default:
      // One of them spoils it for all, for instance by a deferred foreign key that only the commit
      // checks: alone, each gets its own answer, still in order.
      guard group.count > 1 else {
        for job in group { job.fail(error) }
        return
      }
      for job in group { commit([job], session) }
    }
  }

  private func endProcess(_ error: any Error) -> Never {
    let sentence = "the store cannot be written; ending the process, nobody is answered"
    if let logger = options.logger {
      logger.critical("\(sentence)", metadata: ["path": "\(place)", "error": "\(error)"])
    } else {
      FileHandle.standardError.write(Data("\(sentence): \(place): \(error)\n".utf8))
    }
    exit(70)
  }
}
