// Every name of the wire and of the stores, held against what must not exist.
import Foundation
import Persistence
import QuintetAPI
import SwiftProtobuf

/// A name, and the things it stands beside.
struct ScannedName: Sendable, Hashable {
  /// In full, such as `quintet.command.v1.Incident.title` or `command.incident.title`.
  let full: String
  /// The last part, whose words are looked at.
  var own: String { String(full.split(separator: ".").last ?? "") }
  /// Names of fields or columns of the same message or table; of itself for a message or table.
  var siblings: Set<String> = []
  var isField = false
  var isContainer = false

  var words: Set<String> { Self.words(own) }

  /// `risk_score`, `RISK_SCORE`, `RiskScore` and `riskScore` are `risk` and `score`.
  static func words(_ name: String) -> Set<String> {
    var words: [String] = [""]
    var previous: Character = "_"
    for character in name {
      if character == "_" {
        words.append("")
      } else {
        if character.isUppercase && !previous.isUppercase { words.append("") }
        words[words.count - 1] += character.lowercased()
      }
      previous = character
    }
    return Set(words.filter { !$0.isEmpty })
  }
}

struct ScanFinding: Sendable, Hashable {
  let guardrail: Int
  let name: String
  let what: String
}

enum SchemaScan {
  static func findings(_ names: [ScannedName]) -> [ScanFinding] {
    names.flatMap { name in banned(name) + demanded(name) }
  }

  private static func banned(_ name: ScannedName) -> [ScanFinding] {
    Ban.all.flatMap { ban in
      ban.words.intersection(name.words).map {
        ScanFinding(guardrail: ban.guardrail, name: name.full, what: "\($0): \(ban.why)")
      }
    }
  }

  private static func demanded(_ name: ScannedName) -> [ScanFinding] {
    Demand.all.flatMap { demand -> [ScanFinding] in
      let concerned = demand.concernsFields ? name.isField : name.isContainer
      guard concerned, !demand.of.isDisjoint(with: name.words) else { return [] }
      return demand.fields.filter { $0.isDisjoint(with: name.siblings) }.map {
        ScanFinding(
          guardrail: demand.guardrail, name: name.full,
          what: "lacks \($0.sorted().joined(separator: " or ")): \(demand.why)")
      }
    }
  }

  // MARK: - The wire

  static func names(of set: Google_Protobuf_FileDescriptorSet) -> [ScannedName] {
    set.file.filter { $0.package.hasPrefix("quintet.") }.flatMap { file -> [ScannedName] in
      file.messageType.flatMap { names(of: $0, in: file.package) }
        + file.enumType.flatMap { names(of: $0, in: file.package) }
        + file.service.flatMap { service -> [ScannedName] in
          let full = "\(file.package).\(service.name)"
          return [ScannedName(full: full)]
            + service.method.map { ScannedName(full: "\(full).\($0.name)") }
        }
    }
  }

  private static func names(
    of message: Google_Protobuf_DescriptorProto, in scope: String
  ) -> [ScannedName] {
    let full = "\(scope).\(message.name)"
    let fields = Set(message.field.map(\.name))
    // A request or an answer about a lookout holds one; it is not one.
    let isContainer = !["Request", "Response"].contains { message.name.hasSuffix($0) }
    return [ScannedName(full: full, siblings: fields, isContainer: isContainer)]
      + message.field.map {
        ScannedName(full: "\(full).\($0.name)", siblings: fields, isField: true)
      }
      + message.nestedType.flatMap { names(of: $0, in: full) }
      + message.enumType.flatMap { names(of: $0, in: full) }
  }

  private static func names(
    of enumeration: Google_Protobuf_EnumDescriptorProto, in scope: String
  ) -> [ScannedName] {
    let full = "\(scope).\(enumeration.name)"
    return [ScannedName(full: full)]
      + enumeration.value.map { ScannedName(full: "\(full).\($0.name)") }
  }

  // MARK: - The stores

  static func names(
    of service: String, in tx: any Transaction, _ engine: Engine
  ) throws -> [ScannedName] {
    let columns =
      switch engine {
      case .sqlite: "SELECT name AS name FROM pragma_table_info($1)"
      case .postgresql:
        """
        SELECT column_name::text AS name FROM information_schema.columns
        WHERE table_schema = current_schema() AND table_name = $1
        """
      }
    return try tx.tableNames().flatMap { table -> [ScannedName] in
      let fields = Set(try tx.query(columns, [table]).map { try $0.get("name", as: String.self) })
      let full = "\(service).\(table)"
      return [ScannedName(full: full, siblings: fields, isContainer: true)]
        + fields.sorted().map {
          ScannedName(full: "\(full).\($0)", siblings: fields, isField: true)
        }
    }
  }

  // MARK: - The comments

  /// Comments of the wire's sources that speak, in Chinese, of what must not exist.
  static func findings(inComments text: String, of file: String) -> [ScanFinding] {
    text.split(separator: "\n").enumerated().flatMap { index, line -> [ScanFinding] in
      guard let start = line.range(of: "//") else { return [] }
      let comment = line[start.upperBound...]
      return Ban.all.flatMap { ban in
        ban.chinese.filter { comment.contains($0) }.map {
          ScanFinding(guardrail: ban.guardrail, name: "\(file):\(index + 1)", what: $0)
        }
      }
    }
  }
}
