// What every call of ours carries: who acts, on whose behalf, and the trace it belongs to.
import Access
import GRPCCore

/// Adds the caller's token and `traceparent`, unless the caller set them.
struct CallIdentity: ClientInterceptor {
  let token: Connection.TokenSource?
  /// A service says on whose behalf it asks; and where it only passes on a call that has a token of
  /// its own, it says that the call came through it.
  let isService: Bool

  func intercept<Input: Sendable, Output: Sendable>(
    request: StreamingClientRequest<Input>,
    context: ClientContext,
    next: (StreamingClientRequest<Input>, ClientContext) async throws ->
      StreamingClientResponse<Output>
  ) async throws -> StreamingClientResponse<Output> {
    var request = request
    let actor = request.metadata[stringValues: Connection.actorKey].first { _ in true }
    request.metadata.removeAllValues(forKey: Connection.actorKey)
    if let token = try await token?(actor) {
      let bearing = CallHeaders.bearing(token)
      if !has(CallHeaders.authorization, request.metadata) {
        request.metadata.addString(bearing, forKey: CallHeaders.authorization)
        if isService, let behind = Call.current?.bearer {
          request.metadata.addString(CallHeaders.bearing(behind), forKey: CallHeaders.onBehalf)
        }
      } else if isService {
        request.metadata.addString(bearing, forKey: CallHeaders.via)
      }
    }
    let trace = CallContext.current.trace
    if !trace.isEmpty, !has(CallHeaders.traceparent, request.metadata) {
      request.metadata.addString(
        CallHeaders.traceparent(trace: trace), forKey: CallHeaders.traceparent)
    }
    return try await next(request, context)
  }

  private func has(_ key: String, _ metadata: Metadata) -> Bool {
    metadata[stringValues: key].contains { _ in true }
  }
}
