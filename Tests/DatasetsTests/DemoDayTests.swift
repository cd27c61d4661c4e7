// The demo bureau's day: of a day's size and shape, whole in itself, and the same from the same seed.
import Classification
import DemoBureau
import Foundation
import Geography
import Testing

struct DemoDayTests {
  static let seeds: [UInt64] = [1, 2, 7, 42, 2_021]

  private func day(_ seed: UInt64) throws -> DemoDay { DemoDay(of: try Bureau(seed: seed)) }

  private func plans(_ day: DemoDay) -> [IncidentPlan] {
    day.calls.compactMap { call in
      guard case .opens(let plan) = call.ending else { return nil }
      return plan
    }
  }

  @Test func sameSeedHasTheSameDayAndAnotherSeedAnother() throws {
    #expect(try day(1).calls == day(1).calls)
    #expect(try day(1).opinion == day(1).opinion)
    #expect(try day(1).calls != day(2).calls)
  }

  @Test(arguments: seeds) func hasAboutThreeHundredCallsOfAllKinds(seed: UInt64) throws {
    let day = try day(seed)
    #expect((280...320).contains(day.calls.count))
    #expect(Set(day.calls.map(\.key)).count == day.calls.count)
    #expect(Set(plans(day).map(\.incidentClass)) == Set(IncidentClass.allCases))
    #expect(Set(day.calls.map(\.channel)) == Set(DemoChannel.allCases))
    #expect(Set(day.calls.map(\.origin)) == Set(IncidentOrigin.allCases))
    var endings: Set<String> = []
    for call in day.calls {
      switch call.ending {
      case .opens: endings.insert("created")
      case .attaches: endings.insert("attached")
      case .advised: endings.insert("advised")
      case .diverted: endings.insert("diverted")
      case .hoax: endings.insert("hoax")
      case .accidental: endings.insert("accidental")
      case .abandoned: endings.insert("abandoned")
      }
    }
    #expect(endings.count == 7)
  }

  @Test(arguments: seeds) func callsFollowTheDaysCurve(seed: UInt64) throws {
    let day = try day(seed)
    #expect(day.calls.map(\.receiveSecond) == day.calls.map(\.receiveSecond).sorted())
    #expect(day.calls.allSatisfy { (0..<86_400).contains($0.receiveSecond) })
    let small = day.calls.filter { (2..<5).contains($0.receiveSecond / 3_600) }.count
    let evening = day.calls.filter { (17..<20).contains($0.receiveSecond / 3_600) }.count
    #expect(small * 3 < evening)
  }

  @Test(arguments: seeds) func attachedAndMergedCallsNameAnEarlierIncident(seed: UInt64) throws {
    let day = try day(seed)
    var opened: [String: Int] = [:]
    for call in day.calls {
      let begin = call.receiveSecond + call.ringSeconds + call.talkSeconds
      switch call.ending {
      case .opens(let plan):
        opened[call.key] = begin
        if case .merge(let key, _) = plan.handling { #expect(opened[key] != nil) }
      case .attaches(let key):
        #expect(try #require(opened[key]) < begin)
      default: break
      }
    }
    for tie in day.opinion.compactMap(\.tie) {
      #expect(try #require(opened[tie.callKey]) < tie.second)
      #expect(tie.responseSecond - tie.second < 4 * 3_600)
    }
  }

  @Test(arguments: seeds) func everyStoryIsThere(seed: UInt64) throws {
    let day = try day(seed)
    #expect(Set(plans(day).compactMap(\.story)) == Set(Story.allCases))
    let family = day.calls.filter {
      guard case .opens(let plan) = $0.ending else { return false }
      return plan.story == .familyDispute
    }
    #expect(family.count == 2)
    #expect(Set(family.map(\.phone)).count == 1)
    #expect(Set(family.map(\.spot.address)).count == 1)
    let phones = day.calls.map(\.phone).filter { !$0.isEmpty }
    #expect(Set(phones).count < phones.count - 5)
    #expect(phones.allSatisfy { $0.count == 11 && $0.hasPrefix("12") })
  }

  @Test(arguments: seeds) func callsLieInTheBureauAndTextsAreFilledIn(seed: UInt64) throws {
    let bureau = try Bureau(seed: seed)
    let day = DemoDay(of: bureau)
    for call in day.calls {
      #expect(bureau.beat(at: call.spot.point) != nil)
      #expect(!call.narrative.contains("{") && call.narrative.count < 200)
      #expect((1...300).contains(call.spot.address.count))
    }
    #expect(day.calls.contains { $0.spot.datum == .gcj02 })
    let keyCalls = day.calls.filter { bureau.isKeyPlace($0.spot.point) }
    #expect(keyCalls.count >= 5)
    for plan in plans(day) {
      #expect((1...120).contains(plan.title.count))
      #expect(!plan.review.feedback.contains("{"))
      #expect(plan.review.feedback.filter { $0.isLetter || $0.isNumber }.count >= 12)
      if case .units(let count, _) = plan.handling { #expect(plan.paces.count >= count) }
    }
  }

  @Test func oneFeedbackSaysNothingAndOneStationSignsTooLate() throws {
    let plans = plans(try day(1))
    #expect(plans.compactMap(\.review.weakFeedback) == ["已处理"])
    let recipients = plans.flatMap(\.directives).flatMap(\.recipients)
    #expect(recipients.filter { $0.signSeconds > 1_800 }.count == 1)
    #expect(recipients.contains { $0.handOver != nil })
    #expect(recipients.count >= 15)
  }
}
