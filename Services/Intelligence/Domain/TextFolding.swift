// The same place and the same word are written in many ways: full-width or not, with other spaces
// and capitals. Comparison is done on one form.

import Foundation

/// Brings text into the form in which it is compared.
public enum TextFolding {
  /// Trimmed, every run of white space one space, full-width forms half-width, lower case.
  public static func fold(_ text: String) -> String {
    var scalars = String.UnicodeScalarView()
    var spaceIsDue = false
    for scalar in text.unicodeScalars {
      let half = halfWidth(scalar)
      if half.properties.isWhitespace {
        spaceIsDue = !scalars.isEmpty
      } else {
        if spaceIsDue { scalars.append(" ") }
        spaceIsDue = false
        scalars.append(half)
      }
    }
    return String(scalars).lowercased()
  }

  /// The fewest characters of an address that can tell two places apart.
  public static let shortestAddress = 4

  /// The key by which addresses are compared; nil for one that is too short or says nothing.
  ///
  /// - Parameter generic: folded addresses that say nothing, such as `地址不详`.
  public static func addressKey(_ address: String, generic: Set<String>) -> String? {
    let key = fold(address)
    return key.count >= shortestAddress && !generic.contains(key) ? key : nil
  }

  /// U+FF01 … U+FF5E are the forms of U+0021 … U+007E; U+3000 is the wide space.
  private static func halfWidth(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    switch scalar.value {
    case 0xFF01...0xFF5E: Unicode.Scalar(scalar.value - 0xFEE0) ?? scalar
    case 0x3000: " "
    default: scalar
    }
  }
}
