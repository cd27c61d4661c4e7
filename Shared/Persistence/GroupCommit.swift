// Why an embedded file keeps up: writes that wait together are committed together. A commit costs
// one flush of the disk however many writes it carries, and each of them still stands or falls
// alone, in a savepoint of its own.
import Foundation
import GRDB
import Logging
import Synchronization

final class GroupCommit: Sendable {
  struct Job: Sendable {
    /// Does the work; what it returns is called once the work is durable.
    let run: @Sendable (any Transaction) throws -> @Sendable () -> Void
    let fail: @Sendable (any Error) -> Void
  }

  private struct State {
    var waiting: [Job] = []
    /// True while somebody has been asked to drain: there is one writer.
    var draining = false
    var closed = false
  }

  private let state = Mutex(State())
  private let options: SQLiteOptions
  private let path: String
  private let committed: @Sendable () -> Void

  init(options: SQLiteOptions, path: String, committed: @escaping @Sendable () -> Void) {
    self.options = options
    self.path = path
    self.committed = committed
  }

  var isClosed: Bool { state.withLock { $0.closed } }

  var waitingCount: Int { state.withLock { $0.waiting.count } }

  /// - Returns: true when the caller must see to it that `drain` is run on the writing connection.
  func enqueue(_ job: Job) throws(DatabaseError) -> Bool {
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

  func drain(_ db: GRDB.Database) {
    while let group = nextGroup() { commit(group, db) }
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

  private func commit(_ group: [Job], _ db: GRDB.Database) {
    var answers: [@Sendable () -> Void] = []
    do {
      try db.beginTransaction(.immediate)
      for job in group { answers.append(try attempt(job, db)) }
      try db.commit()
    } catch {
      recover(group, from: DatabaseError.translating(error), db)
      return
    }
    committed()
    for answer in answers { answer() }
  }

  /// Runs one job in its savepoint.
  /// - Returns: what to tell its caller once the group is durable.
  /// - Throws: when the whole transaction is lost, not just this job.
  private func attempt(_ job: Job, _ db: GRDB.Database) throws -> @Sendable () -> Void {
    try db.cachedStatement(sql: "SAVEPOINT job").execute()
    let tx = SQLiteTransaction(db)
    defer { tx.end() }
    do {
      let answer = try job.run(tx)
      if let error = tx.inputOutputError { throw error }
      guard db.isInsideTransaction else {
        throw DatabaseError.other("the transaction was ended inside a write")
      }
      try db.cachedStatement(sql: "RELEASE SAVEPOINT job").execute()
      return answer
    } catch {
      if let error = tx.inputOutputError { throw error }
      // SQLite gives up the whole transaction on some errors, a full disk among them.
      guard db.isInsideTransaction else { throw error }
      try db.cachedStatement(sql: "ROLLBACK TO SAVEPOINT job").execute()
      try db.cachedStatement(sql: "RELEASE SAVEPOINT job").execute()
      return { job.fail(error) }
    }
  }

  /// The group is not committed. Nobody has been told anything yet.
  private func recover(_ group: [Job], from error: any Error, _ db: GRDB.Database) {
    // After a failed write or flush nobody knows what is on the disk, and asking the system again
    // can answer "all well" for pages it has dropped. Only a restart, which reads the disk, knows.
    if case .inputOutput? = error as? DatabaseError { endProcess(error) }
    do {
      try db.rollback()
    } catch {
      endProcess(error)
    }
    switch error as? DatabaseError {
    case .full?, .busy?:
      for job in group { job.fail(error) }
    default:
      // One of them spoils it for all, for instance by a deferred foreign key that only the commit
      // checks: alone, each gets its own answer, still in order.
      guard group.count > 1 else {
        for job in group { job.fail(error) }
        return
      }
      for job in group { commit([job], db) }
    }
  }

  private func endProcess(_ error: any Error) -> Never {
    let sentence = "the store cannot be written; ending the process, nobody is answered"
    if let logger = options.logger {
      logger.critical("\(sentence)", metadata: ["path": "\(path)", "error": "\(error)"])
    } else {
      FileHandle.standardError.write(Data("\(sentence): \(path): \(error)\n".utf8))
    }
    exit(70)
  }
}
