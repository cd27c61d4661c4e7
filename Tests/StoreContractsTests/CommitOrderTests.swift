// Numbers of events follow commits, without gaps: whoever has seen n has seen everything up to n.
import Foundation
import QuintetAPI
import SwiftProtobuf
import Testing

@testable import EventLog
@testable import Persistence

@Suite(.timeLimit(.minutes(1))) struct CommitOrderTests {
  let folder = try! StoreFolder()

  @Test(arguments: Engine.allCases)
  func aLiveReaderLosesNothingOfManyWritersAndSeesItInCommitOrder(engine: Engine) async throws {
    let bureau = try Bureau(engine, folder)
    let storm = Storm(bureau: bureau) { name, isUndone in
      try await bureau.make(name) { if isUndone { throw Refusal() } }.id
    }
    #expect(try await storm.findings() == [])
    let head = try await bureau.database.read { [log = bureau.log] in try log.head(in: $0) }
    #expect(head == Storm.kept)
    #expect(try await bureau.database.read { try $0.things().count } == Storm.kept)
  }

  /// The same storm on numbers as AUTOINCREMENT gives them: what was undone leaves gaps, and a reader
  /// cannot tell a gap from an event that is still to come.
  @Test(arguments: Engine.allCases)
  func numbersFromASequenceAreFoundOutByTheSameCheck(engine: Engine) async throws {
    let bureau = try Bureau(engine, folder)
    let log = SequenceNumberedLog(bureau: bureau)
    let numbers = Ticks()
    let storm = Storm(bureau: bureau) { name, isUndone in
      let number = Int64(numbers.next())
      await Task.yield()
      return try await log.write(name, number: number, isUndone: isUndone)
    }
    let gaps = try await storm.findings().count { finding in
      if case .gap = finding { true } else { false }
    }
    // The numbers of what was undone, but for those at the very end, which nobody has passed yet.
    let undone = Storm.writers * Storm.rounds - Storm.kept
    #expect(gaps > undone - Storm.writers)
  }

  /// And the step in which such numbers lose events, one at a time: the number is taken first, the
  /// commit comes second, and in between a reader passes by.
  @Test(arguments: Engine.allCases)
  func aNumberTakenBeforeTheCommitLosesItsEventAndTheCheckSaysSo(engine: Engine) async throws {
    let bureau = try Bureau(engine, folder)
    let log = SequenceNumberedLog(bureau: bureau)
    let (slow, fast): (Int64, Int64) = (1, 2)
    let second = try await log.write("fast", number: fast)
    var seen = try await bureau.follow(count: 1).map(\.event)
    let first = try await log.write("slow", number: slow)
    let third = try await log.write("last", number: 3)
    seen += try await bureau.follow(after: fast, count: 1).map(\.event)
    let written = [
      Written(id: second, began: 2, ended: 3), Written(id: first, began: 1, ended: 4),
      Written(id: third, began: 5, ended: 6),
    ]
    #expect(
      CommitOrder.findings(written: written, seen: seen, head: 3) == [.lost(first), .gap(slow)])
  }

  @Test func theCheckSeesWhatIsDoubledOrOutOfOrder() {
    let written = [
      Written(id: "evt 1", began: 1, ended: 2), Written(id: "evt 2", began: 3, ended: 4),
    ]
    #expect(
      CommitOrder.findings(written: written, seen: [.numbered(1), .numbered(2)], head: 2) == [])
    #expect(
      CommitOrder.findings(
        written: written, seen: [.numbered(1), .numbered(2), .numbered(2)], head: 2)
        == [.doubled("evt 2")])
    #expect(
      CommitOrder.findings(written: written, seen: [.numbered(2), .numbered(1)], head: 2)
        == [.backwards(1), .early("evt 2")])
  }
}
