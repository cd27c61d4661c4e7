// From event to answer: what is found, what expires, what a complaint changes, and that two runs of
// the same causes end alike.

import Access
import EventLog
import Foundation
import Identifiers
import IntelligenceDomain
import IntelligenceRPC
import IntelligenceStore
import QuintetAPI
import SwiftProtobuf
import Testing
import Wire

private let hour = 3_600.0
private let day = 86_400.0

@Test func anIncidentIsAssessedWithEvidenceOnce() async throws {
  let desk = try Desk()
  try await desk.apply(
    Area.org("瓯海分局", .county), Area.org("南白象派出所", .station, under: "瓯海分局"),
    Area.org("责任区一", .beat, under: "南白象派出所"),
    Area.square("责任区一", .beat, around: townHall, metres: 800))
  let first = Story("first").with {
    $0.phone = "aa"
    $0.address = "温瑞大道 1 号"
    $0.point = townHall
  }
  let second = Story("second", after: 600).with {
    $0.phone = "aa"
    $0.address = "温瑞大道  １ 号 "
    $0.point = try? townHall.offset(north: 100)
    $0.title = "有人打架"
    $0.narrative = "两个人打架，其中一人持刀"
    $0.source = "12345"
  }
  try await desk.apply(first.opened(), second.opened())

  let assessment = try await desk.get("second")
  #expect(assessment.jurisdiction.stationName == "南白象派出所")
  #expect(assessment.jurisdiction.beatName == "责任区一")
  #expect(assessment.jurisdiction.stationID == Named.org("南白象派出所").description)
  #expect(assessment.kind.incidentClass == .criminal)
  #expect(assessment.kind.level == .incidentLevel2)
  #expect(assessment.kind.evidence == ["持刀"])
  #expect(assessment.repeats.map(\.link) == [.samePhone, .sameAddress, .nearby])
  for finding in assessment.repeats {
    #expect(finding.count == 1)
    #expect(finding.evidence.map(\.callReportID) == [Named.call("first").description])
    #expect(finding.evidence.map(\.incidentID) == [Named.incident("first").description])
    #expect(abs(finding.evidence[0].distanceM - 100) < 0.2)
    #expect(finding.expireTime.date == second.time.addingTimeInterval(90 * day))
  }
  #expect(assessment.repeats[2].rule.contains("within 150 m and 60 min"))
  #expect(try await desk.get("first").repeats.isEmpty)
  #expect(try await desk.count() == [2, 1])
  #expect(try await desk.count(source: "12345") == [1, 1])
  #expect(try await desk.count(source: "110") == [0, 0])
}

@Test func theEventCarriesIncidentCauseAndTheCausesOwnTime() async throws {
  let desk = try Desk(clock: { midnight.addingTimeInterval(5 * day) })
  let opened = try Story("one", after: 90).opened()
  try await desk.apply(opened)
  let events = try await desk.recorded()
  let event = try #require(events.first)
  #expect(events.count == 1)
  #expect(event.type == "quintet.intelligence.v1.IncidentAssessed")
  #expect(event.incidentID == Named.incident("one").description)
  #expect(event.subject == event.incidentID)
  #expect(event.occurTime == midnight.addingTimeInterval(90))
  #expect(event.actor == "service/intelligence")
  #expect(event.cause == "event/\(opened.id)")
  #expect(event.trace == opened.trace)
  let payload = try Quintet_Intelligence_V1_IncidentAssessed(serializedBytes: event.payload)
  #expect(payload.assessment == (try await desk.get("one")))
}

@Test func withoutPointOrAreaNobodyAnswers() async throws {
  let desk = try Desk()
  try await desk.apply(
    Area.org("分局", .county), Area.square("分局", .county, around: townHall, metres: 900))
  try await desk.apply(
    Story("nowhere").opened(),
    Story("outside").with { $0.point = try? townHall.offset(north: 5_000) }.opened(),
    Story("inside").with { $0.point = townHall }.opened())
  #expect(try await desk.get("nowhere").hasJurisdiction == false)
  #expect(try await desk.get("outside").hasJurisdiction == false)
  let inside = try await desk.get("inside")
  #expect(inside.hasJurisdiction && inside.jurisdiction.stationID.isEmpty)
}

@Test func whoHasEndedAnswersForNothingUntilFoundedAnew() async throws {
  let desk = try Desk()
  let area = try Area.square("甲所", .station, around: townHall, metres: 900)
  try await desk.apply(Area.org("甲所", .station), area)
  try await desk.apply(Story("before").with { $0.point = townHall }.opened())
  try await desk.apply(Area.org("甲所", .station, until: midnight))
  try await desk.apply(Story("after").with { $0.point = townHall }.opened())
  try await desk.apply(Area.org("甲所", .station, called: "甲所"), area)
  try await desk.apply(Story("again").with { $0.point = townHall }.opened())
  #expect(try await desk.get("before").hasJurisdiction)
  #expect(try await !desk.get("after").hasJurisdiction)
  #expect(try await desk.get("again").hasJurisdiction)
}

