// Reads Swift and Proto sources just well enough for the rules: what is code, what is comment, what
// is imported, what is declared. No compiler is at hand inside a test.
import Foundation

/// A file of the repository, by its path from the root.
struct SourceFile {
  let path: String
  let text: String

  var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }

  var folders: ArraySlice<Substring> { path.split(separator: "/").dropLast() }
}

enum SourceText {
  /// The lines with comments and the insides of string literals blanked, so that a phrase found in
  /// the result is code. Line numbers stay.
  static func code(of text: String) -> [String] {
    var result: [String] = []
    var inBlockComment = false
    var inLongString = false
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      result.append(
        code(ofLine: line, inBlockComment: &inBlockComment, inLongString: &inLongString))
    }
    return result
  }

  private static func code(
    ofLine line: Substring, inBlockComment: inout Bool, inLongString: inout Bool
  ) -> String {
    var kept = ""
    var inString = false
    var rest = line
    while let character = rest.first {
      var length = 1
      if inBlockComment {
        if rest.hasPrefix("*/") { (inBlockComment, length) = (false, 2) }
      } else if inLongString {
        if rest.hasPrefix("\"\"\"") { (inLongString, length) = (false, 3) }
      } else if inString {
        if character == "\\" { length = 2 }
        if character == "\"" { inString = false }
      } else if rest.hasPrefix("//") {
        break
      } else if rest.hasPrefix("/*") {
        (inBlockComment, length) = (true, 2)
      } else if rest.hasPrefix("\"\"\"") {
        (inLongString, length) = (true, 3)
      } else if character == "\"" {
        inString = true
      } else {
        kept.append(character)
      }
      rest = rest.dropFirst(length)
    }
    return kept
  }

  /// The modules a Swift source imports, each with its line number from 1.
  static func imports(in text: String) -> [(line: Int, module: String)] {
    var found: [(line: Int, module: String)] = []
    for (index, line) in code(of: text).enumerated() {
      // Semicolons may hide a second import on the line.
      for statement in line.split(separator: ";") {
        if let module = importedModule(statement) { found.append((index + 1, module)) }
      }
    }
    return found
  }

  private static func importedModule(_ statement: Substring) -> String? {
    var words = statement.split(whereSeparator: \.isWhitespace)[...]
    while let word = words.first, word.hasPrefix("@") || access.contains(word) {
      words.removeFirst()
    }
    guard words.popFirst() == "import", var name = words.popFirst() else { return nil }
    // `import struct Foundation.Date`
    if kinds.contains(name), let module = words.first { name = module }
    return name.split(separator: ".").first.map(String.init)
  }

  private static let access: Set<Substring> = [
    "public", "package", "internal", "fileprivate", "private",
  ]
  private static let kinds: Set<Substring> = [
    "typealias", "struct", "class", "enum", "protocol", "let", "var", "func",
  ]
}

/// Something in a .proto file that must say what it is.
struct ProtoDeclaration {
  let line: Int
  let name: String
  let isDocumented: Bool
}

enum ProtoText {
  /// Every service, RPC, message, enum, oneof, field and enum value. Expects the layout that we
  /// write: one declaration a line, its comment on the lines above.
  static func declarations(in text: String) -> [ProtoDeclaration] {
    var found: [ProtoDeclaration] = []
    var afterComment = false
    /// What the open braces belong to.
    var scopes: [String] = []
    var continued = false
    for (index, raw) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let line = raw.trimmingCharacters(in: .whitespaces)
      if line.hasPrefix("//") {
        afterComment = true
        continue
      }
      let code = line.components(separatedBy: "//")[0]
      if !continued, let name = declaredName(in: code, scope: scopes.last) {
        found.append(
          ProtoDeclaration(line: index + 1, name: name, isDocumented: afterComment))
      }
      // A field may run over several lines; what follows is no declaration of its own.
      continued = !code.isEmpty && !code.contains(";") && !code.contains("{") && !code.contains("}")
      track(code, &scopes)
      afterComment = false
    }
    return found
  }

  private static func declaredName(in code: String, scope: String?) -> String? {
    let words = code.split { !($0.isLetter || $0.isNumber || $0 == "_" || $0 == ".") }
    guard let first = words.first, words.count > 1 else { return nil }
    switch first {
    case "service", "rpc", "message", "enum", "oneof":
      return "\(first) \(words[1])"
    case "syntax", "package", "import", "option", "reserved", "extensions", "returns":
      return nil
    default:
      guard let scope, ["message", "enum", "oneof"].contains(scope) else { return nil }
      guard let equals = code.firstIndex(of: "="), code[equals...].contains(where: \.isNumber)
      else { return nil }
      let name = code[..<equals].split(whereSeparator: \.isWhitespace).last
      return name.map { "\(scope) entry \($0)" }
    }
  }

  private static func track(_ code: String, _ scopes: inout [String]) {
    for character in code {
      if character == "{" {
        scopes.append(code.split(whereSeparator: \.isWhitespace).first.map(String.init) ?? "")
      } else if character == "}" {
        _ = scopes.popLast()
      }
    }
  }
}
