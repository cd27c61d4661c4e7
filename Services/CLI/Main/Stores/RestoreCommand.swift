// `quintet restore`: the stores of a backup, back in the data folder of a suite that is stopped.
import ArgumentParser
import Backup
import Foundation
import ServiceHost

struct RestoreCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore",
    abstract: "从备份恢复，须先停机 / Bring a backup back; the suite must be stopped.",
    discussion: """
      先核对再动手，要么全部恢复，要么不变。备份之后的记录不在其中。
      Checked first, then all or nothing. What was recorded after the backup is not in it.
      """)

  @Argument(help: "备份文件夹 / Folder of the backup.", completion: .directory)
  var folder: String

  @OptionGroup var host: HostOptions

  @Flag(help: "已有的存储先移开，不删除 / Put stores that are there aside first; nothing is deleted.")
  var moveAside = false

  func run() async throws {
    let manifest = try BackupReader.check(folder)
    let stores = StoreFiles(host: host)
    // Locks lie in it, and must be held before anyone can open a store there.
    try FileManager.default.createDirectory(
      atPath: host.dataDirectory, withIntermediateDirectories: true,
      attributes: [.posixPermissions: 0o750])
    let locks = try stores.lockAll()
    let services = manifest.stores.map(\.service).sorted()
    let programs = ServicePrograms(partition: host.partition)
    let check = { (stores: StoresToCheck) in
      try await programs.verify(services, in: stores, isQuick: true)
    }
    let (restored, aside) = try await restore(check)
    withExtendedLifetime(locks) {}
    if let aside { say("原有存储已移至 / earlier stores are now in \(aside)") }
    for finding in restored.contradictions { tell("备份中存储互相矛盾 / the backup says: \(finding)") }
    let time = restored.time.formatted(.iso8601)
    say(
      "已恢复至 \(time) 的状态，可运行 quintet up / restored as of \(time): start with quintet up")
  }

  private func restore(
    _ check: (StoresToCheck) async throws -> Bool
  ) async throws -> (manifest: Manifest, aside: String?) {
    let services = SuiteProcess.services.map(\.rawValue)
    switch host.store {
    case .dataDirectory:
      return try await Restoration(
        backup: folder, target: host.dataDirectory, marker: host.unfinishedRestorePath,
        movesAside: moveAside
      ).run(services: services, now: Date(), check: check)
    case .postgresql(let url):
      let (manifest, aside) = try await ServerRestoration(
        backup: folder, url: url, folder: host.dataDirectory, marker: host.unfinishedRestorePath,
        movesAside: moveAside
      ).run(services: services, now: Date(), check: check)
      return (manifest, aside.isEmpty ? nil : aside.joined(separator: ", "))
    }
  }
}
