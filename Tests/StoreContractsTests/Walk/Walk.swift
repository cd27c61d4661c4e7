// One walk: step by step something is asked, repeated, reordered or cut short, and after each step
// command and supervision must stand where the model does.
import Foundation
import GRPCCore
import QuintetAPI
import SwiftProtobuf

@testable import EventLog
@testable import Persistence

struct Walk {
  private let engine: Engine
  private let clock = WalkClock()
  private var hall: WalkHall
  private var follower: WalkFollower
  private var model = WalkModel()
  private var stored: [StoredEvent] = []
  /// The newest requests, to be repeated.
  private var asked: [Asked] = []
  private var requestCount = 0
  private var turn = 0
  private(set) var tally = Tally()
  /// Put into words only when a walk fails: words cost more than steps.
  private var notes: [(turn: Int, words: () -> String)] = []

  init(_ engine: Engine) async throws {
    self.engine = engine
    hall = try WalkHall(engine, try StoreFolder(), clock: clock)
    follower = try await WalkFollower(engine, clock: clock)
  }

  func close() async {
    try? await hall.database.close()
    try? await follower.database.close()
  }

  /// One turn: a step, or several that are taken at once. Everything in it follows from its seed and
  /// from what stands when it begins, so that any turn can be left out of a walk.
  mutating func take(_ seed: UInt64) async throws {
    clock.now += 1
    turn += 1
    var chance = Chance(seed: seed)
    switch Int.random(in: 0..<200, using: &chance) {
    case ..<110: try await ask(fresh(&chance))
    case ..<130: try await ask(again(&chance))
    case ..<138: try await ask(Asked(id: again(&chance).id, act: fresh(&chance).act))
    case ..<154: try await askAtOnce(&chance)
    case ..<159: try await askInStream(&chance)
    case ..<176:
      let one = chance.percent(85) ? fresh(&chance) : again(&chance)
      try await ask(one, meeting: fault(on: one, &chance))
    case ..<198: try await deliver(&chance)
    case 198: try await pullThePlug()
    default: if chance.percent(40) { try await verify() } else { try await deliver(&chance) }
    }
  }

  /// Brings supervision up to date and looks at everything.
  /// - Parameter isCompared: also replays the whole log to a supervision that nothing disturbs.
  mutating func finish(isCompared: Bool) async throws {
    note("end of the walk")
    var current = follower
    try await catchUp(&current)
    follower = current
    try await verify()
    if isCompared {
      var other = try await WalkFollower(engine, clock: clock)
      try await catchUp(&other)
      let (disturbed, undisturbed) = try await (follower.canonical(), other.canonical())
      try await other.database.close()
      guard disturbed == undisturbed else {
        let difference = disturbed.difference(from: undisturbed).prefix(4)
        throw Disagreement("an undisturbed supervision has other rows: \(Array(difference))")
      }
    }
  }

  /// What was done, step by step.
  var story: [String] {
    notes.map { note in
      ["StoreContractsTests.", "QuintetAPI.Quintet_Command_V1_"].reduce(
        "\(note.turn). \(note.words())"
      ) { $0.replacingOccurrences(of: $1, with: "") }
    }
  }

  private mutating func note(_ words: @autoclosure @escaping () -> String) {
    notes.append((turn, words))
  }

  // MARK: - Asking

  private mutating func fresh(_ chance: inout Chance, reach: Int = 24) -> Asked {
    var chooser = Chooser(model: model, reach: reach, chance: Chance(seed: chance.next()))
    return fresh(chooser.act(), chooser.moment(), &chance)
  }

  private mutating func fresh(_ act: Act, _ moment: Moment, _ chance: inout Chance) -> Asked {
    requestCount += 1
    return Asked(
      id: chance.percent(1) && chance.percent(50) ? "" : "request-\(requestCount)", act: act,
      moment: moment)
  }

