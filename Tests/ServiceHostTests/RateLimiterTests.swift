// One caller's haste is nobody else's trouble.
import Access
import Foundation
import Testing

@testable import ServiceHost

@Suite struct RateLimiterTests {
  private let start = ContinuousClock.now

  private func limiter(remembered: Int = 10) -> RateLimiter {
    var limits = CallLimits()
    limits.personRate = CallRate(perSecond: 2, burst: 3)
    limits.partnerRate = CallRate(perSecond: 1, burst: 1)
    limits.rememberedCallers = remembered
    return RateLimiter(limits: limits)
  }

  private func taken(
    _ count: Int, _ limiter: RateLimiter, _ who: Principal, isDispatching: Bool = false,
    after seconds: Double = 0
  ) -> Int {
    (0..<count).count { _ in
      limiter.take(who, isDispatching: isDispatching, at: start + .seconds(seconds)) == nil
    }
  }

  @Test func aBucketEmptiesAndFillsAgainAndSaysWhen() throws {
    let limiter = limiter()
    let person = try Principal(parsing: "person/li")
    #expect(taken(9, limiter, person) == 3)
    #expect(limiter.take(person, isDispatching: false, at: start) == .seconds(0.5))
    #expect(taken(9, limiter, person, after: 1) == 2)
    #expect(taken(9, limiter, person, after: 100) == 3)
  }

  @Test func eachHasItsOwnAndDispatchHasFourTimesAsMuchBesides() throws {
    let limiter = limiter()
    let person = try Principal(parsing: "person/li")
    #expect(taken(99, limiter, person) == 3)
    #expect(taken(99, limiter, person, isDispatching: true) == 12)
    #expect(taken(99, limiter, try Principal(parsing: "person/wu")) == 3)
    #expect(taken(99, limiter, try Principal(parsing: "partner/icbc")) == 1)
    #expect(taken(99, limiter, try Principal(parsing: "service/duty")) == 99)
  }

  @Test func theIssuerMayAllowMore() throws {
    let limiter = limiter()
    var person = try Principal(parsing: "person/li")
    #expect(taken(99, limiter, person) == 3)
    person.callRate = 10
    #expect(taken(99, limiter, person) == 0)
    #expect(taken(99, limiter, person, after: 1) == 10)
  }

  /// Many names must not make the suite forget whoever is in haste, nor fill its memory.
  @Test func whoHasTheMostLeftIsForgottenFirst() throws {
    let limiter = limiter(remembered: 2)
    let hasty = try Principal(parsing: "person/hasty")
    #expect(taken(9, limiter, hasty) == 3)
    for number in 0..<50 {
      #expect(taken(1, limiter, try Principal(parsing: "person/p\(number)")) == 1)
      #expect(taken(1, limiter, hasty) == 0)
    }
  }
}
