// The one connection of this process that writes to a store on a server. Other processes may have
// one each: whoever holds the row of `writer_turn` writes, the others wait for its commit. So a
// closure sees on a server what it sees in a file, all that was written before and nothing half
// done, and events are numbered in commit order.

struct PostgreSQLSession: WriteSession {
  let connection: PostgreSQLConnection

  static let createTurn = """
    CREATE TABLE IF NOT EXISTS writer_turn (
      id BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
      turn BIGINT NOT NULL
    );
    INSERT INTO writer_turn (id, turn) VALUES (1, 0) ON CONFLICT DO NOTHING
    """

  /// READ COMMITTED, so that what is read after the wait is what the last writer left.
  func begin() throws {
    try connection.begin(
      "BEGIN ISOLATION LEVEL READ COMMITTED; UPDATE writer_turn SET turn = turn + 1 WHERE id = 1")
  }

  func commit() throws { try connection.commit() }

  func rollback() { connection.rollback() }

  func setSavepoint() throws { try connection.run("SAVEPOINT job") }

  func releaseSavepoint() throws { try connection.run("RELEASE SAVEPOINT job") }

  func rollBackToSavepoint() throws { try connection.run("ROLLBACK TO SAVEPOINT job") }

  /// The server does that by itself.
  func tidyUp() {}

  var isInsideTransaction: Bool { connection.isInsideTransaction }

  func makeTransaction() -> any EngineTransaction { PostgreSQLTransaction(connection) }
}
