// `quintet access`: the access table for people, for programs, and as an oracle for one call.
import Access
import ArgumentParser
import Foundation

struct AccessCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "access", abstract: "谁可以做什么 / Who may do what.",
    subcommands: [AccessTableCommand.self, AccessDecideCommand.self])
}

struct AccessTableCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "table", abstract: "权限表 / The access table.")

  @Flag(help: "JSON，供程序读取 / As JSON, for programs.")
  var json = false

  func run() throws {
    if json {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
      print(String(decoding: try encoder.encode(TableDocument(.standard)), as: UTF8.self))
    } else {
      print(AccessTable.standard.page, terminator: "")
    }
  }
}

/// Answers one line of JSON with one line, until the input ends.
struct AccessDecideCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "decide",
    abstract: "逐行判定：标准输入为 JSON 行 / Decide calls, a JSON line each on standard input.",
    discussion: """
      {"roles": ["dispatcher"], "partner_kind": "bank", "areas": ["org_1"], "on_duty": true, \
      "method": "quintet.command.v1.IncidentService/GetIncident", "purpose": "call-back"}
      """)

  func run() throws {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    while let line = readLine() {
      let question = try decoder.decode(Question.self, from: Data(line.utf8))
      print(String(decoding: try encoder.encode(try question.answer), as: UTF8.self))
    }
  }
}

/// A caller and what is called.
private struct Question: Decodable {
  var kind: String?
  var name: String?
  var roles: [String]
  var partnerKind: String?
  var areas: [String]?
  var onDuty: Bool?
  var method: String
  var purpose: String?

  struct Answer: Encodable {
    var permitted: Bool
    var refusal: String?
    var everywhere: Bool?
    var areas: [String]?
    var seat: String?
    var partner: String?
  }

  var answer: Answer {
    get throws {
      guard let kind = Principal.Kind(rawValue: kind ?? "person") else {
        throw ValidationError("kind 应为 person、partner 或 service / kind is none of these.")
      }
      let now = Date(timeIntervalSince1970: 0)
      var principal = try Principal(kind: kind, name: name ?? "asked")
      if kind != .service { principal.roles = Set(roles.compactMap(Role.init)) }
      principal.partnerKind = partnerKind.flatMap(PartnerKind.init)
      principal.areas = Set(areas ?? [])
      principal.seat = "seat"
      if onDuty == true { principal.duty = now..<now.addingTimeInterval(1) }
      switch Policy().decide(principal, calls: method, at: now) {
      case .refused(let refusal):
        return Answer(permitted: false, refusal: refusal.rawValue)
      case .permitted(_, let reach):
        if let purpose, !Policy().permits(purpose, to: principal, at: now) {
          return Answer(permitted: false, refusal: "PURPOSE_NOT_ALLOWED")
        }
        return Answer(
          permitted: true, everywhere: reach.isEverywhere, areas: reach.areas.sorted(),
          seat: reach.seat, partner: reach.partner)
      }
    }
  }
}

/// The table in the words of JSON.
private struct TableDocument: Encodable {
  struct RoleRow: Encodable {
    let role, name, scope: String
    let needsDuty: Bool
  }
  struct MethodRow: Encodable {
    let method, kind: String
    let grants: [String]
  }
  struct ForbidRow: Encodable {
    let role, kind: String
  }
  struct PurposeRow: Encodable {
    let code, name: String
    let roles: [String]
  }

  let roles: [RoleRow]
  let methods: [MethodRow]
  let forbids: [ForbidRow]
  let purposes: [PurposeRow]

  init(_ table: AccessTable) {
    roles = table.roles.map {
      RoleRow(
        role: $0.role.rawValue, name: $0.name, scope: $0.scope.rawValue, needsDuty: $0.needsDuty)
    }
    methods = table.methods.map {
      MethodRow(
        method: $0.method, kind: $0.kind.rawValue, grants: $0.grants.map(\.description))
    }
    forbids = table.forbids.map {
      ForbidRow(role: $0.role.rawValue, kind: $0.kind.rawValue)
    }
    purposes = table.purposes.map {
      PurposeRow(code: $0.code, name: $0.name, roles: $0.roles.sorted().map(\.rawValue))
    }
  }
}
