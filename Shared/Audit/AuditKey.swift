// The key that signs a log's checkpoints. It stays on the machine that writes the log; what it signed
// goes elsewhere, and whoever changes the log afterwards cannot make that fit again.
import Crypto
import Foundation

/// The private key of one service's audit log.
public struct AuditKey: Sendable {
  private let key: Curve25519.Signing.PrivateKey
  private let name: String

  /// Reads the key, or makes one at the first start: 32 random bytes as hexadecimal digits, in a file
  /// that its owner alone can read.
  ///
  /// - Parameter name: the origin of the log.
  /// - Throws: `AuditKeyError`.
  public init(file path: String, name: String) throws(AuditKeyError) {
    if !FileManager.default.fileExists(atPath: path) { try Self.make(path) }
    guard let data = FileManager.default.contents(atPath: path) else {
      throw .unreadable(path: path)
    }
    let digits = Array(String(decoding: data, as: UTF8.self).utf8.prefix { $0 != 0x0A })
    let bytes = stride(from: 0, to: digits.count - 1, by: 2).compactMap {
      UInt8(String(decoding: digits[$0...($0 + 1)], as: UTF8.self), radix: 16)
    }
    guard digits.count == 64, bytes.count == 32,
      let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: bytes)
    else { throw .malformed(path: path) }
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

  func signature(of bytes: [UInt8]) throws -> [UInt8] {
    Array(try key.signature(for: bytes))
  }

  private static func make(_ path: String) throws(AuditKeyError) {
    let digits = Curve25519.Signing.PrivateKey().rawRepresentation
      .map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    do {
      try DurableFile.create(path, Array("\(digits)\n".utf8), mode: 0o600)
    } catch {
      throw .unwritable(path: path)
    }
  }
}

/// Why there is no key. Meant for the terminal: Chinese first.
public enum AuditKeyError: Error, Hashable, CustomStringConvertible {
  case unreadable(path: String)
  case unwritable(path: String)
  case malformed(path: String)

  public var description: String {
    switch self {
    case .unreadable(let path): "无法读取审计密钥 \(path)。The audit key \(path) cannot be read."
    case .unwritable(let path): "无法写入审计密钥 \(path)。The audit key \(path) cannot be written."
    case .malformed(let path):
      "审计密钥 \(path) 应为 64 个十六进制数字。The audit key \(path) must hold 64 hexadecimal digits."
    }
  }
}
