// Live pages: streams of the services as server-sent events, which every browser resumes by itself.

public import Access
import Foundation
public import GRPCCore
import GatewayConnect
import HTTPTypes
import Hummingbird
import HummingbirdCore
public import Logging
import NIOCore
import QuintetAPI
import ServiceLifecycle
import SwiftProtobuf
import Wire

/// `GET /live/<service>/<method>?request=…` for one stream, `GET /live?watch=…` for several in one.
public struct LiveRoutes<Transport: ClientTransport>: Sendable {
  private let backends: Backends<Transport>
  private let admit: @Sendable (_ authorization: String?, _ method: String) throws -> Principal
  private let logger: Logger
  private let methods: [String: QuintetMethod]
  private let seats: LiveSeats

  public init(
    backends: Backends<Transport>,
    admit: @escaping @Sendable (_ authorization: String?, _ method: String) throws -> Principal,
    logger: Logger
  ) {
    // Events carry messages whose types JSON must know.
    QuintetMessages.registerAll()
    self.backends = backends
    self.admit = admit
    self.logger = logger
    self.methods = Dictionary(
      uniqueKeysWithValues: QuintetMethods.all.filter { $0.serverStreaming && !$0.clientStreaming }
        .map { (String($0.path.dropFirst()), $0) })
    self.seats = LiveSeats(each: LiveLimits.streamsEach, all: LiveLimits.streams)
  }

  func add(to router: Router<WebContext>) {
    router.get("/live/:service/:method") { request, context in
      let parts = [context.parameters.get("service"), context.parameters.get("method")]
      return await respond(to: request, context) { () throws(Failure) in
        let text = request.parameter("request") ?? "{}"
        return [
          LiveWatch(
            name: "", method: parts.map { $0 ?? "" }.joined(separator: "/"), request: text)
        ]
      }
    }
    router.get("/live") { request, context in
      await respond(to: request, context) { () throws(Failure) in
        try LiveWatch.list(request.parameter("watch") ?? "")
      }
    }
  }

  private func respond(
    to request: Request, _ context: WebContext, _ parse: () throws(Failure) -> [LiveWatch]
  ) async -> Response {
    let trace = request.headers[.traceparent] ?? TraceParent.fresh()
    var metadata: Logger.Metadata = [
      "protocol": "live", "method": "\(request.uri.path)", "code": "OK",
      "trace": "\(TraceParent.id(in: trace))",
    ]
    do {
      let watches = try parse()
      metadata["method"] = "\(watches.map(\.method).joined(separator: " "))"
      let (line, actor) = try prepared(watches, request, trace)
      metadata["actor"] = "\(actor)"
      let response = try await open(line, for: actor, request, context, metadata)
      logger.info("request", metadata: metadata)
      return response
    } catch {
      let problem = ConnectError(error)
      metadata["code"] = "\(problem.code)"
      if let reason = problem.reason { metadata["reason"] = "\(reason)" }
      logger.info("request", metadata: metadata)
      return problem.response
    }
  }

  /// Checks all that can be checked before anybody is asked.
  private func prepared(
    _ watches: [LiveWatch], _ request: Request, _ trace: String
  ) throws -> (LiveLine<Transport>, actor: String) {
    let authorization = try Caller.authorization(of: request)
    var actor = ""
    var sources: [LiveSource] = []
    let cursor = LiveCursor(request.headers[.lastEventID])
    for watch in watches {
      guard let method = methods[watch.method] else {
        throw Failure(
          code: .unimplemented, reason: "METHOD_UNKNOWN", field: "method",
          message: "没有流式接口 \(watch.method)。There is no stream \(watch.method).")
      }
      actor = try admit(authorization, watch.method).actor
      _ = try watch.input(as: method.input, after: nil)
      let named =
        request.headers[.quintetService] ?? request.parameter("service")
      sources.append(
        LiveSource(
          watch: watch, method: method,
          backend: try Backend.owner(of: method.service, named: named),
          sequence: SequenceField(of: method.output)))
    }
    var metadata = Metadata()
    metadata.addString(trace, forKey: "traceparent")
    metadata.addString(
      try Forwarding.only(authorization.map { [$0] } ?? []), forKey: Forwarding.authorization)
    return (
      LiveLine(backends: backends, sources: sources, metadata: metadata, cursor: cursor), actor
    )
  }

