// Keys are there after a power cut or were never shown to anybody: what a lost key signed would be
// refused.
import Foundation

enum DurableFile {
  /// One that exists keeps its mode.
  static func makeFolder(_ path: String, mode: mode_t) throws(KeyFolderError) {
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) {
      guard isFolder.boolValue else {
        throw .system(
          operation: "mkdir", path: path, problem: String(cString: strerror(ENOTDIR)))
      }
      return
    }
    let parent = parent(of: path)
    if parent != path, access(parent, F_OK) != 0 { try makeFolder(parent, mode: 0o750) }
    guard mkdir(path, mode) == 0 || errno == EEXIST else { throw .system("mkdir", path) }
    try flush(folder: parent)
  }

  /// Written beside and then renamed: a reader never meets half a file.
  static func replace(_ path: String, with data: Data, mode: mode_t) throws(KeyFolderError) {
    let draft = "\(path).\(getpid())"
    unlink(draft)
    let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
    guard descriptor >= 0 else { throw .system("open", draft) }
    defer { unlink(draft) }
    let isWritten = data.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    // The umask may have taken from the mode what others need, and never adds to it.
    let isSafe = isWritten == data.count && fchmod(descriptor, mode) == 0 && fsync(descriptor) == 0
    close(descriptor)
    guard isSafe else { throw .system("write", draft) }
    guard rename(draft, path) == 0 else { throw .system("rename", path) }
    try flush(folder: parent(of: path))
  }

  private static func parent(of path: String) -> String {
    let parent = (path as NSString).deletingLastPathComponent
    return parent.isEmpty ? "." : parent
  }

  private static func flush(folder: String) throws(KeyFolderError) {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .system("open", folder) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw .system("fsync", folder) }
  }
}
