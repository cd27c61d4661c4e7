// The gateway's HTTP side as a part of the host.

import Foundation
public import GRPCCore
import Hummingbird
import HummingbirdCore
public import Listening
public import Logging
import NIOCore
public import ServiceLifecycle

/// What the HTTP port serves.
public struct WebRoutes<Transport: ClientTransport>: Sendable {
  public let calls: ConnectRoutes<Transport>
  public let live: LiveRoutes<Transport>
  public let session: SessionRoutes
  /// nil where there are no pages.
  public let pages: WebFolder?
  public let site: Site

  public init(
    calls: ConnectRoutes<Transport>, live: LiveRoutes<Transport>, session: SessionRoutes,
    pages: WebFolder?, site: Site
  ) {
    self.calls = calls
    self.live = live
    self.session = session
    self.pages = pages
    self.site = site
  }

  func router() -> Router<WebContext> {
    let router = Router(context: WebContext.self)
    router.add(middleware: StrictHeaders(tiles: site.tiles))
    if let pages { router.add(middleware: Pages(folder: pages)) }
    calls.add(to: router)
    live.add(to: router)
    session.add(to: router)
    router.get("/site.json") { _, _ in site.response }
    return router
  }
}

/// Serves calls, live streams and pages on one address.
public struct WebServer<Transport: ClientTransport>: ServiceLifecycle.Service {
  private let routes: WebRoutes<Transport>
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
    routes: WebRoutes<Transport>, host: String, port: Int, addressFile: String,
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
    var quiet = logger
    quiet.logLevel = max(logger.logLevel, .notice)
    let gate = ConnectionGate(limits: .init(), logger: logger)
    let application = Application(
      router: routes.router(),
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
