// Making tokens: the issuer's for persons and partners, and each service's own, which it renews
// long before they run out.
public import Access
import Crypto
public import Foundation
import JWTKit
import Synchronization

/// A private key and in whose name it signs.
public struct TokenSigner: Sendable {
  public let issuer: String
  private let id: JWKIdentifier
  private let keys: JWTKeyCollection
  private let key: EdDSA.PrivateKey

  init(key: Curve25519.Signing.PrivateKey, id: String, issuer: String) {
    self.issuer = issuer
    self.id = JWKIdentifier(string: id)
    self.key = EdDSA.PrivateKey(backing: key)
    self.keys = JWTKeyCollection()
  }

  /// - Parameters:
  ///   - id: by which the token can be revoked.
  ///   - lifetime: seconds, at most `TokenVerifier.longestLifetime`, for terminals
  ///     `longestTerminalLifetime`.
  public func sign(
    _ principal: Principal, id: String, at now: Date, lifetime: TimeInterval
  ) async throws -> String {
    // Whole seconds, as most libraries write them.
    let start = Date(timeIntervalSince1970: now.timeIntervalSince1970.rounded(.down))
    let claims = TokenClaims(
      principal, issuer: issuer, id: id, from: start, until: start.addingTimeInterval(lifetime))
    return try await sign(claims)
  }

  func sign(_ claims: some JWTPayload) async throws -> String {
    await keys.add(eddsa: key, kid: id)
    return try await keys.sign(claims, kid: id)
  }
}

/// The tokens of one service, signed by itself.
public final class ServiceTokens: Sendable {
  /// Seconds.
  static let lifetime: TimeInterval = 300
  /// Seconds before its end at which a token is replaced.
  private static let margin: TimeInterval = 120

  private let folder: KeyFolder
  private let principal: Principal
  private let clock: @Sendable () -> Date
  private let current = Mutex<(text: String, renewal: Date)?>(nil)

  /// - Parameter service: such as `command`, whose private key must be there.
  /// - Throws: `KeyFolderError`, `ActorError`.
  public init(
    of service: String, keys: KeyFolder, clock: @escaping @Sendable () -> Date
  ) throws {
    self.folder = keys
    self.principal = try Principal(kind: .service, name: service)
    self.clock = clock
    _ = try keys.signer(ofService: service)
  }

  /// A token that is good for a minute at least.
  ///
  /// - Throws: `KeyFolderError` when the key is gone.
  public func token() async throws -> String {
    let now = clock()
    if let current = current.withLock({ $0 }), now < current.renewal,
      current.renewal.timeIntervalSince(now) <= Self.lifetime
    {
      return current.text
    }
    // Read anew each time, so that a rotation needs no restart.
    let signer = try folder.signer(ofService: principal.name)
    let text = try await signer.sign(
      principal, id: UUID().uuidString.lowercased(), at: now, lifetime: Self.lifetime)
    let renewal = now.addingTimeInterval(Self.lifetime - Self.margin)
    current.withLock { $0 = (text, renewal) }
    return text
  }
}
