// One process per name and run folder. Binding a Unix socket silently takes it from a live server,
// so this lock is taken first; the kernel releases it however the process ends.
import Foundation

/// Holds `<run-dir>/<name>.lock` for as long as it lives. The file itself stays: removing it would
/// let two processes lock two files of the same name.
public final class RunLock: Sendable {
  private let descriptor: Int32

  /// - Throws: `HostError.alreadyRunning` when another process (or host) holds the lock.
  public init(name: String, path: String) throws {
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o640)
    guard descriptor >= 0 else {
      throw HostError.system(operation: "open", path: path, problem: errorText())
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let problem = errno
      let holder = Self.read(descriptor)
      close(descriptor)
      if problem == EWOULDBLOCK {
        throw HostError.alreadyRunning(name: name, process: holder)
      }
      throw HostError.system(operation: "flock", path: path, problem: errorText(problem))
    }
    let text = Array("\(getpid())\n".utf8)
    // Only for people to read: the lock counts, not the number, so a failed write is no failure.
    if ftruncate(descriptor, 0) == 0 { _ = pwrite(descriptor, text, text.count, 0) }
    self.descriptor = descriptor
  }

  deinit {
    close(descriptor)
  }

  private static func read(_ descriptor: Int32) -> String {
    var buffer = [UInt8](repeating: 0, count: 32)
    let count = pread(descriptor, &buffer, buffer.count, 0)
    let digits = buffer.prefix(max(0, count)).prefix { (48...57).contains($0) }
    return digits.isEmpty ? "?" : String(decoding: digits, as: UTF8.self)
  }
}

/// The system's words for an error number.
func errorText(_ number: Int32 = errno) -> String {
  String(cString: strerror(number))
}