  /// Waits a moment for a refusal, which the page learns from the status, and then lets it flow.
  private func open(
    _ line: LiveLine<Transport>, for actor: String, _ request: Request, _ context: WebContext,
    _ metadata: Logger.Metadata
  ) async throws -> Response {
    guard seats.take(actor) else {
      throw Failure(
        code: .resourceExhausted, reason: "TOO_MANY_STREAMS",
        message: "打开的实时页面过多，请关闭一些。Too many live streams are open; close some pages.")
    }
    let pipe = LivePipe()
    let channel = context.channel
    // Outlives this function: the answer's head goes out first. It ends with the page's connection,
    // whatever becomes of the answer.
    let reading = Task { [seats, logger] in
      let problem = await line.run(into: pipe)
      seats.leave(actor)
      var metadata = metadata
      metadata["code"] = "\(problem.map { ConnectError($0).code } ?? "OK")"
      logger.info("live stream ended", metadata: metadata)
    }
    channel.closeFuture.whenComplete { _ in
      pipe.close()
      reading.cancel()
    }
    let first = await pipe.next(within: LiveLimits.patience, on: channel.eventLoop)
    if case .end(let error?) = first, ConnectError(error).isFinal { throw error }
    let body = ResponseBody { writer in
      defer {
        pipe.close()
        reading.cancel()
      }
      // A shutdown waits for answers under way, and this one has no end of its own.
      try await withGracefulShutdownHandler {
        try await request.body.consumeWithInboundCloseHandler { _ in
          try await Self.write(
            first, then: pipe, from: line.start, to: &writer, on: channel)
        } onInboundClosed: {
          pipe.close()
          reading.cancel()
        }
      } onGracefulShutdown: {
        pipe.close()
        reading.cancel()
      }
      try await writer.finish(nil)
    }
    return Response(
      status: .ok,
      headers: [
        .contentType: "text/event-stream; charset=utf-8", .cacheControl: "no-store",
        .connection: "close",
      ], body: body)
  }

  private static func write(
    _ first: LivePipe.Item, then pipe: LivePipe, from start: LiveCursor,
    to writer: inout any ResponseBodyWriter, on channel: any Channel
  ) async throws {
    var item = first
    var cursor = start
    var text = Array(EventText.opening.utf8)
    while true {
      var isLast = false
      switch item {
      case .line(let message):
        // Here and not where it is read: of several streams, the page must not be told that it has
        // seen what still waits behind this.
        if let sequence = message.sequence { cursor[message.watch] = sequence }
        let id = message.sequence == nil ? nil : cursor.text
        text += EventText.event(message.event, id: id, data: message.data)
      case .quiet: text += EventText.heartbeat.utf8
      case .end(let error):
        isLast = true
        if let error, !(error is LivePipe.Closed) {
          text += EventText.event("error", id: nil, data: ConnectError(error).json())
        }
      }
      // An empty chunk would be the end of the body.
      if !text.isEmpty { try await write(text, to: &writer, on: channel) }
      if isLast { return }
      text.removeAll(keepingCapacity: true)
      item = await pipe.next(within: LiveLimits.heartbeat, on: channel.eventLoop)
    }
  }

  /// Whoever takes nothing for so long is let go; the services let go of it before that, if there is
  /// much to be told.
  private static func write(
    _ text: [UInt8], to writer: inout any ResponseBodyWriter, on channel: any Channel
  ) async throws {
    let stuck = channel.eventLoop.scheduleTask(in: LiveLimits.stuck) {
      channel.close(promise: nil)
    }
    defer { stuck.cancel() }
    try await writer.write(ByteBuffer(bytes: text))
  }
}

/// Limits of live streams.
enum LiveLimits {
  /// Open at once for one person or partner.
  static let streamsEach = 16
  /// Open at once in all: some of the port's connections stay for calls.
  static let streams = 768
  /// The longest silence.
  static let heartbeat: TimeAmount = .seconds(10)
  /// Time for a page to take what was written.
  static let stuck: TimeAmount = .seconds(15)
  /// How long a refusal is waited for before the stream begins.
  static let patience: TimeAmount = .milliseconds(300)
}

extension ConnectError {
  /// Whether the same request cannot do better later. A page's browser gives up on any status but 200,
  /// so only these are one.
  var isFinal: Bool {
    [400, 401, 403, 404, 429, 501].contains(status.code)
  }
}

extension Request {
  /// One parameter of the query as forms write it, where a space is `+` as well as `%20`.
  fileprivate func parameter(_ name: String) -> String? {
    guard let query = uri.query else { return nil }
    return URLComponents(string: "?" + query.replacing("+", with: "%20"))?
      .queryItems?.first { $0.name == name }?.value
  }
}
