// How a store is opened, whatever the engine.
public import Logging

/// The defaults suit every service.
public struct StoreOptions: Sendable {
  /// Connections that read beside the writer, 1 or more.
  public var readers: Int
  /// Seconds to wait for a lock that another process holds on the store.
  public var busyTimeout: Double
  /// Writes that may wait; beyond, `DatabaseError.overloaded`.
  public var queueLimit: Int
  /// Writes that share one commit at most.
  public var groupLimit: Int
  /// Gets the last words before a write error ends the process; standard error does without it.
  public var logger: Logger?

  public init(
    readers: Int = 4, busyTimeout: Double = 5, queueLimit: Int = 4096, groupLimit: Int = 256,
    logger: Logger? = nil
  ) {
    self.readers = readers
    self.busyTimeout = busyTimeout
    self.queueLimit = queueLimit
    self.groupLimit = groupLimit
    self.logger = logger
  }
}