  /// Something asked before: of those that nobody has seen an answer to, if chance will have it.
  private mutating func again(_ chance: inout Chance) -> Asked {
    let unanswered = asked.filter { one in model.done[one.id].map { $0.bytes == nil } ?? false }
    let pool = chance.percent(50) && !unanswered.isEmpty ? unanswered : asked
    return chance.one(of: pool) ?? fresh(&chance)
  }

  private mutating func remember(_ one: Asked) {
    tally.steps += 1
    tally.requests += 1
    asked.append(one)
    if asked.count > 300 { asked.removeFirst(100) }
  }

  private func fault(on one: Asked, _ chance: inout Chance) -> Fault {
    let places: [Fault.Place] = [
      .beforeWrite, .afterStatement(Int.random(in: 0...14, using: &chance)), .afterCommit,
      .afterCommit,
    ]
    return Fault(
      write: one.act.asksDuty ? Int.random(in: 1...2, using: &chance) : 1,
      place: chance.one(of: places) ?? .beforeWrite, isPowerCut: chance.percent(5))
  }

  private mutating func ask(_ one: Asked, meeting fault: Fault? = nil) async throws {
    note("\(one)\(fault.map { "; \($0)" } ?? "")")
    remember(one)
    if let fault { hall.database.arm(fault) }
    let seen = try await hall.seen(one, at: clock.now)
    let met = fault == nil ? nil : hall.database.disarm()
    if let met {
      tally.deaths += 1
      if let files = met.files { try await reopen(files) }
    }
    // What brings no event is seen to have brought none when the next one is looked for.
    var told = isQuiet(one, seen) ? [] : try await newEvents()
    try judge(one, seen, isWritten: met?.isCommitted ?? true, &told)
    try expectNoMore(told)
  }

  /// Refused, or answered before.
  private func isQuiet(_ one: Asked, _ seen: Seen) -> Bool {
    switch seen {
    case .refused: true
    case .answer: model.done[one.id] != nil
    case .nothing: false
    }
  }

  /// Several callers at once: their writes reach the store in the order of a lot, in one group.
  private mutating func askAtOnce(_ chance: inout Chance) async throws {
    var group: [Asked] = []
    for _ in 0..<Int.random(in: 2...5, using: &chance) {
      let one = fresh(&chance, reach: 3)
      group.append(one)
      if chance.percent(25) { group.append(one) }
      if chance.percent(8) { group.append(Asked(id: one.id, act: fresh(&chance, reach: 3).act)) }
      if chance.percent(15) { group.append(again(&chance)) }
    }
    let lot = Array(group.indices).shuffled(using: &chance)
    let killAfter =
      chance.percent(25) ? Int.random(in: 0...group.count, using: &chance) : nil
    note("at once, in the order \(lot), death after \(killAfter.map(String.init) ?? "none"):")
    for one in group {
      note("  \(one)")
      remember(one)
    }
    let (hall, now, gate) = (hall, clock.now, Gate(lot: lot, killAfter: killAfter))
    hall.database.hold(at: gate)
    let answers = try await withThrowingTaskGroup(of: (Int, Seen).self) { tasks in
      for (caller, one) in group.enumerated() {
        tasks.addTask {
          defer { gate.leave(hall.database) }
          return try await Gate.$caller.withValue(caller) {
            (caller, try await hall.seen(one, at: now))
          }
        }
      }
      return try await tasks.reduce(into: [Int: Seen]()) { $0[$1.0] = $1.1 }
    }
    hall.database.hold(at: nil)
    var told = try await newEvents()
    let passed = gate.passed
    // Who asked duty first passes twice; what he does, he does the last time.
    let last = Dictionary(
      passed.enumerated().map { ($1.caller, $0) }, uniquingKeysWith: { max($0, $1) })
    for caller in group.indices.sorted(by: { last[$0] ?? -1 < last[$1] ?? -1 }) {
      let isWritten =
        killAfter == nil
        || !group[caller].act.asksDuty && last[caller].map { passed[$0].isWritten } ?? false
      try judge(group[caller], answers[caller] ?? .nothing, isWritten: isWritten, &told)
    }
    if killAfter != nil { tally.deaths += 1 }
    try expectNoMore(told)
  }

