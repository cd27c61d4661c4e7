// `quintet verify`: does what is kept still say what was recorded?
import ArgumentParser
import Backup
import Foundation
import ServiceHost

struct VerifyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "核对 / Check what is kept.",
    subcommands: [VerifyStoreCommand.self])
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
    let programs = ServicePrograms(partition: host.partition)
    let isSound: Bool
    if let backup {
      let kept = try BackupReader.check(backup).stores.map(\.service)
      isSound = try await programs.verify(wanted(of: kept), in: backup, isQuick: quick)
    } else {
      let stores = StoreFiles(host: host)
      let locks = try stores.lockAll(advice: .checkBackup)
      isSound = try await programs.verify(
        wanted(of: stores.present.keys.sorted()), in: host.dataDirectory, isQuick: quick)
      withExtendedLifetime(locks) {}
    }
    if !isSound { throw ExitCode(1) }
  }

  private func wanted(of kept: [String]) throws -> [String] {
    let missing = services.filter { !kept.contains($0) }
    guard missing.isEmpty, !kept.isEmpty else {
      throw BackupError.nothingToCopy(folder: backup ?? host.dataDirectory)
    }
    return services.isEmpty ? kept.sorted() : services
  }
}
