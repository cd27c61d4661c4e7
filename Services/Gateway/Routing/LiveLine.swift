// The services' side of a live stream: each watched method is read, and read again from where it stopped
// when its service was away, without the page's noticing more than a pause.

import GRPCCore
import GatewayConnect
import HTTPTypes
import QuintetAPI
import SwiftProtobuf
import Synchronization
import Wire

/// One watched method, and what is known of it.
struct LiveSource: Sendable {
  let watch: LiveWatch
  let method: QuintetMethod
  let backend: Backend
  /// nil where messages have no number.
  let sequence: SequenceField?
}

/// Reads the streams that one page follows.
final class LiveLine<Transport: ClientTransport>: Sendable {
  /// How far the page had been told when it came.
  let start: LiveCursor
  private let backends: Backends<Transport>
  private let sources: [LiveSource]
  private let metadata: Metadata
  private let cursor: Mutex<LiveCursor>

  init(
    backends: Backends<Transport>, sources: [LiveSource], metadata: Metadata, cursor: LiveCursor
  ) {
    self.backends = backends
    self.sources = sources
    self.metadata = metadata
    self.start = cursor
    self.cursor = Mutex(cursor)
  }

  /// Reads until all streams have ended, the page has gone, or one ended in a way that ends all.
  ///
  /// - Returns: why; nil when the streams ended by themselves.
  func run(into pipe: LivePipe) async -> (any Error)? {
    var end: (any Error)?
    do {
      try await withThrowingTaskGroup(of: Void.self) { group in
        for source in sources { group.addTask { try await self.follow(source, into: pipe) } }
        try await group.waitForAll()
      }
    } catch {
      end = error
    }
    pipe.finish(end)
    return end
  }

  private func follow(_ source: LiveSource, into pipe: LivePipe) async throws {
    // A page that follows one stream alone comes again by itself.
    guard !source.watch.name.isEmpty else { return try await read(source, into: pipe) }
    var pause = Duration.milliseconds(500)
    while true {
      let begun = ContinuousClock.now
      let error: any Error
      do {
        try await read(source, into: pipe)
        error = RPCError(code: .unavailable, message: "the stream ended")
      } catch let closed as LivePipe.Closed {
        throw closed
      } catch let problem {
        error = problem
      }
      try Task.checkCancellation()
      let problem = ConnectError(error)
      // The token has run out: for one stream as for all.
      if problem.status == .unauthorized { throw error }
      try await pipe.put(
        LiveMessage(
          event: "error", watch: source.watch.name,
          data: problem.json(watch: source.watch.name)))
      guard problem.status == .serviceUnavailable || problem.reason == "WATCHER_TOO_SLOW" else {
        return
      }
      if begun.duration(to: .now) > .seconds(10) { pause = .milliseconds(500) }
      try await Task.sleep(for: pause)
      pause = min(pause * 2, .seconds(5))
    }
  }

  private func read(_ source: LiveSource, into pipe: LivePipe) async throws {
    let name = source.watch.name
    let input = try source.watch.input(
      as: source.method.input, after: cursor.withLock { $0[name] })
    let request = StreamingClientRequest<[UInt8]>(metadata: metadata) { writer in
      try await writer.write(input)
    }
    do {
      try await backends[source.backend].bidirectionalStreaming(
        request: request,
        descriptor: MethodDescriptor(
          fullyQualifiedService: source.method.service, method: source.method.method),
        serializer: RawBytes(), deserializer: RawBytes(), options: .defaults
      ) { response in
        for try await message in response.messages {
          let data = try Format.json.encode(message, as: source.method.output)
          let sequence = source.sequence?.value(in: message)
          try await pipe.put(
            LiveMessage(event: name, watch: name, sequence: sequence, data: data))
          // Not before: what was not handed over is asked for again.
          if let sequence { self.cursor.withLock { $0[name] = sequence } }
        }
      }
    } catch let closed as LivePipe.Closed {
      throw closed
    } catch {
      throw answer(error, from: source.backend)
    }
  }
}
