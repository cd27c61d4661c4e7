// Numbers are few enough to be tried one by one, so a bare hash of one hides nothing. The key does:
// without its file the hashes in a stolen store lead back to nobody.

import Crypto
import Foundation

/// The secret under which callers' numbers are hashed. Whoever shares it finds the same callers.
public struct PhoneKey: Sendable {
  private let key: SymmetricKey

  /// - Throws: `PhoneKeyError.malformed` unless the text is 64 hexadecimal digits.
  init(hex text: String, path: String) throws(PhoneKeyError) {
    let digits = text.trimmingCharacters(in: .whitespacesAndNewlines)
    let bytes = stride(from: 0, to: digits.utf8.count - 1, by: 2).compactMap { offset -> UInt8? in
      let start = digits.utf8.index(digits.utf8.startIndex, offsetBy: offset)
      return UInt8(digits[start..<digits.utf8.index(start, offsetBy: 2)], radix: 16)
    }
    guard digits.utf8.count == 64, bytes.count == 32 else {
      throw PhoneKeyError.malformed(path: path)
    }
    self.key = SymmetricKey(data: bytes)
  }

  /// Reads the key, or makes one at the first start: 32 random bytes as hexadecimal digits, in a
  /// file that its owner alone can read.
  ///
  /// - Throws: `PhoneKeyError`.
  public init(file path: String) throws(PhoneKeyError) {
    if !FileManager.default.fileExists(atPath: path) { try Self.make(path) }
    guard let data = FileManager.default.contents(atPath: path) else {
      throw PhoneKeyError.unreadable(path: path)
    }
    try self.init(hex: String(decoding: data, as: UTF8.self), path: path)
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

  /// Written beside and then linked: two processes that share the file never read half of it, and
  /// neither replaces what the other has begun to use.
  private static func make(_ path: String) throws(PhoneKeyError) {
    let text = SymmetricKey(size: .bits256).withUnsafeBytes { bytes in
      bytes.map { hexadecimal($0) }.joined() + "\n"
    }
    let draft = path + ".\(ProcessInfo.processInfo.processIdentifier)"
    defer { unlink(draft) }
    let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw PhoneKeyError.unwritable(path: path) }
    defer { close(descriptor) }
    let bytes = Array(text.utf8)
    guard write(descriptor, bytes, bytes.count) == bytes.count, fsync(descriptor) == 0 else {
      throw PhoneKeyError.unwritable(path: path)
    }
    guard link(draft, path) == 0 || errno == EEXIST else {
      throw PhoneKeyError.unwritable(path: path)
    }
    // The name as well: numbers hashed under a key that a power cut takes are never found again.
    let parent = (path as NSString).deletingLastPathComponent
    let folder = open(parent.isEmpty ? "." : parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { throw PhoneKeyError.unwritable(path: path) }
    defer { close(folder) }
    guard fsync(folder) == 0 else { throw PhoneKeyError.unwritable(path: path) }
  }
}

/// Why there is no key. Meant for the terminal: Chinese first.
public enum PhoneKeyError: Error, Hashable, CustomStringConvertible {
  case unreadable(path: String)
  case unwritable(path: String)
  case malformed(path: String)

  public var description: String {
    switch self {
    case .unreadable(let path): "无法读取号码密钥 \(path)。The phone key \(path) cannot be read."
    case .unwritable(let path): "无法写入号码密钥 \(path)。The phone key \(path) cannot be written."
    case .malformed(let path):
      "号码密钥 \(path) 应为 64 个十六进制数字。The phone key \(path) must hold 64 hexadecimal digits."
    }
  }
}

private func hexadecimal(_ byte: UInt8) -> String {
  String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
}
