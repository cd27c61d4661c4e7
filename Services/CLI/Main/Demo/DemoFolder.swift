// Where one demo lives. Each run starts afresh, so what the run before left is removed; but nothing
// that a demo did not make, and never under a demo that still runs.
import Foundation
import ServiceHost

/// The folder of a demo, held by a lock for as long as this lives.
final class DemoFolder: Sendable {
  let path: String
  private let lock: Int32

  var run: String { path + "/run" }
  var data: String { path + "/data" }
  var log: String { path + "/log" }
  var keys: String { path + "/keys" }

  var host: HostOptions {
    HostOptions(
      runDirectory: run, dataDirectory: data, logDirectory: log, keysDirectory: keys)
  }

  private static let marker = "quintet-demo"

  /// - Throws: `DemoFolderError`, whose description is a sentence for the person at the terminal.
  init(path: String) throws {
    self.path = path
    lock = try Self.lock(path + ".lock", of: path)
    do {
      try Self.clear(path)
      for folder in [run, data, log] {
        try FileManager.default.createDirectory(
          atPath: folder, withIntermediateDirectories: true,
          attributes: [.posixPermissions: 0o750])
      }
      try Data().write(to: URL(fileURLWithPath: "\(path)/\(Self.marker)"))
    } catch let error as DemoFolderError {
      close(lock)
      throw error
    } catch {
      close(lock)
      throw DemoFolderError.unusable(path: path, problem: error.localizedDescription)
    }
  }

  deinit {
    close(lock)
  }

  /// The lock lies beside the folder, which is removed; the kernel releases it however we end.
  private static func lock(_ file: String, of folder: String) throws -> Int32 {
    let parent = URL(fileURLWithPath: file).deletingLastPathComponent().path
    do {
      try FileManager.default.createDirectory(
        atPath: parent, withIntermediateDirectories: true)
    } catch {
      throw DemoFolderError.unusable(path: parent, problem: error.localizedDescription)
    }
    let descriptor = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0o640)
    guard descriptor >= 0 else {
      throw DemoFolderError.unusable(path: file, problem: String(cString: strerror(errno)))
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      throw DemoFolderError.inUse(path: folder)
    }
    return descriptor
  }

  private static func clear(_ path: String) throws {
    let files = FileManager.default
    guard files.fileExists(atPath: path) else { return }
    let isOurs = files.fileExists(atPath: "\(path)/\(marker)")
    let isEmpty = try files.contentsOfDirectory(atPath: path).isEmpty
    guard isOurs || isEmpty else { throw DemoFolderError.notOurs(path: path) }
    // A demo that was killed leaves its services behind: they hold their locks.
    for process in SuiteProcess.allCases where isHeld("\(path)/run/\(process.rawValue).lock") {
      throw DemoFolderError.leftBehind(path: path, process: process.rawValue)
    }
    try files.removeItem(atPath: path)
  }

  private static func isHeld(_ file: String) -> Bool {
    let descriptor = open(file, O_RDWR | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return flock(descriptor, LOCK_EX | LOCK_NB) != 0
  }
}

enum DemoFolderError: Error, CustomStringConvertible {
  case inUse(path: String)
  case notOurs(path: String)
  case leftBehind(path: String, process: String)
  case unusable(path: String, problem: String)

  var description: String {
    switch self {
    case .inUse(let path):
      "另一场演示正在使用 \(path)，请先结束它，或换一个 --seed / "
        + "Another demo is using \(path); end it first, or take another --seed"
    case .notOurs(let path):
      "\(path) 不是演示文件夹，未予删除，请换一个 --folder / "
        + "\(path) is no demo's folder and was left alone; choose another --folder"
    case .leftBehind(let path, let process):
      "上一场演示的进程 \(process) 仍在 \(path) 中运行，请先结束它 / "
        + "The process \(process) of an earlier demo still runs in \(path); end it first"
    case .unusable(let path, let problem):
      "文件夹 \(path) 不可用：\(problem) / The folder \(path) cannot be used: \(problem)"
    }
  }
}
