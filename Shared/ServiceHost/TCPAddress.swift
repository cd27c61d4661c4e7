// Where else than on its Unix socket a host listens, as written on the command line.
public import ArgumentParser
import Foundation
import GRPCNIOTransportCore

/// `127.0.0.1:7443`, `[::1]:7443` or `localhost:7443`. Port 0 lets the system choose.
public struct TCPAddress: Sendable, Hashable, ExpressibleByArgument, CustomStringConvertible {
  public let host: String
  public let port: Int

  /// - Throws: `HostError.badAddress`.
  public init(parsing text: String) throws {
    guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...])
    else { throw HostError.badAddress(text) }
    var host = String(text[..<colon])
    if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
    if host == "localhost" { host = "127.0.0.1" }
    self.host = host
    self.port = Int(port)
    guard isIPv6 || Self.isAddress(host, AF_INET) else { throw HostError.badAddress(text) }
  }

  public init?(argument: String) {
    try? self.init(parsing: argument)
  }

  public var description: String {
    isIPv6 ? "[\(host)]:\(port)" : "\(host):\(port)"
  }

  var socketAddress: GRPCNIOTransportCore.SocketAddress {
    isIPv6 ? .ipv6(host: host, port: port) : .ipv4(host: host, port: port)
  }

  private var isIPv6: Bool { Self.isAddress(host, AF_INET6) }

  private static func isAddress(_ text: String, _ family: Int32) -> Bool {
    var address = in6_addr()
    return inet_pton(family, text, &address) == 1
  }
}
