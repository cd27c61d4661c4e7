// Command without its process: the real store on a file of its own, the real services behind a real
// gRPC server and client in memory, and a clock that counts readings.
import Access
import CommandDomain
import CommandStore
import EventLog
import Foundation
import GRPCCore
import GRPCInProcessTransport
import GRPCProtobuf
import Identifiers
import Logging
import Persistence
import QuintetAPI
import SwiftProtobuf
import Synchronization
import Testing
import Wire

@testable import CommandRPC

/// One second later at every look, so that what happens later is later.
final class StepClock: Sendable {
  private let readings = Mutex(0.0)

  func now() -> Date {
    readings.withLock { count in
      count += 1
      return Sample.time(3_600 + count)
    }
  }

  /// That many seconds pass at once.
  func advance(_ seconds: Double) { readings.withLock { $0 += seconds } }
}

/// Duty, as the test wants it.
final class FakeAdvisor: UnitAdvisor {
  private struct State {
    var answer: Quintet_Type_V1_UnitRecommendation?
    var questions: [UnitQuestion] = []
  }

  private let state = Mutex(State())

  /// Nil: duty is down.
  var answer: Quintet_Type_V1_UnitRecommendation? {
    get { state.withLock { $0.answer } }
    set { state.withLock { $0.answer = newValue } }
  }

  var questions: [UnitQuestion] { state.withLock { $0.questions } }

  func recommend(_ question: UnitQuestion) async throws -> Quintet_Type_V1_UnitRecommendation {
    try state.withLock { state in
      state.questions.append(question)
      guard let answer = state.answer else {
        throw RPCError(code: .unavailable, message: "no such socket")
      }
      return answer
    }
  }
}

/// Duty's stations, as the test wants them.
final class FakeDirectory: StationDirectory {
  private let known = Mutex<[KnownStation]?>([])

  /// Nil: duty is down.
  var answer: [KnownStation]? {
    get { known.withLock { $0 } }
    set { known.withLock { $0 = newValue } }
  }

  func stations() async throws -> [KnownStation] {
    guard let answer else { throw RPCError(code: .unavailable, message: "no such socket") }
    return answer
  }
}

/// As Main reads the log.
struct DatabaseJournal: FeedJournal {
  let database: any Database
  let log: EventLog

  func commits() -> AsyncStream<Void> { database.commits() }

  func head() async throws -> Int64 {
    try await database.read { [log] in try log.head(in: $0) }
  }

  func prunedThrough() async throws -> Int64 {
    try await database.read { [log] in try log.prunedThrough(in: $0) }
  }

  func page(
    after: Int64, types: [String], limit: Int
  ) async throws -> (entries: [JournalEntry], reached: Int64) {
    try await database.read { [log] tx in
      let events = try log.events(after: after, types: types, limit: limit, in: tx)
      let head = try log.head(in: tx)
      let entries = events.map {
        JournalEntry(
          sequence: $0.sequence, type: $0.type, subject: $0.subject, payload: $0.payload,
          incidentID: $0.incidentID)
      }
      return (entries, events.count == limit ? events.last?.sequence ?? head : head)
    }
  }
}

/// What the client sees of a refusal.
struct Refusal: Equatable, CustomStringConvertible {
  var code: RPCError.Code
  var reason: String?
  var field: String?

  init(_ code: RPCError.Code, _ reason: String?, _ field: String?) {
    self.code = code
    self.reason = reason
    self.field = field
  }

  init(_ error: RPCError) {
    let details = (try? error.unpackGoogleRPCStatus())?.details ?? []
    self.init(
      error.code, details.lazy.compactMap { $0.errorInfo?.reason }.first,
      details.lazy.compactMap { $0.badRequest?.violations.first?.field }.first)
  }

  var description: String { "\(code) \(reason ?? "-") \(field ?? "-")" }
}

struct Desk: Sendable {
  typealias Transport = InProcessTransport.Client

  let database: any Database
  let log: EventLog
  let store: CommandDatabaseStore
  let journal: DatabaseJournal
  let advisor = FakeAdvisor()
  let directory = FakeDirectory()
  let clock = StepClock()
  let secrets: CallerSecrets
  let caller: CallContext
  let calls: Quintet_Command_V1_CallReportService.Client<Transport>
  let callers: Quintet_Command_V1_CallerService.Client<Transport>
  let incidents: Quintet_Command_V1_IncidentService.Client<Transport>
  let reviews: Quintet_Command_V1_ReviewService.Client<Transport>
  let dispatches: Quintet_Command_V1_DispatchService.Client<Transport>
  let directives: Quintet_Command_V1_DirectiveService.Client<Transport>
  let templates: Quintet_Command_V1_DirectiveTemplateService.Client<Transport>
  let cordons: Quintet_Command_V1_CordonService.Client<Transport>
  let supports: Quintet_Command_V1_SupportService.Client<Transport>
  let consultations: Quintet_Command_V1_ConsultationService.Client<Transport>
  let series: Quintet_Command_V1_SeriesService.Client<Transport>
  let modes: Quintet_Command_V1_OperatingModeService.Client<Transport>
  let campaigns: Quintet_Command_V1_CampaignService.Client<Transport>
  let campaignRows: Quintet_Command_V1_CampaignRowService.Client<Transport>
  let boards: Quintet_Command_V1_BoardService.Client<Transport>

