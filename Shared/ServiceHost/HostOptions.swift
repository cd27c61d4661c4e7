// The flags that every process of the suite shares, each also settable by environment.
public import ArgumentParser
public import Credentials
import Foundation
public import Logging

/// Where a process keeps its socket, store and log. Use it as an `@OptionGroup`.
public struct HostOptions: ParsableArguments, Sendable {
  @Option(
    name: .customLong("run-dir"),
    help: "套接字与锁文件夹 / Folder of sockets and lock files. [$QUINTET_RUN_DIR]")
  public var runDirectory = Self.environment("QUINTET_RUN_DIR") ?? ".quintet/run"

  @Option(
    name: .customLong("data-dir"),
    help: "数据文件夹 / Folder of the stores. [$QUINTET_DATA_DIR]")
  public var dataDirectory = Self.environment("QUINTET_DATA_DIR") ?? ".quintet/data"

  @Option(
    name: .customLong("store"),
    help: """
      存储：sqlite（数据文件夹）或 postgresql://… / The stores: sqlite, in the data folder, or \
      postgresql://… [$QUINTET_STORE]
      """)
  public var store =
    Self.environment("QUINTET_STORE").flatMap(StoreLocation.init(argument:)) ?? .dataDirectory

  @Option(
    name: .customLong("log-dir"),
    help: "日志文件夹 / Folder of the log files. [$QUINTET_LOG_DIR]")
  public var logDirectory = Self.environment("QUINTET_LOG_DIR") ?? ".quintet/log"

  @Option(
    name: .customLong("keys-dir"),
    help: "密钥文件夹 / Folder of the keys that sign tokens. [$QUINTET_KEYS_DIR]")
  public var keysDirectory = Self.environment("QUINTET_KEYS_DIR") ?? ".quintet/keys"

  @Option(
    name: .customLong("provider-keys"),
    help:
      "OpenID 提供方的 JWKS 文件 / JWKS of an OpenID provider, besides our own. [$QUINTET_PROVIDER_KEYS]"
  )
  public var providerKeys = Self.environment("QUINTET_PROVIDER_KEYS") ?? ""

  @Option(
    name: .customLong("issuers"),
    help: "接受的签发方，逗号分隔 / Issuers whose tokens are taken, by commas. [$QUINTET_ISSUERS]")
  public var issuers = Self.environment("QUINTET_ISSUERS") ?? KeyFolder.issuer

  @Option(
    name: .customLong("partition"),
    help: "辖区分区 / Jurisdiction partition served. [$QUINTET_PARTITION]")
  public var partition = Self.environment("QUINTET_PARTITION") ?? "main"

  @Option(
    name: .customLong("audit-dir"),
    help: """
      审计检查点的导出文件夹 / Folder that the audit log's checkpoints are exported to; keep a copy on \
      another machine; empty: DATA-DIR/audit. [$QUINTET_AUDIT_DIR]
      """)
  public var auditDirectory = Self.environment("QUINTET_AUDIT_DIR") ?? ""

  @Option(
    name: .customLong("checkpoint-seconds"),
    help: """
      检查点间隔，1–60 秒 / Seconds between checkpoints of the audit log, 1 to 60. \
      [$QUINTET_CHECKPOINT_SECONDS]
      """)
  public var checkpointSeconds =
    Self.environment("QUINTET_CHECKPOINT_SECONDS").map { Int($0) ?? 0 } ?? 30

  @Option(
    name: .customLong("log-level"),
    help: "日志级别 / Least level that is logged. [$QUINTET_LOG_LEVEL]")
  public var logLevel =
    Self.environment("QUINTET_LOG_LEVEL").flatMap(LogLevel.init(rawValue:)) ?? .info

  @Flag(
    name: .customLong("production"),
    help: "生产环境：不提供反射 / In production: no reflection. [$QUINTET_PRODUCTION=1]")
  var productionFlag = false

  public var isProduction: Bool {
    productionFlag || Self.environment("QUINTET_PRODUCTION") == "1"
  }

  public init() {}

