// The guardrails as far as names can break them: nothing of what they forbid has a place on the wire
// or in a store, and what they demand stands beside what demands it. Docs/guardrails.md tells each.
import Foundation
import QuintetAPI
import SwiftProtobuf
import Testing

@testable import Persistence

private let allowed = Set(Allowed.all.map(\.name))

private func wire() throws -> Google_Protobuf_FileDescriptorSet {
  try Google_Protobuf_FileDescriptorSet(serializedBytes: QuintetDescriptors.fileDescriptorSet)
}

private func names(of keeper: Keeper, _ engine: Engine, and more: [Migration] = []) async throws
  -> [ScannedName]
{
  let folder = try StoreFolder()
  let database = try engine.open(folder, keeper.migrations + more)
  let names = try await database.read { tx in
    try SchemaScan.names(of: keeper.rawValue, in: tx, engine)
  }
  try await database.close()
  return names
}

@Test func nothingOnTheWireBreaksAGuardrail() throws {
  let names = SchemaScan.names(of: try wire())
  #expect(names.count > 900)
  let findings = SchemaScan.findings(names).filter { !allowed.contains($0.name) }
  #expect(findings.isEmpty, "\(findings)")
}

@Test(arguments: Engine.allCases, Keeper.allCases)
func noColumnBreaksAGuardrail(_ engine: Engine, _ keeper: Keeper) async throws {
  let names = try await names(of: keeper, engine)
  #expect(names.count > 60)
  let findings = SchemaScan.findings(names).filter { !allowed.contains($0.name) }
  #expect(findings.isEmpty, "\(findings)")
}

@Test func noCommentOfTheWireSpeaksOfWhatMustNotExist() throws {
  let proto = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../../Proto").standardizedFileURL
  let files =
    FileManager.default.enumerator(at: proto, includingPropertiesForKeys: nil)?
    .compactMap { $0 as? URL }.filter { $0.pathExtension == "proto" } ?? []
  #expect(files.count > 20)
  for file in files {
    let text = try String(contentsOf: file, encoding: .utf8)
    let findings = SchemaScan.findings(inComments: text, of: file.lastPathComponent)
    #expect(findings.isEmpty, "\(findings)")
  }
}

/// An exception that nothing needs any more would hide the next.
@Test func everyExceptionIsNeededAndHasAReason() async throws {
  var found = Set(SchemaScan.findings(SchemaScan.names(of: try wire())).map(\.name))
  for keeper in Keeper.allCases {
    found.formUnion(SchemaScan.findings(try await names(of: keeper, .sqlite)).map(\.name))
  }
  #expect(allowed.subtracting(found).isEmpty)
  for exception in Allowed.all { #expect(exception.reason.count > 10) }
  #expect(Set(Ban.all.map(\.guardrail) + Demand.all.map(\.guardrail)) == [1, 2, 3, 4, 6, 9])
}

// MARK: - The scan can fail

@Test func everyBannedWordIsFoundWhereverItIsPlantedOnTheWire() {
  for ban in Ban.all {
    for word in ban.words {
      let name = "person_\(word)"
      let title = word.prefix(1).uppercased() + word.dropFirst()
      // Alone: reading the whole wire anew for each word takes a minute and finds nothing more.
      var set = Google_Protobuf_FileDescriptorSet()
      set.file.append(
        .with { file in
          file.package = "quintet.planted.v1"
          file.messageType = [
            .with {
              $0.name = "Thing"
              $0.field = [.with { $0.name = name }]
              $0.nestedType = [.with { $0.name = "Inner\(title)" }]
            }
          ]
          file.enumType = [
            .with {
              $0.name = "Kind"
              $0.value = [.with { $0.name = name.uppercased() }]
            }
          ]
          file.service = [
            .with {
              $0.name = "ThingService"
              $0.method = [.with { $0.name = "Get\(title)Of" }]
            }
          ]
        })
      let found = SchemaScan.findings(SchemaScan.names(of: set))
        .filter { $0.guardrail == ban.guardrail }
        .map(\.name)
      #expect(
        found.sorted()
          == [
            "quintet.planted.v1.Kind.\(name.uppercased())",
            "quintet.planted.v1.Thing.Inner\(title)",
            "quintet.planted.v1.Thing.\(name)", "quintet.planted.v1.ThingService.Get\(title)Of",
          ].sorted(), "\(word)")
    }
  }
}

@Test(arguments: Engine.allCases)
func everyBannedWordIsFoundWhenItIsPlantedInAStore(_ engine: Engine) async throws {
  for ban in Ban.all {
    let columns = ban.words.sorted().map { "caller_\($0) TEXT" }.joined(separator: ", ")
    let table = ban.words.sorted()[0]
    let planted = Migration(
      "planted-0001",
      ["CREATE TABLE planted (\(columns))", "CREATE TABLE known_\(table) (id TEXT)"])
    let names = try await names(of: .duty, engine, and: [planted])
    let found = Set(
      SchemaScan.findings(names).filter { $0.guardrail == ban.guardrail }.map(\.name))
    for word in ban.words { #expect(found.contains("duty.planted.caller_\(word)"), "\(word)") }
    #expect(found.contains("duty.known_\(table)"))
  }
}

@Test func everyChinesePhraseIsFoundInAComment() {
  for ban in Ban.all {
    for phrase in ban.chinese {
      let text = "message A {\n  // 该人的\(phrase)情况。\n  string a = 1;\n}"
      let found = SchemaScan.findings(inComments: text, of: "a.proto")
      #expect(found.contains { $0.guardrail == ban.guardrail && $0.name == "a.proto:2" })
    }
  }
}

/// Each safeguard is missed by itself; with all of them there is nothing to say.
@Test func aLookoutOrAFigureWithoutOneOfItsSafeguardsIsFound() throws {
  for demand in Demand.all {
    for word in demand.of {
      let all = demand.fields.map { $0.sorted()[0] }
      for missing in [nil] + all.map(Optional.some) {
        let beside = all.filter { $0 != missing }
        let name = demand.concernsFields ? "Thing" : word.prefix(1).uppercased() + word.dropFirst()
        let own = demand.concernsFields ? ["on_time_\(word)"] : []
        var set = Google_Protobuf_FileDescriptorSet()
        set.file = [
          .with { file in
            file.package = "quintet.planted.v1"
            file.messageType = [
              .with { message in
                message.name = String(name)
                message.field = (beside + own).map { name in .with { $0.name = name } }
              }
            ]
          }
        ]
        let found = SchemaScan.findings(SchemaScan.names(of: set)).filter {
          $0.what.contains("lacks")
        }
        #expect(found.count == (missing == nil ? 0 : 1), "\(word) without \(missing ?? "nothing")")
      }
    }
  }
}
