// Callers say a name; whoever types it chooses the characters. So names are compared by sound as well
// as by character. The readings come from ICU, which Foundation carries on every platform: one
// reading for each character, and so the same one in the index and in the question.

import Foundation

/// What one character is compared by.
struct FoldedCharacter: Hashable, Sendable {
  /// Simplified, half-width, lower case.
  let character: Character
  /// Its syllable without tone; the character itself where it has none.
  let syllable: String
  /// The syllable with what many speakers do not tell apart made one: zh z, ch c, sh s, n l, and
  /// -ng -n.
  let nearSyllable: String
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

  private struct Entry: Sendable {
    let simplified: Character
    let syllable: String
    let nearSyllable: String
  }

  /// Made once, in some half a second: ICU reads a long text far faster than many short ones.
  private static let entries: [Entry] = {
    let characters = (first...last).compactMap(Unicode.Scalar.init).map { Character($0) }
    let joined = characters.map(String.init).joined(separator: "\n")
    let simplified = lines(joined, StringTransform("Traditional-Simplified"), characters)
    let read = lines(joined, StringTransform("Han-Latin; Latin-ASCII; Lower"), characters)
    return characters.indices.map { index in
      let syllable = read[index].filter { $0.isASCII && $0.isLetter }
      let sound = syllable.isEmpty ? String(characters[index]) : syllable
      return Entry(
        simplified: simplified[index].first ?? characters[index], syllable: sound,
        nearSyllable: near(sound))
    }
  }()

  private static func lines(
    _ joined: String, _ transform: StringTransform, _ characters: [Character]
  ) -> [String] {
    let made = joined.applyingTransform(transform, reverse: false)?
      .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    // Without ICU's rules characters stand for themselves: found exactly, and not by sound.
    guard let made, made.count == characters.count else { return characters.map(String.init) }
    return made
  }

  static func fold(_ character: Character) -> FoldedCharacter {
    guard let entry = entry(of: character) else { return plain(character) }
    guard entry.simplified != character, let simple = self.entry(of: entry.simplified) else {
      return FoldedCharacter(
        character: character, syllable: entry.syllable, nearSyllable: entry.nearSyllable)
    }
    return FoldedCharacter(
      character: entry.simplified, syllable: simple.syllable, nearSyllable: simple.nearSyllable)
  }

  private static func entry(of character: Character) -> Entry? {
    let scalars = character.unicodeScalars
    guard scalars.count == 1, let scalar = scalars.first, (first...last).contains(scalar.value)
    else { return nil }
    return entries[Int(scalar.value - first)]
  }

  private static func plain(_ character: Character) -> FoldedCharacter {
    let text = String(character)
    return FoldedCharacter(character: character, syllable: text, nearSyllable: text)
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
