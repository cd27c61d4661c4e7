// Why a token is not taken: told to its bearer in words that say what to do and nothing of what exists.

/// A token that lets nobody in. The raw value is the reason on the wire.
public enum TokenError: String, Error, Sendable, Hashable, CaseIterable {
  case required = "TOKEN_REQUIRED"
  case malformed = "TOKEN_MALFORMED"
  case tooLong = "TOKEN_TOO_LONG"
  case expired = "TOKEN_EXPIRED"
  case notYetValid = "TOKEN_NOT_YET_VALID"
  case lifetime = "TOKEN_LIFETIME"
  case audience = "TOKEN_AUDIENCE"
  case issuer = "TOKEN_ISSUER"
  case keyUnknown = "TOKEN_KEY_UNKNOWN"
  case signature = "TOKEN_SIGNATURE"
  case algorithm = "TOKEN_ALGORITHM"
  case revoked = "TOKEN_REVOKED"
  case subject = "TOKEN_SUBJECT"

  /// For people; Chinese first.
  public var sentence: String {
    switch self {
    case .required:
      "请先登录：请求须带 authorization: Bearer 令牌。"
        + "Sign in first: send the metadata entry authorization: Bearer TOKEN, once."
    case .malformed:
      "令牌无法读取，请重新登录。The token cannot be read; sign in again."
    case .tooLong:
      "令牌过长，最多 8 KiB。The token is too long; at most 8 KiB are taken."
    case .expired:
      "令牌已过期，请重新登录。The token has run out; sign in again."
    case .notYetValid:
      "令牌尚未生效，请校准时钟后重新登录。"
        + "The token is not valid yet; set the clock right and sign in again."
    case .lifetime:
      "令牌有效期过长，最多 12 小时。The token is valid for too long; at most 12 hours are taken."
    case .audience:
      "令牌不是发给本系统的，请重新登录。The token is meant for another system; sign in to this one."
    case .issuer:
      "令牌的签发方不被接受，请向管理员申领。"
        + "Tokens of this issuer are not taken; ask the administrator for one."
    case .keyUnknown:
      "签发令牌的密钥不被接受，请重新登录。"
        + "The key that signed the token is not accepted; sign in again."
    case .signature:
      "令牌签名不符，请重新登录。The token's signature does not fit; sign in again."
    case .algorithm:
      "令牌须以 EdDSA 或 ES256 签名。Tokens must be signed with EdDSA or ES256."
    case .revoked:
      "令牌已被吊销，请联系管理员。The token was revoked; ask the administrator."
    case .subject:
      "令牌不能用于此身份。The token cannot be used for this identity."
    }
  }
}
