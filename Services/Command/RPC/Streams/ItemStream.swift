// Streams of many small commands: each is taken in the order sent and answered, in the same order,
// once it is durable. What waits goes to the store together, so that one disk write serves many.

import GRPCCore
import Wire

/// Reads, works and answers, in order and with bounds.
enum ItemStream {
  /// Commands that are read and not yet answered.
  static let itemLimit = 512
  /// Bytes of text in them: with texts at their limits, some 250 commands.
  static let sizeLimit = 8 << 20
  /// Commands that go to the store together.
  static let batchLimit = 64

  /// Runs until the caller has sent all and has been answered.
  ///
  /// - Parameters:
  ///   - check: what an item is once checked, or that it was refused; never throws, so that a bad
  ///     item stops nothing. What it returns is held until answered, the request is not.
  ///   - size: bytes of text that the item holds.
  ///   - work: gives one answer for each item, in order; fewer, and a reason, where the store had no
  ///     room for the next. Then the stream ends: to go on behind that item would let a successor
  ///     come before it when it is sent again.
  /// - Throws: how the stream broke; the reason that `work` gave.
  static func run<Request: Sendable, Item: Sendable, Response: Sendable>(
    _ requests: RPCAsyncSequence<Request, any Error>, answering writer: RPCWriter<Response>,
    context: ServerContext,
    check: @escaping @Sendable (Request) -> Item, size: @escaping @Sendable (Request) -> Int,
    work: @escaping @Sendable ([Item]) async -> (answers: [Response], obstacle: Failure?)
  ) async throws {
    let intake = ItemIntake<Item>(countLimit: itemLimit, sizeLimit: sizeLimit)
    // gRPC says that a caller has gone and does not cancel the handler: what was read is still
    // done, nothing more is read.
    try await withRPCCancellationHandler {
      try await withTaskCancellationHandler {
        try await withThrowingTaskGroup(of: Void.self) { group in
          group.addTask {
            defer { intake.close() }
            for try await request in requests {
              guard await intake.put(check(request), size: size(request)) else { return }
            }
          }
          group.addTask {
            defer { intake.close() }
            while let (items, size) = await intake.take(batchLimit) {
              let (answers, obstacle) = await work(items)
              try await writer.write(contentsOf: answers)
              if let obstacle { throw obstacle }
              intake.answered(items.count, size: size)
            }
          }
          // One by one: `waitForAll` would leave the reader waiting for a caller who has no reason
          // to send more.
          while try await group.next() != nil {}
        }
      } onCancel: {
        intake.close()
      }
    } onCancelRPC: {
      intake.close()
    }
  }
}
