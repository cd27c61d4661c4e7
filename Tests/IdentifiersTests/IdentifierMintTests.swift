// What the mint promises: the cause decides the bits, the clock decides the order.

import Foundation
import Identifiers
import Testing

private let morning = Date(timeIntervalSince1970: 1_483_142_400.123)

private func first<Tag>(
  _ tag: Tag.Type, service: String = "command", cause: String = "request/报警-1",
  now: Date = morning
) -> Identifier<Tag> {
  var mint = IdentifierMint(service: service, cause: cause, now: now)
  return mint.next(tag)
}

@Suite struct IdentifierMintTests {
  @Test func theBitsAreThoseOfTheDocumentedHash() {
    // Computed independently, with Python's hashlib. Should these change, then work that is
    // repeated across an upgrade is done twice.
    var mint = IdentifierMint(service: "command", cause: "request/报警-1", now: morning)
    #expect(mint.next(IncidentTag.self).description == "inc_01b592t23vf0zrvwzybr6g77rz")
    #expect(mint.next(EventTag.self).description == "evt_01b592t23vfdy9j5rcpxckbq9w")
    #expect(mint.next(IncidentTag.self).description == "inc_01b592t23veng8psfzb6c566tr")
  }

  @Test func theSameCauseAtAnotherTimeGivesTheSameStablePart() {
    var generator = SeededGenerator(seed: 4)
    for number in 0..<500 {
      let later = morning.addingTimeInterval(.random(in: 0.001...1e9, using: &generator))
      var one = IdentifierMint(service: "duty", cause: "request/\(number)", now: morning)
      var other = IdentifierMint(service: "duty", cause: "request/\(number)", now: later)
      for _ in 0..<4 {
        let (left, right) = (one.next(UnitTag.self), other.next(UnitTag.self))
        #expect(left.stablePart == right.stablePart)
        #expect(left < right)
      }
    }
  }

  @Test func theSameCauseAtTheSameTimeGivesTheSameIdentifiers() {
    #expect(first(IncidentTag.self) == first(IncidentTag.self))
  }

  @Test func anotherServiceCausePrefixOrOrdinalGivesOtherBits() {
    var stableParts: Set<String> = []
    for service in ["command", "duty", "comman"] {
      for cause in 0..<200 {
        var mint = IdentifierMint(service: service, cause: "request/\(cause)", now: morning)
        for _ in 0..<4 {
          stableParts.insert(mint.next(IncidentTag.self).stablePart)
          stableParts.insert(mint.next(EventTag.self).stablePart)
        }
      }
    }
    #expect(stableParts.count == 3 * 200 * 4 * 2)
  }

  @Test func whereOneFieldEndsAndTheNextBeginsMatters() {
    let left = first(EventTag.self, service: "a", cause: "bc")
    let right = first(EventTag.self, service: "ab", cause: "c")
    #expect(left.stablePart != right.stablePart)
  }

  @Test func kindsAreCountedSeparately() {
    var alone = IdentifierMint(service: "duty", cause: "c", now: morning)
    var mixed = IdentifierMint(service: "duty", cause: "c", now: morning)
    let expected = (0..<10).map { _ in alone.next(EventTag.self) }
    let minted = (0..<10).map { _ in
      _ = mixed.next(UnitTag.self)
      return mixed.next(EventTag.self)
    }
    #expect(minted == expected)
  }

  @Test func theOrderOfIdentifiersIsTheOrderOfMillisecondsMinted() {
    let ids = (0..<3000).map { number in
      first(
        CallReportTag.self, cause: "request/\(number)",
        now: morning.addingTimeInterval(Double(number) / 1000 + 0.0005))
    }
    #expect(ids == ids.sorted())
    #expect(ids.map(\.description) == ids.map(\.description).sorted())
  }

  @Test func whatIsMintedCanBeRead() throws {
    for number in 0..<1000 {
      let id = first(DeadlineTag.self, cause: "event/\(number)")
      #expect(try DeadlineID(parsing: id.description) == id)
    }
  }

  // Seconds, not dates: describing such a date, as the test's report would, stops the process.
  @Test(arguments: [-1e300, -62_135_596_800, -0.001, 1e12, 1e300, .infinity, -.infinity, .nan])
  func noClockReadingStopsTheMint(secondsSince1970: Double) throws {
    let id = first(EventTag.self, now: Date(timeIntervalSince1970: secondsSince1970))
    #expect(EventID(id.description) == id)
    #expect(id.stablePart == first(EventTag.self).stablePart)
  }
}