@Test func anotherCallIsAssessedTogetherWithTheFirst() async throws {
  let desk = try Desk()
  try await desk.apply(
    Story("old").with { $0.phone = "bb" }.opened(),
    Story("main", after: 60).with { $0.phone = "aa" }.opened())
  #expect(try await desk.get("main").repeats.isEmpty)
  let id = try await desk.get("main").id
  try await desk.apply(
    Story("more", after: 120).with {
      $0.phone = "bb"
      $0.narrative = "他们在打架"
    }.attached(to: "main"))
  let assessment = try await desk.get("main")
  #expect(assessment.id == id)
  #expect(assessment.repeats.map(\.link) == [.samePhone])
  #expect(assessment.repeats.first?.evidence.first?.callReportID == Named.call("old").description)
  #expect(assessment.kind.evidence == ["打架"])
  #expect(assessment.occurTime.date == midnight.addingTimeInterval(120))
  #expect(try await desk.recorded().count == 3)
}

@Test func callsOfTheSameIncidentAreNoRepeats() async throws {
  let desk = try Desk()
  try await desk.apply(
    Story("main").with { $0.phone = "aa" }.opened(),
    Story("more", after: 60).with { $0.phone = "aa" }.attached(to: "main"))
  #expect(try await desk.get("main").repeats.isEmpty)
}

@Test func whatConcernsNoKnownIncidentChangesNothing() async throws {
  let desk = try Desk()
  try await desk.apply(
    Story("a").attached(to: "nobody"), Story("b").attached(to: "nobody", outcome: .advised),
    Story("c").classified(after: 5))
  #expect(try await desk.count(of: "assessment") == 0)
  #expect(try await desk.count(of: "known_call") == 0)
  #expect(try await desk.recorded().isEmpty)
}

@Test func aChangedPlaceChangesWhoAnswersAndATitleDoesNot() async throws {
  let desk = try Desk()
  let south = try townHall.offset(north: -3_000)
  try await desk.apply(
    Area.org("北所", .station), Area.square("北所", .station, around: townHall, metres: 2_000),
    Area.org("南所", .station), Area.square("南所", .station, around: south, metres: 2_000))
  let story = Story("moved").with { $0.point = townHall }
  try await desk.apply(story.opened())
  #expect(try await desk.get("moved").jurisdiction.stationName == "北所")
  try await desk.apply(story.with { $0.title = "打架" }.classified(after: 30))
  #expect(try await desk.recorded().count == 1)
  try await desk.apply(story.with { $0.point = south }.classified(after: 60))
  #expect(try await desk.get("moved").jurisdiction.stationName == "南所")
  #expect(try await desk.recorded().count == 2)
}

@Test func aLateCallDoesNotRewriteWhatWasAssessedBefore() async throws {
  let desk = try Desk()
  try await desk.apply(
    Story("known", after: 600).with { $0.phone = "aa" }.opened(),
    Story("late", after: 0).with { $0.phone = "aa" }.opened())
  #expect(try await desk.get("known").repeats.isEmpty)
  #expect(try await desk.get("late").repeats.isEmpty)
  try await desk.apply(Story("next", after: 900).with { $0.phone = "aa" }.opened())
  #expect(try await desk.get("next").repeats.first?.count == 2)
}

@Test func evidenceIsCutToTheNewestTwentyAndTheCountIsNot() async throws {
  let desk = try Desk()
  try await desk.apply(
    try (0...30).map { number in
      try Story("\(number)", after: Double(number) * day).with { $0.phone = "aa" }.opened()
    })
  let finding = try #require(try await desk.get("30").repeats.first)
  #expect(finding.count == 30)
  #expect(
    finding.evidence.map(\.callReportID)
      == (10..<30).reversed().map { Named.call("\($0)").description })
}

@Test func shortAndGenericAddressesTieNothing() async throws {
  let desk = try Desk()
  for address in ["东门桥", "地址不详", "Unknown"] {
    try await desk.apply(
      Story("\(address)1").with { $0.address = address }.opened(),
      Story("\(address)2", after: 1).with { $0.address = address }.opened())
    #expect(try await desk.get("\(address)2").repeats.isEmpty)
  }
}

// MARK: - Expiry

@Test func findingsExpireByThemselvesAndLeaveNothingBehind() async throws {
  let desk = try Desk()
  try await desk.apply(
    Story("one").with { $0.phone = "aa" }.opened(),
    Story("two", after: hour).with { $0.phone = "aa" }.opened())
  #expect(try await desk.get("two").repeats.count == 1)
  try await desk.apply(Story("later", after: 89 * day).opened())
  #expect(try await desk.get("two").repeats.count == 1)
  try await desk.apply(Story("much later", after: 90 * day + 2 * hour).opened())
  #expect(try await desk.get("two").repeats.isEmpty)
  #expect(try await desk.list(repeatsOnly: true).assessments.isEmpty)
  #expect(try await desk.count(of: "repeat_finding") == 0)
  #expect(try await desk.count(of: "known_call") == 2)
  // That a repeat was found stays in the statistics, without saying which.
  #expect(try await desk.count() == [4, 1])
}

