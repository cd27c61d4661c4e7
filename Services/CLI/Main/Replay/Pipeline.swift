// Many small requests in order over one stream, without waiting for each answer. When the stream
// breaks it is opened again, and what was not answered is sent again, in the same order: the server
// knows repeated requests by their ids.
import GRPCCore

/// One stream that never ends as long as there is work.
actor Pipeline<Request: Sendable, Response: Sendable> {
  /// Opens the stream with `produce` for its requests and `consume` for its answers, and returns when
  /// both are done.
  typealias Open =
    @Sendable (
      _ produce: @escaping @Sendable (RPCWriter<Request>) async throws -> Void,
      _ consume: @escaping @Sendable (StreamingClientResponse<Response>) async throws -> Void
    ) async throws -> Void

  private struct Batch {
    let count: Int
    var answers: [Response] = []
    var waiter: CheckedContinuation<[Response], any Error>?
  }

  /// Requests that are under way at most; the server takes 512.
  private let limit: Int
  private let open: Open
  /// Whether an answer says that the service could not take the request just now.
  private let mayPass: @Sendable (Response) -> Bool

  /// Sent or to be sent, and not answered; oldest first.
  private var items: [(request: Request, batch: Int)] = []
  /// How many of them were sent on the present stream.
  private var sent = 0
  private var stream = 0
  private var batches: [Int: Batch] = [:]
  private var nextBatch = 0
  private var failure: (any Error)?
  private var isClosed = false
  private var work: CheckedContinuation<Void, Never>?
  private var room: [CheckedContinuation<Void, Never>] = []
  private var lastAnswer = ContinuousClock.now
  private(set) var answerCount = 0

  init(
    limit: Int = 256, mayPass: @escaping @Sendable (Response) -> Bool, open: @escaping Open
  ) {
    self.limit = limit
    self.mayPass = mayPass
    self.open = open
  }

  /// Keeps the stream alive while `body` runs; waits for outstanding answers when it returns.
  ///
  /// - Throws: what `body` throws; `GaveUp`; a refusal of the whole stream.
  nonisolated func during<R: Sendable>(_ body: () async throws -> R) async throws -> R {
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await self.run() }
      do {
        let result = try await body()
        await close()
        try await group.waitForAll()
        return result
      } catch {
        await fail(error)
        group.cancelAll()
        throw error
      }
    }
  }

  /// Sends requests one after the other.
  ///
  /// - Returns: their answers, in order.
  func sendAll(_ requests: [Request]) async throws -> [Response] {
    guard !requests.isEmpty else { return [] }
    let batch = nextBatch
    nextBatch += 1
    batches[batch] = Batch(count: requests.count)
    for request in requests {
      while items.count >= limit, failure == nil {
        await withCheckedContinuation { room.append($0) }
      }
      if let failure { throw failure }
      // An idle stream has nothing to show for itself: the watch begins with the first request.
      if items.isEmpty { lastAnswer = .now }
      items.append((request, batch))
      work.take()?.resume()
    }
    return try await withCheckedThrowingContinuation { continuation in
      if let failure {
        continuation.resume(throwing: failure)
      } else if let done = batches[batch], done.answers.count == done.count {
        batches[batch] = nil
        continuation.resume(returning: done.answers)
      } else {
        batches[batch]?.waiter = continuation
      }
    }
  }

  private func close() {
    isClosed = true
    work.take()?.resume()
  }

  private func fail(_ error: any Error) {
    guard failure == nil else { return }
    failure = error
    for batch in batches.values { batch.waiter?.resume(throwing: error) }
    batches = [:]
    work.take()?.resume()
    makeRoom()
  }

  private func makeRoom() {
    let waiting = room
    room = []
    for continuation in waiting { continuation.resume() }
  }

  // MARK: - The stream

  private func run() async throws {
    var backoff = Patience.Backoff()
    while failure == nil {
      while items.isEmpty, !isClosed, failure == nil {
        await withCheckedContinuation { work = $0 }
        backoff = Patience.Backoff()
      }
      if failure != nil || items.isEmpty { return }
      stream += 1
      sent = 0
      let answersBefore = answerCount
      var last: any Error = RPCError(code: .unavailable, message: "the stream ended")
      do {
        try await attempt(stream)
      } catch {
        last = error
      }
      if let error = last as? RPCError, !error.mayPass { return fail(error) }
      if answerCount > answersBefore { backoff = Patience.Backoff() }
      if backoff.elapsed > Patience.limit { return fail(GaveUp(what: "stream", last: last)) }
      if !items.isEmpty { try await backoff.wait() }
    }
  }

  private nonisolated func attempt(_ stream: Int) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { [open] in
        try await open(
          { writer in
            while let requests = await self.unsent(stream) {
              for request in requests { try await writer.write(request) }
            }
          },
          { response in
            do {
              for try await answer in response.messages {
                try await self.answered(answer, stream)
              }
            } catch {
              await self.ended(stream)
              throw error
            }
            await self.ended(stream)
          })
      }
      group.addTask {
        // A peer that holds the connection and says nothing is as good as gone.
        while !Task.isCancelled {
          try await Task.sleep(for: .seconds(1))
          if await self.isStalled {
            throw RPCError(code: .deadlineExceeded, message: "no answer for 30 s")
          }
        }
      }
      defer { group.cancelAll() }
      try await group.next()
    }
  }

  private var isStalled: Bool {
    !items.isEmpty && lastAnswer.duration(to: .now) > .seconds(30)
  }

  /// Waits for requests that this stream has not sent.
  /// - Returns: nil when it shall send no more.
  private func unsent(_ stream: Int) async -> [Request]? {
    while stream == self.stream, failure == nil {
      if sent < items.count {
        defer { sent = items.count }
        return items[sent...].map(\.request)
      }
      if isClosed || Task.isCancelled { return nil }
      await withTaskCancellationHandler {
        await withCheckedContinuation { continuation in
          if Task.isCancelled { continuation.resume() } else { work = continuation }
        }
      } onCancel: {
        Task { await self.ended(stream) }
      }
    }
    return nil
  }

  /// Without answers there is no use in more requests: a producer that waits for work is let go.
  private func ended(_ stream: Int) {
    guard stream == self.stream else { return }
    self.stream += 1
    work.take()?.resume()
  }

  private func answered(_ answer: Response, _ stream: Int) throws {
    guard stream == self.stream, let item = items.first else { return }
    guard !mayPass(answer) else {
      // Taken alone, the next one would overtake it.
      throw RPCError(code: .unavailable, message: "the service could not take a request")
    }
    items.removeFirst()
    sent -= 1
    answerCount += 1
    lastAnswer = .now
    makeRoom()
    batches[item.batch]?.answers.append(answer)
    guard let batch = batches[item.batch], batch.answers.count == batch.count,
      let waiter = batch.waiter
    else { return }
    batches[item.batch] = nil
    waiter.resume(returning: batch.answers)
  }
}
