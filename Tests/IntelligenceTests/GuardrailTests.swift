// DOMAIN.md's guardrails, as far as names can break them: there is no place in this store for a
// score of a person, nor for what a person is or believes.

import Classification
import Foundation
import IntelligenceDomain
import Persistence
import QuintetAPI
import Testing

@testable import IntelligenceStore

@Test func noColumnSpeaksOfAPersonsScoreOriginBeliefOrHealth() async throws {
  let desk = try Desk()
  let columns = try await desk.database.read { tx in
    try tx.tableNames().flatMap { table in
      try tx.query("SELECT name FROM pragma_table_info('\(table)')").map {
        "\(table).\(try $0.get("name", as: String.self))"
      }
    }
  }
  #expect(columns.count > 60)
  let banned: Set<String> = [
    "score", "rating", "risk", "person", "name_of_caller", "ethnic", "ethnicity", "nationality",
    "religion", "religious", "faith", "political", "politics", "party", "health", "medical",
    "author", "account", "nickname", "user", "narrative", "text",
  ]
  for column in columns {
    let words = column.split { $0 == "." || $0 == "_" }.map(String.init)
    #expect(banned.isDisjoint(with: words), "\(column)")
  }
}

/// What a call said is read for words and not kept: only the words of the rules are.
@Test func noWordOfACallIsKeptButThoseOfTheRules() async throws {
  let desk = try Desk()
  try await desk.apply(
    Story("one").with {
      $0.phone = "aa"
      $0.title = "欧阳特别打架"
      $0.narrative = "报警人欧阳特别说有人打架"
    }.opened())
  #expect(try await desk.get("one").kind.evidence == ["打架"])
  try await desk.database.close()
  for file in try FileManager.default.contentsOfDirectory(atPath: desk.folder.path) {
    let bytes = try Data(contentsOf: desk.folder.appendingPathComponent(file))
    #expect(bytes.range(of: Data("欧阳特别".utf8)) == nil, "\(file)")
  }
}

@Test func everySeededRuleIsWellFormed() async throws {
  let desk = try Desk()
  let rules = try await desk.database.read { tx in
    try RuleReader(tx: tx, partition: "main").rules()
  }
  #expect(rules.repeats.count == 3)
  for (text, expected) in [
    ("EMS: CARDIAC EMERGENCY", "help"), ("Fire: VEHICLE ACCIDENT -", "traffic"),
    ("Traffic: DISABLED VEHICLE -", "traffic"), ("Fire: GAS-ODOR/LEAK", "disaster"),
    ("Structure Fire", "disaster"), ("Medical Incident", "help"), ("家里失火了", "disaster"),
    ("夫妻吵架", "dispute"), ("手机被盗", "criminal"), ("工地讨薪聚集", "mass_event"),
    ("民警态度不好", "complaint"), ("楼上噪音扰民", "public_order"),
  ] {
    let finding = rules.kinds.finding(for: rules.kinds.words(in: text))
    #expect(finding?.incidentClass.rawValue == expected, "\(text)")
  }
}
