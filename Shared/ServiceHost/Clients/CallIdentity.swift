// What every call of ours carries: who acts, and the trace it belongs to.
import Access
import GRPCCore

/// Adds `quintet-actor` and `traceparent`, unless the caller set them.
struct CallIdentity: ClientInterceptor {
  /// Such as `service/command`; nil for whoever the call in progress is made by.
  let actor: String?

  func intercept<Input: Sendable, Output: Sendable>(
    request: StreamingClientRequest<Input>,
    context: ClientContext,
    next: (StreamingClientRequest<Input>, ClientContext) async throws ->
      StreamingClientResponse<Output>
  ) async throws -> StreamingClientResponse<Output> {
    var request = request
    let current = CallContext.current
    if let actor = actor ?? (current.trace.isEmpty ? nil : current.principal.actor) {
      add(actor, as: Principal.metadataKey, to: &request.metadata)
    }
    if !current.trace.isEmpty {
      add(
        CallHeaders.traceparent(trace: current.trace), as: CallHeaders.traceparent,
        to: &request.metadata)
    }
    return try await next(request, context)
  }

  private func add(_ value: String, as key: String, to metadata: inout Metadata) {
    if metadata[stringValues: key].first(where: { _ in true }) == nil {
      metadata.addString(value, forKey: key)
    }
  }
}
