// Callers say a name; whoever types it chooses the characters. So names are compared by sound as well
// as by character. The readings come from ICU, which Foundation carries on every platform: one
// reading for each character, and so the same one in the index and in the question.

import Foundation

/// What one character is compared by. Numbers, for they are compared millions of times.
struct FoldedCharacter: Hashable, Sendable {
  /// Simplified, half-width, lower case.
  let scalar: Unicode.Scalar
  /// Its syllable without tone; its own where it has none.
  let syllable: Int32
  /// The syllable with what many speakers do not tell apart made one: zh z, ch c, sh s, n l, and
  /// -ng -n.
  let nearSyllable: Int32
}

/// What the gazetteer's use cases need before they begin.
public enum GazetteerReadings {
  /// Reads the sounds of all characters, once in a process: some half a second that no transaction
  /// should hold its lock for.
  public static func prepare() { _ = HanReading.fold("中") }
}

/// Readings of the unified ideographs, U+4E00 … U+9FFF.
enum HanReading {
  private static let first: UInt32 = 0x4E00
  private static let last: UInt32 = 0x9FFF

  private struct Table: Sendable {
    var characters: [FoldedCharacter] = []
    /// Number → syllable, in the order in which they were met.
    var syllables: [String] = []
  }

  /// Made once, in some half a second: ICU reads a long text far faster than many short ones.
  private static let table: Table = {
    let scalars = (first...last).compactMap(Unicode.Scalar.init)
    let joined = scalars.map { String(Character($0)) }.joined(separator: "\n")
    let simplified = lines(joined, StringTransform("Traditional-Simplified"), scalars)
    let read = lines(joined, StringTransform("Han-Latin; Latin-ASCII; Lower"), scalars)
    var table = Table()
    var numbers: [String: Int32] = [:]
    func number(_ syllable: String) -> Int32 {
      if let known = numbers[syllable] { return known }
      numbers[syllable] = Int32(table.syllables.count)
      table.syllables.append(syllable)
      return Int32(table.syllables.count - 1)
    }
    let sounds = read.map { line in
      let syllable = line.filter { $0.isASCII && $0.isLetter }
      let sound = syllable.isEmpty ? line : syllable
      return (number(sound), number(near(sound)))
    }
    table.characters = scalars.indices.map { index in
      let simple = simplified[index].unicodeScalars.first ?? scalars[index]
      let own = Int(simple.value) - Int(first)
      let sound = sounds.indices.contains(own) ? sounds[own] : sounds[index]
      return FoldedCharacter(scalar: simple, syllable: sound.0, nearSyllable: sound.1)
    }
    return table
  }()

  private static func lines(
    _ joined: String, _ transform: StringTransform, _ scalars: [Unicode.Scalar]
  ) -> [String] {
    let made = joined.applyingTransform(transform, reverse: false)?
      .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    // Without ICU's rules characters stand for themselves: found exactly, and not by sound.
    guard let made, made.count == scalars.count else {
      return scalars.map { String(Character($0)) }
    }
    return made
  }

  static func fold(_ scalar: Unicode.Scalar) -> FoldedCharacter {
    guard (first...last).contains(scalar.value) else {
      // Below zero, where no syllable is.
      let own = -1 - Int32(scalar.value)
      return FoldedCharacter(scalar: scalar, syllable: own, nearSyllable: own)
    }
    return table.characters[Int(scalar.value - first)]
  }

  /// The syllable of a number; the character itself for one that has none.
  static func text(of syllable: Int32) -> String {
    guard syllable < 0 else { return table.syllables[Int(syllable)] }
    return Unicode.Scalar(UInt32(-1 - syllable)).map { String(Character($0)) } ?? ""
  }

  private static func near(_ syllable: String) -> String {
    var sound = Substring(syllable)
    for (pair, single) in [("zh", "z"), ("ch", "c"), ("sh", "s")] where sound.hasPrefix(pair) {
      return single + ending(sound.dropFirst(2))
    }
    if sound.hasPrefix("n"), sound.count > 1 {
      sound = sound.dropFirst()
      return "l" + ending(sound)
    }
    return ending(sound)
  }

  private static func ending(_ sound: Substring) -> String {
    sound.hasSuffix("ng") ? String(sound.dropLast()) : String(sound)
  }
}
