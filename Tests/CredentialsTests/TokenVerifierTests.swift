// Who is not let in, each for the reason that belongs to it.
import Access
import Crypto
import Foundation
import Testing

@testable import Credentials

@Suite struct TokenVerifierTests {
  private func refusal(
    _ token: String, _ verifier: TokenVerifier, at now: Date
  ) -> TokenError? {
    do {
      _ = try verifier.verify(token, at: now)
      return nil
    } catch {
      return error
    }
  }

  @Test func aGoodTokenShowsWhoBearsItAndUntilWhen() throws {
    let ring = try Keyring()
    let token = try ring.token([
      "jti": "t-1", "areas": ["org_1"], "seat": "unit_1",
      "exp": ring.now.timeIntervalSince1970 + 60,
    ])
    let found = try ring.verifier().verify(token, at: ring.now)
    #expect(found.principal.actor == "person/zhang.wei")
    #expect(found.principal.roles == [.dispatcher])
    #expect(found.principal.areas == ["org_1"] && found.principal.seat == "unit_1")
    #expect(found.id == "t-1" && found.issuer == "quintet")
    #expect(found.expires == ring.now.addingTimeInterval(60))
  }

  /// Nobody signs in at a pillar. What it says of roles counts for nothing.
  @Test func aTerminalsTokenLastsAYearAndGivesNoRoles() throws {
    let ring = try Keyring()
    let start = ring.now.timeIntervalSince1970
    let token = try ring.token([
      "sub": "terminal/pillar-017", "exp": start + 366 * 86_400, "areas": ["*"],
    ])
    let found = try ring.verifier().verify(token, at: ring.now)
    #expect(found.principal.kind == .terminal && found.principal.name == "pillar-017")
    #expect(found.principal.roles.isEmpty && found.principal.areas.isEmpty)
    let later = ring.now.addingTimeInterval(365 * 86_400)
    #expect(refusal(token, try ring.verifier(), at: later) == nil)
    // Revoked by its id alone it stays so for as long as it might have lasted.
    try ring.folder.revoke(found.id, expires: nil, at: ring.now)
    #expect(refusal(token, try ring.verifier(), at: later) == .revoked)
  }

  @Test func eachFaultHasItsReason() throws {
    let ring = try Keyring()
    let verifier = try ring.verifier()
    let start = ring.now.timeIntervalSince1970
    let good = try ring.token()
    let parts = good.split(separator: ".").map(String.init)
    let command: [String: Any?] = ["iss": "service/command", "sub": "service/command"]
    let cases: [(String, String, TokenError)] = [
      ("nothing", "", .required),
      ("no token", "hello", .malformed),
      ("two parts", parts[0] + "." + parts[1], .malformed),
      ("four parts", good + ".x", .malformed),
      ("padding", good + "=", .malformed),
      ("claims that are no object", try ring.signing("[]"), .malformed),
      ("no time", try ring.token(["exp": nil as Any?]), .malformed),
      ("no id", try ring.token(["jti": nil as Any?]), .malformed),
      ("an empty id", try ring.token(["jti": ""]), .malformed),
      ("an extension called critical", try ring.token(header: ["crit": ["b64"]]), .malformed),
      ("8 KiB and more", try ring.token(["seat": String(repeating: "x", count: 8192)]), .tooLong),
      ("over", try ring.token(["exp": start]), .expired),
      ("from tomorrow", try ring.token(["nbf": start + 86_400]), .notYetValid),
      (
        "issued tomorrow", try ring.token(["iat": start + 86_400, "exp": start + 90_000]),
        .notYetValid
      ),
      ("13 hours", try ring.token(["exp": start + 13 * 3600]), .lifetime),
      (
        "a terminal's for 367 days",
        try ring.token(["sub": "terminal/p", "exp": start + 367 * 86_400]), .lifetime
      ),
      ("another audience", try ring.token(["aud": "payroll"]), .audience),
      ("other audiences", try ring.token(["aud": ["a", "b"]]), .audience),
      ("no audience at all", try ring.token(["aud": [String]()]), .audience),
      ("another issuer", try ring.token(["iss": "elsewhere"]), .issuer),
      ("no key id", try ring.token(header: ["kid": nil as Any?]), .keyUnknown),
      ("an unknown key", try ring.token(header: ["kid": "issuer-2"]), .keyUnknown),
      ("a path", try ring.token(header: ["kid": "../private/issuer.jwk"]), .keyUnknown),
      (
        "an absolute path", try ring.token(header: ["kid": ring.folder.publicKeysPath]), .keyUnknown
      ),
      ("another's key id", try ring.token(header: ["kid": try ring.key("duty").id]), .signature),
      ("no algorithm", try ring.token(header: ["alg": "none"]), .algorithm),
      ("unsigned", parts[0] + "." + parts[1] + ".", .signature),
      ("no actor", try ring.token(["sub": "zhang"]), .subject),
      ("a service by the issuer's key", try ring.token(["sub": "service/command"]), .subject),
      ("a service by another's key", try ring.token(command, owner: "duty"), .subject),
      (
        "a person by a service's key", try ring.token(["iss": "service/duty"], owner: "duty"),
        .subject
      ),
      (
        "a service under the bureau's name",
        try ring.token(["sub": "service/duty"], owner: "duty"), .issuer
      ),
    ]
    for (what, token, expected) in cases {
      #expect(refusal(token, verifier, at: ring.now) == expected, "\(what)")
    }
    #expect(refusal(good, verifier, at: ring.now) == nil)
    #expect(refusal(try ring.token(command, owner: "command"), verifier, at: ring.now) == nil)
    #expect(refusal(try ring.token(["nbf": start + 5]), verifier, at: ring.now) == nil)
    #expect(refusal(try ring.token(["aud": ["a", "quintet"]]), verifier, at: ring.now) == nil)
  }

