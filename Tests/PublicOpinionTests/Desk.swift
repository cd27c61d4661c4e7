// A public opinion service without its process: a real store in a temporary folder, and calls as its
// server would make them.

import Access
import EventLog
import Foundation
import GRPCCore
import Identifiers
import Persistence
import PublicOpinionDomain
import PublicOpinionRPC
import PublicOpinionStore
import PublicOpinionSubscriptions
import QuintetAPI
import SwiftProtobuf
import Wire

typealias Api = Quintet_Publicopinion_V1_OpinionService
typealias SubmitRequest = Quintet_Publicopinion_V1_SubmitItemRequest
typealias TieRequest = Quintet_Publicopinion_V1_TieTopicRequest
typealias Statement = Quintet_Publicopinion_V1_Statement
typealias DraftRequest = Quintet_Publicopinion_V1_DraftStatementRequest

/// All tests count from here.
let noon = Date(timeIntervalSince1970: 1_483_243_200)

func later(_ seconds: TimeInterval) -> Google_Protobuf_Timestamp {
  .init(date: noon.addingTimeInterval(seconds))
}

func incidentID(_ name: String) -> IncidentID {
  var mint = IdentifierMint(service: "test", cause: "incident/\(name)", now: noon)
  return mint.next()
}

func topicID(_ name: String) -> TopicID {
  var mint = IdentifierMint(service: "test", cause: "topic/\(name)", now: noon)
  return mint.next()
}

final class Desk: Sendable {
  let folder: URL
  let database: any Database
  let log = EventLog(service: "publicopinion", partition: "main")
  let store: OpinionDatabaseStore
  let service: OpinionService
  let statements: StatementService

