// The rules, held against the house as it stands.
import Foundation
import Testing

@Suite struct HouseTests {
  let rooms: [SourceFile]
  let sources: [SourceFile]

  init() throws {
    rooms = try ["Shared", "Services"].flatMap { try Repository.files(under: $0) }
    sources = try rooms + Repository.files(under: "Tests")
    // An empty list would satisfy every rule.
    try #require(rooms.count > HousePlan.rooms.count)
  }

  @Test func everyImportGoesThroughADoorOfThePlan() {
    #expect(Rules.forbiddenImports(in: rooms, rooms: HousePlan.rooms) == [])
  }

  @Test func everySharedModuleHasTwoUsers() {
    #expect(Rules.lonelySharedModules(in: rooms, rooms: HousePlan.rooms) == [])
  }

  @Test func everySharedModuleAndServiceIsOnThePlan() throws {
    let owners = Set(HousePlan.rooms.map(\.owner)).union(HousePlan.modulesInC)
    for top in ["Shared", "Services"] {
      for name in try Repository.folderNames(in: top) {
        #expect(owners.contains("\(top)/\(name)"), "\(top)/\(name) is not on the plan")
      }
    }
  }

  @Test func noFileIsTooLong() throws {
    let extensions = ["swift", "proto", "py", "sh"]
    let others = try ["Tests", "Proto"].flatMap {
      try Repository.files(under: $0) { path in extensions.contains { path.hasSuffix(".\($0)") } }
    }
    let scripts = try Repository.files(under: "Scripts") { !$0.hasSuffix(".pyc") }
    #expect(scripts.count > 3)
    #expect(Rules.tooLong(rooms + others + scripts) == [])
  }

  @Test func everyFileSaysWhyItExists() {
    #expect(Rules.withoutOpeningComment(sources) == [])
  }

  @Test func noNameHidesItsDuty() throws {
    let folders = try ["Shared", "Services", "Tests"].flatMap { try Repository.folders(under: $0) }
    #expect(Rules.bannedFolderNames(folders, banned: HousePlan.bannedNames) == [])
  }

  @Test(arguments: HousePlan.services) func theFiveServicesShareOneFloorPlan(
    service: String
  ) throws {
    let folder = "Services/\(service)"
    #expect(try Repository.folderNames(in: folder).sorted() == HousePlan.floorPlan)
    let readme = try #require(
      try Repository.files(under: folder) { $0 == "\(folder)/README.md" }.first,
      "\(folder) has no README.md")
    #expect(readme.lines.count <= Rules.maximumReadmeLines)
  }

  @Test func noPhraseIsUsedThatThisCodeDoesWithout() {
    let findings = Rules.bannedPhrases(
      in: rooms, banned: Language.banned, exceptions: Language.exceptions)
    #expect(findings == [])
  }

  @Test func everythingOnTheWireIsExplained() throws {
    let protos = try Repository.files(under: "Proto") { $0.hasSuffix(".proto") }
    #expect(protos.count > 3)
    #expect(Rules.undocumented(protos) == [])
  }
}