  /// Runs a test against a fresh command and removes its files.
  static func with<R: Sendable>(
    heartbeat: Duration = .seconds(5), reach: Reach = .everywhere,
    roles: Set<Role> = [], person: String? = nil, _ body: @Sendable (Desk) async throws -> R
  ) async throws -> R {
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("command-\(UUID().uuidString).sqlite").path
    defer {
      for suffix in ["", "-wal", "-shm"] {
        try? FileManager.default.removeItem(atPath: path + suffix)
      }
    }
    let transport = InProcessTransport()
    let client = GRPCClient(transport: transport.client)
    let desk = try Desk(path: path, client: client, roles: roles, person: person, reach: reach)
    let services = desk.services(heartbeat: heartbeat)
    let server = GRPCServer(transport: transport.server, services: services.all)
    return try await withThrowingTaskGroup(of: Void.self) { group in
      // Who is let in is the host's business; what is tested here is served to one who sees all.
      group.addTask {
        do {
          try await CallContext.$current.withValue(desk.caller) { try await server.serve() }
        } catch let error as RuntimeError where error.code == .serverIsStopped {
          // A body that calls nobody may be over before the server has begun.
        }
      }
      group.addTask { try await client.runConnections() }
      group.addTask { try await services.board.run() }
      group.addTask { try await services.incidents.run() }
      let result = try await body(desk)
      client.beginGracefulShutdown()
      server.beginGracefulShutdown()
      try await desk.database.close()
      try await group.waitForAll()
      return result
    }
  }

  private init(
    path: String, client: GRPCClient<Transport>, roles: Set<Role>, person: String?, reach: Reach
  ) throws {
    var principal = try person.map { try Principal(kind: .person, name: $0) } ?? .nobody
    principal.roles = roles
    principal.duty = .distantPast..<(.distantFuture)
    caller = CallContext(principal: principal, reach: reach)
    let key = PhoneKey(Data(repeating: 0x0f, count: 32))
    secrets = CallerSecrets(
      hash: { number in "hash of \(number.count) digits ending in \(number.suffix(4))" },
      seal: key.secrets.seal, open: key.secrets.open)
    callers = .init(wrapping: client)
    database = try SQLite.open(path: path, migrations: CommandSchema.migrations)
    log = EventLog(service: "command", partition: "main")
    store = CommandDatabaseStore(database: database, log: log, encode: EventEncoder.encode)
    journal = DatabaseJournal(database: database, log: log)
    calls = .init(wrapping: client)
    incidents = .init(wrapping: client)
    reviews = .init(wrapping: client)
    dispatches = .init(wrapping: client)
    directives = .init(wrapping: client)
    templates = .init(wrapping: client)
    cordons = .init(wrapping: client)
    supports = .init(wrapping: client)
    consultations = .init(wrapping: client)
    series = .init(wrapping: client)
    modes = .init(wrapping: client)
    campaigns = .init(wrapping: client)
    campaignRows = .init(wrapping: client)
    boards = .init(wrapping: client)
  }

  /// What dispatches by rule; looks when it is told to.
  func automatic() -> AutomaticDispatcher { services(heartbeat: .seconds(5)).dispatcher }

  private func services(heartbeat: Duration) -> CommandServices {
    CommandServices(
      store: store, journal: journal, advisor: advisor, directory: directory,
      logger: Self.quiet, clock: clock.now,
      secrets: secrets,
      explain: { error in
        switch error {
        case is RequestReused:
          Failure(
            code: .alreadyExists, reason: "REQUEST_ID_REUSED", field: "request_id", message: "")
        case DatabaseError.full:
          Failure(code: .resourceExhausted, reason: "STORE_FULL", message: "")
        default: nil
        }
      }, heartbeat: heartbeat)
  }

  static let quiet = Logger(label: "tests", factory: { _ in SwiftLogNoOpLogHandler() })

  /// Every row, in full: what is compared to know that nothing changed.
  func rows() async throws -> [String] {
    try await database.read { try StoreDump.full(in: $0) { _, _ in nil } }
  }

  func events() async throws -> [StoredEvent] {
    try await database.read { [log] in try log.events(after: 0, types: [], limit: 10_000, in: $0) }
  }
}

/// The refusal that a call ends with; nil when it succeeds.
func refusal<R>(_ body: () async throws -> R) async throws -> Refusal? {
  do {
    _ = try await body()
    return nil
  } catch let error as RPCError {
    return Refusal(error)
  }
}
