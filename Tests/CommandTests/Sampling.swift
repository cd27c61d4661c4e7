// What the tests of command share: cases that are the same on every run, and a store in a folder.
import Access
import Classification
import EventLog
import Foundation
import Geography
import Identifiers
import Persistence
import Testing

@testable import CommandDomain
@testable import CommandStore

/// SplitMix64 (Steele, Lea, Flood 2014): a failure seen once can be seen again.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

enum Sample {
  /// 2016-12-31 08:00 in Shanghai.
  static let morning = Date(timeIntervalSince1970: 1_483_142_400)

  static func time(_ seconds: Double) -> Date { morning.addingTimeInterval(seconds) }

  /// The same text gives the same id.
  static func id<Tag: IdentifierTag>(_ text: String, _ tag: Tag.Type = Tag.self) -> Identifier<Tag>
  {
    var mint = IdentifierMint(service: "sample", cause: text, now: morning)
    return mint.next(tag)
  }

  static func unit(_ number: Int) -> UnitID { id("unit \(number)") }

  static func place() throws -> Place {
    Place(
      given: try GivenPoint(latitude: 27.97, longitude: 120.64, datum: .gcj02),
      address: "瓯海大道 1 号", description: "门口", uncertaintyMetres: 12.5)
  }

  static func content(
    receiveTime: Date = morning, narrative: String = "有人打架\n快来", source: String = "",
    reference: String = "", phoneHash: String? = String(repeating: "a", count: 64)
  ) throws -> CallReportContent {
    CallReportContent(
      channel: .phone, origin: .citizenReported, phoneHash: phoneHash,
      maskedPhone: "138****5678", place: try place(), narrative: narrative,
      occurTime: receiveTime.addingTimeInterval(-60), receiveTime: receiveTime, source: source,
      externalReference: reference)
  }

  static func incident(classified: Bool = true) throws -> Incident {
    let call = CallReport(id: id("call"), content: try content(), recordTime: morning)
    return Incident(
      id: id("incident"), number: "20161231-000001", call: call,
      incidentClass: classified ? .dispute : nil, level: classified ? .level4 : nil, title: "",
      createTime: morning, recordTime: morning)
  }

  static func assignment() -> Assignment {
    Assignment(
      id: id("assignment"), incidentID: id("incident"), unitID: unit(1),
      directiveID: id("directive"), recommendationID: nil, assignTime: morning)
  }

  static func directive(
    _ directiveClass: DirectiveClass = .urgent, incident: IncidentID? = nil, recipients: Int = 2
  ) -> DirectiveContent {
    DirectiveContent(
      directiveClass: directiveClass, incidentID: incident, title: "巡查", text: "巡查沿街店铺",
      recipients: (1...recipients).map { Recipient(kind: .station, id: "station-\($0)") })
  }
}

/// A store of command in a folder that goes with the last reference to it.
final class Bench: Sendable {
  let folder: URL
  let database: any Database
  let log: EventLog
  let store: CommandDatabaseStore
  private let told = Told()

  init(partition: String = "main") throws {
    folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("quintet-command-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    database = try SQLite.open(
      path: folder.appendingPathComponent("command.sqlite").path,
      migrations: CommandSchema.migrations)
    log = EventLog(service: "command", partition: partition)
    store = CommandDatabaseStore(
      database: database, log: log, encode: Bench.encode, committed: told.add)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// What the observer was told so far, by name.
  var toldNames: [String] { told.names }

  static let encode: CommandDatabaseStore.Encoder = { event in
    EncodedEvent(
      type: "test." + event.name, subject: event.subject, payload: Array(event.name.utf8))
  }

  static func key(_ id: String, content: String = "") -> RequestKey {
    RequestKey(id: id, method: "/test/Method", fingerprint: content)
  }

  static func provenance(_ request: String) -> Provenance {
    Provenance(actor: "person/test", cause: "request/\(request)", trace: "")
  }

  /// One mutation under its own request id.
  func write<R: Codable & Sendable>(
    _ request: String, now: Date = Sample.morning,
    _ body: @escaping @Sendable (any CommandWriter) throws -> R
  ) async throws -> R {
    try await store.write(
      Self.key(request), provenance: Self.provenance(request), reach: .everywhere, now: now,
      body)
  }

  func eventNames() async throws -> [String] {
    let log = log
    return try await database.read { tx in
      try log.events(after: 0, types: [], limit: 10_000, in: tx).map {
        String($0.type.dropFirst("test.".count))
      }
    }
  }

  /// Every row, with times of recording and all.
  func dump() async throws -> [String] {
    try await database.read { tx in try StoreDump.full(in: tx) { _, _ in nil } }
  }

  func canonicalDump() async throws -> [String] {
    try await database.read { tx in try StoreDump.canonical(in: tx) { _, _ in nil } }
  }
}

private final class Told: Sendable {
  private let lock = NSLock()
  nonisolated(unsafe) private var events: [CommandEvent] = []

  var add: CommandDatabaseStore.Observer {
    { events in self.lock.withLock { self.events += events } }
  }

  var names: [String] { lock.withLock { events.map(\.name) } }
}

extension CommandEvent {
  var name: String {
    switch self {
    case .callReportAnswered: "answered"
    case .callReportEnded: "ended"
    case .incidentOpened: "opened"
    case .incidentClassified: "classified"
    case .incidentMoved(_, let from, _): "moved from \(from.rawValue)"
    case .unitsRecommended: "recommended"
    case .assignmentMoved(let now, let from): "\(from?.rawValue ?? "none")→\(now.state.rawValue)"
    case .directiveIssued(let directive): "directive \(directive.state.rawValue)"
    case .directiveMoved(_, let course, let from):
      "course \(from?.rawValue ?? "none")→\(course.state.rawValue)"
    case .dispatchRuleSwitchedOn: "rule on"
    case .dispatchRuleSwitchedOff: "rule off"
    case .directiveFact(let fact): fact.name
    case .jointFact(let fact): fact.name
    case .mode(let fact): fact.subject
    case .campaign(let fact): fact.subject
    }
  }
}

/// The reason of a refusal without what it carries: `moveNotAllowed`.
func refusal(_ body: () throws -> Void) -> String? {
  do {
    try body()
    return nil
  } catch { return refusalName(error) }
}

/// The same for what suspends.
func lateRefusal(_ body: () async throws -> Void) async -> String? {
  do {
    try await body()
    return nil
  } catch { return refusalName(error) }
}

func refusalName(_ error: any Error) -> String {
  String("\(error)".prefix { $0 != "(" })
}

/// `#expect` for walks of a hundred thousand steps: it costs nothing while the condition holds.
func hold(
  _ condition: Bool, _ comment: @autoclosure () -> String = "",
  sourceLocation: SourceLocation = #_sourceLocation
) {
  if !condition {
    Issue.record("the model says otherwise \(comment())", sourceLocation: sourceLocation)
  }
}
