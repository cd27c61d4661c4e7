// What every handler can rely on: a principal who may call it, a reach, a trace and a deadline in
// CallContext.current, room to work, and that whatever it throws reaches the caller as an error of the
// suite's form. One interceptor and not five: each costs every call its closures, and the order
// matters anyway.
import Access
import Credentials
import Foundation
import GRPCCore
import Wire

struct CallInterceptor: ServerInterceptor {
  let gate: CallGate
  let mapping: ErrorMapping
  let admission: Admission
  let rates: RateLimiter
  let audit: (any CallAudit)?
  let ledgerKey: [UInt8]
  let drain: Drain

  /// One call on its way through.
  private struct Passage: Sendable {
    let call: Call
    let context: CallContext
    /// nil for health and reflection, which are for everybody.
    let entrance: Entrance?
    let record: CallRecord?
  }

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
    var deadline: ContinuousClock.Instant?
    if case .after(let duration, _) = timeout { deadline = call.started + duration }
    let passage = passage(call, request.metadata, context, until: deadline)

    return await CallContext.$current.withValue(passage.context) {
      do {
        if let refusal = passage.entrance?.refusal { throw refusal }
        try check(timeout, passage)
        if case .after(_, watchedByTransport: false) = timeout, let deadline {
          call.after(deadline) { context.cancellation.cancel() }
        }
        try admit(passage)
        let contents = try await next(request, context).accepted.get()
        call.answered(nil)
        return producing(contents, for: passage)
      } catch {
        return StreamingServerResponse(error: await told(error, passage))
      }
    }
  }

  private func passage(
    _ call: Call, _ metadata: Metadata, _ context: ServerContext,
    until deadline: ContinuousClock.Instant?
  ) -> Passage {
    let trace = CallHeaders.trace(metadata)
    guard call.descriptor.service.fullyQualifiedService.hasPrefix("quintet.") else {
      let callContext = CallContext(trace: trace, deadline: deadline)
      call.begin(callContext, bearer: nil)
      return Passage(call: call, context: callContext, entrance: nil, record: nil)
    }
    let method = call.descriptor.fullyQualifiedMethod
    let entrance = gate.entrance(metadata, method: method, peer: context.remotePeer)
    let callContext = CallContext(
      principal: entrance.principal, onBehalfOf: entrance.onBehalfOf, reach: entrance.reach,
      origin: entrance.origin, trace: trace, deadline: deadline, ledgerKey: ledgerKey)
    callContext.notes["claimed"] = entrance.claimedSubject
    call.begin(callContext, bearer: entrance.bearer)
    let record = audit.map {
      CallRecord(
        $0, method: method, entrance: entrance, context: callContext, clock: gate.clock)
    }
    return Passage(call: call, context: callContext, entrance: entrance, record: record)
  }

  private func check(_ timeout: CallHeaders.Timeout, _ passage: Passage) throws {
    switch timeout {
    case .malformed: throw Failure.deadlineInvalid
    // Health and reflection are asked by tools that set no deadline, most of all under overload.
    case .none where passage.call.isUnary && passage.entrance != nil:
      throw Failure.deadlineRequired
    default: break
    }
  }

  private func admit(_ passage: Passage) throws {
    guard let entrance = passage.entrance else { return }
    let call = passage.call
    guard call.isUnary else { return watch(call, entrance) }
    if let wait = rates.take(
      entrance.principal, isDispatching: admission.isReserved(call.descriptor))
    {
      throw Failure.rateLimited(wait)
    }
    guard admission.enter(call.descriptor) else { throw Failure.overloaded }
    call.whenHandled { admission.leave() }
  }

  /// A stream of a person or partner ends with the token or the shift that opened it: otherwise it
  /// would outlive both. Services' keys are the bureau's own, and their feeds run for months.
  private func watch(_ call: Call, _ entrance: Entrance) {
    guard entrance.principal.kind != .service else { return }
    let method = call.descriptor.fullyQualifiedMethod
    let now = gate.clock()
    let ends = [entrance.tokenExpires, entrance.principal.duty?.upperBound].compactMap { $0 }
    guard let next = ends.filter({ $0 > now }).min() else { return }
    call.after(.now + .seconds(next.timeIntervalSince(now))) {
      if let refusal = gate.refusal(of: entrance, calling: method) {
        call.end(.interrupted(refusal))
      } else {
        // Another role may go on, or the clock was set back.
        watch(call, entrance)
      }
    }
  }

  /// A stream, and whatever a proxy passes on, is handled while it is produced: after this
  /// interceptor has returned.
  private func producing<Output>(
    _ contents: StreamingServerResponse<Output>.Contents, for passage: Passage
  ) -> StreamingServerResponse<Output> {
    StreamingServerResponse(metadata: contents.metadata) { writer in
      try await CallContext.$current.withValue(passage.context) {
        do {
          var writer = writer
          if let record = passage.record {
            writer = RPCWriter(wrapping: RecordedAnswer(base: writer, record: record))
          }
          let trailers = try await contents.producer(writer)
          // A stream that ends by itself because of the shutdown has not come to its end.
          if passage.call.isAnsweredByStream && drain.hasBegun { throw Failure.shuttingDown }
          // One that had nothing to say has been answered all the same.
          do { try await passage.record?.make(nil, reason: nil) } catch { throw AuditFailure() }
          return trailers
        } catch {
          throw await told(error, passage)
        }
      }
    }
  }

  private func told(_ error: any Error, _ passage: Passage) async -> RPCError {
    let reach = passage.entrance == nil ? Reach.everywhere : passage.context.reach
    var mapped = mapping.map(
      error is AuditFailure ? Failure.auditUnavailable : error, within: reach)
    do {
      try await passage.record?.make(mapped.error.code, reason: mapped.reason)
    } catch {
      mapped = mapping.map(Failure.auditUnavailable, within: reach)
    }
    passage.call.answered(mapped.error.code, reason: mapped.reason, hidden: mapped.hidden)
    return mapped.error
  }
}
