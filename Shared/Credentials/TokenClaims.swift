// What a token says of its bearer: the claims of RFC 7519, and beside them the parts played, the
// areas, and the seat held during the shift.
public import Access
public import Foundation
public import JWTKit

/// The claims of an access token. Times are seconds since 1970, as JWT has them.
public struct TokenClaims: JWTPayload {
  /// Whom services take tokens for.
  public static let audience = "quintet"

  public var iss: IssuerClaim
  /// `person/…`, `partner/…`, `service/…` or `terminal/…`.
  public var sub: SubjectClaim
  public var aud: TokenAudience
  public var exp: ExpirationClaim
  /// OpenID providers leave it out.
  public var nbf: NotBeforeClaim?
  public var iat: IssuedAtClaim
  /// By which a token is revoked.
  public var jti: IDClaim
  /// Names of `Role`. One that this version does not know grants nothing.
  public var roles: [String]?
  public var partnerKind: String?
  public var areas: [String]?
  public var seat: String?
  public var dutyFrom: Double?
  public var dutyUntil: Double?
  /// OpenID Connect Core 1.0, section 5.1.
  public var familyName: String?
  /// Calls a second that the issuer allows the bearer instead of what everybody may.
  public var callRate: Double?

  enum CodingKeys: String, CodingKey {
    case iss, sub, aud, exp, nbf, iat, jti, roles, areas, seat
    case partnerKind = "partner_kind"
    case dutyFrom = "duty_from"
    case dutyUntil = "duty_until"
    case familyName = "family_name"
    case callRate = "call_rate"
  }

  public init(
    _ principal: Principal, issuer: String, id: String, from start: Date, until end: Date
  ) {
    iss = IssuerClaim(value: issuer)
    sub = SubjectClaim(value: principal.actor)
    aud = TokenAudience([Self.audience])
    exp = ExpirationClaim(value: end)
    nbf = NotBeforeClaim(value: start)
    iat = IssuedAtClaim(value: start)
    jti = IDClaim(value: id)
    roles = principal.roles.sorted().map(\.rawValue)
    partnerKind = principal.partnerKind?.rawValue
    areas = principal.areas.sorted()
    seat = principal.seat
    dutyFrom = principal.duty?.lowerBound.timeIntervalSince1970
    dutyUntil = principal.duty?.upperBound.timeIntervalSince1970
    familyName = principal.familyName
    callRate = principal.callRate
  }

  /// Signature only. Time, issuer, audience and revocation are judged by whoever takes the token,
  /// with a clock of their own.
  public func verify(using algorithm: some JWTAlgorithm) async throws {}

  /// - Throws: `ActorError` when the subject is no actor.
  public func principal() throws(ActorError) -> Principal {
    var principal = try Principal(parsing: sub.value)
    // A service has the one role that comes with being one, and a token gives nobody else that role.
    // A terminal plays none.
    if principal.kind == .service || principal.kind == .terminal { return principal }
    principal.roles = Set((roles ?? []).compactMap(Role.init)).subtracting([.service])
    principal.partnerKind = partnerKind.flatMap(PartnerKind.init)
    principal.areas = Set(areas ?? [])
    principal.seat = seat
    principal.familyName = familyName.map { String($0.prefix(40)) }
    if let dutyFrom, let dutyUntil, dutyFrom < dutyUntil {
      principal.duty =
        Date(timeIntervalSince1970: dutyFrom)..<Date(timeIntervalSince1970: dutyUntil)
    }
    if let callRate, callRate > 0 { principal.callRate = callRate }
    return principal
  }
}

/// Whom a token is for: one name or a list of them. JWTKit's own type ends the process at an empty
/// list.
public struct TokenAudience: Sendable, Hashable, Codable {
  public let names: [String]

  public init(_ names: [String]) { self.names = names }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let name = try? container.decode(String.self) {
      names = [name]
    } else {
      names = try container.decode([String].self)
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if names.count == 1 { try container.encode(names[0]) } else { try container.encode(names) }
  }
}
