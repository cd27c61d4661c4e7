// Where log lines go: standard output and a file that can be moved away and reopened.
import Foundation
import Synchronization

/// Writes whole lines, one lock and one `write(2)` for each destination. A destination that fails
/// is passed over: a full disk under the logs must not stop the dispatching of help.
final class LogSink: Sendable {
  private struct State {
    var file: Int32
    var standardOutput: Int32?
  }

  let path: String
  private let state: Mutex<State>

  init(path: String, standardOutput: Int32? = STDOUT_FILENO) throws {
    self.path = path
    self.state = Mutex(State(file: try Self.open(path), standardOutput: standardOutput))
  }

  deinit {
    _ = state.withLock { close($0.file) }
  }

  /// `line` ends with a newline.
  func write(_ line: [UInt8]) {
    state.withLock { state in
      _ = Self.write(line, to: state.file)
      if let output = state.standardOutput, Self.write(line, to: output) == EPIPE {
        // Whoever read our output has gone; the file goes on.
        state.standardOutput = nil
      }
    }
  }

  /// Opens the path anew, after a rotation moved the old file away. On failure the old one is kept.
  func reopen() throws {
    let fresh = try Self.open(path)
    state.withLock { state in
      close(state.file)
      state.file = fresh
    }
  }

  private static func open(_ path: String) throws -> Int32 {
    let descriptor = Foundation.open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o640)
    guard descriptor >= 0 else {
      throw HostError.system(operation: "open", path: path, problem: errorText())
    }
    return descriptor
  }

  /// - Returns: 0, or the error number.
  private static func write(_ line: [UInt8], to descriptor: Int32) -> Int32 {
    line.withUnsafeBytes { bytes in
      var rest = bytes[...]
      while !rest.isEmpty {
        let count = Foundation.write(
          descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
        if count >= 0 {
          rest = rest.dropFirst(count)
        } else if errno != EINTR {
          return errno
        }
      }
      return 0
    }
  }
}
