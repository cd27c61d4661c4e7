// Folders are made for the service's user and group only: what lies in them is personal data.
import DurableFiles
import Foundation

enum Folders {
  static let mode: mode_t = 0o750

  /// Makes the folder and its parents as needed. One that exists keeps its mode, for whoever
  /// prepared it (a package, a volume) may have had reasons.
  static func prepare(_ path: String) throws {
    do {
      try DurableFile.makeFolder(path, mode: mode)
    } catch {
      throw HostError.folder(path: error.path, problem: error.problem)
    }
    guard access(path, R_OK | W_OK | X_OK) == 0 else {
      throw HostError.folder(path: path, problem: errorText())
    }
  }

  /// The folder of sockets lets in whom the group lets in: whoever prepared it wider is told.
  static func requireNarrow(_ path: String) throws {
    var status = stat()
    guard stat(path, &status) == 0 else {
      throw HostError.folder(path: path, problem: errorText())
    }
    guard status.st_mode & 0o777 & ~mode == 0 else {
      throw HostError.tooOpen(
        path: path, mode: Int(status.st_mode & 0o777), widest: Int(status.st_mode & mode))
    }
  }
}
