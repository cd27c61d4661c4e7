// The few words that the two engines spell differently, all of them in definitions of tables.
// Statements that read and write are the same text on both.
import Foundation

enum PostgreSQLDialect {
  /// In SQLite INTEGER holds 64 bits, and texts are compared byte by byte.
  private static let words: [String: String] = [
    "INTEGER": "BIGINT", "REAL": "DOUBLE PRECISION", "BLOB": "BYTEA", "TEXT": "TEXT COLLATE \"C\"",
  ]

  /// - Parameter sql: one statement as it is written for SQLite.
  static func translating(_ sql: String) -> String {
    guard sql.hasPrefix("CREATE TABLE") || sql.hasPrefix("ALTER TABLE") else { return sql }
    var result = ""
    var word = ""
    var isQuoted = false
    for character in sql + "\n" {
      if character.isLetter || character == "_" {
        word.append(character)
        continue
      }
      result += isQuoted ? word : words[word] ?? word
      word = ""
      if character == "'" { isQuoted.toggle() }
      result.append(character)
    }
    return result.replacingOccurrences(of: " WITHOUT ROWID", with: "")
  }
}
