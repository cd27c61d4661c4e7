// Requests, from the body of an HTTP call to the store: all five services, in memory, behind the
// gateway's own reading of JSON. A new RPC is tried without a word here.
import Access
import CommandDomain
import CommandRPC
import CommandStore
import DutyRPC
import DutyStore
import EventLog
import Foundation
import GRPCCore
import GRPCInProcessTransport
import GatewayConnect
import IntelligenceRPC
import IntelligenceStore
import Logging
import Persistence
import PublicOpinionRPC
import PublicOpinionStore
import QuintetAPI
import SupervisionRPC
import SupervisionStore
import Wire

/// The five services, running for as long as the process.
final class Requests: Sendable {
  static let shared = Requests()

  private let client: GRPCClient<InProcessTransport.Client>
  private let methods: [String: QuintetMethod]

  private init() {
    let transport = InProcessTransport()
    let client = GRPCClient(transport: transport.client)
    let server = GRPCServer(transport: transport.server, services: Self.services())
    // One who sees all: what is decoded matters here.
    Task.detached {
      try await CallContext.$current.withValue(CallContext(reach: .everywhere)) {
        try await server.serve()
      }
    }
    Task.detached { try await client.runConnections() }
    self.client = client
    // Watching and following read hardly anything and answer until they are told to stop.
    methods = Dictionary(
      uniqueKeysWithValues: QuintetMethods.all.filter { !$0.serverStreaming }
        .map { ($0.path, $0) })
  }

  func decode(_ bytes: [UInt8]) async -> Bool {
    let input = Headed(bytes)
    let isBinary = input.head.hasPrefix("!")
    guard
      let method = methods[isBinary ? String(input.head.dropFirst()) : input.head],
      let format = try? Format(contentType: isBinary ? "application/proto" : "application/json"),
      let message = try? format.decode(input.body, as: method.input)
    else { return false }
    let request = StreamingClientRequest<[UInt8]> { try await $0.write(message) }
    var options = CallOptions.defaults
    options.timeout = .seconds(30)
    let answer = try? await client.bidirectionalStreaming(
      request: request,
      descriptor: MethodDescriptor(fullyQualifiedService: method.service, method: method.method),
      serializer: Raw(), deserializer: Raw(), options: options
    ) { response in
      var last: [UInt8] = []
      for try await message in response.messages { last = message }
      return last
    }
    if let answer { _ = try? Format.json.encode(answer, as: method.output) }
    return true
  }

  private static func services() -> [any RegistrableRPCService] {
    let database = EmptyDatabase()
    let clock: @Sendable () -> Date = { moment }
    let duty = DutyDatabaseStore(
      database: database, log: log("duty"), encode: DutyRPC.EventEncoder.encode)
    let supervision = SupervisionDatabaseStore(
      database: database, log: log("supervision"), encode: SupervisionRPC.EventEncoder.encode,
      report: { _ in })
    let command = CommandServices(
      store: CommandDatabaseStore(
        database: database, log: log("command"), encode: CommandRPC.EventEncoder.encode),
      journal: NoJournal(), advisor: NoAdvisor(), directory: NoDirectory(),
      logger: Logger(label: "fuzz", factory: { _ in SwiftLogNoOpLogHandler() }), clock: clock,
      secrets: CallerSecrets(hash: { $0 }, seal: { Array($0) }, open: { Data($0) }),
      explain: { _ in nil })
    let intelligence = IntelligenceDatabaseStore(
      database: database, log: log("intelligence"), encode: IntelligenceRPC.EventEncoder.encode)
    let opinion = OpinionDatabaseStore(
      database: database, log: log("publicopinion"), encode: PublicOpinionRPC.EventEncoder.encode)
    return command.all + [
      OrganisationService(store: duty, clock: clock), UnitService(store: duty, clock: clock),
      TerminalService(store: duty, clock: clock), CoverageService(store: duty, clock: clock),
      DeploymentService(store: duty, clock: clock), WhatIfService(store: duty),
      UnitGroupService(store: duty, clock: clock), TrackService(store: duty, clock: clock),
      TaskTemplateService(store: duty, clock: clock), TaskService(store: duty, clock: clock),
      AssessmentService(store: intelligence, clock: clock),
      GazetteerService(store: intelligence, clock: clock),
      OpinionService(store: opinion, clock: clock), StatementService(store: opinion, clock: clock),
      DeadlineService(store: supervision, report: { _ in }, clock: clock),
      ClockService(store: supervision, report: { _ in }, clock: clock),
      EvaluationService(store: supervision), AnalyticsService(store: supervision, clock: clock),
    ]
  }
}

/// 2026-11-22T00:00:00Z
let moment = Date(timeIntervalSince1970: 1_795_305_600)

func log(_ service: String) -> EventLog { EventLog(service: service, partition: "main") }

private struct NoAdvisor: CommandRPC.UnitAdvisor {
  func recommend(_ question: UnitQuestion) async throws -> Quintet_Type_V1_UnitRecommendation {
    throw RPCError(code: .unavailable, message: "nobody to ask")
  }
}

private struct NoJournal: FeedJournal {
  func commits() -> AsyncStream<Void> { AsyncStream { $0.finish() } }
  func head() async throws -> Int64 { 0 }
  func prunedThrough() async throws -> Int64 { 0 }
  func page(
    after: Int64, types: [String], limit: Int
  ) async throws -> (entries: [JournalEntry], reached: Int64) { ([], after) }
}

private struct Raw: MessageSerializer, MessageDeserializer {
  func serialize<Bytes: GRPCContiguousBytes>(_ message: [UInt8]) -> Bytes { Bytes(message) }

  func deserialize<Bytes: GRPCContiguousBytes>(_ bytes: Bytes) -> [UInt8] {
    bytes.withUnsafeBytes { Array($0) }
  }
}

private struct NoDirectory: CommandRPC.StationDirectory {
  func stations() async throws -> [KnownStation] { [] }
}
