// What every handler can rely on: a principal, a trace and a deadline in CallContext.current, room
// to work, and that whatever it throws reaches the caller as an error of the suite's form. One
// interceptor and not five: each costs every call its closures, and the order matters anyway.
import Access
import GRPCCore
import Wire

struct CallInterceptor: ServerInterceptor {
  let mapping: ErrorMapping
  let admission: Admission
  let drain: Drain

  func intercept<Input: Sendable, Output: Sendable>(
    request: StreamingServerRequest<Input>,
    context: ServerContext,
    next:
      @Sendable (StreamingServerRequest<Input>, ServerContext) async throws ->
      StreamingServerResponse<Output>
  ) async throws -> StreamingServerResponse<Output> {
    // Only a transport other than ours makes no Call, and no host has one.
    guard let call = Call.current else { return try await next(request, context) }
    let timeout = CallHeaders.timeout(request.metadata)
    let principal = Result { try CallHeaders.principal(request.metadata) }
    var deadline: ContinuousClock.Instant?
    if case .after(let duration, _) = timeout { deadline = call.started + duration }
    let callContext = CallContext(
      principal: (try? principal.get()) ?? .nobody,
      // Until callers are known by their tokens, all of them see everything.
      reach: .everywhere, trace: CallHeaders.trace(request.metadata), deadline: deadline)
    call.begin(callContext)

    return await CallContext.$current.withValue(callContext) {
      do {
        _ = try principal.get()
        try check(timeout, call)
        if case .after(_, watchedByTransport: false) = timeout, let deadline {
          call.after(deadline) { context.cancellation.cancel() }
        }
        try admit(call)
        let contents = try await next(request, context).accepted.get()
        call.answered(nil)
        return producing(contents, for: call, in: callContext)
      } catch {
        return StreamingServerResponse(error: told(error, to: call))
      }
    }
  }

  private func check(_ timeout: CallHeaders.Timeout, _ call: Call) throws {
    switch timeout {
    case .malformed: throw Failure.deadlineInvalid
    case .none where call.isUnary && isOurs(call): throw Failure.deadlineRequired
    default: break
    }
  }

  private func admit(_ call: Call) throws {
    guard call.isUnary, isOurs(call) else { return }
    guard admission.enter(call.descriptor) else { throw Failure.overloaded }
    call.whenHandled { admission.leave() }
  }

  /// A stream, and whatever a proxy passes on, is handled while it is produced: after this
  /// interceptor has returned.
  private func producing<Output>(
    _ contents: StreamingServerResponse<Output>.Contents, for call: Call, in context: CallContext
  ) -> StreamingServerResponse<Output> {
    StreamingServerResponse(metadata: contents.metadata) { writer in
      try await CallContext.$current.withValue(context) {
        do {
          let trailers = try await contents.producer(writer)
          // A stream that ends by itself because of the shutdown has not come to its end.
          if call.isAnsweredByStream && drain.hasBegun { throw Failure.shuttingDown }
          return trailers
        } catch {
          throw told(error, to: call)
        }
      }
    }
  }

  private func told(_ error: any Error, to call: Call) -> RPCError {
    let mapped = mapping.map(error)
    call.answered(mapped.error.code, reason: mapped.reason, hidden: mapped.hidden)
    return mapped.error
  }

  /// Health and reflection are asked by tools that set no deadline, most of all under overload.
  private func isOurs(_ call: Call) -> Bool {
    call.descriptor.service.fullyQualifiedService.hasPrefix("quintet.")
  }
}