  /// The old trick: a verifier that takes the public key for a shared secret.
  @Test func aPublicKeyIsNobodysSecret() throws {
    let ring = try Keyring()
    let (id, key) = try ring.key()
    let secrets = [
      key.publicKey.rawRepresentation,
      Data(Base64URL.encode(key.publicKey.rawRepresentation).utf8),
      try Data(contentsOf: URL(fileURLWithPath: ring.folder.publicKeysPath)),
    ]
    for secret in secrets {
      for algorithm in ["HS256", "EdDSA", "ES256"] {
        let token = try Keyring.compact(
          header: ["alg": algorithm, "kid": id], claims: ring.claims()
        ) { Data(HMAC<SHA256>.authenticationCode(for: $0, using: SymmetricKey(data: secret))) }
        let expected: TokenError = algorithm == "EdDSA" ? .signature : .algorithm
        #expect(refusal(token, try ring.verifier(), at: ring.now) == expected)
      }
    }
  }

  @Test func keysOfTwoKindsAreNotTakenForOneAnother() throws {
    let ring = try Keyring()
    let signer = P256.Signing.PrivateKey()
    let point = signer.publicKey.rawRepresentation
    try ring.rewriteKeys {
      $0.append([
        "kty": "EC", "crv": "P-256", "kid": "ec", "x": Base64URL.encode(point.prefix(32)),
        "y": Base64URL.encode(point.suffix(32)), "key_ops": ["verify"], "x5t": "?",
      ])
    }
    let verifier = try ring.verifier()
    func token(_ algorithm: String, _ kid: String) throws -> String {
      try Keyring.compact(header: ["alg": algorithm, "kid": kid], claims: ring.claims()) {
        try signer.signature(for: $0).rawRepresentation
      }
    }
    #expect(refusal(try token("ES256", "ec"), verifier, at: ring.now) == nil)
    #expect(refusal(try token("EdDSA", "ec"), verifier, at: ring.now) == .algorithm)
    #expect(refusal(try token("ES256", try ring.key().id), verifier, at: ring.now) == .algorithm)
    let confused = try ring.token(header: ["alg": "ES256"])
    #expect(refusal(confused, verifier, at: ring.now) == .algorithm)
    let other = try ring.token(header: ["alg": "ES256", "kid": "ec"])
    #expect(refusal(other, verifier, at: ring.now) == .signature)
  }

  @Test func aRememberedTokenEndsWithItsTimeAndWithItsRevocation() throws {
    let ring = try Keyring()
    let verifier = try ring.verifier()
    let token = try ring.token(["jti": "t-1"])
    #expect(refusal(token, verifier, at: ring.now) == nil)
    let end = ring.now.addingTimeInterval(900)
    #expect(refusal(token, verifier, at: end.addingTimeInterval(-0.001)) == nil)
    #expect(refusal(token, verifier, at: end) == .expired)
    #expect(refusal(token, verifier, at: ring.now) == nil)
    try ring.folder.revoke("t-1", expires: end, at: ring.now)
    #expect(refusal(token, verifier, at: ring.now) == .revoked)
    #expect(refusal(try ring.token(), verifier, at: ring.now) == nil)
    // Who removes the list does not bring back whom it names.
    try FileManager.default.removeItem(atPath: ring.folder.revocationsPath)
    #expect(refusal(token, verifier, at: ring.now) == .revoked)
  }

  @Test func keysAreRotatedWithoutARestart() throws {
    let ring = try Keyring()
    let verifier = try ring.verifier()
    let old = try ring.token()
    #expect(refusal(old, verifier, at: ring.now) == nil)
    #expect(try ring.folder.rotate(at: ring.now) == (3, 3))
    let new = try ring.token()
    #expect(refusal(new, verifier, at: ring.now) == nil)
    #expect(refusal(old, verifier, at: ring.now) == nil)
    // Thirteen hours on, nothing that the first keys signed is good any more.
    #expect(try ring.folder.rotate(at: ring.now.addingTimeInterval(13 * 3600)) == (3, 3))
    #expect(refusal(new, verifier, at: ring.now) == nil)
    #expect(refusal(old, verifier, at: ring.now) == .keyUnknown)
  }

