// A rule that finds nothing proves nothing until it has found something planted.
import Testing

@Suite struct RuleTests {
  func file(_ path: String, _ text: String) -> SourceFile { SourceFile(path: path, text: text) }

  func forbidden(_ path: String, _ text: String) -> [String] {
    Rules.forbiddenImports(in: [file(path, text)], rooms: HousePlan.rooms).map(\.message)
  }

  @Test(arguments: ["GRDB", "SwiftProtobuf", "GRPCCore", "QuintetAPI", "Persistence", "Glibc"])
  func aDomainThatReachesOutIsFound(module: String) {
    #expect(
      forbidden("Services/Command/Domain/Incident.swift", "// Why.\nimport \(module)\n")
        == ["Services/Command/Domain may not import \(module)"])
  }

  @Test(arguments: [
    ("Services/Command/RPC/A.swift", "CommandStore"),
    ("Services/Command/Store/A.swift", "DutyDomain"),
    ("Services/Command/Store/A.swift", "QuintetAPI"),
    ("Services/Duty/Subscriptions/A.swift", "DutyStore"),
    ("Services/Duty/Main/A.swift", "GRPCNIOTransportHTTP2Posix"),
    ("Services/Gateway/Routing/A.swift", "GRPCNIOTransportCore"),
    ("Shared/Wire/A.swift", "ServiceHost"),
    ("Shared/EventLog/A.swift", "CommandDomain"),
    ("Shared/Geography/A.swift", "Identifiers"),
  ])
  func aDoorThatIsNotOnThePlanIsFound(path: String, module: String) {
    #expect(forbidden(path, "import \(module)").count == 1)
  }

  @Test(arguments: [
    "public import GRDB", "@preconcurrency import GRDB", "  internal import struct GRDB.Row",
    "@testable import GRDB", "import Foundation; import GRDB", "import GRDB // argued",
    "@_spi(X) public import class GRDB.DatabasePool",
  ])
  func anImportIsReadInAnyForm(line: String) {
    #expect(SourceText.imports(in: "// Why.\n\(line)\n").contains { $0 == (2, "GRDB") })
  }

  @Test func whatIsNoImportIsNotTakenForOne() {
    let text =
      "// import GRDB\n/* import GRDB\nimport GRDB */\nlet s = \"\"\"\nimport GRDB\n\"\"\"\n"
    #expect(SourceText.imports(in: text).isEmpty)
  }

  @Test func anAllowedImportPasses() {
    #expect(forbidden("Services/Command/Store/A.swift", "import CommandDomain").isEmpty)
    #expect(forbidden("Shared/ServiceHost/A.swift", "import GRPCNIOTransportHTTP2Posix").isEmpty)
  }

  @Test func aFileInNoRoomIsFound() {
    #expect(forbidden("Services/Command/Extras/A.swift", "") == ["in no room of the plan"])
  }

  @Test func aLonelySharedModuleIsFound() {
    let rooms = [Room("Shared/Alone", []), Room("Shared/Liked", []), Room("Services/X/Y", [])]
    let files = [
      file("Services/X/Y/A.swift", "import Alone\nimport Liked"),
      file("Services/X/Y/B.swift", "import Alone"),
      file("Shared/Alone/A.swift", "import Liked"),
    ]
    #expect(Rules.lonelySharedModules(in: files, rooms: rooms).map(\.path) == ["Shared/Alone"])
  }

  @Test func theFourHundredAndFirstLineIsFound() {
    let fits = String(repeating: "x\n", count: Rules.maximumLines)
    #expect(Rules.tooLong([file("A.swift", fits)]).isEmpty)
    #expect(Rules.tooLong([file("A.swift", fits + "x")]).map(\.line) == [401])
  }

  @Test func anEmptyNameIsFound() {
    let paths = ["Shared/Utils", "Shared/IncidentManager", "Shared/Persistence", "Shared/Database"]
    #expect(
      Rules.bannedFolderNames(paths, banned: HousePlan.bannedNames).map(\.path)
        == ["Shared/Utils", "Shared/IncidentManager"])
  }

  @Test func aBannedPhraseIsFoundInCodeOnly() {
    let text = "// try! is banned\nlet a = \"try!\"\nlet b = try! c()\n"
    let findings = Rules.bannedPhrases(
      in: [file("Shared/Wire/A.swift", text)], banned: Language.banned, exceptions: [])
    #expect(findings.map(\.line) == [3])
  }

  @Test func askingForTheTimeIsFoundWhereTimeIsGiven() {
    let files = ["Services/Duty/Domain/A.swift", "Shared/ServiceHost/A.swift"].map {
      file($0, "let now = Date()")
    }
    let findings = Rules.bannedPhrases(in: files, banned: Language.banned, exceptions: [])
    #expect(findings.map(\.path) == ["Services/Duty/Domain/A.swift"])
  }

  @Test func anExceptionHoldsForItsFileAndIsFoundWhenStale() {
    let exception = Exception(phrase: "try!", path: "Shared/Wire/A.swift", reason: "a test")
    func findings(_ text: String) -> [Finding] {
      Rules.bannedPhrases(
        in: [file("Shared/Wire/A.swift", text)], banned: Language.banned, exceptions: [exception])
    }
    #expect(findings("try! f()").isEmpty)
    #expect(findings("try f()").map(\.message) == ["exception for try! not needed"])
  }

  @Test func aFileThatDoesNotSayWhyItExistsIsFound() {
    let files = [
      file("A.swift", "import Testing\n"), file("B.swift", "// Why.\n"), file("C.swift", ""),
    ]
    #expect(Rules.withoutOpeningComment(files).map(\.path) == ["A.swift", "C.swift"])
  }

  @Test func whatAProtoLeavesUnexplainedIsFound() {
    let proto = """
      // Why.
      syntax = "proto3";
      package quintet.x.v1;

      service S {
        // Explained.
        rpc A(ARequest) returns (AResponse);
        rpc B(BRequest) returns (BResponse) {}
      }
      // Explained.
      message M {
        reserved 4;
        // Explained.
        string a = 1;
        map<string, int32> b = 2;
        // Explained.
        oneof kind {
          int32 c = 3 [deprecated = true];
        }
      }
      enum E {
        // Explained.
        E_UNSPECIFIED = 0;
        E_ONE = 1;
      }
      """
    #expect(
      Rules.undocumented([file("p.proto", proto)]).map(\.message) == [
        "service S has no comment", "rpc B has no comment", "message entry b has no comment",
        "oneof entry c has no comment", "enum E has no comment", "enum entry E_ONE has no comment",
      ])
  }
}
