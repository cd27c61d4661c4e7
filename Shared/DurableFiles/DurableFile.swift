// Files that are there after a power cut, or were never shown to anybody: written beside, flushed, put
// in their place whole, and the name flushed with the folder.
public import Foundation

public enum DurableFile {
  /// Makes a file whole or not at all. One that is there already stays as it is: of two processes that
  /// begin at once, neither replaces what the other has begun to use.
  /// - Throws: `FileFailure`.
  public static func create(_ path: String, _ content: Data, mode: mode_t) throws(FileFailure) {
    let draft = try writeDraft(of: path, content, mode: mode)
    defer { unlink(draft) }
    guard link(draft, path) == 0 || errno == EEXIST else { throw FileFailure("link", path) }
    try flush(parent(of: path))
  }

  /// Puts a file in the place of another: a reader never meets half of it.
  /// - Throws: `FileFailure`.
  public static func replace(_ path: String, with content: Data, mode: mode_t) throws(FileFailure) {
    let draft = try writeDraft(of: path, content, mode: mode)
    defer { unlink(draft) }
    guard rename(draft, path) == 0 else { throw FileFailure("rename", path) }
    try flush(parent(of: path))
  }

  /// Makes a folder, and its parents for owner and group. One that exists keeps its mode, for whoever
  /// prepared it (a package, a volume) may have had reasons.
  /// - Throws: `FileFailure`, also where there is something else.
  public static func makeFolder(_ path: String, mode: mode_t) throws(FileFailure) {
    var status = stat()
    if stat(path, &status) != 0 {
      let parent = parent(of: path)
      if parent != path, access(parent, F_OK) != 0 { try makeFolder(parent, mode: 0o750) }
      // EEXIST: a neighbour that starts at the same moment made it first.
      guard mkdir(path, mode) == 0 || errno == EEXIST else { throw FileFailure("mkdir", path) }
      try flush(parent)
      guard stat(path, &status) == 0 else { throw FileFailure("stat", path) }
    }
    guard status.st_mode & S_IFMT == S_IFDIR else {
      errno = ENOTDIR
      throw FileFailure("mkdir", path)
    }
  }

  /// Flushes a file, or the names in a folder.
  /// - Throws: `FileFailure`.
  public static func flush(_ path: String) throws(FileFailure) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileFailure("open", path) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw FileFailure("fsync", path) }
  }

  /// Hidden, so that nobody who lists the folder takes it for the file.
  private static func writeDraft(
    of path: String, _ content: Data, mode: mode_t
  ) throws(FileFailure) -> String {
    let name = (path as NSString).lastPathComponent
    let draft = "\(parent(of: path))/.\(name).\(UUID().uuidString)"
    let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
    guard descriptor >= 0 else { throw FileFailure("open", draft) }
    let isWritten = content.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    // The umask may have taken from the mode what others need, and never adds to it.
    let isSafe =
      isWritten == content.count && fchmod(descriptor, mode) == 0 && fsync(descriptor) == 0
    close(descriptor)
    if isSafe { return draft }
    let failure = FileFailure("write", draft)
    unlink(draft)
    throw failure
  }

  private static func parent(of path: String) -> String {
    let parent = (path as NSString).deletingLastPathComponent
    return parent.isEmpty ? "." : parent
  }
}

/// What the system refused.
public struct FileFailure: Error, Sendable, Hashable, CustomStringConvertible {
  /// Such as `fsync`.
  public let operation: String
  public let path: String
  /// In the system's words.
  public let problem: String

  init(_ operation: String, _ path: String) {
    self.operation = operation
    self.path = path
    self.problem = String(cString: strerror(errno))
  }

  public var description: String { "\(operation) \(path): \(problem)" }
}
