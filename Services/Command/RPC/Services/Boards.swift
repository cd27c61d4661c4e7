// 一屏: quintet.command.v1.BoardService.

import GRPCCore
import QuintetAPI
import Wire

struct Boards: Quintet_Command_V1_BoardService.SimpleServiceProtocol {
  let room: CommandRoom
  let board: IncidentBoard

  func watchIncidents(
    request: Quintet_Command_V1_WatchIncidentsRequest,
    response: RPCWriter<Quintet_Command_V1_WatchIncidentsResponse>, context: ServerContext
  ) async throws {
    guard request.afterSequence >= 0 else {
      throw Failure.invalid(
        "OUT_OF_RANGE", field: "after_sequence",
        "after_sequence 不得为负。after_sequence must not be negative.")
    }
    try await IncidentWatch(room: room, board: board, after: request.afterSequence).run(response)
  }
}
