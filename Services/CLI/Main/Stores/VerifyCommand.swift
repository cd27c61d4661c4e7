// `quintet verify`: does what is kept still say what was recorded?
import ArgumentParser
import Backup
import Foundation
import ServiceHost

struct VerifyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "核对 / Check what is kept.",
    subcommands: [VerifyStoreCommand.self, VerifyAuditCommand.self])
}

struct VerifyStoreCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "store",
    abstract: "核对存储：文件、引用、事件编号、状态与重建 / Check stores against the logs.",
    discussion: """
      须先停机，或用 --backup 核对一份备份。完好返回 0，否则列出所见并返回 1。
      The suite must be stopped, or --backup names a backup. Exits 0 when all is sound; else lists
      what was found and exits 1.
      """)

  @Argument(help: "服务名，缺省全部 / Services; all when left out.")
  var services: [String] = []

  @OptionGroup var host: HostOptions

  @Option(help: "核对该备份 / Check this backup instead of the data folder.")
  var backup: String?

  @Flag(help: "只查文件、结构与编号 / Only pages, references, schema and numbering.")
  var quick = false

  func validate() throws {
    for name in services where !SuiteProcess.services.map(\.rawValue).contains(name) {
      throw ValidationError("没有服务 \(name) / There is no service \(name).")
    }
  }

  func run() async throws {
    let isSound =
      if let backup {
        try await verify(backup)
      } else {
        switch host.store {
        case .dataDirectory: try await verifyFiles()
        case .postgresql(let url): try await verifyServer(url)
        }
      }
    if !isSound { throw ExitCode(1) }
  }

  private func verifyFiles() async throws -> Bool {
    let stores = StoreFiles(host: host)
    let locks = try stores.lockAll(advice: .checkBackup)
    defer { withExtendedLifetime(locks) {} }
    return try await programs.verify(
      wanted(of: stores.present.keys.sorted()), in: StoresToCheck(folder: host.dataDirectory),
      isQuick: quick)
  }

  /// Of one moment, whether or not the suite runs.
  private func verifyServer(_ url: String) async throws -> Bool {
    let stores = try ServerStores(url: url, services: SuiteProcess.services.map(\.rawValue))
    defer { stores.close() }
    return try await programs.verify(wanted(of: stores.present), in: stores.toCheck, isQuick: quick)
  }

  private func verify(_ backup: String) async throws -> Bool {
    let manifest = try BackupReader.check(backup)
    let services = try wanted(of: manifest.stores.map(\.service))
    guard manifest.engine == .postgresql else {
      return try await programs.verify(
        services, in: StoresToCheck(folder: backup), isQuick: quick)
    }
    guard case .postgresql(let url) = host.store else {
      throw ValidationError(
        "该备份须借服务器核对，请加 --store postgresql://… / "
          + "Such a backup is checked on a server: give --store postgresql://…")
    }
    let isSound = try await ServerRestoration.rehearse(backup, url: url) { stores in
      try await programs.verify(services, in: stores, isQuick: quick)
    }
    if isSound == nil {
      say(
        "无权建立临时数据库，只核对了校验和与目录 / "
          + "no right to create a database: only sums and contents were checked")
    }
    return isSound ?? true
  }

  private var programs: ServicePrograms { ServicePrograms(partition: host.partition) }

  private func wanted(of kept: [String]) throws -> [String] {
    let missing = services.filter { !kept.contains($0) }
    guard missing.isEmpty, !kept.isEmpty else {
      if backup == nil, case .postgresql = host.store { throw BackupError.serverIsEmpty }
      throw BackupError.nothingToCopy(folder: backup ?? host.dataDirectory)
    }
    return services.isEmpty ? kept.sorted() : services
  }
}