  /// Many commands in one stream, each standing for itself.
  private mutating func askInStream(_ chance: inout Chance) async throws {
    var chooser = Chooser(model: model, reach: 4, chance: Chance(seed: chance.next()))
    let isReports = chance.percent(40)
    var items: [Asked] = []
    for _ in 0..<Int.random(in: 1...8, using: &chance) {
      let act = isReports ? chooser.report() : chooser.advance()
      if case .callOff = act { continue }
      items.append(fresh(act, chooser.moment(), &chance))
      if chance.percent(20), let one = chance.one(of: items) { items.append(one) }
    }
    if items.isEmpty { return }
    let limit = chance.percent(25) ? Int.random(in: 0...items.count, using: &chance) : nil
    note("in a stream, death after \(limit.map(String.init) ?? "none"):")
    for one in items {
      note("  \(one)")
      remember(one)
    }
    hall.database.killSeries(after: limit)
    let answers = try await hall.seen(inStream: items, at: clock.now)
    hall.database.killSeries(after: nil)
    guard answers.count == items.count else {
      throw Disagreement("\(answers.count) answers to \(items.count) items of a stream")
    }
    var told = try await newEvents()
    var left = limit ?? .max
    for (one, answer) in zip(items, answers) {
      let isChecked = WalkModel.mistakes(one).isEmpty
      // After the death the rest of the stream is told nothing that could be believed.
      let seen = limit == nil || !isChecked ? answer : .nothing
      try judge(one, seen, isWritten: left > 0, &told)
      if isChecked { left -= 1 }
    }
    if limit != nil { tally.deaths += 1 }
    try expectNoMore(told)
  }

  // MARK: - Judging

  private mutating func newEvents() async throws -> ArraySlice<Told> {
    let known = Int64(model.log.count)
    let new = try await hall.database.read { [log = hall.log] tx in
      try log.events(after: known, types: [], limit: 10_000, in: tx)
    }
    stored += new
    tally.events += new.count
    for (offset, event) in new.enumerated() where event.sequence != known + Int64(offset) + 1 {
      throw Disagreement("event \(event.sequence) follows \(known + Int64(offset))")
    }
    return try new.map(Told.init)[...]
  }

  private func expectNoMore(_ told: ArraySlice<Told>) throws {
    guard told.isEmpty else { throw Disagreement("events that nobody caused: \(Array(told))") }
  }

  /// - Parameter isWritten: whether what was done stays when nobody was told.
  private mutating func judge(
    _ one: Asked, _ seen: Seen, isWritten: Bool, _ told: inout ArraySlice<Told>
  ) throws {
    let sending = Sending(one, at: clock.now)
    let message: [UInt8] = try sending.message.serializedBytes()
    let content = Array(sending.method.fullyQualifiedMethod.utf8) + message
    var expected = WalkModel.mistakes(one)
    if expected.isEmpty, let earlier = model.done[one.id] {
      if earlier.content == content { return try judge(repeated: one, earlier, seen) }
      expected = [Refused(.alreadyExists, "REQUEST_ID_REUSED", "request_id")]
    } else if expected.isEmpty {
      expected = model.refusals(one)
    }
    switch seen {
    case .refused(let refusal):
      tally.refusals[refusal.reason, default: 0] += 1
      guard expected.contains(refusal) else {
        throw Disagreement("\(one)\n  was refused: \(refusal)\n  expected: \(expected)")
      }
    case .answer(let answer):
      guard expected.isEmpty else {
        throw Disagreement("\(one)\n  was done; expected: \(expected)")
      }
      let words = try model.perform(one, at: clock.now, told: &told)
      guard Words.answer(answer) == words else {
        throw Disagreement(
          "\(one)\n  was answered\n    \(Words.answer(answer))\n  expected\n    \(words)")
      }
      model.done[one.id] = Done(
        content: content, answer: words, bytes: try answer.serializedBytes())
      tally.done += 1
    case .nothing:
      guard isWritten, expected.isEmpty else { return }
      model.done[one.id] = Done(
        content: content, answer: try model.perform(one, at: clock.now, told: &told))
      tally.done += 1
    }
  }

