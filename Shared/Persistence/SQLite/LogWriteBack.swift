// When the write-ahead log goes back into the store's file. SQLite would do it by itself, but keeps to
// itself what fails then.
import GRDB
import Synchronization

final class LogWriteBack: Sendable {
  /// Changed rows after which it is due: some megabytes of log.
  private static let interval = 1000

  /// Rows that the connection had changed when it was last done.
  private let changesWritten = Mutex(0)

  func ifDue(_ connection: GRDB.Database) throws {
    let changes = connection.totalChangesCount
    let isDue = changesWritten.withLock { written in
      // Its 32 bits wrap; the leap back counts as well.
      guard abs(changes - written) >= Self.interval else { return false }
      written = changes
      return true
    }
    if isDue { _ = try connection.checkpoint(.passive) }
  }
}
