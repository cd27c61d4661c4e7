// What the HTTP port takes on at most, and the connections it takes it from.

import GRPCCore
public import Hummingbird
import HummingbirdCore
import Listening
import Logging
import NIOCore
import Wire

/// Limits of the HTTP port besides those of its `ConnectionGate`.
enum WebLimits {
  /// A connection without a request ends after this long.
  static let idleTime: TimeAmount = .seconds(60)
  /// Time from the head of a request to the end of its body.
  static let bodyTime: TimeAmount = .seconds(10)

  static func http(_ seat: Seat) -> HTTP1Channel.Configuration {
    // The headers of a request: as many bytes as a gRPC call may have, in at most 100 fields.
    .init(
      additionalChannelHandlers: [FirstRequest(seat)], idleTimeout: idleTime,
      httpDecoderConfiguration: .init(
        maxHeaderFieldSize: 8 << 10, maxHeaderListSize: 16 << 10, maxHeaderFieldCount: 100))
  }
}

extension Request {
  /// The whole body.
  ///
  /// - Throws: `Failure` MESSAGE_TOO_LARGE.
  func collected(on channel: any Channel, upTo limit: Int) async throws -> [UInt8] {
    // A body that comes drop by drop would hold its connection for ever.
    let tooSlow = channel.eventLoop.scheduleTask(in: WebLimits.bodyTime) {
      channel.close(promise: nil)
    }
    defer { tooSlow.cancel() }
    do {
      let buffer = try await body.collect(upTo: limit)
      return Array(buffer.readableBytesView)
    } catch is NIOTooManyBytesError {
      throw Failure(
        code: .resourceExhausted, reason: "MESSAGE_TOO_LARGE",
        message: "消息不得超过 1 MiB。A message may have at most 1 MiB.")
    }
  }
}

/// What a route knows of a request besides its head and body.
public struct WebContext: RequestContext {
  public var coreContext: CoreRequestContextStorage
  /// The connection that the request came on.
  let channel: any Channel

  public init(source: ApplicationRequestContextSource) {
    coreContext = .init(source: source)
    channel = source.channel
  }
}

/// Connections that are counted and given little time to make sense; behind TLS where there is any.
struct GatedChannel: ServerChildChannel {
  let responder: HTTPChannelHandler.Responder
  let tls: ServerTLS?
  let gate: ConnectionGate

  func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<HTTP1Channel.Value> {
    channel.eventLoop.makeCompletedFuture {
      try tls?.addHandlers(to: channel, logger: logger)
      let seat = gate.admit(channel)
      try channel.pipeline.syncOperations.addHandler(Listener(seat, firstSense: nil))
      return seat
    }.flatMap { seat in
      HTTP1Channel(responder: responder, configuration: WebLimits.http(seat))
        .setup(channel: channel, logger: logger)
    }
  }

  func handle(value: HTTP1Channel.Value, logger: Logger) async {
    await HTTP1Channel(responder: responder).handle(value: value, logger: logger)
  }
}

/// Tells that the head of a request has come. It stands behind the decoder, and what that passes
/// on first is one.
private final class FirstRequest: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = Any

  private let seat: Seat

  init(_ seat: Seat) {
    self.seat = seat
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    seat.madeSense()
    context.fireChannelRead(data)
    context.pipeline.syncOperations.removeHandler(self, promise: nil)
  }
}
