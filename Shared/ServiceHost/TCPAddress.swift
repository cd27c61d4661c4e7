// Where else than on its Unix socket a host listens, as written on the command line.
public import ArgumentParser
import Foundation
import NIOCore

/// `127.0.0.1:7443`, `[::1]:7443` or `localhost:7443`. Port 0 lets the system choose.
public struct TCPAddress: Sendable, Hashable, ExpressibleByArgument, CustomStringConvertible {
  public let host: String
  public let port: Int
  private let address: SocketAddress

  /// - Throws: `HostError.badAddress`.
  public init(parsing text: String) throws {
    guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...])
    else { throw HostError.badAddress(text) }
    var host = String(text[..<colon])
    if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
    if host == "localhost" { host = "127.0.0.1" }
    guard let address = try? SocketAddress(ipAddress: host, port: Int(port)) else {
      throw HostError.badAddress(text)
    }
    self.init(host: host, port: Int(port), address: address)
  }

  public init?(argument: String) {
    try? self.init(parsing: argument)
  }

  public var description: String {
    isIPv6 ? "[\(host)]:\(port)" : "\(host):\(port)"
  }

  /// Whether what is sent there stays on this machine: 127.0.0.0/8 (RFC 1122, 3.2.1.3) and ::1.
  public var isLoopback: Bool {
    isIPv6 ? bytes == [UInt8](repeating: 0, count: 15) + [1] : bytes[0] == 127
  }

  var family: Int32 { isIPv6 ? AF_INET6 : AF_INET }

  func withSocketAddress<R>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> R) -> R {
    address.withSockAddr { body($0, socklen_t($1)) }
  }

  /// The same host with the port that a socket is bound to; nil when the system will not say.
  func withPort(of descriptor: Int32) -> TCPAddress? {
    // Family and port, two bytes each, come first in the addresses of both families.
    var found = [UInt8](repeating: 0, count: 128)
    var length = socklen_t(found.count)
    let result = found.withUnsafeMutableBytes { bytes in
      getsockname(descriptor, bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self), &length)
    }
    let port = Int(found[2]) << 8 | Int(found[3])
    guard result == 0, let address = try? SocketAddress(ipAddress: host, port: port) else {
      return nil
    }
    return TCPAddress(host: host, port: port, address: address)
  }

  private init(host: String, port: Int, address: SocketAddress) {
    self.host = host
    self.port = port
    self.address = address
  }

  private var isIPv6: Bool { address.protocol == .inet6 }

  /// The address as it goes over the wire.
  private var bytes: [UInt8] {
    var bytes = [UInt8](repeating: 0, count: isIPv6 ? 16 : 4)
    inet_pton(family, host, &bytes)
    return bytes
  }
}
