// Which time a process goes by while somebody sets the machine's clock wrong.
import Foundation
import Synchronization
import Testing

@testable import ServiceHost

@Suite struct SteadyClockTests {
  static let start = Date(timeIntervalSince1970: 1_483_142_400)

  /// Both clocks of a machine, moved by hand.
  final class Machine: Sendable {
    private let clocks = Mutex((wall: start, monotonic: TimeInterval(1_000)))
    private let notices = Mutex<[ClockWatch.Notice]>([])

    var wall: Date { clocks.withLock { $0.wall } }
    var monotonic: TimeInterval { clocks.withLock { $0.monotonic } }
    var told: [ClockWatch.Notice] { notices.withLock { $0 } }

    /// Time goes by: both clocks run.
    func pass(_ seconds: TimeInterval) {
      clocks.withLock {
        $0.wall += seconds
        $0.monotonic += seconds
      }
    }

    /// Somebody sets the clock.
    func set(by seconds: TimeInterval) { clocks.withLock { $0.wall += seconds } }

    var clock: SteadyClock {
      SteadyClock(
        wall: { self.wall }, monotonic: { self.monotonic },
        report: { notice in self.notices.withLock { $0.append(notice) } })
    }
  }

  let machine = Machine()

  @Test func aLeapAheadIsHeldReportedOnceAndBelievedWhenItHasStood() {
    let clock = machine.clock
    machine.set(by: 86_400)
    for second in 0..<60 {
      #expect(clock.now() == Self.start + Double(second))
      machine.pass(1)
    }
    #expect(machine.told == [.held(ahead: 86_400)])
    #expect(clock.now() == Self.start + 86_460)
    #expect(machine.told == [.held(ahead: 86_400), .confirmed])
    machine.pass(1)
    #expect(clock.now() == Self.start + 86_461)
    #expect(machine.told.count == 2)
  }

  @Test func aLeapThatGoesAwayIsForgotten() {
    let clock = machine.clock
    machine.set(by: 86_400)
    _ = clock.now()
    machine.set(by: -86_400)
    machine.pass(100)
    #expect(clock.now() == Self.start + 100)
    #expect(machine.told == [.held(ahead: 86_400), .withdrawn])
  }

  @Test func driftIsBelievedAndEveryLeapBeginsTheDoubtAnew() {
    var watch = ClockWatch(wall: Self.start, monotonic: 0)
    let at10 = watch.look(wall: Self.start + 39, monotonic: 10).notice
    #expect(at10 == nil)
    // Held from 20 to 80 by the monotonic clock; a second leap begins the doubt anew.
    let first = watch.look(wall: Self.start + 1_000, monotonic: 20)
    #expect(first.notice == .held(ahead: 951))
    #expect(first.time == Self.start + 49)
    let second = watch.look(wall: Self.start + 5_000, monotonic: 70)
    #expect(second.notice == .held(ahead: 4_901))
    #expect(second.time == Self.start + 99)
    let at100 = watch.look(wall: Self.start + 5_030, monotonic: 100).notice
    #expect(at100 == nil)
    let at130 = watch.look(wall: Self.start + 5_060, monotonic: 130).notice
    #expect(at130 == .confirmed)
    let at131 = watch.look(wall: Self.start + 5_061, monotonic: 131).notice
    #expect(at131 == nil)
    let at132 = watch.look(wall: Self.start + 5_000, monotonic: 132).notice
    #expect(at132 == .setBack(62))
  }

  /// However the clock is set, between two looks no more time goes by than really did, but for the
  /// tolerance, unless the leap was reported a minute before; and every step back is reported.
  @Test(arguments: 1...200 as ClosedRange<UInt64>)
  func noLeapPassesUnreported(seed: UInt64) {
    var random = Seeded(seed)
    let machine = Machine()
    let clock = machine.clock
    var (before, looked) = (clock.now(), machine.monotonic)
    var heldSince: TimeInterval?
    for _ in 0..<100 {
      machine.pass(Double.random(in: 0...40, using: &random))
      if Int.random(in: 0..<4, using: &random) == 0 {
        let size = pow(10, Double.random(in: 0...6, using: &random))
        machine.set(by: Bool.random(using: &random) ? size : -size)
      }
      let count = machine.told.count
      let (now, at) = (clock.now(), machine.monotonic)
      let notice = machine.told.count > count ? machine.told.last : nil
      #expect(machine.told.count <= count + 1)
      let gained = now.timeIntervalSince(before) - (at - looked)
      if gained > ClockWatch.tolerance + 0.001 {
        #expect(notice == .confirmed)
        #expect(heldSince.map { at - $0 >= ClockWatch.confirmation } == true)
      }
      if gained < -ClockWatch.tolerance - 0.001 {
        guard case .setBack? = notice else {
          Issue.record("set back by \(-gained) s without a word, seed \(seed)")
          return
        }
      }
      switch notice {
      case .held?: heldSince = at
      case .confirmed?, .withdrawn?, .setBack?: heldSince = nil
      case nil: break
      }
      (before, looked) = (now, at)
    }
  }
}

/// SplitMix64: the same seed, the same clocks.
private struct Seeded: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}
