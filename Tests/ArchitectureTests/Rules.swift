// The rules themselves, each a function from sources to findings, so that each can be tried on a
// planted violation as well as on the real tree.
import Foundation

/// One breach of a rule, as a reader wants to see it.
struct Finding: CustomStringConvertible, Equatable {
  let path: String
  let line: Int
  let message: String

  var description: String { "\(path):\(line): \(message)" }
}

enum Rules {
  static let maximumLines = 400
  static let maximumReadmeLines = 80

  /// Every import leads through a door that the plan shows.
  static func forbiddenImports(in files: [SourceFile], rooms: [Room]) -> [Finding] {
    files.flatMap { file -> [Finding] in
      guard let room = room(of: file, rooms) else {
        return [Finding(path: file.path, line: 1, message: "in no room of the plan")]
      }
      return SourceText.imports(in: file.text)
        .filter { !room.modules.contains($0.module) }
        .map {
          Finding(
            path: file.path, line: $0.line, message: "\(room.path) may not import \($0.module)")
        }
    }
  }

  /// A Shared module that only one owner uses belongs to that owner.
  static func lonelySharedModules(in files: [SourceFile], rooms: [Room]) -> [Finding] {
    var users: [String: Set<String>] = [:]
    for file in files {
      guard let room = room(of: file, rooms) else { continue }
      for (_, module) in SourceText.imports(in: file.text) {
        users[module, default: []].insert(room.owner)
      }
    }
    return rooms.filter { $0.path.hasPrefix("Shared/") }.compactMap { room in
      let count = users[String(room.path.dropFirst("Shared/".count)), default: []].count
      if count >= 2 { return nil }
      return Finding(path: room.path, line: 1, message: "has \(count) users, needs two")
    }
  }

  static func tooLong(_ files: [SourceFile]) -> [Finding] {
    files.compactMap { file in
      let count = file.lines.count - (file.text.hasSuffix("\n") ? 1 : 0)
      guard count > maximumLines else { return nil }
      return Finding(
        path: file.path, line: maximumLines + 1,
        message: "\(count) lines, at most \(maximumLines)")
    }
  }

  /// Names that say nothing about the one duty of what they name.
  static func bannedFolderNames(_ paths: [String], banned: Set<String>) -> [Finding] {
    paths.compactMap { path in
      guard let name = path.split(separator: "/").last else { return nil }
      guard let word = camelWords(name).first(where: banned.contains) else { return nil }
      return Finding(path: path, line: 1, message: "“\(word)” names no duty")
    }
  }

  /// `IncidentManager` → `Incident`, `Manager`.
  static func camelWords(_ name: Substring) -> [String] {
    name.reduce(into: [String]()) { words, character in
      if character.isUppercase || words.isEmpty {
        words.append(String(character))
      } else {
        words[words.count - 1].append(character)
      }
    }
  }

  static func bannedPhrases(
    in files: [SourceFile], banned: [BannedPhrase], exceptions: [Exception]
  ) -> [Finding] {
    var findings: [Finding] = []
    var used: Set<Int> = []
    for file in files {
      let folders = Set(file.folders.map(String.init))
      let phrases = banned.filter { $0.folders.map { !$0.isDisjoint(with: folders) } ?? true }
      for (index, line) in SourceText.code(of: file.text).enumerated() {
        for phrase in phrases where line.contains(phrase.text) {
          let exception = exceptions.firstIndex {
            $0.path == file.path && $0.phrase == phrase.text
          }
          if let exception {
            used.insert(exception)
          } else {
            findings.append(
              Finding(
                path: file.path, line: index + 1, message: "\(phrase.text): \(phrase.why)"))
          }
        }
      }
    }
    for (index, exception) in exceptions.enumerated() where !used.contains(index) {
      findings.append(
        Finding(
          path: exception.path, line: 1, message: "exception for \(exception.phrase) not needed"))
    }
    return findings
  }

  /// A file tells a newcomer why it exists before it says anything else.
  static func withoutOpeningComment(_ files: [SourceFile]) -> [Finding] {
    files.compactMap { file in
      let opening = file.lines.first { !$0.hasPrefix("// swift-tools-version") && !$0.isEmpty }
      if opening?.hasPrefix("//") == true { return nil }
      return Finding(path: file.path, line: 1, message: "does not begin by saying why it exists")
    }
  }

  static func undocumented(_ protos: [SourceFile]) -> [Finding] {
    protos.flatMap { file in
      ProtoText.declarations(in: file.text).filter { !$0.isDocumented }.map {
        Finding(path: file.path, line: $0.line, message: "\($0.name) has no comment")
      }
    }
  }

  private static func room(of file: SourceFile, _ rooms: [Room]) -> Room? {
    rooms.first { file.path.hasPrefix($0.path + "/") }
  }
}
