// Figures as a table that any spreadsheet opens: CSV by RFC 4180, the Chinese term first.
import Classification
import Foundation
import Identifiers

public struct FigureSheet: Sendable, Hashable {
  public enum Cell: Sendable, Hashable {
    /// Words from outside may be anything.
    case text(String)
    case count(Int)
    case seconds(Double?)
    /// 0 … 1, to four places.
    case share(Double?)
  }

  public var header: [String]
  public var rows: [[Cell]]

  /// Tells programs that guess that this is UTF-8.
  public static let byteOrderMark = "\u{FEFF}"

  public init(header: [String], rows: [[Cell]]) {
    self.header = header
    self.rows = rows
  }

  public var csv: String {
    let lines = [header.map(Cell.text)] + rows
    return lines.map { $0.map(\.csv).joined(separator: ",") + "\r\n" }.joined()
  }
}

extension FigureSheet.Cell {
  /// What spreadsheets take for the beginning of a formula.
  private static let formula: Set<Character> = ["=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"]

  var csv: String {
    switch self {
    case .count(let number): String(number)
    case .seconds(let seconds): seconds.map { Self.decimal($0, places: 3) } ?? ""
    case .share(let share): share.map { Self.decimal($0, places: 4) } ?? ""
    case .text(let text): Self.quoted(Self.harmless(text))
    }
  }

  private static func harmless(_ text: String) -> String {
    // Spreadsheets pass over blanks before a formula.
    let first = text.first { !$0.isWhitespace || formula.contains($0) }
    return first.map(formula.contains) ?? false ? "'" + text : text
  }

  private static func quoted(_ text: String) -> String {
    // By scalars: a line end of two is one character.
    guard text.unicodeScalars.contains(where: { ",\"\r\n".unicodeScalars.contains($0) }) else {
      return text
    }
    return "\"" + text.replacing("\"", with: "\"\"") + "\""
  }

  private static func decimal(_ number: Double, places: Int) -> String {
    String(format: "%.\(places)f", number)
  }
}
