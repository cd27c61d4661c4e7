// Tokens of every kind that somebody could send: good ones, and forgeries made by hand.
import Access
import Crypto
import Foundation
import Synchronization
import Testing

@testable import Credentials

/// A folder of keys that goes away with the test.
final class Keyring: Sendable {
  let folder: KeyFolder
  let now = Date(timeIntervalSince1970: 1_800_000_000)
  private let problems = Mutex<[String]>([])

  init() throws {
    folder = KeyFolder(path: "\(NSTemporaryDirectory())keys-\(UUID().uuidString)")
    #expect(try folder.make(services: ["command", "duty"], at: now))
  }

  deinit { try? FileManager.default.removeItem(atPath: folder.path) }

  /// Told of unreadable files, in order.
  var reported: [String] { problems.withLock { $0 } }

  /// Looks at its files before every token.
  func verifier(provider: String? = nil, issuers: Set<String> = ["quintet"]) throws -> TokenVerifier
  {
    try TokenVerifier(
      keys: folder.publicKeysPath, providerKeys: provider, revocations: folder.revocationsPath,
      issuers: issuers, pace: .zero
    ) { path, _ in self.problems.withLock { $0.append((path as NSString).lastPathComponent) } }
  }

  /// Key id and private key of an owner, such as `issuer` or `command`.
  func key(_ owner: String = "issuer") throws -> (id: String, key: Curve25519.Signing.PrivateKey) {
    let data = try Data(contentsOf: URL(fileURLWithPath: folder.privateKeyPath(of: owner)))
    let key = try JSONDecoder().decode(JSONWebKey.self, from: data)
    let secret = try #require(key.d.flatMap(Base64URL.decode))
    return (
      try #require(key.kid), try Curve25519.Signing.PrivateKey(rawRepresentation: secret)
    )
  }

  /// Claims that are good for 15 minutes; a change to nil leaves one out.
  func claims(_ changes: [String: Any?] = [:]) -> [String: Any] {
    let start = now.timeIntervalSince1970
    var claims: [String: Any] = [
      "iss": "quintet", "sub": "person/zhang.wei", "aud": "quintet", "iat": start, "nbf": start,
      "exp": start + 900, "jti": UUID().uuidString, "roles": ["dispatcher"],
    ]
    for (name, value) in changes { claims[name] = value }
    return claims
  }

  /// A token signed by the owner's key; the header says what it is told.
  func token(
    _ changes: [String: Any?] = [:], owner: String = "issuer", header: [String: Any?] = [:]
  ) throws -> String {
    let (id, key) = try key(owner)
    return try Self.compact(
      header: ["alg": "EdDSA", "typ": "JWT", "kid": id].merging(header.compactMapValues { $0 }) {
        $1
      }.filter { header[$0.key].map { $0 != nil } ?? true },
      claims: claims(changes)
    ) { try key.signature(for: $0) }
  }

  static func compact(
    header: [String: Any], claims: [String: Any], sign: (Data) throws -> Data
  ) throws -> String {
    let parts = try [header, claims].map {
      Base64URL.encode(try JSONSerialization.data(withJSONObject: $0))
    }
    let signed = parts.joined(separator: ".")
    return "\(signed).\(Base64URL.encode(try sign(Data(signed.utf8))))"
  }

  /// Writes the set of public keys anew, changed.
  func rewriteKeys(_ change: (inout [[String: Any]]) throws -> Void) throws {
    let url = URL(fileURLWithPath: folder.publicKeysPath)
    var set = try #require(
      JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [String: Any])
    var keys = try #require(set["keys"] as? [[String: Any]])
    try change(&keys)
    set["keys"] = keys
    try JSONSerialization.data(withJSONObject: set).write(to: url, options: .atomic)
  }
}
