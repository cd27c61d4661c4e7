// What a file is known by on the wire: the same file sent again is the same, whatever its name.

import Crypto
import Foundation

public enum FileDigest {
  /// SHA-256, 64 hexadecimal digits in lower case.
  public static func sha256(_ bytes: [UInt8]) -> String {
    SHA256.hash(data: bytes).map { String(format: "%02x", $0) }.joined()
  }
}
