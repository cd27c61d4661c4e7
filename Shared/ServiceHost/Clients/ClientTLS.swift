// What a client of ours shows, and whom it believes, where it calls by TCP.
import GRPCNIOTransportHTTP2Posix

/// Files, all PEM. Servers of the suite speak TLS 1.3 and nothing older.
public struct ClientTLS: Sendable {
  /// The own certificate, then those between it and its authority.
  public let certificate: String
  public let key: String
  /// Certificates of the authorities of servers.
  public let authorities: String

  public init(certificate: String, key: String, authorities: String) {
    self.certificate = certificate
    self.key = key
    self.authorities = authorities
  }

  var security: HTTP2ClientTransport.Posix.TransportSecurity {
    .mTLS(
      certificateChain: [.file(path: certificate, format: .pem)],
      privateKey: .file(path: key, format: .pem)
    ) { $0.trustRoots = .certificates([.file(path: authorities, format: .pem)]) }
  }
}
