// One connection of one terminal, from its first byte: who it is, what it reports, what it is
// answered. Reports that came together are taken together, and the next bytes are not looked at
// before that is durable: so a fast terminal waits for a slow disk.
import DutyDomain
import Foundation
import GRPCCore
import Identifiers
import Logging
import QuintetAPI
import SwiftProtobuf
import Synchronization
import Wire

/// Used by the one task that reads the connection; others only send.
public final class TerminalLine: Sendable {
  /// Reports that a terminal may have on their way.
  static let reportLimit = 64

  private struct State {
    var reader = FrameReader()
    var link: TerminalLink?
    var token = ""
  }

  private let desk: TerminalDesk
  private let origin: String
  private let outgoing: @Sendable ([UInt8]) -> Void
  private let hangUp: @Sendable () -> Void
  private let state = Mutex(State())

  init(
    desk: TerminalDesk, origin: String, send: @escaping @Sendable ([UInt8]) -> Void,
    cut: @escaping @Sendable () -> Void
  ) {
    self.desk = desk
    self.origin = origin
    self.outgoing = send
    self.hangUp = cut
  }

  var link: TerminalLink? { state.withLock { $0.link } }

  /// - Returns: false when the connection is to be closed, after what was sent.
  public func take(_ bytes: [UInt8]) async -> Bool {
    state.withLock { $0.reader.append(bytes) }
    var reports: [Quintet_Terminal_V1_Report] = []
    do {
      do {
        while let frame = try state.withLock({ state in try state.reader.next() }) {
          try await take(try Self.message(in: frame), &reports)
        }
      } catch let failure as Failure {
        // What came before what is wrong was right.
        try await flush(&reports)
        throw failure
      }
      try await flush(&reports)
      return true
    } catch let error as any FailureConvertible {
      refuse(error.failure)
    } catch let failure as Failure {
      refuse(failure)
    } catch {
      desk.logger.error(
        "a terminal's reports are not taken, it is asked to try again", error: error)
      refuse(
        Failure(
          code: .unavailable, reason: "UNAVAILABLE",
          message: "暂时无法受理，请稍后重连。Reports cannot be taken now; connect again later."))
    }
    return false
  }

  /// The connection is gone.
  public func closed() {
    desk.leave(self)
  }

  func send(_ message: Quintet_Terminal_V1_ServerFrame) {
    // A message of our own that cannot be encoded does not exist.
    guard let bytes: [UInt8] = try? message.serializedBytes() else { return }
    outgoing(FrameReader.framed(bytes))
  }

  /// Another connection has taken its place.
  func cut() {
    refuse(DutyError.terminalSuperseded.failure)
    hangUp()
  }

  // MARK: - Frames

  private static func message(in frame: [UInt8]) throws -> Quintet_Terminal_V1_TerminalFrame {
    do {
      return try Quintet_Terminal_V1_TerminalFrame(serializedBytes: frame)
    } catch {
      throw malformed
    }
  }

  private static let malformed = Failure.invalid(
    "FRAME_MALFORMED", field: "frame", "帧无法解析。The frame cannot be read.")

  private func take(
    _ message: Quintet_Terminal_V1_TerminalFrame, _ reports: inout [Quintet_Terminal_V1_Report]
  ) async throws {
    guard let frame = message.frame else { throw Self.malformed }
    if case .hello(let hello) = frame { return try await greet(hello) }
    guard link != nil else {
      throw Failure.precondition(
        "HELLO_REQUIRED", "连接后须先发 Hello。Hello comes first on a connection.")
    }
    switch frame {
    case .report(let report):
      guard report.sequence > 0, report.sequence <= UInt64(Int64.max) else {
        throw Failure.invalid(
          "OUT_OF_RANGE", field: "report.sequence",
          "序号从 1 起。Sequences begin at 1.")
      }
      reports.append(report)
      if reports.count >= Self.reportLimit { try await flush(&reports) }
    case .ping(let ping):
      try await flush(&reports)
      send(.with { $0.ping = ping })
    case .hello: break
    }
  }

  private func greet(_ hello: Quintet_Terminal_V1_Hello) async throws {
    guard link == nil else {
      throw Failure.precondition("HELLO_REPEATED", "Hello 只发一次。Hello is said once.")
    }
    guard hello.protocolVersion == 1 else {
      throw Failure.precondition(
        "VERSION_NOT_SUPPORTED",
        "不支持协议版本 \(hello.protocolVersion)，请用 1。"
          + "Version \(hello.protocolVersion) of the protocol is not known here; use 1.")
    }
    let code = try desk.code(ofToken: hello.token)
    guard code == hello.terminalCode else {
      throw Failure(
        code: .unauthenticated, reason: "TOKEN_SUBJECT", field: "terminal_code",
        message: "令牌属于另一终端。The token is another terminal's.")
    }
    let now = desk.clock()
    let link = try await desk.store.connect(terminal: code, origin: origin, now: now)
    if hello.acknowledgedSequence > UInt64(clamping: link.lastSequence) {
      desk.logger.warning(
        "a terminal was acknowledged more than is here, the store has gone back",
        metadata: [
          "terminal": .string(code), "acknowledged": .stringConvertible(hello.acknowledgedSequence),
          "held": .stringConvertible(link.lastSequence),
        ])
    }
    state.withLock { state in
      state.link = link
      state.token = hello.token
    }
    send(
      .with {
        $0.welcome = .with {
          $0.lastSequence = UInt64(clamping: link.lastSequence)
          $0.serverTimeMs = Int64(now.timeIntervalSince1970 * 1000)
          $0.frameLimitBytes = UInt32(FrameReader.limit)
          $0.reportLimit = UInt32(Self.reportLimit)
          $0.silenceLimitS = UInt32(TerminalDesk.silenceLimit)
        }
      })
    desk.enter(self, link)
  }

  /// Takes what has gathered, and acknowledges it once it is durable.
  private func flush(_ reports: inout [Quintet_Terminal_V1_Report]) async throws {
    guard let last = reports.last?.sequence, let link else { return }
    // A token that was revoked or has run out since takes the terminal off its line.
    guard try desk.code(ofToken: state.withLock { $0.token }) == link.terminal.code else { return }
    let now = desk.clock()
    var problems: [Quintet_Terminal_V1_Problem] = []
    let checked = try reports.map { report in
      do {
        return try TerminalReport(report, now: now)
      } catch let failure as Failure {
        problems.append(Quintet_Terminal_V1_Problem(failure, sequence: report.sequence))
        return TerminalReport(
          sequence: Int64(report.sequence), occurTime: now, content: .unreadable)
      }
    }
    reports = []
    let outcomes = try await desk.store.take(checked, from: link, now: now)
    for (report, outcome) in zip(checked, outcomes) {
      guard case .refused(let error) = outcome else { continue }
      problems.append(
        Quintet_Terminal_V1_Problem(error.failure, sequence: UInt64(report.sequence)))
    }
    for problem in problems { send(.with { $0.problem = problem }) }
    send(.with { $0.ack.sequence = last })
  }

  private func refuse(_ failure: Failure) {
    desk.logger.warning(
      "a terminal was turned away",
      metadata: [
        "terminal": .string(link?.terminal.code ?? "unknown"), "origin": .string(origin),
        "reason": .string(failure.reason),
      ])
    send(.with { $0.problem = Quintet_Terminal_V1_Problem(failure) })
  }
}
