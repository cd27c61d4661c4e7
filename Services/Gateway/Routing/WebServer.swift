// The gateway's HTTP side as a part of the host.

import Foundation
public import GRPCCore
import Hummingbird
import HummingbirdCore
public import Listening
public import Logging
import NIOCore
public import ServiceLifecycle

/// Serves Connect's unary calls on one address.
public struct WebServer<Transport: ClientTransport>: ServiceLifecycle.Service {
  private let routes: ConnectRoutes<Transport>
  private let host: String
  private let port: Int
  private let addressFile: String
  private let tls: ServerTLS?
  private let logger: Logger

  /// - Parameters:
  ///   - port: 0 … 65 535; 0 takes a free one.
  ///   - addressFile: where the address is written once it is known, for whoever asked for a free
  ///     port.
  ///   - tls: nil for plain TCP.
  public init(
    routes: ConnectRoutes<Transport>, host: String, port: Int, addressFile: String,
    tls: ServerTLS?, logger: Logger
  ) {
    self.routes = routes
    self.host = host
    self.port = port
    self.addressFile = addressFile
    self.tls = tls
    self.logger = logger
  }

  public func run() async throws {
    let router = Router(context: WebContext.self)
    routes.add(to: router)
    var quiet = logger
    quiet.logLevel = max(logger.logLevel, .notice)
    let gate = ConnectionGate(limits: .init(), logger: logger)
    let application = Application(
      router: router,
      server: HTTPServerBuilder { responder in
        GatedChannel(responder: responder, tls: tls, gate: gate)
      },
      configuration: .init(address: .hostname(host, port: port), backlog: 1024),
      onServerRunning: { channel in announce(channel.localAddress) }, logger: quiet)
    try await application.run()
  }

  @Sendable private func announce(_ address: SocketAddress?) {
    let text = "\(address?.ipAddress ?? host):\(address?.port ?? port)"
    logger.info("http listening", metadata: ["address": "\(text)"])
    do {
      try "\(text)\n".write(toFile: addressFile, atomically: true, encoding: .utf8)
    } catch {
      logger.warning("http address could not be written down", error: error)
    }
  }
}
