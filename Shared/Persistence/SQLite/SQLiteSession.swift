// The one connection of a SQLite store that writes.
import GRDB

struct SQLiteSession: WriteSession {
  let connection: GRDB.Database
  let writeBack: LogWriteBack

  func begin() throws { try translating { try connection.beginTransaction(.immediate) } }

  func commit() throws { try translating { try connection.commit() } }

  func rollback() throws { try translating { try connection.rollback() } }

  func setSavepoint() throws { try run("SAVEPOINT job") }

  func releaseSavepoint() throws { try run("RELEASE SAVEPOINT job") }

  func rollBackToSavepoint() throws { try run("ROLLBACK TO SAVEPOINT job") }

  func tidyUp() throws { try translating { try writeBack.ifDue(connection) } }

  var isInsideTransaction: Bool { connection.isInsideTransaction }

  func makeTransaction() -> any EngineTransaction { SQLiteTransaction(connection) }

  private func run(_ sql: String) throws {
    try translating { try connection.cachedStatement(sql: sql).execute() }
  }

  private func translating(_ body: () throws -> Void) throws {
    do {
      try body()
    } catch {
      throw DatabaseError.translating(error)
    }
  }
}
