// One call from its first byte to its log line. The transport makes it, the interceptor fills it,
// and whichever of handler, deadline, caller and shutdown comes first ends it.
import Access
import GRPCCore
import Logging
import Synchronization
import Wire

/// The state of one call. Shared between the task that answers and the task that handles.
final class Call: Sendable {
  @TaskLocal static var current: Call?

  /// How a call came to its end.
  enum Ending: Sendable {
    /// The handler answers.
    case handled
    /// The answer must come from elsewhere: the handler is cancelled and left to itself.
    case interrupted(Failure)
  }

  private struct State {
    var context: CallContext?
    /// The token of whoever asked for this in the first place, for what is asked of neighbours.
    var bearer: String?
    /// Stays so only when the call broke before it reached a handler.
    var code: RPCError.Code? = .unknown
    var reason: String?
    /// The real error behind an INTERNAL, and the reference its caller was given.
    var hidden: (error: String, reference: String)?
    var ending: Ending?
    /// What to give back once the handler is through, however long after the caller has left.
    var afterHandling: [@Sendable () -> Void] = []
    /// Deadlines that the transport does not watch by itself.
    var timers: [Task<Void, Never>] = []
    var waiter: CheckedContinuation<Ending, Never>?
  }

  let descriptor: MethodDescriptor
  /// Calls of unknown kind are held to what is asked of unary ones.
  let isUnary: Bool
  /// Whether the answer is a stream.
  let isAnsweredByStream: Bool
  let started = ContinuousClock.now
  private let state = Mutex(State())

  init(descriptor: MethodDescriptor, kind: MethodDescriptor.RPCType?) {
    self.descriptor = descriptor
    self.isUnary = kind == nil || kind == .unary
    self.isAnsweredByStream = kind?.isResponseStreaming == true
  }

  var context: CallContext? { state.withLock { $0.context } }

  var isInterrupted: Bool {
    state.withLock { state in
      if case .interrupted? = state.ending { true } else { false }
    }
  }

  /// The token to send along when a neighbour is asked on behalf of this call's caller.
  var bearer: String? { state.withLock { $0.bearer } }

  func begin(_ context: CallContext, bearer: String?) {
    state.withLock { state in
      state.context = context
      state.bearer = bearer
    }
  }

  /// What the caller is told. Nothing once the call was interrupted: then the caller has its answer.
  func answered(
    _ code: RPCError.Code?, reason: String? = nil,
    hidden: (error: String, reference: String)? = nil
  ) {
    state.withLock { state in
      guard state.ending == nil else { return }
      state.code = code
      state.reason = reason
      state.hidden = hidden
    }
  }

  func whenHandled(_ action: @escaping @Sendable () -> Void) {
    state.withLock { $0.afterHandling.append(action) }
  }

  /// The handler is through.
  func handled() {
    let actions = state.withLock { state in
      defer { state.afterHandling = [] }
      return state.afterHandling
    }
    for action in actions { action() }
    end(.handled)
  }

  /// Ends the call; the first ending counts.
  func end(_ ending: Ending) {
    let waiter = state.withLock { state -> CheckedContinuation<Ending, Never>? in
      guard state.ending == nil else { return nil }
      state.ending = ending
      if case .interrupted(let failure) = ending {
        state.code = failure.code
        state.reason = failure.reason
      }
      return state.waiter.take()
    }
    waiter?.resume(returning: ending)
  }

  /// Does something at a later time, unless the call has been logged by then.
  func after(_ time: ContinuousClock.Instant, _ action: @escaping @Sendable () -> Void) {
    let timer = Task {
      guard (try? await Task.sleep(until: time, clock: .continuous)) != nil else { return }
      action()
    }
    state.withLock { $0.timers.append(timer) }
  }

  /// Waits for the ending, however it comes. One caller only.
  func ended() async -> Ending {
    await withCheckedContinuation { continuation in
      let ending = state.withLock { state in
        if state.ending == nil { state.waiter = continuation }
        return state.ending
      }
      if let ending { continuation.resume(returning: ending) }
    }
  }

  /// Closes the call with its one line. Probes of the suite's own tools are written at debug level.
  func close(_ logger: Logger) {
    let state = state.withLock { $0 }
    for timer in state.timers { timer.cancel() }
    let elapsed = (ContinuousClock.now - started).components
    let milliseconds =
      Double(elapsed.seconds) * 1000 + Double(elapsed.attoseconds / 1_000_000_000_000) / 1000
    var metadata: Logger.Metadata = [
      "method": "/\(descriptor.fullyQualifiedMethod)",
      "code": .string(codeName(state.code)),
      "duration_ms": .stringConvertible(milliseconds),
    ]
    if let context = state.context {
      metadata["actor"] = .string(context.principal.actor)
      metadata["trace"] = .string(context.trace)
      if let other = context.onBehalfOf { metadata["on_behalf_of"] = .string(other.actor) }
      if !context.origin.isEmpty { metadata["origin"] = .string(context.origin) }
      for (key, value) in context.notes.all { metadata[key] = .string(value) }
    }
    if let reason = state.reason { metadata["reason"] = .string(reason) }
    if let hidden = state.hidden {
      metadata["error"] = .string(hidden.error)
      metadata["reference"] = .string(hidden.reference)
    }
    let isProbe = descriptor.service.package.hasPrefix("grpc.")
    logger.log(
      level: state.hidden != nil ? .error : isProbe ? .debug : .info, "request", metadata: metadata)
  }
}
