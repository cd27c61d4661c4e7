// Where a long run stands, on standard error: one line that renews itself on a terminal, a line every
// five seconds elsewhere.
import Foundation

/// Shows what `text` says while `body` runs.
enum ProgressLine {
  static func show<R: Sendable>(
    _ text: @escaping @Sendable () async -> String, during body: () async throws -> R
  ) async throws -> R {
    let isTerminal = isatty(STDERR_FILENO) == 1
    return try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        while !Task.isCancelled {
          try? await Task.sleep(for: isTerminal ? .milliseconds(250) : .seconds(5))
          guard !Task.isCancelled else { break }
          let line = await text()
          write(isTerminal ? "\r\u{1b}[K\(line)" : line + "\n")
        }
      }
      defer {
        group.cancelAll()
        if isTerminal { write("\r\u{1b}[K") }
      }
      return try await body()
    }
  }

  private static func write(_ text: String) {
    FileHandle.standardError.write(Data(text.utf8))
  }
}

/// `0.5` → `0.5`, `12.34` → `12.3`: for rates and factors.
func short(_ number: Double) -> String { String(format: "%.1f", number) }

extension Duration {
  var inSeconds: Double {
    Double(components.seconds) + Double(components.attoseconds) / 1e18
  }
}
