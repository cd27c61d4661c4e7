// What a terminal sends, from its first byte: frames, greeting and every kind of report, in front of a
// store that takes all.
import DutyDomain
import DutyRPC
import Foundation
import Identifiers
import Logging
import QuintetAPI
import SwiftProtobuf
import Synchronization

enum TerminalFrames {
  /// Whether all of it were frames.
  static func decode(_ bytes: [UInt8]) async -> Bool {
    let said = Mutex<[UInt8]>([])
    let desk = TerminalDesk(
      store: PatientStore(),
      logger: Logger(label: "fuzz", factory: { _ in SwiftLogNoOpLogHandler() }),
      clock: { moment }, authenticate: { $0 })
    let line = desk.open(
      origin: "fuzz", send: { bytes in said.withLock { $0 += bytes } }, cut: {})
    _ = await line.take(bytes)
    line.closed()
    return !said.withLock { $0 }.isEmpty && !said.withLock { hasRefusedFrame($0) }
  }

  private static func hasRefusedFrame(_ bytes: [UInt8]) -> Bool {
    var rest = bytes[...]
    while rest.count >= 4 {
      let length = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
      let frame = try? Quintet_Terminal_V1_ServerFrame(
        serializedBytes: Array(rest.dropFirst(4).prefix(length)))
      if frame?.problem.reason.hasPrefix("FRAME_") == true { return true }
      rest = rest.dropFirst(4 + length)
    }
    return false
  }
}

/// Knows every terminal, and takes whatever it reports.
private struct PatientStore: TerminalStore {
  func connect(terminal code: String, origin: String, now: Date) async throws -> TerminalLink {
    var mint = IdentifierMint(service: "fuzz", cause: "terminal", now: now)
    return TerminalLink(
      terminal: DutyTerminal(id: mint.next(), code: code, kind: .handheld), epoch: 1,
      lastSequence: 0)
  }

  func take(
    _ reports: [TerminalReport], from link: TerminalLink, now: Date
  ) async throws -> [TerminalOutcome] { reports.map { _ in .taken } }

  func openCommitments(of units: [UnitID]) async throws -> [Commitment] { [] }

  func commitments(after change: Int64) async throws -> (moved: [Commitment], change: Int64) {
    ([], change)
  }

  func commits() -> AsyncStream<Void> { AsyncStream { $0.finish() } }
}
