// Lets an operator see, and a test compare, every row of a store without opening its file: only the
// owning process opens a store.
import Dispatch
import GRPCCore
import Persistence
import QuintetAPI
import SwiftProtobuf
import Wire

/// `quintet.operations.v1.StoreService` over the host's own store.
struct StoreDumpService: Quintet_Operations_V1_StoreService.SimpleServiceProtocol {
  /// Lines in a message.
  static let batch = 256
  /// A batch is sent sooner when it has this many bytes; clients take messages up to 4 MiB.
  static let batchBytes = 512 * 1024

  let database: any Database
  private let turn = Turn()

  init(database: any Database) {
    self.database = database
  }

  func dumpStore(
    request: Quintet_Operations_V1_DumpStoreRequest,
    response: RPCWriter<Quintet_Operations_V1_DumpStoreResponse>,
    context: ServerContext
  ) async throws {
    // A dump holds the whole store in memory, so there is one at a time.
    guard turn.take() else {
      throw Failure(
        code: .resourceExhausted, reason: "OVERLOADED",
        message: "另一份导出正在进行。Another dump is in progress.")
    }
    defer { turn.giveBack() }
    let tables = try await database.read { try StoreDump.tables(in: $0) }
    let lines = await Self.lines(tables, canonical: request.canonical)
    var batch: [String] = []
    var bytes = 0
    for line in lines {
      batch.append(line)
      bytes += line.utf8.count
      if batch.count == Self.batch || bytes >= Self.batchBytes {
        try await response.write(.with { $0.lines = batch })
        batch.removeAll(keepingCapacity: true)
        bytes = 0
      }
    }
    if !batch.isEmpty { try await response.write(.with { $0.lines = batch }) }
  }

  /// Seconds of work in a large store, so not on a thread that answers calls.
  private static func lines(_ tables: [StoreDump.Table], canonical: Bool) async -> [String] {
    await withCheckedContinuation { continuation in
      DispatchQueue.global(qos: .utility).async {
        continuation.resume(
          returning: canonical
            ? StoreDump.canonical(tables, decodePayload: Self.json)
            : StoreDump.full(tables, decodePayload: Self.json))
      }
    }
  }

  /// The payload of an event as protobuf JSON; nil for a type that this version does not know.
  static func json(type: String, payload: [UInt8]) -> String? {
    // An event kept whole holds an Any, which is rendered by the types that are registered.
    QuintetMessages.registerAll()
    guard let type = QuintetMessages.type(named: type) else { return nil }
    var options = JSONEncodingOptions()
    options.useDeterministicOrdering = true
    return try? type.init(serializedBytes: payload).jsonString(options: options)
  }
}
