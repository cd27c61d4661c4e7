// Ctrl-C while records are being replayed: finish what is in hand, say how to go on, and stop.
import Dispatch
import Foundation
import Synchronization

/// Whether the person at the terminal has asked to stop.
final class Interruption: Sendable {
  private let asked = Mutex(false)

  var isAsked: Bool { asked.withLock { $0 } }

  /// - Throws: `Interrupted` once asked.
  func check() throws {
    if isAsked { throw Interrupted() }
  }

  private func ask() {
    let again = asked.withLock { asked in
      defer { asked = true }
      return asked
    }
    // Whoever asks twice does not want to wait for what is in hand.
    if again { exit(Interrupted.exitCode) }
  }

  /// Runs `body` with SIGINT and SIGTERM made into a question that it can look at.
  static func during<R>(_ body: (Interruption) async throws -> R) async throws -> R {
    let interruption = Interruption()
    let sources = [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { interruption.ask() }
      source.resume()
      return source
    }
    defer {
      for source in sources { source.cancel() }
      for number in [SIGINT, SIGTERM] { signal(number, SIG_DFL) }
    }
    return try await body(interruption)
  }
}

/// The work stopped because it was asked to.
struct Interrupted: Error {
  static let exitCode: Int32 = 130
}
