// Opening a byte port, and telling who a terminal is.
import Access
public import ArgumentParser
import Credentials
import Foundation
import Listening
import Logging
import Wire

/// Where else than on its Unix socket the terminal port listens. Use it as an `@OptionGroup`.
public struct TerminalPortOptions: ParsableArguments, Sendable {
  @Option(
    name: .customLong("terminal-port"),
    help: """
      终端监听地址，缺省只用套接字 / HOST:PORT for terminals besides the socket. \
      [$QUINTET_TERMINAL_PORT]
      """)
  var portFlag: TCPAddress?

  public init() {}

  /// - Throws: `HostError.badAddress`.
  func port() throws -> TCPAddress? {
    if let portFlag { return portFlag }
    let text = ProcessInfo.processInfo.environment["QUINTET_TERMINAL_PORT"] ?? ""
    return text.isEmpty ? nil : try TCPAddress(parsing: text)
  }
}

extension ServiceHost {
  /// Binds `<run-dir>/<name>.sock`, and the TCP address of `options` where one is given: plain on
  /// loopback, else behind TLS 1.3. Run what is returned beside the services.
  /// - Throws: `HostError`; `ListeningError`.
  public func bytePort(
    _ name: String, options port: TerminalPortOptions, tls: TLSOptions,
    limits: ByteLimits = ByteLimits(), open: @escaping @Sendable (ByteConnection) -> ByteLine
  ) throws -> BytePort {
    let address = try port.port()
    let secured = try address.map { address in (address, try tls.terminals(on: address)) }
    let socket = try ListeningSocket(path: options.socketPath(of: name))
    return BytePort(
      name: name, socket: socket,
      tcp: try secured.map { (try TCPListeningSocket($0.0), $0.1) }, limits: limits,
      logger: logger, open: open)
  }

  /// The code of the terminal that a token was issued to.
  /// - Throws: `Failure` UNAUTHENTICATED, or PERMISSION_DENIED for whoever is no terminal.
  public func terminal(ofToken text: String) throws -> String {
    let principal: Principal
    do { principal = try gate.verifier.verify(text, at: clock()).principal } catch {
      throw Failure(error)
    }
    guard principal.kind == .terminal else { throw Failure(Policy.Refusal.roleNotAllowed) }
    return principal.name
  }
}