@Test func findingsExpireWhileNothingIsHeard() async throws {
  let desk = try Desk()
  try await desk.apply(
    Story("one").with { $0.phone = "aa" }.opened(),
    Story("two", after: hour).with { $0.phone = "aa" }.opened())
  let now = midnight.addingTimeInterval(91 * day)
  let expired = try await desk.store.read(within: .everywhere) {
    try $0.assessment(of: Named.incident("two"), now: now)
  }
  #expect(expired?.repeats.isEmpty == true)
  try await desk.store.prune(now: midnight.addingTimeInterval(60 * day))
  #expect(try await desk.count(of: "repeat_finding") == 1)
  try await desk.store.prune(now: now)
  #expect(try await desk.count(of: "repeat_finding") == 0)
  #expect(try await desk.count(of: "known_call") == 0)
}

@Test func whatIsOlderThanEveryRuleIsNoEvidence() async throws {
  let desk = try Desk()
  try await desk.apply(
    Story("one").with { $0.phone = "aa" }.opened(),
    Story("two", after: 90 * day + 1).with { $0.phone = "aa" }.opened())
  #expect(try await desk.get("two").repeats.isEmpty)
}

// MARK: - Complaints

@Test func aComplaintTellsNothingAboutWhoMadeIt() async throws {
  let desk = try Desk()
  let complaint = Story("complaint").with {
    $0.phone = "aa"
    $0.kind = .complaint
  }
  try await desk.apply(
    complaint.opened(), Story("help", after: 60).with { $0.phone = "aa" }.opened(),
    Story("again", after: 120).with {
      $0.phone = "aa"
      $0.narrative = "我要投诉民警"
    }.opened())
  #expect(try await desk.get("help").repeats.isEmpty)
  #expect(try await desk.get("again").kind.incidentClass == .complaint)
  #expect(try await desk.get("again").repeats.isEmpty)
}

@Test func whatTurnsOutToBeAComplaintIsTakenBackFromOthersEvidence() async throws {
  let desk = try Desk()
  let story = Story("first").with { $0.phone = "aa" }
  try await desk.apply(
    story.opened(), Story("second", after: 60).with { $0.phone = "aa" }.opened(),
    Story("third", after: 120).with { $0.phone = "aa" }.opened())
  #expect(try await desk.get("third").repeats.first?.count == 2)
  try await desk.apply(story.with { $0.kind = .complaint }.classified(after: 200))
  #expect(try await desk.get("second").repeats.isEmpty)
  let third = try await desk.get("third")
  #expect(third.repeats.first?.count == 1)
  #expect(third.repeats.first?.evidence.map(\.incidentID) == [Named.incident("second").description])
  #expect(try await desk.recorded().count == 5)
  try await desk.apply(story.with { $0.kind = .dispute }.classified(after: 300))
  #expect(try await desk.get("third").repeats.first?.count == 2)
}

// MARK: - Determinism

@Test func twoRunsOfTheSameCausesEndAlike() async throws {
  func run(clock: Date, batch: Int) async throws -> [String] {
    let desk = try Desk(clock: { clock })
    var events = [
      try Area.org("所", .station), try Area.square("所", .station, around: townHall, metres: 900),
    ]
    var random = SeededGenerator(state: 11)
    for number in 0..<300 {
      let story = Story("\(number)", after: Double(number) * 4_000).with {
        $0.phone = "p\(Int.random(in: 0..<20, using: &random))"
        $0.address = "road \(Int.random(in: 0..<30, using: &random))"
        $0.point = try? townHall.offset(north: Double.random(in: 0...900, using: &random))
        $0.narrative = ["打架", "车祸", "fire", "投诉民警"].randomElement(using: &random) ?? ""
      }
      events.append(
        number % 7 == 6 ? try story.attached(to: "\(number - 1)") : try story.opened(now: clock))
      if number % 11 == 10 {
        events.append(
          try Story("\(number - 3)", after: Double(number - 3) * 4_000)
            .with { $0.kind = .complaint }.classified(after: Double(number) * 4_000))
      }
    }
    for start in stride(from: 0, to: events.count, by: batch) {
      try await desk.apply(Array(events[start..<min(start + batch, events.count)]))
    }
    return try await desk.dump()
  }
  let first = try await run(clock: midnight.addingTimeInterval(50 * day), batch: 1)
  let second = try await run(clock: midnight.addingTimeInterval(500 * day), batch: 128)
  #expect(first == second)
  #expect(first.count > 600)
}
