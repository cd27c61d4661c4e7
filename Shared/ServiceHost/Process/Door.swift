// How connections come in: on a socket that the host has bound, counted, given little time to make
// sense, and behind TLS where they come from another machine.
import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2Posix
import Listening
import Logging
import NIOCore
import NIOPosix

/// The transport of every listener of a host.
typealias DoorTransport = HTTP2ServerTransport.Custom<Door>

/// Accepts the connections of one listener.
struct Door: HTTP2ServerTransport.ListenerFactory {
  /// Bound and listening; owned by the transport from here on.
  let descriptor: Int32
  /// Nil for Unix sockets and plain TCP.
  let tls: ServerTLS?
  let gate: ConnectionGate
  let logger: Logger

  /// The preface of HTTP/2 and the frame header of the first SETTINGS, in bytes (RFC 9113, 3.4).
  private static let firstSense = 24 + 9

  /// Connections that may wait to be accepted.
  private static let waiting: Int32 = 1024

  var eventLoopGroup: any EventLoopGroup { .singletonMultiThreadedEventLoopGroup }

  func makeListeningChannel(
    listenerConfigurator: HTTP2ServerTransport.ListenerConfigurator,
    connectionConfigurator: HTTP2ServerTransport.ConnectionConfigurator
  ) async throws -> NIOAsyncChannel<
    HTTP2ServerTransport.ConnectionConfigurator.ConnectionChannel, Never
  > {
    let listening = try await ServerBootstrap(group: eventLoopGroup)
      .serverChannelInitializer { listenerConfigurator.configure(channel: $0) }
      .bind(NIOBSDSocket.Handle(descriptor)) { channel in
        channel.eventLoop.makeCompletedFuture {
          try tls?.addHandlers(to: channel, logger: logger)
          try channel.pipeline.syncOperations.addHandler(
            Listener(gate.admit(channel), firstSense: Self.firstSense))
        }.flatMap {
          connectionConfigurator.configure(
            channel: channel, tls: tls == nil ? .none : .configured(requireALPN: true))
        }
      }
    // NIO has listened once more, with a queue that is too short for a crowd: whoever finds it full
    // tries again after a second.
    _ = listen(descriptor, Self.waiting)
    return listening
  }
}
