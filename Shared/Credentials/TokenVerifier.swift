// The gate: from the text of a token to a principal, or to the reason why not. JWTKit reads the
// claims; the signature is checked here, before any claim is believed, for JWTKit falls back to
// another key when a key id is unknown and takes more than one text for the same signature.
public import Access
import Crypto
public import Foundation
import JWTKit
import Synchronization

/// A token that was found good.
public struct VerifiedToken: Sendable, Hashable {
  public let principal: Principal
  /// `jti`.
  public let id: String
  public let issuer: String
  /// From then on it is refused.
  public let expires: Date
}

/// Takes tokens of known keys, whose files it looks at once a second.
public final class TokenVerifier: Sendable {
  /// Bytes.
  public static let longestToken = 8 << 10
  /// Seconds from issue to expiry.
  public static let longestLifetime: TimeInterval = 12 * 3600
  /// The same for a terminal's token: nobody signs in at a pillar, and all it opens is its own line.
  public static let longestTerminalLifetime: TimeInterval = 366 * 24 * 3600
  /// Seconds by which an issuer's clock may be ahead.
  public static let skew: TimeInterval = 5
  /// Good tokens that are remembered.
  static let cacheLimit = 4096

  private struct State {
    var keys: KeySet
    var revoked: Set<String>
    /// Changes with keys and revocations: what was found good before may not be now.
    var generation = 0
    var good: [SHA256.Digest: VerifiedToken] = [:]
    var nextLook: ContinuousClock.Instant
    var nextUrgentLook: ContinuousClock.Instant
  }

  private let issuers: Set<String>
  private let pace: Duration
  private let report: @Sendable (_ path: String, _ problem: String) -> Void
  private let sources: Mutex<KeySources>
  private let state: Mutex<State>

  /// - Parameters:
  ///   - keys: our own JWKS; services' keys are taken from it alone.
  ///   - providerKeys: JWKS of an OpenID provider, for persons and partners.
  ///   - revocations: the file of revoked tokens; need not exist.
  ///   - issuers: whose tokens are taken; a service issues its own.
  ///   - pace: how often the files are looked at. An unknown key id has them looked at at once, at
  ///     most ten times as often.
  ///   - report: told of a file that cannot be read, once for each state of it.
  /// - Throws: `KeyFileError` when keys cannot be read.
  public init(
    keys: String, providerKeys: String? = nil, revocations: String, issuers: Set<String>,
    pace: Duration = .seconds(1),
    report: @escaping @Sendable (_ path: String, _ problem: String) -> Void
  ) throws(KeyFileError) {
    var sources = KeySources(own: keys, provider: providerKeys, revocations: revocations)
    if let (path, problem) = sources.look().problems.first {
      throw KeyFileError(path: path, problem: problem)
    }
    self.issuers = issuers
    self.pace = pace
    self.report = report
    let now = ContinuousClock.now
    self.state = Mutex(
      State(
        keys: sources.keySet, revoked: sources.revoked, nextLook: now + pace, nextUrgentLook: now))
    self.sources = Mutex(sources)
  }

  /// - Parameters:
  ///   - text: the token without `Bearer`.
  ///   - now: the caller's clock.
  public func verify(_ text: String, at now: Date) throws(TokenError) -> VerifiedToken {
    guard !text.isEmpty else { throw .required }
    guard text.utf8.count <= Self.longestToken else { throw .tooLong }
    lookIfDue()
    let digest = SHA256.hash(data: Data(text.utf8))
    let (known, generation) = state.withLock { ($0.good[digest], $0.generation) }
    if let known {
      if now < known.expires { return known }
      state.withLock { _ = $0.good.removeValue(forKey: digest) }
      throw .expired
    }
    let token = try check(SignedText(text), at: now)
    state.withLock { state in
      // A key that was withdrawn while this token was looked at must not leave it remembered.
      guard state.generation == generation else { return }
      if state.good.count >= Self.cacheLimit {
        state.good = state.good.filter { now < $0.value.expires }
        if state.good.count >= Self.cacheLimit { state.good = [:] }
      }
      state.good[digest] = token
    }
    return token
  }

  /// The subject that a token claims, for the record of a refusal: at most 80 characters, not
  /// checked. nil when none can be read.
  public static func claimedSubject(of text: String) -> String? {
    struct Claim: Decodable { let sub: String }
    guard text.utf8.count <= longestToken, let signed = try? SignedText(text),
      let claim = try? JSONDecoder().decode(Claim.self, from: signed.payload)
    else { return nil }
    return String(claim.sub.prefix(80))
  }

  /// The claims as they are written, one a line, not checked; nil when they cannot be read.
  public static func claims(of text: String) -> String? {
    guard text.utf8.count <= longestToken, let signed = try? SignedText(text),
      let object = try? JSONSerialization.jsonObject(with: signed.payload) as? [String: Any]
    else { return nil }
    return object.sorted { $0.key < $1.key }.map { "  \($0.key): \($0.value)" }
      .joined(separator: "\n")
  }

