// Where else than on its Unix socket a host listens, as written on the command line.
public import ArgumentParser
import Foundation

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

  /// Whether what is sent there stays on this machine: 127.0.0.0/8 (RFC 1122, 3.2.1.3) and ::1.
  public var isLoopback: Bool {
    isIPv6 ? bytes == [UInt8](repeating: 0, count: 15) + [1] : bytes[0] == 127
  }

  var family: Int32 { isIPv6 ? AF_INET6 : AF_INET }

  func withSocketAddress<R>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> R) -> R {
    func pass<Address>(_ address: Address) -> R {
      withUnsafePointer(to: address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          body($0, socklen_t(MemoryLayout<Address>.size))
        }
      }
    }
    let port = UInt16(port).bigEndian
    if isIPv6 {
      var address = sockaddr_in6()
      address.sin6_family = sa_family_t(AF_INET6)
      address.sin6_port = port
      inet_pton(AF_INET6, host, &address.sin6_addr)
      return pass(address)
    }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port
    inet_pton(AF_INET, host, &address.sin_addr)
    return pass(address)
  }

  /// The same host with the port that a socket is bound to; nil when the system will not say.
  func withPort(of descriptor: Int32) -> TCPAddress? {
    // The port is at the same place in the addresses of both families.
    var address = sockaddr_in6()
    var length = socklen_t(MemoryLayout<sockaddr_in6>.size)
    let result = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        getsockname(descriptor, $0, &length)
      }
    }
    guard result == 0 else { return nil }
    return TCPAddress(host: host, port: Int(UInt16(bigEndian: address.sin6_port)))
  }

  private init(host: String, port: Int) {
    self.host = host
    self.port = port
  }

  private var isIPv6: Bool { Self.isAddress(host, AF_INET6) }

  /// The address as it goes over the wire.
  private var bytes: [UInt8] {
    var bytes = [UInt8](repeating: 0, count: isIPv6 ? 16 : 4)
    inet_pton(family, host, &bytes)
    return bytes
  }

  private static func isAddress(_ text: String, _ family: Int32) -> Bool {
    var address = in6_addr()
    return inet_pton(family, text, &address) == 1
  }
}