  private mutating func judge(repeated one: Asked, _ earlier: Done, _ seen: Seen) throws {
    switch seen {
    case .refused(let refusal):
      throw Disagreement("\(one)\n  was done, and its repeat refused: \(refusal)")
    case .answer(let answer):
      let bytes: [UInt8] = try answer.serializedBytes()
      guard Words.answer(answer) == earlier.answer, bytes == earlier.bytes ?? bytes else {
        throw Disagreement(
          "\(one)\n  was answered\n    \(earlier.answer)\n  and its repeat\n    \(Words.answer(answer))"
        )
      }
      model.done[one.id]?.bytes = bytes
      tally.repeats += 1
    case .nothing: break
    }
  }

  // MARK: - Supervision, power, and everything

  private mutating func deliver(_ chance: inout Chance) async throws {
    let head = Int64(model.log.count)
    let start = max(0, follower.cursor - Int64.random(in: 0...8, using: &chance))
    let end = min(head, start + Int64.random(in: 1...60, using: &chance))
    guard end > start else { return }
    let places: [Fault.Place] = [
      .beforeWrite, .afterStatement(Int.random(in: 0...60, using: &chance)), .afterCommit,
    ]
    let place = chance.percent(35) ? chance.one(of: places) : nil
    let isPowerCut = chance.percent(5)
    let fault = place.map { Fault(place: $0, isPowerCut: isPowerCut) }
    note("events \(start + 1)…\(end) to supervision\(fault.map { "; \($0)" } ?? "")")
    tally.steps += 1
    tally.deliveries += 1
    let isAlive = try await follower.follow(
      hall.feed, after: start, upTo: end, log: stored, fault: fault)
    if !isAlive { tally.deaths += 1 }
  }

  private func catchUp(_ follower: inout WalkFollower) async throws {
    let head = Int64(model.log.count)
    while follower.cursor < head {
      let before = follower.cursor
      try await follower.follow(
        hall.feed, after: before, upTo: min(head, before + 100), log: stored)
      // The end of the log may hold nothing that supervision asks for.
      if follower.cursor == before { break }
    }
    try await follower.checkEach()
  }

  private mutating func pullThePlug() async throws {
    note("power cut of both machines between two steps")
    tally.steps += 1
    try await reopen(try hall.database.files())
    try await follower.reopen(try follower.database.files())
  }

  private mutating func reopen(_ files: StoreFolder) async throws {
    tally.powerCuts += 1
    let old = hall
    hall = try WalkHall(engine, files, clock: clock)
    try await old.database.close()
  }

  private mutating func verify() async throws {
    note("look at everything")
    let counts = model.counts
    let found = try await hall.database.read { tx in
      try counts.keys.reduce(into: [String: Int]()) { found, table in
        found[table] = try tx.query("SELECT count(*) AS n FROM \(table)").first?.get("n")
      }
    }
    guard found == counts else {
      throw Disagreement("the tables have rows\n    \(found)\n  expected\n    \(counts)")
    }
    try compare(
      try await hall.all(of: .calls), model.calls.values.map(\.words))
    try compare(
      try await hall.all(of: .incidents), model.incidents.values.map(model.words(incident:)))
    try compare(
      try await hall.all(of: .directives), model.directives.values.map(\.words))
    try await follower.checkEach()
  }

  private func compare(_ found: [String], _ expected: [String]) throws {
    let difference = found.sorted().difference(from: expected.sorted())
    guard difference.isEmpty else {
      throw Disagreement("rows differ: \(Array(difference.prefix(4)))")
    }
  }
}
