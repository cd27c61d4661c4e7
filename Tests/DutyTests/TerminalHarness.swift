// Terminals without a network: what a connection would carry goes from hand to hand.
import Access
import DutyDomain
import DutyRPC
import EventLog
import Foundation
import GRPCCore
import Identifiers
import Logging
import QuintetAPI
import SwiftProtobuf
import Synchronization
import Testing
import Wire

/// One connection, seen from the terminal.
final class Connection: Sendable {
  private struct State {
    var bytes: [UInt8] = []
    var isCut = false
  }

  private let state = Mutex(State())
  private let heard = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
  private let opened = Mutex<TerminalLine?>(nil)

  init(_ desk: TerminalDesk) {
    let line = desk.open(
      origin: "test",
      send: { bytes in
        self.state.withLock { $0.bytes += bytes }
        self.heard.continuation.yield()
      }, cut: { self.state.withLock { $0.isCut = true } })
    opened.withLock { $0 = line }
  }

  var isCut: Bool { state.withLock { $0.isCut } }

  private var line: TerminalLine {
    get throws { try #require(opened.withLock { $0 }) }
  }

  /// - Returns: whether the connection goes on.
  @discardableResult
  func deliver(_ bytes: [UInt8]) async throws -> Bool {
    if isCut { return false }
    return await (try line).take(bytes)
  }

  @discardableResult
  func say(_ frame: Quintet_Terminal_V1_TerminalFrame) async throws -> Bool {
    try await deliver(framed(frame))
  }

  func hangUp() throws { (try line).closed() }

  /// What was said since the last time.
  func frames() throws -> [Quintet_Terminal_V1_ServerFrame] {
    var bytes = state.withLock { state in
      defer { state.bytes = [] }
      return state.bytes[...]
    }
    var frames: [Quintet_Terminal_V1_ServerFrame] = []
    while bytes.count >= 4 {
      let length = bytes.prefix(4).reduce(0) { $0 << 8 | Int($1) }
      frames.append(
        try Quintet_Terminal_V1_ServerFrame(
          serializedBytes: Array(bytes.dropFirst(4).prefix(length))))
      bytes = bytes.dropFirst(4 + length)
    }
    return frames
  }

  /// Waits for something to be said.
  func nextFrames() async throws -> [Quintet_Terminal_V1_ServerFrame] {
    while true {
      let frames = try frames()
      if !frames.isEmpty { return frames }
      for await _ in heard.stream { break }
    }
  }
}

func framed(_ frame: Quintet_Terminal_V1_TerminalFrame) throws -> [UInt8] {
  let content: [UInt8] = try frame.serializedBytes()
  let length = UInt32(content.count)
  return [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: length >> $0) } + content
}

func hello(
  _ code: String, token: String? = nil, version: UInt32 = 1
) -> Quintet_Terminal_V1_TerminalFrame {
  .with {
    $0.hello = .with {
      $0.terminalCode = code
      $0.token = token ?? "token of \(code)"
      $0.protocolVersion = version
    }
  }
}

func report(
  _ sequence: UInt64, at time: Date = noon,
  _ fill: (inout Quintet_Terminal_V1_Report) -> Void
) -> Quintet_Terminal_V1_TerminalFrame {
  .with {
    $0.report = .with {
      $0.sequence = sequence
      $0.timeMs = Int64((time.timeIntervalSince1970 * 1000).rounded())
      fill(&$0)
    }
  }
}

func press(_ sequence: UInt64, at time: Date = noon) -> Quintet_Terminal_V1_TerminalFrame {
  report(sequence, at: time) { $0.press = .init() }
}

extension Quintet_Terminal_V1_ServerFrame {
  /// Such as `welcome 3`, `ack 5`, `problem 4 DATUM_REQUIRED`.
  var words: String {
    switch frame {
    case .welcome(let welcome): "welcome \(welcome.lastSequence)"
    case .ack(let ack): "ack \(ack.sequence)"
    case .problem(let problem): "problem \(problem.sequence) \(problem.reason)"
    case .order(let order): "order \(order.state)"
    case .ping(let ping): "ping \(ping.number)"
    case nil: "nothing"
    }
  }
}

extension Station {
  var terminals: TerminalService { TerminalService(store: store, clock: { noon }) }

  /// Whose tokens say `token of CODE`.
  func desk() -> TerminalDesk {
    TerminalDesk(
      store: store,
      logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }), clock: { noon },
      authenticate: { token in
        let prefix = "token of "
        guard token.hasPrefix(prefix) else {
          throw Failure(code: .unauthenticated, reason: "TOKEN_SIGNATURE", message: "no")
        }
        return String(token.dropFirst(prefix.count))
      })
  }

  @discardableResult
  func putPillar(_ code: String, plate: String = "A-17") async throws -> Quintet_Duty_V1_Terminal {
    try await put(
      .with {
        $0.requestID = "terminal-\(UUID())"
        $0.code = code
        $0.kind = .pillar
        $0.plateCode = plate
        $0.location = .with {
          $0.point = point(27.9, 121.1)
          $0.address = "东岙沙滩"
        }
      })
  }

  @discardableResult
  func putVehicle(_ code: String, unit: String) async throws -> Quintet_Duty_V1_Terminal {
    try await put(
      .with {
        $0.requestID = "terminal-\(UUID())"
        $0.code = code
        $0.kind = .vehicle
        $0.unitID = unit
      })
  }

  @discardableResult
  func put(_ request: Quintet_Duty_V1_PutTerminalRequest) async throws -> Quintet_Duty_V1_Terminal {
    try await call("PutTerminal", of: "TerminalService") {
      try await terminals.putTerminal(request: request, context: $0).terminal
    }
  }

  func terminal(_ code: String) async throws -> Quintet_Duty_V1_Terminal {
    try await call("GetTerminal", of: "TerminalService") {
      try await terminals.getTerminal(request: .with { $0.code = code }, context: $0).terminal
    }
  }

  /// Times at which buttons were pressed, as the feed tells.
  func presses() async throws -> [Date] {
    try await events().filter { $0.type == Quintet_Duty_V1_AlarmButtonPressed.protoMessageName }
      .map(\.occurTime)
  }
}