  /// Id and end of a token, not checked: for whoever wants it refused from now on.
  public static func identity(of text: String) -> (id: String, expires: Date)? {
    guard text.utf8.count <= longestToken, let signed = try? SignedText(text),
      let claims = try? signed.claims()
    else { return nil }
    return (claims.jti.value, claims.exp.value)
  }

  // MARK: - One token

  private func check(_ text: SignedText, at now: Date) throws(TokenError) -> VerifiedToken {
    let algorithm = text.header.alg
    guard algorithm == "EdDSA" || algorithm == "ES256" else { throw .algorithm }
    // RFC 7515: whoever does not understand an extension that is called critical must refuse.
    guard text.header.fields["crit"] == nil else { throw .malformed }
    guard let id = text.header.kid, !id.isEmpty else { throw .keyUnknown }
    guard let key = key(id) else { throw .keyUnknown }
    guard key.verifying.algorithm == algorithm else { throw .algorithm }
    guard key.verifying.isValid(text.signature, for: text.signed) else { throw .signature }
    let claims = try text.claims()
    let principal: Principal
    do { principal = try claims.principal() } catch { throw .subject }
    try check(claims, of: principal, signedBy: key, at: now)
    return VerifiedToken(
      principal: principal, id: claims.jti.value, issuer: claims.iss.value,
      expires: claims.exp.value)
  }

  private func check(
    _ claims: TokenClaims, of principal: Principal, signedBy key: KeySet.Key, at now: Date
  ) throws(TokenError) {
    if let subject = key.subject {
      guard principal.actor == subject else { throw .subject }
      guard claims.iss.value == subject else { throw .issuer }
    } else {
      guard principal.kind != .service else { throw .subject }
      guard issuers.contains(claims.iss.value) else { throw .issuer }
    }
    guard claims.aud.names.contains(TokenClaims.audience) else { throw .audience }
    guard !claims.jti.value.isEmpty else { throw .malformed }
    guard now < claims.exp.value else { throw .expired }
    let latestStart = now.addingTimeInterval(Self.skew)
    guard (claims.nbf?.value ?? claims.iat.value) <= latestStart, claims.iat.value <= latestStart
    else { throw .notYetValid }
    let longest =
      principal.kind == .terminal ? Self.longestTerminalLifetime : Self.longestLifetime
    guard claims.exp.value.timeIntervalSince(claims.iat.value) <= longest else {
      throw .lifetime
    }
    guard !state.withLock({ $0.revoked.contains(claims.jti.value) }) else { throw .revoked }
  }

  // MARK: - Files

  private func key(_ id: String) -> KeySet.Key? {
    if let key = state.withLock({ $0.keys.keys[id] }) { return key }
    let now = ContinuousClock.now
    let mayLook = state.withLock { state in
      guard state.nextUrgentLook <= now else { return false }
      state.nextUrgentLook = now + pace / 10
      return true
    }
    guard mayLook else { return nil }
    look()
    return state.withLock { $0.keys.keys[id] }
  }

  private func lookIfDue() {
    let now = ContinuousClock.now
    let isDue = state.withLock { state in
      guard state.nextLook <= now else { return false }
      state.nextLook = now + pace
      return true
    }
    if isDue { look() }
  }

  private func look() {
    let findings = sources.withLock { sources in
      let findings = sources.look()
      if findings.hasChanged {
        // Within the lock of the files, so that an older state never replaces a newer one.
        state.withLock { state in
          state.keys = sources.keySet
          state.revoked = sources.revoked
          state.generation += 1
          state.good = [:]
        }
      }
      return findings
    }
    for (path, problem) in findings.problems { report(path, problem) }
  }
}

/// Keys that are not there or cannot be used.
public struct KeyFileError: Error, Sendable, Hashable, CustomStringConvertible {
  public let path: String
  public let problem: String

  public var description: String {
    "密钥文件 \(path) 无法使用（\(problem)）；首次使用请运行 quintet keys new / "
      + "The file of keys \(path) cannot be used (\(problem)); the first time, run quintet keys new"
  }
}

/// The three parts of a token, none of them believed yet.
struct SignedText {
  let header: JWTHeader
  let payload: Data
  let signature: Data
  /// What the signature is over.
  let signed: Data

  init(_ text: String) throws(TokenError) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 3, let header = Base64URL.decode(parts[0]),
      let payload = Base64URL.decode(parts[1]), let signature = Base64URL.decode(parts[2]),
      let read = try? JSONDecoder().decode(JWTHeader.self, from: header)
    else { throw .malformed }
    self.header = read
    self.payload = payload
    self.signature = signature
    self.signed = Data((parts[0] + "." + parts[1]).utf8)
  }

  func claims() throws(TokenError) -> TokenClaims {
    let decoder = JSONDecoder()
    decoder.dateDecodingStrategy = .secondsSince1970
    do {
      return try decoder.decode(TokenClaims.self, from: payload)
    } catch {
      throw .malformed
    }
  }
}
