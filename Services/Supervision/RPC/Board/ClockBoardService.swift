// 一屏: quintet.supervision.v1.ClockBoardService.
import Access
public import GRPCCore
import Identifiers
public import QuintetAPI
import SupervisionDomain
import SwiftProtobuf
import Wire

public struct ClockBoardService: Quintet_Supervision_V1_ClockBoardService.SimpleServiceProtocol {
  private let board: ClockBoard

  public init(board: ClockBoard) {
    self.board = board
  }

  public func watchClocks(
    request: Quintet_Supervision_V1_WatchClocksRequest,
    response: RPCWriter<Quintet_Supervision_V1_WatchClocksResponse>, context: ServerContext
  ) async throws {
    guard request.afterSequence >= 0 else {
      throw Failure.invalid(
        "OUT_OF_RANGE", field: "after_sequence",
        "after_sequence 不得为负。after_sequence must not be negative.")
    }
    let watch = ClockWatch(
      board: board, after: request.afterSequence,
      wanted: request.withRunning ? [.running, .warned, .overdue] : [.warned, .overdue])
    try await watch.run(response)
  }
}

/// One screen's stream of deadlines.
private struct ClockWatch: Sendable {
  /// Deadlines in a snapshot.
  private static let openLimit = 5_000
  /// Events that are read for whoever begins again; beyond, it is given a snapshot.
  private static let resumeLimit = 2_000

  let board: ClockBoard
  /// The last sequence that the screen saw; 0 for none.
  let after: Int64
  let wanted: Set<DeadlineState>

  typealias Message = Quintet_Supervision_V1_WatchClocksResponse

  /// - Throws: `Failure` WATCHER_TOO_SLOW; how the stream broke.
  func run(_ response: RPCWriter<Message>) async throws {
    let reach = CallContext.current.reach
    let (joined, start) = try await board.join(reach)
    do {
      // gRPC says that the caller has gone and does not cancel the handler.
      try await withRPCCancellationHandler {
        try await send(joined.notices, from: start, within: reach, to: response)
      } onCancelRPC: {
        joined.end()
      }
    } catch {
      await board.leave(joined.number)
      throw error
    }
    guard await !board.leave(joined.number) else { throw Failure.watcherTooSlow }
  }

  private func send(
    _ notices: AsyncStream<ClockBoard.Notice>, from start: Int64, within reach: Reach,
    to response: RPCWriter<Message>
  ) async throws {
    /// Shown and not taken away again; nil for one that was here before, and what it shows is not known.
    var shown: Set<String>? = []
    // What left a narrower reach is in no event: there a snapshot tells.
    if after > 0, after <= start, reach.isEverywhere,
      let changed = try await board.changed(after: after, limit: Self.resumeLimit)
    {
      shown = nil
      try await send(changed, elsewhere: [], reached: start, &shown, to: response)
    } else {
      try await sendSnapshot(sequence: start, within: reach, &shown, to: response)
    }
    for await notice in notices {
      switch notice {
      case .heartbeat(let sequence):
        try await response.write(.with { $0.sequence = sequence })
      case .changed(let deadlines, let elsewhere, let reached):
        try await send(deadlines, elsewhere: elsewhere, reached: reached, &shown, to: response)
      }
    }
    try Task.checkCancellation()
  }

  private func send(
    _ deadlines: [Deadline], elsewhere: [String], reached: Int64, _ shown: inout Set<String>?,
    to response: RPCWriter<Message>
  ) async throws {
    let clocks = deadlines.filter { wanted.contains($0.state) }
    let over = deadlines.filter { !wanted.contains($0.state) }.map(\.id.description) + elsewhere
    // Another's deadline is not even named to whoever never saw it.
    let removed = over.filter { id in shown.map { $0.contains(id) } ?? true }
    shown?.subtract(removed)
    shown?.formUnion(clocks.map(\.id.description))
    var messages = Self.messages(clocks)
    messages[messages.count - 1].removedIds = removed
    // Not before all of it has been told: whoever begins again would miss the rest.
    messages[messages.count - 1].sequence = reached
    for message in messages { try await response.write(message) }
  }

  private func sendSnapshot(
    sequence: Int64, within reach: Reach, _ shown: inout Set<String>?,
    to response: RPCWriter<Message>
  ) async throws {
    let states = wanted.sorted { $0.rawValue < $1.rawValue }
    let open = try await board.store.read(within: reach) {
      try $0.deadlines(DeadlineFilter(states: states), after: nil, limit: Self.openLimit)
    }
    shown = Set(open.map(\.id.description))
    var messages = Self.messages(open)
    for index in messages.indices { messages[index].isSnapshot = true }
    messages[messages.count - 1].isSnapshotEnd = true
    messages[messages.count - 1].sequence = sequence
    for message in messages { try await response.write(message) }
  }

  /// One at least.
  private static func messages(_ deadlines: [Deadline]) -> [Message] {
    let limit = ClockBoard.clockLimit
    let messages = stride(from: 0, to: deadlines.count, by: limit).map { start in
      Message.with {
        $0.clocks = deadlines[start..<min(start + limit, deadlines.count)].map { .init($0) }
      }
    }
    return messages.isEmpty ? [Message()] : messages
  }
}
