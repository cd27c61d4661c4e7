// What every process of the suite has in common, so that its own main only wires: one instance per
// name, a log, a store, neighbours, and (in ServiceHost+Run.swift) servers and an orderly end.
import Access
import Credentials
public import EventLog
public import Foundation
import GRPCCore
public import Logging
public import Persistence
import Synchronization

/// One process of the suite, from its lock to its last log line.
public struct ServiceHost: Sendable {
  public let name: String
  public let options: HostOptions
  public let logger: Logger
  /// Now: the machine's clock, but for a leap ahead, which is held until it has stood for a minute.
  /// Handed to whatever needs the time.
  public let clock: @Sendable () -> Date

  let started = ContinuousClock.now
  let lock: RunLock
  let sink: LogSink
  let parts = HostParts()
  /// Shows services that it is this one who calls.
  let tokens: ServiceTokens
  let gate: CallGate

  /// Prepares the folders (0750), takes the lock, and opens the log.
  ///
  /// Also sets the process's umask to 027, and has it survive writing to a closed pipe.
  /// - Parameters:
  ///   - name: such as `command`: names the socket, the lock, the store and the log file.
  ///   - isDoor: whether it passes calls on, which whoever serves them lets in or refuses.
  /// - Throws: `HostError`, whose description is meant for the terminal.
  public init(
    name: String, isDoor: Bool = false, options: HostOptions,
    clock: @escaping @Sendable () -> Date = { Date() }
  ) throws {
    try self.init(
      name: name, isDoor: isDoor, options: options, clock: clock, standardOutput: STDOUT_FILENO)
  }

  /// - Parameter standardOutput: where log lines go besides the file.
  init(
    name: String, isDoor: Bool = false, options: HostOptions,
    clock: @escaping @Sendable () -> Date, standardOutput: Int32?
  ) throws {
    umask(0o027)
    signal(SIGPIPE, SIG_IGN)
    try ListeningSocket.check(path: options.socketPath(of: name))
    try Folders.prepare(options.runDirectory)
    try Folders.requireNarrow(options.runDirectory)
    try Folders.prepare(options.logDirectory)
    self.lock = try RunLock(name: name, path: options.lockPath(of: name))
    let sink = try LogSink(path: options.logPath(of: name), standardOutput: standardOutput)
    let level = options.logLevel.level
    let handler: @Sendable (String) -> any LogHandler = { _ in
      JSONLogHandler(service: name, sink: sink, level: level)
    }
    GlobalLogging.bootstrapOnce(handler)
    self.logger = Logger(label: name, factory: handler)
    self.sink = sink
    self.name = name
    self.options = options
    let steady = SteadyClock(wall: clock, report: logger.report)
    self.clock = { steady.now() }
    self.tokens = try Self.tokens(of: name, options, clock: { steady.now() })
    self.gate = CallGate(
      verifier: try Self.verifier(options, report: logger.report),
      ownMethods: isDoor ? "quintet.\(name)." : nil, clock: { steady.now() })
  }

  /// The service's own event log.
  public var eventLog: EventLog {
    EventLog(service: name, partition: options.partition)
  }

  /// Opens `<data-dir>/<name>.sqlite`, or the schema `name` on the PostgreSQL server of `--store`.
  /// The host then serves its feed and its dump, and closes it last. Give it the migrations of
  /// `EventLog` and `RequestLedger` besides the service's own.
  ///
  /// - Throws: `HostError`, with a sentence about what to do for a store that is refused.
  public func openDatabase(migrations: [Migration]) throws -> any Database {
    // Not every file goes to the server: keys stay here.
    try Folders.prepare(options.dataDirectory)
    let storeOptions = StoreOptions(logger: logger)
    do {
      switch options.store {
      case .dataDirectory:
        let path = options.storePath(of: name)
        // Another run folder does not make it another store.
        parts.keep(try RunLock(name: name, path: path + ".lock"))
        try requireFinishedRestore()
        return parts.add(
          try SQLite.open(path: path, migrations: migrations, options: storeOptions))
      case .postgresql(let url):
        try requireFinishedRestore()
        return parts.add(
          try PostgreSQL.open(
            url: url, schema: name, migrations: migrations, options: storeOptions))
      }
    } catch {
      let refusal = (error as? DatabaseError).map { HostError.store(place, $0) } ?? error
      logger.critical("the store is not opened", error: refusal)
      throw refusal
    }
  }

