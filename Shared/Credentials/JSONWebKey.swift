// Keys as RFC 7517 writes them: our own, and those of an OpenID provider, of which only what can be
// used here is read. Members that are unknown are passed over, and so are keys of other kinds.
import Crypto
import Foundation

/// One key of a JWKS, or a private key's file.
struct JSONWebKey: Codable, Sendable {
  var kty: String
  var crv: String?
  var kid: String?
  var use: String?
  var alg: String?
  var x: String?
  var y: String?
  /// Present in a private key only.
  var d: String?
  /// Ours: the one subject that the key signs for, such as `service/command`.
  var subject: String?
  /// Ours: when a newer key took its place, in seconds since 1970.
  var retired: Double?

  enum CodingKeys: String, CodingKey {
    case kty, crv, kid, use, alg, x, y, d
    case subject = "quintet_sub"
    case retired = "quintet_retired"
  }

  init(ed25519 key: Curve25519.Signing.PrivateKey, id: String, subject: String?) {
    kty = "OKP"
    crv = "Ed25519"
    kid = id
    use = "sig"
    alg = "EdDSA"
    x = Base64URL.encode(key.publicKey.rawRepresentation)
    d = Base64URL.encode(key.rawRepresentation)
    self.subject = subject
  }

  var published: JSONWebKey {
    var key = self
    key.d = nil
    return key
  }
}

/// A list of keys, of which those that cannot be read are left out: one odd key of a provider's
/// must not lock everybody out.
struct JSONWebKeySet: Codable, Sendable {
  var keys: [JSONWebKey]

  private enum CodingKeys: String, CodingKey { case keys }

  private struct Lenient: Decodable {
    let key: JSONWebKey?
    init(from decoder: any Decoder) { key = try? JSONWebKey(from: decoder) }
  }

  init(keys: [JSONWebKey]) { self.keys = keys }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    keys = try container.decode([Lenient].self, forKey: .keys).compactMap(\.key)
  }
}

/// A public key that signatures are checked with.
enum VerifyingKey: Sendable {
  case ed25519(Curve25519.Signing.PublicKey)
  case p256(P256.Signing.PublicKey)

  /// nil for a key that signs nothing we take.
  init?(_ key: JSONWebKey) {
    guard key.use == nil || key.use == "sig", let x = key.x.flatMap(Base64URL.decode) else {
      return nil
    }
    switch (key.kty, key.crv) {
    case ("OKP", "Ed25519"):
      guard key.alg == nil || key.alg == "EdDSA" || key.alg == "Ed25519",
        let made = try? Curve25519.Signing.PublicKey(rawRepresentation: x)
      else { return nil }
      self = .ed25519(made)
    case ("EC", "P-256"):
      guard key.alg == nil || key.alg == "ES256", x.count == 32,
        let y = key.y.flatMap(Base64URL.decode), y.count == 32,
        let made = try? P256.Signing.PublicKey(rawRepresentation: x + y)
      else { return nil }
      self = .p256(made)
    default:
      return nil
    }
  }

  /// As a token's header names it.
  var algorithm: String {
    switch self {
    case .ed25519: "EdDSA"
    case .p256: "ES256"
    }
  }

  func isValid(_ signature: Data, for signed: Data) -> Bool {
    switch self {
    case .ed25519(let key):
      return key.isValidSignature(signature, for: signed)
    case .p256(let key):
      guard let signature = try? P256.Signing.ECDSASignature(rawRepresentation: signature) else {
        return false
      }
      return key.isValidSignature(signature, for: signed)
    }
  }
}

/// Base 64 of RFC 7515: without padding, and in the one form that each text has. Decoders that let
/// the last bits be anything would take a changed token for a good one.
enum Base64URL {
  static func encode(_ data: Data) -> String {
    data.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
      .replacing("=", with: "")
  }

  static func decode(_ text: some StringProtocol) -> Data? {
    var padded = String(text).replacing("-", with: "+").replacing("_", with: "/")
    padded += String(repeating: "=", count: (4 - padded.utf8.count % 4) % 4)
    guard let data = Data(base64Encoded: padded), encode(data) == text else { return nil }
    return data
  }
}
