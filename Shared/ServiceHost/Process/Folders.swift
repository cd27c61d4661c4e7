// Folders are made for the service's user and group only: what lies in them is personal data.
import Foundation

enum Folders {
  static let mode: mode_t = 0o750

  /// Makes the folder and its parents as needed. One that exists keeps its mode, for whoever
  /// prepared it (a package, a volume) may have had reasons.
  static func prepare(_ path: String) throws {
    var status = stat()
    if stat(path, &status) != 0 {
      let parent = (path as NSString).deletingLastPathComponent
      if !parent.isEmpty, parent != path, access(parent, F_OK) != 0 { try prepare(parent) }
      // EEXIST: a neighbour that starts at the same moment made it first.
      if mkdir(path, mode) != 0, errno != EEXIST {
        throw HostError.folder(path: path, problem: errorText())
      }
      try flush(parent.isEmpty ? "." : parent)
      guard stat(path, &status) == 0 else {
        throw HostError.folder(path: path, problem: errorText())
      }
    }
    guard status.st_mode & S_IFMT == S_IFDIR else {
      throw HostError.folder(path: path, problem: errorText(ENOTDIR))
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

  /// A new name lasts through a power cut once the folder that holds it is flushed; without this a
  /// store that was flushed with care could be gone together with its folder.
  private static func flush(_ path: String) throws {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw HostError.folder(path: path, problem: errorText()) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else {
      throw HostError.folder(path: path, problem: errorText())
    }
  }
}
