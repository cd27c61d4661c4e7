// TLS of a listener, the same for gRPC and HTTP: version 1.3 and nothing older, and where both sides
// must show who they are, a name that is on the list. grpc-swift's own settings begin at 1.2 and know
// no names of clients, so the engine below it is set here.
import Foundation
public import Logging
public import NIOCore
import NIOSSL
import NIOTLS

/// The certificate of a listener, and whom it lets in. Files are read once, at the start.
public struct ServerTLS: Sendable {
  private let context: NIOSSLContext
  private let allowList: AllowList?

  /// Whom a listener lets in: bearers of a certificate that one of these authorities issued, with one
  /// of these names in it.
  public struct Clients: Sendable {
    /// PEM file of certificates.
    public let authorities: String
    /// File that `AllowList` reads.
    public let allowList: String

    public init(authorities: String, allowList: String) {
      self.authorities = authorities
      self.allowList = allowList
    }
  }

  /// - Parameters:
  ///   - certificate: PEM file: the own certificate, then those between it and its authority.
  ///   - key: PEM file of its private key, which no others but owner and group may read.
  ///   - clients: nil where clients need no certificate.
  ///   - protocols: what is spoken inside, as registered for ALPN (RFC 7301), such as `h2`.
  /// - Throws: `ListeningError`.
  public init(
    certificate: String, key: String, clients: Clients?, protocols: [String]
  ) throws(ListeningError) {
    try Self.requirePrivate(key)
    let chain = try Self.read(certificate) { try NIOSSLCertificate.fromPEMFile($0) }
    let ownKey = try Self.read(key) { try NIOSSLPrivateKey(file: $0, format: .pem) }
    var configuration = TLSConfiguration.makeServerConfiguration(
      certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(ownKey))
    configuration.minimumTLSVersion = .tlsv13
    configuration.applicationProtocols = protocols
    if let clients {
      let authorities = try Self.read(clients.authorities) {
        try NIOSSLCertificate.fromPEMFile($0)
      }
      guard !authorities.isEmpty else {
        throw .badFile(path: clients.authorities, problem: "no certificates")
      }
      configuration.trustRoots = .certificates(authorities)
      // Clients have no host name to be compared with: the list says which names come in.
      configuration.certificateVerification = .noHostnameVerification
      allowList = try AllowList(file: clients.allowList)
    } else {
      allowList = nil
    }
    do {
      context = try NIOSSLContext(configuration: configuration)
    } catch {
      throw .badFile(path: certificate, problem: "\(error)")
    }
  }

  /// To be called before anything else is added to a connection that was accepted.
  public func addHandlers(to channel: any Channel, logger: Logger) throws {
    let pipeline = channel.pipeline.syncOperations
    try pipeline.addHandler(NIOSSLServerHandler(context: context))
    if let allowList {
      try pipeline.addHandler(ClientNameCheck(allowList: allowList, logger: logger))
    }
  }

  private static func read<R>(
    _ path: String, _ body: (String) throws -> R
  ) throws(ListeningError) -> R {
    guard FileManager.default.isReadableFile(atPath: path) else {
      throw .unreadable(path: path)
    }
    do { return try body(path) } catch { throw .badFile(path: path, problem: "\(error)") }
  }

  private static func requirePrivate(_ path: String) throws(ListeningError) {
    var status = stat()
    guard stat(path, &status) == 0 else { throw .unreadable(path: path) }
    guard status.st_mode & 0o007 == 0 else { throw .keyIsPublic(path: path) }
  }
}

/// Ends a connection whose certificate names nobody on the list, before a byte of it is read.
private final class ClientNameCheck: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let allowList: AllowList
  private let logger: Logger
  private var isAdmitted = false

  init(allowList: AllowList, logger: Logger) {
    self.allowList = allowList
    self.logger = logger
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case TLSUserEvent.handshakeCompleted = event {
      let names = Self.names(context)
      isAdmitted = allowList.admits(names)
      guard isAdmitted else {
        logger.warning(
          "a client that is not on the list was turned away",
          metadata: ["names": .array(names.map { .string($0) })])
        return context.close(promise: nil)
      }
    }
    context.fireUserInboundEventTriggered(event)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    if isAdmitted { context.fireChannelRead(data) }
  }

  /// As a list has them: `DNS:…` and `URI:…`.
  private static func names(_ context: ChannelHandlerContext) -> [String] {
    // Without a certificate the handshake does not complete, and without names nobody is admitted.
    guard
      let certificate = try? context.pipeline.syncOperations.nioSSL_peerCertificate()
    else { return [] }
    return certificate._subjectAlternativeNames().compactMap { name in
      let text = String(decoding: name.contents, as: UTF8.self)
      return switch name.nameType {
      case .dnsName: "DNS:\(text)"
      case .uri: "URI:\(text)"
      default: nil
      }
    }
  }
}
