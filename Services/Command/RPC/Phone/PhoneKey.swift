// Numbers are few enough to be tried one by one, so a bare hash of one hides nothing. The key does:
// without its file the hashes in a stolen store lead back to nobody.

import Crypto
public import Foundation

/// The secret under which callers' numbers are hashed. Whoever shares it finds the same callers.
public struct PhoneKey: Sendable {
  private let key: SymmetricKey

  /// - Parameter bytes: 32 of them.
  public init(_ bytes: Data) {
    key = SymmetricKey(data: bytes)
  }

  /// Bytes for a new key.
  public static func make() -> Data {
    SymmetricKey(size: .bits256).withUnsafeBytes { Data($0) }
  }

  /// A key for another use, from which neither this one nor others can be told.
  func derived(_ use: String) -> SymmetricKey {
    HKDF<SHA256>.deriveKey(
      inputKeyMaterial: key, info: Data("quintet \(use)".utf8), outputByteCount: 32)
  }

  /// HMAC-SHA256 of a normalised number, 64 hexadecimal digits.
  public func hash(_ number: String) -> String {
    HMAC<SHA256>.authenticationCode(for: Data(number.utf8), using: key)
      .map { hexadecimal($0) }.joined()
  }
}

private func hexadecimal(_ byte: UInt8) -> String {
  String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
}
