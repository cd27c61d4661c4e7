// 上席凭证: what a taken seat allows, as duty signs it. It is no token: its audience is another, and a
// service's key signs for nobody else's tokens. Whoever issues tokens makes one of it, and so gives
// what the roster says instead of what somebody typed.
public import Access
import Crypto
public import Foundation
import JWTKit

/// Who may act in which seat, and until when.
public struct SeatGrant: Sendable, Hashable {
  /// Becomes the id of every token made of it: to revoke one is to revoke all.
  public let id: String
  /// `person/…`
  public let actor: String
  public let seat: String
  /// Name of a `Role`.
  public let role: String
  /// Id of an organisational unit, or `*`.
  public let area: String
  public let from: Date
  /// End of the shift and of the grace after it.
  public let until: Date

  public init(
    id: String, actor: String, seat: String, role: String, area: String, from: Date, until: Date
  ) {
    self.id = id
    self.actor = actor
    self.seat = seat
    self.role = role
    self.area = area
    self.from = from
    self.until = until
  }

  /// Whom grants are for: nobody who takes tokens.
  static let audience = "quintet-seat-grant"
  /// The only service whose grants count.
  public static let issuer = "duty"

  struct Claims: JWTPayload {
    var iss: IssuerClaim
    var sub: SubjectClaim
    var aud: TokenAudience
    var exp: ExpirationClaim
    var iat: IssuedAtClaim
    var jti: IDClaim
    var seat: String
    var role: String
    var area: String
    var dutyFrom: Double

    enum CodingKeys: String, CodingKey {
      case iss, sub, aud, exp, iat, jti, seat, role, area
      case dutyFrom = "duty_from"
    }

    /// Judged by whoever takes it, with a clock of their own.
    func verify(using algorithm: some JWTAlgorithm) async throws {}
  }

  /// What whoever holds the seat is to whoever judges calls.
  /// - Throws: `ActorError`, `SeatGrantError.malformed`.
  public func principal() throws -> Principal {
    var principal = try Principal(parsing: actor)
    guard principal.kind == .person, let role = Role(rawValue: role), role != .service else {
      throw SeatGrantError.malformed
    }
    principal.roles = [role, .member]
    principal.areas = [area]
    principal.seat = seat
    principal.duty = from..<until
    return principal
  }
}

extension KeyFolder {
  /// Signs a grant with a service's own key.
  /// - Throws: `KeyFolderError`.
  public func sign(
    _ grant: SeatGrant, ofService service: String, at now: Date
  ) async throws -> String {
    let signer = try signer(ofService: service)
    return try await signer.sign(
      SeatGrant.Claims(
        iss: IssuerClaim(value: signer.issuer), sub: SubjectClaim(value: grant.actor),
        aud: TokenAudience([SeatGrant.audience]),
        exp: ExpirationClaim(value: grant.until.wholeSecond),
        iat: IssuedAtClaim(value: now.wholeSecond), jti: IDClaim(value: grant.id),
        seat: grant.seat, role: grant.role, area: grant.area,
        dutyFrom: grant.from.timeIntervalSince1970))
  }

  /// Reads a grant, and believes it when duty's key signed it, it has not run out, and the seat has
  /// not been left.
  /// - Throws: `SeatGrantError`; `KeyFileError` when keys cannot be read.
  public func grant(_ text: String, at now: Date) throws -> SeatGrant {
    var sources = KeySources(own: publicKeysPath, provider: nil, revocations: revocationsPath)
    if let (path, problem) = sources.look().problems.first {
      throw KeyFileError(path: path, problem: problem)
    }
    guard text.utf8.count <= TokenVerifier.longestToken, let signed = try? SignedText(text),
      let id = signed.header.kid, let key = sources.keySet.keys[id],
      key.subject == "service/\(SeatGrant.issuer)",
      signed.header.alg == key.verifying.algorithm, signed.header.fields["crit"] == nil,
      key.verifying.isValid(signed.signature, for: signed.signed)
    else { throw SeatGrantError.signature }
    let decoder = JSONDecoder()
    decoder.dateDecodingStrategy = .secondsSince1970
    guard let claims = try? decoder.decode(SeatGrant.Claims.self, from: signed.payload),
      claims.aud.names == [SeatGrant.audience], claims.iss.value == key.subject
    else { throw SeatGrantError.malformed }
    guard now < claims.exp.value else { throw SeatGrantError.over }
    guard !sources.revoked.contains(claims.jti.value) else { throw SeatGrantError.left }
    let from = Date(timeIntervalSince1970: claims.dutyFrom)
    guard from < claims.exp.value else { throw SeatGrantError.malformed }
    return SeatGrant(
      id: claims.jti.value, actor: claims.sub.value, seat: claims.seat, role: claims.role,
      area: claims.area, from: from, until: claims.exp.value)
  }
}

extension Date {
  /// As most libraries write times in tokens.
  fileprivate var wholeSecond: Date {
    Date(timeIntervalSince1970: timeIntervalSince1970.rounded(.down))
  }
}

/// Why a grant is not believed. For the terminal: Chinese first.
public enum SeatGrantError: Error, Sendable, Hashable, CustomStringConvertible {
  case signature, malformed, over, left

  public var description: String {
    switch self {
    case .signature: "上席凭证不是勤务签发的 / The seat grant was not signed by duty"
    case .malformed: "上席凭证无法读取 / The seat grant cannot be read"
    case .over: "班次已结束 / The shift is over"
    case .left: "已离席 / The seat has been left"
    }
  }
}
