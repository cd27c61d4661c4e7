// The table read as a table: who gets in, who does not, and how far they see.
import Foundation
import QuintetAPI
import Testing

@testable import Access

@Suite struct PolicyTests {
  let policy = Policy()
  let noon = Date(timeIntervalSince1970: 1_800_000_000)

  private func person(_ roles: Role..., onDuty: Bool = true, areas: Set<String> = ["org_1"])
    throws -> Principal
  {
    var principal = try Principal(kind: .person, name: "zhang.wei")
    principal.roles = Set(roles)
    principal.areas = areas
    principal.seat = "unit_1"
    if onDuty { principal.duty = noon.addingTimeInterval(-60)..<noon.addingTimeInterval(60) }
    return principal
  }

  private let get = "quintet.command.v1.IncidentService/GetIncident"
  private let put = "quintet.supervision.v1.DeadlineService/PutRule"

  /// A method without a row is refused to everybody, and a row without a method misleads its reader.
  @Test func everyMethodHasARowAndEveryRowAMethod() {
    let served = Set(QuintetMethods.all.map { "\($0.service)/\($0.method)" })
    let rows = Set(policy.table.methods.map(\.method))
    #expect(served.subtracting(rows) == [])
    #expect(rows.subtracting(served) == [])
  }

  @Test func whatHasNoRowIsRefusedToEverybody() throws {
    for role in Role.allCases {
      var principal = try person(role, areas: ["*"])
      principal.roles = [role]
      #expect(
        policy.decide(principal, calls: "quintet.command.v1.IncidentService/Burn", at: noon)
          == .refused(.roleNotAllowed))
    }
    #expect(policy.decide(.nobody, calls: get, at: noon) == .refused(.roleNotAllowed))
  }

  @Test func whatForbidsWins() throws {
    let both = try person(.supervisor, .auditor)
    #expect(policy.decide(both, calls: put, at: noon) == .refused(.roleForbids))
    #expect(
      policy.decide(try person(.supervisor), calls: put, at: noon)
        == .permitted(.change, Reach(areas: ["org_1"], seat: "unit_1")))
  }

  @Test func privilegesEndWithTheShift() throws {
    #expect(
      policy.decide(try person(.dispatcher, onDuty: false), calls: get, at: noon)
        == .refused(.notOnDuty))
    let dispatcher = try person(.dispatcher)
    let start = try #require(dispatcher.duty?.lowerBound)
    let end = try #require(dispatcher.duty?.upperBound)
    #expect(policy.decide(dispatcher, calls: get, at: end) == .refused(.notOnDuty))
    #expect(
      policy.decide(dispatcher, calls: get, at: start.addingTimeInterval(-1))
        == .refused(.notOnDuty)
    )
    for time in [start, end.addingTimeInterval(-1)] {
      #expect(
        policy.decide(dispatcher, calls: get, at: time)
          == .permitted(.read, Reach(areas: ["org_1"], seat: "unit_1")))
    }
    // A supervisor works without a seat; what the dispatcher's role would add stays out.
    #expect(
      policy.decide(try person(.dispatcher, .supervisor, onDuty: false), calls: get, at: noon)
        == .permitted(.read, Reach(areas: ["org_1"], seat: "unit_1")))
  }

  @Test func eachRoleSeesAsFarAsItsScope() throws {
    #expect(
      policy.decide(try person(.dispatcher, areas: ["*"]), calls: get, at: noon)
        == .permitted(.read, Reach(isEverywhere: true, seat: "unit_1")))
    // An officer's token may name areas: what counts is what is addressed to the seat.
    #expect(
      policy.decide(try person(.officer, areas: ["*"]), calls: get, at: noon)
        == .permitted(.read, Reach(seat: "unit_1")))
    #expect(
      policy.decide(try person(.auditor), calls: get, at: noon) == .permitted(.read, .everywhere))
    var partner = try Principal(kind: .partner, name: "icbc.futian")
    partner.roles = [.partner]
    partner.partnerKind = .bank
    #expect(
      policy.decide(partner, calls: get, at: noon)
        == .permitted(.read, Reach(partner: "icbc.futian")))
    let service = try Principal(kind: .service, name: "duty")
    let watch = "quintet.events.v1.EventService/Watch"
    #expect(policy.decide(service, calls: watch, at: noon) == .permitted(.read, .everywhere))
  }

  @Test func aPurposeIsForItsRolesAndForTheirShift() throws {
    #expect(policy.permits("call-back", to: try person(.callTaker), at: noon))
    #expect(!policy.permits("call-back", to: try person(.callTaker, onDuty: false), at: noon))
    #expect(!policy.permits("call-back", to: try person(.analyst), at: noon))
    #expect(policy.permits("investigation", to: try person(.analyst, onDuty: false), at: noon))
    #expect(!policy.permits("curiosity", to: try person(.shiftLeader), at: noon))
  }

  @Test func aGrantToOneServiceIsNoGrantToOthers() throws {
    let returning = "quintet.command.v1.ReviewService/ReturnIncidentFeedback"
    for name in ["supervision", "duty", "gateway"] {
      let decision = policy.decide(
        try Principal(kind: .service, name: name), calls: returning, at: noon)
      #expect(
        decision
          == (name == "supervision"
            ? .permitted(.change, .everywhere) : .refused(.roleNotAllowed)))
    }
  }

  /// Not even what is open to everybody who is signed in; whatever its token says it is.
  @Test func aTerminalCallsNothing() throws {
    var terminal = try Principal(kind: .terminal, name: "pillar-017")
    terminal.roles = Set(Role.allCases)
    terminal.areas = [Principal.everyArea]
    terminal.duty = noon.addingTimeInterval(-1)..<noon.addingTimeInterval(1)
    for row in policy.table.methods {
      #expect(policy.decide(terminal, calls: row.method, at: noon) == .refused(.roleNotAllowed))
    }
  }

  /// `quintet access table > Docs/access.md`
  @Test func thePageIsTheTable() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let page = try String(
      contentsOf: root.appending(path: "Docs/access.md"), encoding: .utf8)
    #expect(page == policy.table.page)
  }

  @Test func aGrantToOneKindOfPartnerIsNoGrantToOthers() throws {
    let table = try AccessTable(
      parsing: AccessRows.text + "\nservice x.Y\nZ change partner:bank")
    for kind in PartnerKind.allCases {
      var partner = try Principal(kind: .partner, name: "p")
      partner.roles = [.partner]
      partner.partnerKind = kind
      let decision = Policy(table: table).decide(partner, calls: "x.Y/Z", at: noon)
      #expect(
        decision
          == (kind == .bank
            ? .permitted(.change, Reach(partner: "p")) : .refused(.roleNotAllowed)))
    }
  }

  @Test(arguments: [
    "role dispatcher 派警员 somewhere", "role king 王 all", "forbid king read", "Get read dispatcher",
    "service a.B\nGet look dispatcher", "service a.B\nGet read dispatcher:bank",
    "service a.B\nGet read partner:shop", "service a.B\nGet read",
    "service a.B\nGet open dispatcher",
    "service a.B\nGet read officer officer", "service a.B\nGet open\nGet open",
  ])
  func aTableThatCannotBeReadIsRefused(extra: String) {
    let roles = AccessRows.text.split(separator: "\n").filter { $0.hasPrefix("role") }
      .joined(separator: "\n")
    #expect(throws: AccessTableError.self) { try AccessTable(parsing: roles + "\n" + extra) }
  }
}