  private static func tokens(
    of name: String, _ options: HostOptions, clock: @escaping @Sendable () -> Date
  ) throws -> ServiceTokens {
    do {
      return try ServiceTokens(of: name, keys: options.keys, clock: clock)
    } catch {
      throw HostError.keysRefused(sentence: "\(error)")
    }
  }

  private static func verifier(
    _ options: HostOptions, report: @escaping @Sendable (String, String) -> Void
  ) throws -> TokenVerifier {
    do {
      return try TokenVerifier(
        keys: options.keys.publicKeysPath,
        providerKeys: options.providerKeys.isEmpty ? nil : options.providerKeys,
        revocations: options.keys.revocationsPath,
        issuers: Set(options.issuers.split(separator: ",").map(String.init)), report: report)
    } catch {
      throw HostError.keysRefused(sentence: error.description)
    }
  }

  /// From its first change to its last a restore says so in the data folder.
  private func requireFinishedRestore() throws {
    guard access(options.unfinishedRestorePath, F_OK) != 0 else {
      throw HostError.restoreUnfinished(folder: options.dataDirectory)
    }
  }

  /// Where the store is, for people. The address of a server may hold a password.
  private var place: String {
    switch options.store {
    case .dataDirectory: options.storePath(of: name)
    case .postgresql: "PostgreSQL \(name)"
    }
  }

  /// A client of the service of that name, the same one for the same name. Ask before `run`, which
  /// keeps its connections up.
  ///
  /// - Throws: `HostError.pathTooLong`.
  public func neighbour(_ name: String) throws -> Neighbour {
    try parts.neighbour(name) {
      try Neighbour(name: name, path: options.socketPath(of: name), tokens: tokens)
    }
  }
}

/// What a host has given out and must look after.
final class HostParts: Sendable {
  private struct State {
    var database: (any Database)?
    /// Held for as long as the process may have the store open.
    var lock: RunLock?
    var neighbours: [String: Neighbour] = [:]
  }

  private let state = Mutex(State())

  var database: (any Database)? { state.withLock { $0.database } }

  var neighbours: [Neighbour] {
    state.withLock { $0.neighbours.values.sorted { $0.name < $1.name } }
  }

  func add(_ database: any Database) -> any Database {
    state.withLock { $0.database = database }
    return database
  }

  func keep(_ lock: RunLock) {
    state.withLock { $0.lock = lock }
  }

  func neighbour(_ name: String, make: () throws -> Neighbour) throws -> Neighbour {
    try state.withLock { state in
      if let known = state.neighbours[name] { return known }
      let fresh = try make()
      state.neighbours[name] = fresh
      return fresh
    }
  }
}

/// Loggers that libraries make for themselves write where the first host of the process does.
/// swift-log allows this once in a process, where tests start many hosts.
private enum GlobalLogging {
  private static let isDone = Mutex(false)

  static func bootstrapOnce(_ handler: @escaping @Sendable (String) -> any LogHandler) {
    isDone.withLock { isDone in
      if !isDone { LoggingSystem.bootstrap(handler) }
      isDone = true
    }
  }
}

extension Logger {
  /// Tells of a file of keys that cannot be read; what was read before stands.
  func report(_ path: String, _ problem: String) {
    error(
      "keys cannot be read, those read before stand",
      metadata: ["path": .string(path), "problem": .string(problem)])
  }
}
