// Following a neighbour's feed.
public import EventLog
import GRPCCore
public import QuintetAPI
import SwiftProtobuf

extension Neighbour: EventSource {
  public func watch(
    partition: String, after: Int64, types: [String],
    _ receive: @escaping @Sendable (Quintet_Events_V1_WatchResponse) async throws -> Void
  ) async throws {
    let feed = Quintet_Events_V1_EventService.Client(wrapping: client)
    let request = Quintet_Events_V1_WatchRequest.with {
      $0.partition = partition
      $0.afterSequence = UInt64(max(0, after))
      $0.types = types
    }
    try await feed.watch(request) { response in
      for try await message in response.messages { try await receive(message) }
    }
  }

  public func readSnapshot(
    _ request: Quintet_Events_V1_ReadSnapshotRequest,
    _ receive: @escaping @Sendable (Quintet_Events_V1_ReadSnapshotResponse) async throws -> Void
  ) async throws {
    let feed = Quintet_Events_V1_EventService.Client(wrapping: client)
    try await feed.readSnapshot(request) { response in
      for try await message in response.messages { try await receive(message) }
    }
  }
}
