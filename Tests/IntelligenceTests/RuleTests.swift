// The pure parts: words, addresses, windows, areas.

import Classification
import Foundation
import Geography
import Identifiers
import Testing

@testable import IntelligenceDomain

private let rules = KindRules([
  KindRule(word: "fire", incidentClass: .disaster, level: .level3, weight: 1),
  KindRule(word: "fire alarm", incidentClass: .disaster, level: .level4, weight: 3),
  KindRule(word: "vehicle accident", incidentClass: .traffic, level: .level3, weight: 4),
  KindRule(word: "打架", incidentClass: .publicOrder, level: .level3, weight: 4),
  KindRule(word: "持刀", incidentClass: .criminal, level: .level2, weight: 4),
  KindRule(word: "砍人", incidentClass: .criminal, level: .level1, weight: 4),
])

@Test(arguments: [
  ("Fire: VEHICLE ACCIDENT", ["fire", "vehicle accident"]),
  ("Fire: FIRE ALARM", ["fire", "fire alarm"]),
  ("FIRE ALARM", ["fire alarm"]),
  ("fireworks, campfire and 4fire", []),
  ("ＦＩＲＥ　ＡＬＡＲＭ", ["fire alarm"]),
  ("小区门口打架，有人持刀，打架", ["打架", "持刀"]),
  ("vehicle\n  accident", ["vehicle accident"]),
  ("", []),
])
func wordsAreFoundLongestFirstAndOnlyWhole(text: String, expected: [String]) {
  #expect(rules.words(in: text) == expected)
}

@Test func theHeaviestClassIsSuggestedWithItsGravestLevelAndOnlyItsWords() {
  let finding = rules.finding(for: rules.words(in: "打架，持刀，砍人"))
  #expect(
    finding
      == KindFinding(incidentClass: .criminal, level: .level1, words: ["持刀", "砍人"]))
}

@Test func equalWeightsFallToTheFirstClass() {
  #expect(rules.finding(for: ["打架", "持刀"])?.incidentClass == .criminal)
  #expect(rules.finding(for: ["持刀", "打架"])?.incidentClass == .criminal)
}

@Test func noWordSuggestsNothing() {
  #expect(rules.finding(for: []) == nil)
  #expect(rules.finding(for: ["不在表中"]) == nil)
}

@Test(arguments: [
  ("  瓯海区　南白象街道 ", "瓯海区 南白象街道"),
  ("ＭＡＩＮ  ST & １ＳＴ\tAVE", "main st & 1st ave"),
  ("main st & 1st ave", "main st & 1st ave"),
  ("东门桥", nil), ("abc", nil), ("   ", nil), ("", nil),
  ("地址不详", nil), ("东门大桥", "东门大桥"),
])
func addressesAreComparedInOneForm(address: String, key: String?) {
  #expect(TextFolding.addressKey(address, generic: ["地址不详"]) == key)
}

@Test func mergedWindowsHoldTheSameCallsAndDoNotOverlap() {
  var random = SeededGenerator(state: 7)
  for _ in 0..<2_000 {
    func position(_ limit: Int) -> CallPosition {
      CallPosition(
        time: midnight.addingTimeInterval(Double(Int.random(in: 0..<limit, using: &random))),
        stablePart: ["a", "b", "c"].randomElement(using: &random) ?? "a")
    }
    let windows = (0..<Int.random(in: 1...6, using: &random)).map { _ in
      CallWindow(
        before: position(30), seconds: Double(Int.random(in: 1...8, using: &random)))
    }
    let merged = CallWindow.merged(windows)
    for second in -10..<35 {
      for part in ["a", "b", "c"] {
        let call = CallPosition(
          time: midnight.addingTimeInterval(Double(second)), stablePart: part)
        let expected = windows.contains { $0.contains(call) } ? 1 : 0
        #expect(merged.count { $0.contains(call) } == expected)
      }
    }
  }
}

private func area(
  _ name: String, _ rank: OrgRank, metres: Double, parent: String? = nil
) throws -> Jurisdiction {
  let centre = try townHall.coordinate
  let half = metres / 2
  return Jurisdiction(
    id: Named.jurisdiction(name),
    orgUnit: OrgUnit(
      id: Named.org(name), name: name, rank: rank, parent: parent.map(Named.org)),
    area: try Polygon(
      corners: [(-half, -half), (-half, half), (half, half), (half, -half)].map {
        centre.offset(northMetres: $0.0, eastMetres: $0.1)
      }))
}

@Test func theSmallestAreaOfARankAnswers() throws {
  let areas = [
    try area("大所", .station, metres: 5_000), try area("小所", .station, metres: 2_000),
    try area("县", .county, metres: 50_000),
  ]
  for order in [areas, areas.reversed()] {
    let finding = Jurisdiction.finding(at: try townHall.coordinate, among: order) { _ in nil }
    #expect(finding?.station?.name == "小所")
    #expect(finding?.beat == nil)
  }
}

@Test func aBeatsStationIsTheOneAboveIt() throws {
  let areas = [
    try area("别所", .station, metres: 1_000),
    try area("责任区", .beat, metres: 500, parent: "本所"),
  ]
  let station = OrgUnit(id: Named.org("本所"), name: "本所", rank: .station, parent: nil)
  let known = Jurisdiction.finding(at: try townHall.coordinate, among: areas) { id in
    id == station.id ? station : nil
  }
  #expect(known?.station?.name == "本所")
  #expect(known?.beat?.name == "责任区")
  let unknown = Jurisdiction.finding(at: try townHall.coordinate, among: areas) { _ in nil }
  #expect(unknown?.station?.name == "别所")
}

@Test func aCountyAloneIsAFindingWithoutAStation() throws {
  let county = [try area("县", .county, metres: 50_000)]
  let point = try townHall.coordinate
  #expect(
    Jurisdiction.finding(at: point, among: county) { _ in nil }
      == JurisdictionFinding(station: nil, beat: nil))
  let far = point.offset(northMetres: 100_000, eastMetres: 0)
  #expect(Jurisdiction.finding(at: far, among: county) { _ in nil } == nil)
}
