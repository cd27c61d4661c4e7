// Keys and checkpoints are worth nothing if a power cut takes them, or if one replaces another.
import Foundation

enum DurableFile {
  /// Makes a file whole or not at all, flushed with its name. One that is there already stays.
  /// - Throws: `POSIXError`.
  static func create(_ path: String, _ bytes: [UInt8], mode: mode_t) throws {
    let folder = (path as NSString).deletingLastPathComponent
    let name = (path as NSString).lastPathComponent
    // Written beside and then linked: nobody reads half of it.
    let draft = "\(folder.isEmpty ? "." : folder)/.\(name).\(getpid())"
    let descriptor = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
    guard descriptor >= 0 else { throw failure() }
    defer {
      close(descriptor)
      unlink(draft)
    }
    guard write(descriptor, bytes, bytes.count) == bytes.count, fsync(descriptor) == 0 else {
      throw failure()
    }
    guard link(draft, path) == 0 || errno == EEXIST else { throw failure() }
    let parent = open(folder.isEmpty ? "." : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard parent >= 0 else { throw failure() }
    defer { close(parent) }
    guard fsync(parent) == 0 else { throw failure() }
  }

  private static func failure() -> POSIXError { POSIXError(.init(rawValue: errno) ?? .EIO) }
}
