// `quintet backup`: all stores as of one moment, while the suite goes on.
import ArgumentParser
import Backup
import Foundation
import ServiceHost

struct BackupCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backup",
    abstract: "备份各服务的存储，不停机 / Copy all stores as of one moment, running or not.",
    discussion: """
      文件夹须不存在或为空。备份含个人信息与号码密钥，请加密保存。
      The folder must be new or empty. A backup holds personal data and the key of callers' numbers:
      keep it encrypted.
      """)

  @Argument(help: "备份文件夹 / Folder to write.", completion: .directory)
  var folder: String

  @OptionGroup var host: HostOptions

  @Option(help: "等待一致时刻的秒数 / Seconds to look for a moment without writes, 1 … 600.")
  var patience = 30

  func validate() throws {
    guard (1...600).contains(patience) else {
      throw ValidationError("--patience 取 1 至 600 / --patience takes 1 to 600.")
    }
  }

  func run() async throws {
    let (manifest, tries) = try await writer().write(to: folder, now: Date()) { services, stores in
      try await ServicePrograms(partition: host.partition)
        .verify(services, in: stores, isQuick: true)
    }
    let copied = manifest.stores.map(\.service)
    for service in SuiteProcess.services where !copied.contains(service.rawValue) {
      tell("\(service) 没有存储，未备份 / \(service) has no store: not copied")
    }
    for finding in manifest.contradictions {
      tell("备份前各存储已互相矛盾 / the stores contradicted each other already: \(finding)")
    }
    let bytes = manifest.files.map(\.bytes).reduce(0, +)
    say(
      "已备份 \(manifest.stores.count) 个存储，\(bytes) 字节，取时刻 \(tries) 次：\(folder) / "
        + "backed up \(manifest.stores.count) stores, \(bytes) bytes, to \(folder)")
  }

  private func writer() throws -> BackupWriter {
    let stores = StoreFiles(host: host)
    try stores.requireOwnFolder()
    switch host.store {
    case .postgresql(let url):
      return BackupWriter(
        url: url, services: SuiteProcess.services.map(\.rawValue), others: stores.others)
    case .dataDirectory:
      guard !stores.present.isEmpty else {
        throw BackupError.nothingToCopy(folder: host.dataDirectory)
      }
      return BackupWriter(
        stores: stores.present, others: stores.others, patience: .seconds(patience))
    }
  }
}
