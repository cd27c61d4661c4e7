// Clients for those who have no host of their own (the command line, the gateway, tests).
public import GRPCCore
public import GRPCNIOTransportHTTP2Posix

/// A client of one service, over a Unix socket or TCP.
public typealias ServiceClient = GRPCClient<HTTP2ClientTransport.Posix>

/// Makes clients. They connect when they are run, and reconnect for ever; a call that finds no server
/// fails at once with UNAVAILABLE unless its options say `waitForReady`.
public enum Connection {
  /// Gives the token to send along, anew for each call; the argument is what the call has under
  /// `actorKey`, if anything.
  public typealias TokenSource = @Sendable (_ actor: String?) async throws -> String

  /// Metadata entry for who plays several parts: names the one that this call is made by, such as
  /// `person/zhang.wei`. It is not sent.
  public static let actorKey = "quintet-as"

  /// - Parameters:
  ///   - path: the socket, at most 107 bytes.
  ///   - token: of whoever calls; nil for questions that need none, such as health.
  /// - Throws: `HostError.pathTooLong`.
  public static func unix(path: String, token: TokenSource? = nil) throws -> ServiceClient {
    try unix(path: path, identity: CallIdentity(token: token, isService: false))
  }

  static func unix(path: String, identity: CallIdentity) throws -> ServiceClient {
    try ListeningSocket.check(path: path)
    return try client(
      .unixDomainSocket(path: path, authority: "localhost"), identity, keepalive: nil)
  }

  /// - Parameters:
  ///   - host: a name, an IPv4 or an IPv6 address; by TLS, one that the server's certificate has.
  ///   - tls: nil for plain TCP, which the suite speaks on loopback addresses only.
  public static func tcp(
    host: String, port: Int, tls: ClientTLS? = nil, token: TokenSource? = nil
  ) throws -> ServiceClient {
    try client(
      .dns(host: host, port: port), security: tls?.security ?? .plaintext,
      CallIdentity(token: token, isService: false),
      keepalive: .init(time: .seconds(20), timeout: .seconds(5), allowWithoutCalls: false))
  }

  /// Runs the client's connections for as long as the body takes.
  public static func with<R: Sendable>(
    _ client: ServiceClient, _ body: (ServiceClient) async throws -> R
  ) async throws -> R {
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await client.runConnections() }
      do {
        let result = try await body(client)
        client.beginGracefulShutdown()
        try await group.waitForAll()
        return result
      } catch {
        group.cancelAll()
        throw error
      }
    }
  }

  private static func client(
    _ target: any ResolvableTarget,
    security: HTTP2ClientTransport.Posix.TransportSecurity = .plaintext, _ identity: CallIdentity,
    keepalive: HTTP2ClientTransport.Config.Keepalive?
  ) throws -> ServiceClient {
    let transport = try HTTP2ClientTransport.Posix(
      target: target, transportSecurity: security,
      config: .defaults { config in
        // A local service that restarts is back within milliseconds; grpc's default is a second.
        config.backoff = .init(
          initial: .milliseconds(12), max: .seconds(1), multiplier: 1.6, jitter: 0.5)
        config.connection.maxIdleTime = nil
        config.connection.keepalive = keepalive
      })
    return GRPCClient(transport: transport, interceptors: [identity])
  }
}
