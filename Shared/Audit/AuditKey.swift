// The key that signs a log's checkpoints. It stays on the machine that writes the log; what it signed
// goes elsewhere, and whoever changes the log afterwards cannot make that fit again.
import Crypto
public import DurableFiles
import Foundation

/// The private key of one service's audit log.
public struct AuditKey: Sendable {
  private let key: Curve25519.Signing.PrivateKey
  private let name: String

  /// Reads the key, or makes one at the first start.
  ///
  /// - Parameter name: the origin of the log.
  /// - Throws: `SecretFileError`.
  public init(file path: String, name: String) throws(SecretFileError) {
    let bytes = try SecretFile.read(path) { Curve25519.Signing.PrivateKey().rawRepresentation }
    guard let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: bytes) else {
      throw .malformed(path: path)
    }
    self.key = key
    self.name = name
  }

  /// A new key, kept nowhere.
  init(name: String) {
    key = Curve25519.Signing.PrivateKey()
    self.name = name
  }

  /// What others need to check its signatures.
  public var verifier: VerifierKey {
    VerifierKey(name: name, publicKey: Array(key.publicKey.rawRepresentation))
  }

  /// 32 bytes for another use, from which neither the key nor others can be told.
  public func derived(_ use: String) -> [UInt8] {
    HKDF<SHA256>.deriveKey(
      inputKeyMaterial: SymmetricKey(data: key.rawRepresentation),
      info: Data("quintet \(use)".utf8), outputByteCount: 32
    ).withUnsafeBytes { Array($0) }
  }

  func signature(of bytes: [UInt8]) throws -> [UInt8] {
    Array(try key.signature(for: bytes))
  }
}