  @Test func aWithdrawnKeyTakesRememberedTokensWithIt() throws {
    let ring = try Keyring()
    let verifier = try ring.verifier()
    let token = try ring.token()
    #expect(refusal(token, verifier, at: ring.now) == nil)
    let id = try ring.key().id
    try ring.rewriteKeys { $0.removeAll { $0["kid"] as? String == id } }
    #expect(refusal(token, verifier, at: ring.now) == .keyUnknown)
  }

  @Test func whatCannotBeReadChangesNothingAndIsReportedOnce() throws {
    let ring = try Keyring()
    let verifier = try ring.verifier()
    let path = ring.folder.publicKeysPath
    for content in ["", "{", "{\"keys\":[]}", "{\"keys\":[{\"kty\":\"RSA\",\"n\":1}]}"] {
      try content.write(toFile: path, atomically: true, encoding: .utf8)
      for _ in 0..<3 { #expect(refusal(try ring.token(), verifier, at: ring.now) == nil) }
    }
    #expect(ring.reported == Array(repeating: "jwks.json", count: 4))
    #expect(throws: KeyFileError.self) { try ring.verifier() }
    try FileManager.default.removeItem(atPath: path)
    #expect(refusal(try ring.token(), verifier, at: ring.now) == nil)
    #expect(throws: KeyFileError.self) { try ring.verifier() }
  }

  /// A provider's set has keys of all kinds, and none of them makes a service.
  @Test func aProvidersKeysSignForPersonsAlone() throws {
    let (ring, provider) = (try Keyring(), try Keyring())
    try provider.rewriteKeys {
      $0.append(["kty": "RSA", "kid": "r", "n": "AQAB", "e": "AQAB", "use": "sig"])
      $0.append(["kty": "OKP", "crv": "X25519", "kid": "x", "x": "AQAB", "use": "enc"])
      $0.append(["kid": 7])
    }
    let verifier = try ring.verifier(
      provider: provider.folder.publicKeysPath, issuers: ["quintet", "https://id.example"])
    let person = try provider.token(["iss": "https://id.example", "nbf": nil as Any?])
    #expect(refusal(person, verifier, at: ring.now) == nil)
    let service = try provider.token(
      ["iss": "service/command", "sub": "service/command"], owner: "command")
    #expect(refusal(service, verifier, at: ring.now) == .keyUnknown)
  }

  @Test func noChangedTokenIsTaken() throws {
    let ring = try Keyring()
    let verifier = try ring.verifier()
    let good = Array(try ring.token().utf8)
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<5_000 {
      var bytes = good
      for _ in 0..<Int.random(in: 1...3, using: &generator) {
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: bytes.remove(at: .random(in: bytes.indices, using: &generator))
        case 1:
          bytes.insert(
            .random(in: 32...126, using: &generator),
            at: .random(in: bytes.indices, using: &generator))
        case 2:
          bytes[.random(in: bytes.indices, using: &generator)] = .random(
            in: 0...255, using: &generator)
        default:
          bytes.swapAt(
            .random(in: bytes.indices, using: &generator),
            .random(in: bytes.indices, using: &generator))
        }
      }
      guard bytes != good else { continue }
      let text = String(decoding: bytes, as: UTF8.self)
      #expect(refusal(text, verifier, at: ring.now) != nil, "\(text)")
    }
    // Every character in turn: the last bits of each part too.
    for index in good.indices {
      for byte in [good[index] ^ 1, UInt8(ascii: "A"), UInt8(ascii: "-")] where byte != good[index]
      {
        var bytes = good
        bytes[index] = byte
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(refusal(text, verifier, at: ring.now) != nil, "\(index)")
      }
    }
  }

  @Test func theClaimedSubjectIsCutAndNeverEndsTheProcess() throws {
    let ring = try Keyring()
    let long = try ring.token(["sub": String(repeating: "x", count: 500)])
    #expect(TokenVerifier.claimedSubject(of: long)?.count == 80)
    for text in ["", "..", "a.b.c", String(repeating: ".", count: 9000)] {
      #expect(TokenVerifier.claimedSubject(of: text) == nil)
    }
  }
}

extension Keyring {
  /// Any text signed as claims.
  func signing(_ claims: String) throws -> String {
    let (id, key) = try key()
    let header = try JSONSerialization.data(withJSONObject: ["alg": "EdDSA", "kid": id])
    let signed = "\(Base64URL.encode(header)).\(Base64URL.encode(Data(claims.utf8)))"
    return "\(signed).\(Base64URL.encode(try key.signature(for: Data(signed.utf8))))"
  }
}
