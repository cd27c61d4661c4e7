// The flags of every listener on TCP, each also settable by environment.
public import ArgumentParser
import Foundation
public import Listening

/// The certificate of the listeners on TCP, and who may come in by gRPC. Use it as an `@OptionGroup`.
public struct TLSOptions: ParsableArguments, Sendable {
  @Option(
    name: .customLong("tls-certificate"),
    help: "TLS 证书链（PEM）/ PEM file of the own certificate chain. [$QUINTET_TLS_CERTIFICATE]")
  var certificateFlag: String?

  @Option(
    name: .customLong("tls-key"),
    help: "TLS 私钥（PEM）/ PEM file of the private key. [$QUINTET_TLS_KEY]")
  var keyFlag: String?

  @Option(
    name: .customLong("tls-clients-ca"),
    help: """
      gRPC 客户端证书的签发机构（PEM）/ PEM file of the authorities of gRPC clients. \
      [$QUINTET_TLS_CLIENTS_CA]
      """)
  var clientsAuthorityFlag: String?

  @Option(
    name: .customLong("tls-allow-list"),
    help: """
      可连接的证书名称，每行一个 / File of the names of gRPC clients, one a line: DNS:name or \
      URI:name. [$QUINTET_TLS_ALLOW_LIST]
      """)
  var allowListFlag: String?

  public init() {}

  var certificate: String? { certificateFlag ?? Self.environment("QUINTET_TLS_CERTIFICATE") }
  var key: String? { keyFlag ?? Self.environment("QUINTET_TLS_KEY") }
  var clientsAuthority: String? {
    clientsAuthorityFlag ?? Self.environment("QUINTET_TLS_CLIENTS_CA")
  }
  var allowList: String? { allowListFlag ?? Self.environment("QUINTET_TLS_ALLOW_LIST") }

  /// As flags, for a process that is started with the same.
  public var arguments: [String] {
    [
      ("--tls-certificate", certificate), ("--tls-key", key),
      ("--tls-clients-ca", clientsAuthority), ("--tls-allow-list", allowList),
    ].flatMap { flag, value in value.map { [flag, $0] } ?? [] }
  }

  /// For a listener whose clients show no certificate: the gateway's HTTP.
  ///
  /// - Returns: nil for plain TCP, which only a loopback address may have.
  /// - Throws: `ListeningError`.
  public func web(on address: TCPAddress) throws(ListeningError) -> ServerTLS? {
    try server(on: address, clients: nil, protocols: ["http/1.1"])
  }

  /// For a listener of terminals, who show a token and no certificate.
  ///
  /// - Returns: nil for plain TCP, which only a loopback address may have.
  /// - Throws: `ListeningError`.
  func terminals(on address: TCPAddress) throws(ListeningError) -> ServerTLS? {
    try server(on: address, clients: nil, protocols: ["quintet-terminal/1"])
  }

  /// For a listener whose clients must show a certificate with a name on the list.
  ///
  /// - Returns: nil for plain TCP, which only a loopback address may have.
  /// - Throws: `ListeningError`.
  func mutual(on address: TCPAddress) throws(ListeningError) -> ServerTLS? {
    var clients: ServerTLS.Clients?
    if let clientsAuthority, let allowList {
      clients = .init(authorities: clientsAuthority, allowList: allowList)
    } else if certificate != nil {
      throw .clientsUnknown(address: address.description)
    }
    return try server(on: address, clients: clients, protocols: ["h2"])
  }

  private func server(
    on address: TCPAddress, clients: ServerTLS.Clients?, protocols: [String]
  ) throws(ListeningError) -> ServerTLS? {
    switch (certificate, key) {
    case (let certificate?, let key?):
      return try ServerTLS(
        certificate: certificate, key: key, clients: clients, protocols: protocols)
    case (nil, nil):
      guard address.isLoopback else { throw .plainTCP(address: address.description) }
      return nil
    default:
      throw .certificateWithoutKey
    }
  }

  private static func environment(_ name: String) -> String? {
    let value = ProcessInfo.processInfo.environment[name]
    return value?.isEmpty == false ? value : nil
  }
}

/// Where else than on its Unix socket a process serves gRPC. Use it as an `@OptionGroup`.
public struct ListenerOptions: ParsableArguments, Sendable {
  @Option(help: "gRPC 监听地址，缺省只用套接字 / HOST:PORT for gRPC besides the socket.")
  public var grpc: TCPAddress?

  @OptionGroup public var tls: TLSOptions

  public init() {}

  /// For `ServiceHost.run`.
  ///
  /// - Throws: `ListeningError`.
  public func listeners() throws(ListeningError) -> [TCPListener] {
    guard let grpc else { return [] }
    return [try TCPListener(grpc, tls: tls)]
  }
}

/// A TCP address that serves gRPC, and how.
public struct TCPListener: Sendable {
  let address: TCPAddress
  /// Nil for plain TCP.
  let tls: ServerTLS?

  /// - Throws: `ListeningError`, also where plain TCP would leave the machine.
  public init(_ address: TCPAddress, tls options: TLSOptions) throws(ListeningError) {
    self.address = address
    self.tls = try options.mutual(on: address)
  }
}