  init(clock: @escaping @Sendable () -> Date = { noon.addingTimeInterval(100 * 86_400) }) throws {
    folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("publicopinion-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    database = try SQLite.open(
      path: folder.appendingPathComponent("store.sqlite").path,
      migrations: OpinionDatabaseStore.migrations)
    store = OpinionDatabaseStore(database: database, log: log, encode: EventEncoder.encode)
    service = OpinionService(store: store, clock: clock)
    statements = StatementService(store: store, clock: clock)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  // MARK: Calls

  func submit(
    _ text: String, request: String = UUID().uuidString, after seconds: TimeInterval = 0,
    _ fill: (inout SubmitRequest) -> Void = { _ in }
  ) async throws -> Quintet_Publicopinion_V1_SubmitItemResponse {
    var message = SubmitRequest.with {
      $0.requestID = request
      $0.source = .social
      $0.text = text
      $0.publishTime = later(seconds)
    }
    fill(&message)
    return try await submit(message)
  }

  func submit(
    _ message: SubmitRequest
  ) async throws -> Quintet_Publicopinion_V1_SubmitItemResponse {
    try await calling("SubmitItem") {
      try await self.service.submitItem(request: message, context: $0)
    }
  }

  func tie(_ message: TieRequest) async throws -> Quintet_Publicopinion_V1_Topic {
    try await calling("TieTopic") {
      try await self.service.tieTopic(request: message, context: $0)
    }.topic
  }

  func tie(
    _ topic: String, to incident: String, request: String = UUID().uuidString, etag: String = "",
    after seconds: TimeInterval = 0
  ) async throws -> Quintet_Publicopinion_V1_Topic {
    try await tie(
      .with {
        $0.requestID = request
        $0.topicID = topic
        $0.etag = etag
        $0.incidentID = incidentID(incident).description
        $0.occurTime = later(seconds)
      })
  }

  func draft(_ message: DraftRequest, by actor: String = editor) async throws -> Statement {
    try await calling("DraftStatement", by: actor) {
      try await self.statements.draftStatement(request: message, context: $0)
    }.statement
  }

  func draft(
    on topic: String, _ text: String = "通报", request: String = UUID().uuidString,
    by actor: String = editor, after seconds: TimeInterval = 0
  ) async throws -> Statement {
    try await draft(
      .with {
        $0.requestID = request
        $0.topicID = topic
        $0.text = text
        $0.checkedWith = "青云所值班领导"
        $0.occurTime = later(seconds)
      }, by: actor)
  }

  func revise(
    _ statement: Statement, _ text: String = "改后的通报", by actor: String = editor
  ) async throws -> Statement {
    try await calling("ReviseStatement", by: actor) {
      try await self.statements.reviseStatement(
        request: .with {
          $0.requestID = UUID().uuidString
          $0.statementID = statement.id
          $0.text = text
          $0.checkedWith = "青云所值班领导"
          $0.occurTime = later(0)
        }, context: $0)
    }.statement
  }

  func approve(
    _ statement: Statement, request: String = UUID().uuidString, by actor: String = leader,
    etag: String? = nil, after seconds: TimeInterval = 0
  ) async throws -> Statement {
    try await calling("ApproveStatement", by: actor) {
      try await self.statements.approveStatement(
        request: .with {
          $0.requestID = request
          $0.statementID = statement.id
          $0.etag = etag ?? statement.etag
          $0.occurTime = later(seconds)
        }, context: $0)
    }.statement
  }

  func giveBack(_ statement: Statement, reason: String = "缺伤情") async throws -> Statement {
    try await calling("ReturnStatement", by: leader) {
      try await self.statements.returnStatement(
        request: .with {
          $0.requestID = UUID().uuidString
          $0.statementID = statement.id
          $0.reason = reason
          $0.occurTime = later(0)
        }, context: $0)
    }.statement
  }

  func publish(
    _ statement: Statement, request: String = UUID().uuidString, after seconds: TimeInterval = 0
  ) async throws -> Statement {
    try await calling("PublishStatement", by: editor) {
      try await self.statements.publishStatement(
        request: .with {
          $0.requestID = request
          $0.statementID = statement.id
          $0.occurTime = later(seconds)
        }, context: $0)
    }.statement
  }

  /// The whole way of a statement; the topic as it is then.
  func respond(
    to topic: String, _ text: String, request: String = UUID().uuidString,
    after seconds: TimeInterval = 0
  ) async throws -> Quintet_Publicopinion_V1_Topic {
    let drafted = try await draft(on: topic, text, request: "\(request)/draft", after: seconds)
    let signed = try await approve(drafted, request: "\(request)/approve", after: seconds)
    _ = try await publish(signed, request: "\(request)/publish", after: seconds)
    return try await get(topic).topic
  }

  func get(_ topic: String) async throws -> Quintet_Publicopinion_V1_GetTopicResponse {
    try await calling("GetTopic") {
      try await self.service.getTopic(request: .with { $0.topicID = topic }, context: $0)
    }
  }

  func list(
    size: Int32 = 0, token: String = ""
  ) async throws -> Quintet_Publicopinion_V1_ListTopicsResponse {
    try await calling("ListTopics") {
      try await self.service.listTopics(
        request: .with {
          $0.pageSize = size
          $0.pageToken = token
        }, context: $0)
    }
  }

  /// Command tells of an incident.
  func open(_ incident: String) async throws {
    let id = incidentID(incident)
    let event = try Quintet_Events_V1_Event.with {
      $0.type = Quintet_Command_V1_IncidentOpened.protoMessageName
      $0.subject = id.description
      $0.occurTime = later(0)
      $0.payload.value = try Quintet_Command_V1_IncidentOpened.with {
        $0.incident.id = id.description
      }.serializedBytes()
    }
    try await database.write { [store] tx in
      let writer = store.writer(
        in: tx,
        provenance: Provenance(
          actor: "service/publicopinion", cause: "event/\(incident)", trace: ""), now: noon)
      try FromCommand().apply(event, writer)
      try writer.flush()
    }
  }

  func recorded() async throws -> [StoredEvent] {
    try await database.read { [log] in
      try log.events(after: 0, types: [], limit: 100_000, in: $0)
    }
  }

  func dump() async throws -> [String] {
    try await database.read { tx in
      try StoreDump.canonical(in: tx) { type, payload in
        try? Quintet_Publicopinion_V1_TopicOpened(serializedBytes: payload).jsonString()
      }
    }
  }

  /// Everything the store has ever written to its files, after it was closed.
  func bytes() async throws -> Data {
    try await database.close()
    return try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .reduce(into: Data()) { bytes, file in
        bytes += try Data(contentsOf: folder.appendingPathComponent(file))
      }
  }
}

let editor = "person/editor"
let leader = "person/leader"

func calling<R>(
  _ method: String, by actor: String = editor, _ body: (ServerContext) async throws -> R
) async throws -> R {
  // Who is let in is the host's business; what is tested here is served to one who sees all.
  let context = CallContext(principal: try Principal(parsing: actor), reach: .everywhere)
  return try await CallContext.$current.withValue(context) {
    try await withServerContextRPCCancellationHandle { handle in
      try await body(
        ServerContext(
          descriptor: MethodDescriptor(
            fullyQualifiedService:
              "quintet.publicopinion.v1.\(method.hasSuffix("Statement") ? "StatementService" : "OpinionService")",
            method: method),
          remotePeer: "in-process:1", localPeer: "in-process:1", cancellation: handle))
    }
  }
}

/// The refusal that a call ends with; nil when it succeeds or fails otherwise.
func refusal<R>(_ body: () async throws -> R) async -> Failure? {
  do {
    _ = try await body()
    return nil
  } catch {
    return error as? Failure
  }
}

/// SplitMix64: the same sequence for the same seed.
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }
}
