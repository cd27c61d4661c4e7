// Which files of a data folder are stores, and the locks of those who have them open.
import Foundation
import ServiceHost

struct StoreFiles {
  let host: HostOptions

  /// Service → store, of those that are there.
  var present: [String: String] {
    let names = SuiteProcess.services.map(\.rawValue)
    return Dictionary(uniqueKeysWithValues: names.map { ($0, host.storePath(of: $0)) })
      .filter { FileManager.default.fileExists(atPath: $0.value) }
  }

  /// Services without a store: they were never started here.
  var absent: [String] {
    let present = present
    return SuiteProcess.services.map(\.rawValue).filter { present[$0] == nil }
  }

  /// What else the services keep in the data folder, by name. Without its key, command would not
  /// know the numbers of earlier callers; without theirs, audit logs would go on under another name.
  var others: [String: String] {
    let keys = SuiteProcess.services.map { host.auditKeyPath(of: $0.rawValue) }
    return Dictionary(
      uniqueKeysWithValues: (["\(host.dataDirectory)/phone.key"] + keys).map {
        (($0 as NSString).lastPathComponent, $0)
      })
  }

  /// Takes the locks of all processes and stores, so that none is running and none starts.
  /// - Parameter advice: what to do when one is running.
  /// - Throws: `StoresUnavailable`; `HostError`.
  func lockAll(advice: StoresUnavailable.Advice = .stop) throws -> [RunLock] {
    try requireOwnFolder()
    do {
      var locks: [RunLock] = []
      if FileManager.default.fileExists(atPath: host.runDirectory) {
        locks += try SuiteProcess.allCases.map {
          try RunLock(name: $0.rawValue, path: host.lockPath(of: $0.rawValue))
        }
      }
      if case .dataDirectory = host.store,
        FileManager.default.fileExists(atPath: host.dataDirectory)
      {
        locks += try SuiteProcess.services.map {
          try RunLock(name: $0.rawValue, path: host.storePath(of: $0.rawValue) + ".lock")
        }
      }
      return locks
    } catch let error as HostError {
      guard case .alreadyRunning(let name, let process) = error else { throw error }
      throw StoresUnavailable.running(name: name, process: process, advice)
    }
  }

  /// Whoever touches a store leaves files beside it that the services must be able to write.
  /// - Throws: `StoresUnavailable`.
  func requireOwnFolder() throws {
    let attributes = try? FileManager.default.attributesOfItem(atPath: host.dataDirectory)
    guard let owner = (attributes?[.ownerAccountID] as? NSNumber)?.uint32Value, owner != geteuid()
    else { return }
    throw StoresUnavailable.othersFolder(host.dataDirectory, owner: owner)
  }
}

/// Why stores are not touched.
enum StoresUnavailable: Error, CustomStringConvertible {
  enum Advice { case stop, checkBackup }

  case running(name: String, process: String, Advice)
  case othersFolder(String, owner: UInt32)

  var description: String {
    switch self {
    case .running(let name, let process, .stop):
      "\(name) 正在运行（进程号 \(process)），请先停止 / "
        + "\(name) is running as process \(process): stop the suite first"
    case .running(let name, let process, .checkBackup):
      "\(name) 正在运行（进程号 \(process)），请先 quintet backup，再以 --backup 核对 / "
        + "\(name) is running as process \(process): take a backup, and check that with --backup"
    case .othersFolder(let folder, let owner):
      "\(folder) 属于用户 \(owner)，请以该用户运行 / \(folder) belongs to the user \(owner): run as that user"
    }
  }
}