  public init(
    runDirectory: String, dataDirectory: String, logDirectory: String, keysDirectory: String,
    store: StoreLocation = .dataDirectory, partition: String = "main", logLevel: LogLevel = .info
  ) {
    // Through a variable: within an initializer `self.runDirectory = …` would only set the default
    // of a flag that was never parsed.
    var options = HostOptions()
    options.runDirectory = runDirectory
    options.dataDirectory = dataDirectory
    options.logDirectory = logDirectory
    options.keysDirectory = keysDirectory
    options.providerKeys = Self.environment("QUINTET_PROVIDER_KEYS") ?? ""
    options.issuers = Self.environment("QUINTET_ISSUERS") ?? KeyFolder.issuer
    options.store = store
    options.partition = partition
    options.logLevel = logLevel
    // In the data folder, at the usual pace.
    options.auditDirectory = ""
    options.checkpointSeconds = 30
    options.productionFlag = false
    self = options
  }

  public func validate() throws {
    guard (1...60).contains(checkpointSeconds) else {
      throw ValidationError(
        "--checkpoint-seconds 须为 1–60 / --checkpoint-seconds takes 1 to 60.")
    }
    let length = partition.utf8.count
    let allowed = partition.utf8.allSatisfy { byte in
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "-")
    }
    guard (1...64).contains(length), allowed else {
      throw ValidationError(
        "--partition 只能用 1–64 个小写字母、数字或连字符 / "
          + "--partition takes 1 to 64 lowercase letters, digits or hyphens.")
    }
  }

  /// The socket of the service of that name.
  public func socketPath(of service: String) -> String {
    "\(runDirectory)/\(service).sock"
  }

  /// Where keys and revoked tokens lie.
  public var keys: KeyFolder { KeyFolder(path: keysDirectory) }

  /// The lock that the process of that name holds while it runs.
  public func lockPath(of service: String) -> String {
    "\(runDirectory)/\(service).lock"
  }

  /// The store of the service of that name, where it is a file. `<path>.lock` is held by whoever
  /// has it open.
  public func storePath(of service: String) -> String {
    "\(dataDirectory)/\(service).sqlite"
  }

  /// Lies in the data folder from the first file that a restore puts there until the last.
  public var unfinishedRestorePath: String { "\(dataDirectory)/restore-unfinished" }

  /// Where the checkpoints of all services' audit logs are exported to.
  public var checkpointDirectory: String {
    auditDirectory.isEmpty ? "\(dataDirectory)/audit" : auditDirectory
  }

  /// The key that signs the checkpoints of the service of that name.
  public func auditKeyPath(of service: String) -> String {
    "\(dataDirectory)/audit-\(service).key"
  }

  /// The log file of the service of that name.
  public func logPath(of service: String) -> String {
    "\(logDirectory)/\(service).log"
  }

  private static func environment(_ name: String) -> String? {
    let value = ProcessInfo.processInfo.environment[name]
    return value?.isEmpty == false ? value : nil
  }
}

/// Where the stores are.
public enum StoreLocation: Sendable, Hashable, ExpressibleByArgument {
  /// A SQLite file for each service.
  case dataDirectory
  /// A schema for each service in one database; the address as libpq reads it.
  case postgresql(String)

  public init?(argument: String) {
    if argument == "sqlite" {
      self = .dataDirectory
    } else if argument.hasPrefix("postgresql://") || argument.hasPrefix("postgres://") {
      self = .postgresql(argument)
    } else {
      return nil
    }
  }

  public var defaultValueDescription: String { argument }

  /// As the flag takes it.
  public var argument: String {
    switch self {
    case .dataDirectory: "sqlite"
    case .postgresql(let url): url
    }
  }
}

/// Levels of swift-log, spelled as the flag takes them.
public enum LogLevel: String, ExpressibleByArgument, CaseIterable, Sendable {
  case trace, debug, info, notice, warning, error, critical

  public var level: Logger.Level {
    switch self {
    case .trace: .trace
    case .debug: .debug
    case .info: .info
    case .notice: .notice
    case .warning: .warning
    case .error: .error
    case .critical: .critical
    }
  }
}
