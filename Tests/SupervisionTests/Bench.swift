// A supervision of its own for each test: a real store in a temporary folder, a clock that is moved by
// hand, and a log that can be read.
import Access
import EventLog
import Foundation
import GRPCCore
import Geography
import Identifiers
import Persistence
import QuintetAPI
import SupervisionDomain
import SupervisionRPC
import SupervisionStore
import SupervisionSubscriptions
import SwiftProtobuf
import Synchronization

/// One fact as a neighbour's feed would bring it.
struct Happening: Sendable {
  let id: EventID
  let time: Date
  let fact: Fact
}

/// The clock of a test.
final class HandClock: Sendable {
  private let time: Mutex<Date>

  init(_ wall: Date) { time = Mutex(wall) }

  var wall: Date {
    get { time.withLock { $0 } }
    set { time.withLock { $0 = newValue } }
  }

  /// Time goes by.
  func pass(_ seconds: TimeInterval) { time.withLock { $0 += seconds } }
}

final class Lines: Sendable {
  private let lines = Mutex<[LogLine]>([])
  var all: [LogLine] { lines.withLock { $0 } }
  func messages(_ level: LogLine.Level) -> [String] {
    all.filter { $0.level == level }.map(\.message)
  }
  func add(_ line: LogLine) { lines.withLock { $0.append(line) } }
}

struct Bench: Sendable {
  let database: any Database
  let log = EventLog(service: "supervision", partition: "main")
  let store: SupervisionDatabaseStore
  let clock: HandClock
  let lines = Lines()
  private let folder: URL

  static let start = Date(timeIntervalSince1970: 1_483_142_400)

  init(at time: Date = Bench.start) async throws {
    folder = FileManager.default.temporaryDirectory.appending(
      path: "supervision-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    database = try SQLite.open(
      path: folder.appending(path: "supervision.sqlite").path,
      migrations: SupervisionSchema.all)
    let (lines, clock) = (lines, HandClock(time))
    self.clock = clock
    store = SupervisionDatabaseStore(
      database: database, log: log, encode: EventEncoder.encode, report: { lines.add($0) })
    try await store.prepare(now: time)
  }

  /// Runs the test, and leaves nothing behind.
  static func with(_ body: (Bench) async throws -> Void) async throws {
    let bench = try await Bench()
    do { try await body(bench) } catch {
      await bench.close()
      throw error
    }
    await bench.close()
  }

  func close() async {
    try? await database.close()
    try? FileManager.default.removeItem(at: folder)
  }

  var now: @Sendable () -> Date { { [clock] in clock.wall } }
  var report: LogReport { { [lines] in lines.add($0) } }

  var deadlines: DeadlineService { DeadlineService(store: store, report: report, clock: now) }
  var evaluations: EvaluationService { EvaluationService(store: store) }
  func clocks(batch: Int = Timekeeping.batchLimit) -> ClockService {
    ClockService(store: store, report: report, clock: now, batchLimit: batch)
  }
  func loop(batch: Int = Timekeeping.batchLimit) -> ClockLoop {
    ClockLoop(store: store, clock: now, report: report, batchLimit: batch)
  }

  /// Applies facts as a subscription does: in their order, one transaction.
  func play(_ happenings: some Sequence<Happening>) async throws {
    let (store, now, batch) = (store, clock.wall, Array(happenings))
    try await database.write { tx in
      for happening in batch {
        let provenance = Provenance(
          actor: "service/supervision", cause: "event/\(happening.id)", trace: "trace-of-test")
        try store.apply(in: tx, provenance: provenance, now: now) { writer in
          try DeadlineBook.apply(happening.fact, at: happening.time, in: writer)
        }
      }
    }
  }

  func startExercise(at time: Date = Bench.start) async throws {
    try await store.write(now: clock.wall) { writer in
      _ = try Timekeeping.startExercise(at: time, in: writer)
    }
  }

  /// Moves the exercise clock.
  /// - Returns: how many steps fired.
  @discardableResult
  func advance(to time: Date, batch: Int = Timekeeping.batchLimit) async throws -> Int {
    var fired = 0
    while true {
      let sweep = try await store.write(now: clock.wall) { writer in
        try Timekeeping.sweepExercise(to: time, limit: batch, in: writer)
      }
      fired += sweep.fired
      if sweep.isComplete { return fired }
    }
  }

  func allDeadlines() async throws -> [Deadline] {
    try await store.read(within: .everywhere) {
      try $0.deadlines(DeadlineFilter(), after: nil, limit: 100_000)
    }
  }

  func allEvents() async throws -> [StoredEvent] {
    try await database.read { [log] in
      try log.events(after: 0, types: [], limit: 1_000_000, in: $0)
    }
  }

  func pendingCalls() async throws -> [OutgoingCall] {
    try await store.read(within: .everywhere) { try $0.pendingCalls(limit: 1_000) }
  }

  /// What two runs of the same causes must agree on.
  func canonical() async throws -> [String] {
    try await database.read { tx in
      try StoreDump.canonical(in: tx) { type, payload in
        guard let message = QuintetMessages.type(named: type) else { return nil }
        return try? message.init(serializedBytes: payload).jsonString()
      }
    }
  }

  func everything() async throws -> [String] {
    try await database.read { try StoreDump.full(in: $0) { _, _ in nil } }
  }
}

/// Runs a handler as the server would.
func called<R: Sendable>(
  _ method: MethodDescriptor, _ body: @Sendable (ServerContext) async throws -> R
) async throws -> R {
  // Who is let in is the host's business; what is tested here is served to one who sees all.
  try await CallContext.$current.withValue(CallContext(reach: .everywhere)) {
    try await withServerContextRPCCancellationHandle { handle in
      try await body(
        ServerContext(
          descriptor: method, remotePeer: "in-process:test", localPeer: "in-process:test",
          cancellation: handle))
    }
  }
}

/// SplitMix64: the same walk for the same seed.
struct Seeded: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// Ids for tests, each kind counting for itself.
struct TestIDs {
  private var mint: IdentifierMint

  init(_ cause: String = "test", at time: Date = Bench.start) {
    mint = IdentifierMint(service: "test", cause: cause, now: time)
  }

  mutating func next<Tag: IdentifierTag>(_ tag: Tag.Type = Tag.self) -> Identifier<Tag> {
    mint.next(tag)
  }
}
