// 一屏: quintet.duty.v1.UnitBoardService.
import Access
import DutyDomain
public import GRPCCore
public import QuintetAPI
import Wire

public struct UnitBoardService: Quintet_Duty_V1_UnitBoardService.SimpleServiceProtocol {
  private let board: UnitBoard

  public init(board: UnitBoard) {
    self.board = board
  }

  public func watchUnits(
    request: Quintet_Duty_V1_WatchUnitsRequest,
    response: RPCWriter<Quintet_Duty_V1_WatchUnitsResponse>, context: ServerContext
  ) async throws {
    let milliseconds = try Check.count(
      request.intervalMs, field: "interval_ms", 1_000...30_000, standard: 1_000)
    let group = UnitBoard.Group(
      reach: CallContext.current.reach, interval: (milliseconds + 999) / 1_000)
    let joined = try await board.join(group)
    do {
      // gRPC says that the caller has gone and does not cancel the handler.
      try await withRPCCancellationHandler {
        for message in try await board.snapshot(within: group.reach) {
          try await response.write(message)
        }
        for await message in joined.notices { try await response.write(message) }
        try Task.checkCancellation()
      } onCancelRPC: {
        joined.end()
      }
    } catch {
      await board.leave(joined.number)
      throw error
    }
    guard await !board.leave(joined.number) else { throw Failure.watcherTooSlow }
  }
}

extension UnitBoard {
  /// All units within reach, as they are now.
  func snapshot(within reach: Reach) async throws -> [Message] {
    let units = try await store.consult(within: reach) { roster, reader in
      try roster.boardUnits(changedAfter: 0).filter { try reader.reaches($0.view.unit) }
    }
    var page = UnitPage(asOf: BoardTime(clock()))
    for unit in units { page.add(unit) }
    return page.snapshot
  }
}
