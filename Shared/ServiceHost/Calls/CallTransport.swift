// What surrounds a handler, at the one place where it can be left behind: grpc-swift runs a handler
// to its end whatever the caller's deadline, and lends interceptors a closure that must not outlive
// them. Here, around the whole handling of a stream, the handler is a task of its own that can be
// cancelled and answered for. The bytes of every message pass by here too, so their number is known.
import Access
import GRPCCore
import GRPCNIOTransportHTTP2Posix
import GRPCProtobuf
import Logging
import Synchronization
import Wire

/// Whether the process has been told to stop.
final class Drain: Sendable {
  private let flag = Atomic(false)

  var hasBegun: Bool { flag.load(ordering: .acquiring) }

  func begin() { flag.store(true, ordering: .releasing) }
}

/// HTTP/2 on a socket, with every call raced against its deadline, its caller and shutdown, kept
/// under the message limit, and logged at its end.
struct CallTransport: ServerTransport {
  typealias Bytes = DoorTransport.Bytes

  let base: DoorTransport
  /// Such as `command.quintet`.
  let domain: String
  /// What is served: kinds by full method name, such as
  /// `quintet.command.v1.IncidentService/GetIncident`.
  let methods: [String: MethodDescriptor.RPCType?]
  /// Bytes.
  let messageLimit: Int
  let drain: Drain
  let logger: Logger

  func configure(context: GRPCServerContext) {
    base.configure(context: context)
  }

  func beginGracefulShutdown() {
    base.beginGracefulShutdown()
  }

  func listen(
    streamHandler: @escaping @Sendable (RPCStream<Inbound, Outbound>, ServerContext) async -> Void
  ) async throws {
    try await base.listen { stream, context in
      let kind = methods[stream.descriptor.fullyQualifiedMethod]
      let call = Call(descriptor: stream.descriptor, kind: kind ?? nil)
      defer { call.close(logger) }
      guard kind != nil else {
        call.end(.interrupted(.methodUnknown))
        return await answer(.methodUnknown, on: stream.outbound)
      }
      let handled = RPCStream(
        descriptor: stream.descriptor,
        inbound: RPCAsyncSequence(
          wrapping: BoundedMessages(base: stream.inbound, limit: messageLimit)),
        outbound: RPCWriter.Closable(wrapping: FirstAnswer(base: stream.outbound, call: call)))
      let handler = Task {
        await Call.$current.withValue(call) { await streamHandler(handled, context) }
        call.handled()
      }
      switch await ending(of: call, context) {
      case .handled:
        // It has begun to write its status.
        await handler.value
      case .interrupted(let failure):
        // In this order: a handler that is cancelled may finish the stream.
        await answer(failure, on: stream.outbound)
        handler.cancel()
      }
    }
  }

  /// Fails where the caller has gone, and then nobody is waiting for it.
  private func answer(_ failure: Failure, on outbound: Outbound) async {
    let error = RPCError(failure.status(domain: domain))
    // In a task of its own: at the very end this one is cancelled, and would write nothing.
    await Task {
      try? await outbound.write(
        .status(Status(code: Status.Code(error.code), message: error.message), error.metadata))
      await outbound.finish()
    }.value
  }

  private func ending(of call: Call, _ context: ServerContext) async -> Call.Ending {
    let interrupt: @Sendable () -> Void = {
      if let failure = failure(interrupting: call) { call.end(.interrupted(failure)) }
    }
    return await withTaskCancellationHandler {
      await withRPCCancellationHandler {
        // A call that was cancelled before this point registers no handler.
        if context.cancellation.isCancelled { interrupt() }
        return await call.ended()
      } onCancelRPC: {
        interrupt()
      }
    } onCancel: {
      // The server's own task: the time to drain is over.
      call.end(.interrupted(.shuttingDown))
    }
  }

  /// Why the call was cancelled. The transport has one signal for three causes: the deadline, a
  /// caller who went away, and its own quiescing, at which unary calls may still finish in time.
  private func failure(interrupting call: Call) -> Failure? {
    if let deadline = call.context?.deadline {
      // The caller's own timer, set a little earlier, may have cancelled the call for this reason.
      if ContinuousClock.now + .milliseconds(20) >= deadline { return .deadlineExceeded }
      if drain.hasBegun && call.isUnary {
        call.after(deadline) { call.end(.interrupted(.deadlineExceeded)) }
        return nil
      }
    }
    if drain.hasBegun { return call.isUnary ? nil : .shuttingDown }
    return .callCancelled
  }
}

/// Lets a handler's answer through unless the call was answered for. Whoever ends the call first
/// writes its status: two statuses on one stream would break it.
private struct FirstAnswer: ClosableRPCWriterProtocol {
  typealias Element = RPCResponsePart<CallTransport.Bytes>

  let base: RPCWriter<Element>.Closable
  let call: Call

  func write(_ element: Element) async throws {
    if case .status = element { call.end(.handled) }
    guard !call.isInterrupted else { throw CancellationError() }
    try await base.write(element)
  }

  func write(contentsOf elements: some Sequence<Element>) async throws {
    let elements = Array(elements)
    for case .status in elements { call.end(.handled) }
    guard !call.isInterrupted else { throw CancellationError() }
    // Together, so that they are flushed together.
    try await base.write(contentsOf: elements)
  }

  func finish() async {
    if !call.isInterrupted { await base.finish() }
  }

  func finish(throwing error: any Error) async {
    if !call.isInterrupted { await base.finish(throwing: error) }
  }
}

/// Passes on the parts of a request and throws at the first message over the limit. The count of
/// bytes is at hand here; asking SwiftProtobuf for it would mean serializing the message again.
private struct BoundedMessages: AsyncSequence, Sendable {
  typealias Part = RPCRequestPart<CallTransport.Bytes>
  typealias Element = Part
  typealias Failure = any Error

  let base: RPCAsyncSequence<Part, any Error>
  let limit: Int

  func makeAsyncIterator() -> Iterator {
    Iterator(base: base.makeAsyncIterator(), limit: limit)
  }

  struct Iterator: AsyncIteratorProtocol {
    var base: RPCAsyncSequence<Part, any Error>.AsyncIterator
    let limit: Int

    mutating func next(isolation actor: isolated (any Actor)?) async throws -> Part? {
      let part = try await base.next(isolation: actor)
      if case .message(let bytes)? = part, bytes.count > limit {
        throw Wire.Failure.messageTooLarge(bytes: bytes.count, limit: limit)
      }
      return part
    }

    mutating func next() async throws -> Part? {
      try await next(isolation: nil)
    }
  }
}
