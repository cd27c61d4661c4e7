// A number read in the dark from a plate, and how it may have been misread.

import Foundation

/// Numbers of plates in the form in which they are compared.
public enum PlateNumber {
  /// Letters and digits only, half-width, upper case; 号 and 第 do not count.
  public static func key(_ number: String) -> String {
    TextFolding.fold(number).uppercased().filter { $0.isASCII && ($0.isLetter || $0.isNumber) }
  }

  /// Longest key whose misreadings are tried.
  static let longest = 16

  /// Keys that differ in one character: another digit, a letter and digit of like shape, two
  /// neighbours exchanged, one left out or one added.
  static func misreadings(of key: String) -> [String] {
    let characters = Array(key)
    guard !characters.isEmpty, characters.count <= longest else { return [] }
    let digits = Array("0123456789")
    var found: Set<String> = []
    for index in characters.indices {
      let character = characters[index]
      let others = character.isNumber ? digits + alike(character) : alike(character)
      for other in others where other != character {
        found.insert(String(characters[..<index] + [other] + characters[(index + 1)...]))
      }
      if characters.count > 2 {
        found.insert(String(characters[..<index] + characters[(index + 1)...]))
      }
      if index + 1 < characters.count, characters[index] != characters[index + 1] {
        var turned = characters
        turned.swapAt(index, index + 1)
        found.insert(String(turned))
      }
    }
    for index in 0...characters.count {
      for digit in digits {
        found.insert(String(characters[..<index] + [digit] + characters[index...]))
      }
    }
    found.remove(key)
    return found.sorted()
  }

  private static func alike(_ character: Character) -> [Character] {
    switch character {
    case "0": ["O", "D", "Q"]
    case "O", "D", "Q": ["0"]
    case "1": ["I", "L"]
    case "I", "L": ["1"]
    case "2": ["Z"]
    case "Z": ["2"]
    case "5": ["S"]
    case "S": ["5"]
    case "8": ["B"]
    case "B": ["8"]
    default: []
    }
  }
}
