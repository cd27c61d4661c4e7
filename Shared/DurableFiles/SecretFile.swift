// A secret of 32 bytes that a service makes at its first start and never shows.
public import Foundation

public enum SecretFile {
  /// Reads the key, or makes one: 64 hexadecimal digits, in a file that its owner alone can read.
  ///
  /// - Parameter make: 32 new bytes; not called where there is a key.
  /// - Throws: `SecretFileError`.
  public static func read(
    _ path: String, orMake make: () -> Data
  ) throws(SecretFileError) -> Data {
    if !FileManager.default.fileExists(atPath: path) {
      let digits = make().map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
      do {
        try DurableFile.create(path, Data("\(digits)\n".utf8), mode: 0o600)
      } catch {
        throw .unwritable(path: path)
      }
    }
    guard let content = FileManager.default.contents(atPath: path) else {
      throw .unreadable(path: path)
    }
    guard let key = bytes(String(decoding: content, as: UTF8.self)) else {
      throw .malformed(path: path)
    }
    return key
  }

  /// - Returns: nil unless the text is 64 hexadecimal digits, blanks around them aside.
  private static func bytes(_ text: String) -> Data? {
    let signs = text.trimmingCharacters(in: .whitespacesAndNewlines)
    let digits = signs.compactMap { $0.isASCII ? $0.hexDigitValue : nil }
    guard digits.count == 64, signs.count == 64 else { return nil }
    return Data(stride(from: 0, to: 64, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) })
  }
}

/// Why there is no key. Meant for the terminal: Chinese first.
public enum SecretFileError: Error, Hashable, CustomStringConvertible {
  case unreadable(path: String)
  case unwritable(path: String)
  case malformed(path: String)

  public var description: String {
    switch self {
    case .unreadable(let path): "无法读取密钥 \(path)。The key \(path) cannot be read."
    case .unwritable(let path): "无法写入密钥 \(path)。The key \(path) cannot be written."
    case .malformed(let path):
      "密钥 \(path) 应为 64 个十六进制数字。The key \(path) must hold 64 hexadecimal digits."
    }
  }
}
