// What the group commit asks of an engine: one connection that writes, used by one thread at a time.

protocol WriteSession {
  /// Begins a transaction as the only writer of the store, waiting for others to finish theirs.
  func begin() throws
  func commit() throws
  func rollback() throws
  func setSavepoint() throws
  func releaseSavepoint() throws
  func rollBackToSavepoint() throws
  /// What the engine leaves to be done between two transactions.
  func tidyUp() throws
  /// False when the engine gave up the whole transaction by itself, or a closure ended it.
  var isInsideTransaction: Bool { get }
  /// A transaction for one closure.
  func makeTransaction() -> any EngineTransaction
}

/// A transaction as the engine sees it: it remembers what its closure may try to hide.
protocol EngineTransaction: AnyObject, Transaction {
  /// From here on the transaction refuses to be used.
  func end()
  /// The first failure of a statement, even if the closure caught it.
  var failure: DatabaseError? { get }
  /// False as long as every statement began with SELECT: then there is nothing to take back.
  var mayHaveWritten: Bool { get }
}

/// Whether a statement changes nothing for sure. What begins otherwise may do both.
func isReadOnly(_ sql: String) -> Bool { sql.utf8.starts(with: "SELECT".utf8) }
