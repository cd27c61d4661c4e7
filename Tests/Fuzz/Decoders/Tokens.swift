// Tokens that callers show, and the key sets that they are checked with.
import Foundation

@testable import Credentials

enum Tokens {
  /// The first line is a token, and the rest its claims or a key set.
  static func decode(_ bytes: [UInt8]) async -> Bool {
    let input = Headed(bytes)
    _ = try? verifier?.verify(input.head, at: moment)
    let subject = TokenVerifier.claimedSubject(of: input.head)
    let body = Data(input.body)
    let keys = try? JSONDecoder().decode(JSONWebKeySet.self, from: body)
    let claims = try? JSONDecoder().decode(TokenClaims.self, from: body)
    _ = try? claims?.principal()
    return subject != nil || keys != nil || claims != nil
  }

  /// Knows no keys, so that all but the signature is looked at.
  private static let verifier: TokenVerifier? = {
    let folder = FileManager.default.temporaryDirectory.path
    let path = "\(folder)/quintet-fuzz-\(ProcessInfo.processInfo.processIdentifier).jwks"
    defer { unlink(path) }
    guard FileManager.default.createFile(atPath: path, contents: Data(#"{"keys":[]}"#.utf8)) else {
      return nil
    }
    return try? TokenVerifier(
      keys: path, revocations: path + ".revoked", issuers: ["quintet"], pace: .seconds(3600),
      report: { _, _ in })
  }()
}
