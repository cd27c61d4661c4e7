// Command as the process runs it, without the wire: its services over its store on a real engine.
import CommandDomain
import CommandStore
import Foundation
import GRPCCore
import Logging
import QuintetAPI
import SwiftProtobuf
import Synchronization
import Wire

@testable import CommandRPC
@testable import EventLog
@testable import Persistence

/// A refusal as callers tell it apart.
struct Refused: Hashable, CustomStringConvertible {
  var code: RPCError.Code
  var reason: String
  var field: String?

  init(_ code: RPCError.Code, _ reason: String, _ field: String? = nil) {
    self.code = code
    self.reason = reason
    self.field = field
  }

  var description: String { "\(code) \(reason) \(field ?? "-")" }
}

/// What a caller sees.
enum Seen: Sendable {
  case answer(any SwiftProtobuf.Message)
  case refused(Refused)
  /// The process died over it.
  case nothing
}

/// The one clock of a walk; stands still within a step.
final class WalkClock: Sendable {
  /// 2016-12-31 23:50 in Shanghai: a new day's numbers begin ten minutes into the walk.
  static let start = 1_483_199_400
  static let midnight = 1_483_200_000

  private let seconds = Mutex(WalkClock.start)

  var now: Int {
    get { seconds.withLock { $0 } }
    set { seconds.withLock { $0 = newValue } }
  }

  @Sendable func date() -> Date { Date(timeIntervalSince1970: Double(now)) }
}

/// Duty that proposes the same unit to everyone.
private struct OneUnit: UnitAdvisor {
  func recommend(_ question: UnitQuestion) async throws -> Quintet_Type_V1_UnitRecommendation {
    .with { $0.units = [.with { $0.unitID = WalkNames.units[0] }] }
  }
}

struct WalkHall: Sendable {
  let folder: StoreFolder
  let database: FaultyDatabase
  let log = EventLog(service: "command", partition: "main")
  let calls: CallReports
  let incidents: Incidents
  let reviews: Reviews
  let dispatches: Dispatches
  let directives: Directives
  let supports: Supports

  init(_ engine: Engine, _ folder: StoreFolder, clock: WalkClock) throws {
    self.folder = folder
    let opened = try engine.open(folder, CommandSchema.migrations)
    database = FaultyDatabase(opened, in: folder, engine)
    let store = CommandDatabaseStore(database: database, log: log, encode: EventEncoder.encode)
    let room = CommandRoom(
      store: store, logger: Self.quiet, clock: clock.date,
      secrets: CallerSecrets(
        hash: { "hash ending in \($0.suffix(4))" }, seal: { Array($0) }, open: { Data($0) }),
      explain: { error in
        (error as? RequestReused).map { _ in
          Failure(
            code: .alreadyExists, reason: "REQUEST_ID_REUSED", field: "request_id", message: "")
        }
      })
    calls = CallReports(room: room)
    incidents = Incidents(room: room)
    reviews = Reviews(room: room)
    supports = Supports(room: room)
    dispatches = Dispatches(room: room, advice: UnitAdvice(room: room, advisor: OneUnit()))
    directives = Directives(
      room: room,
      board: DirectiveBoard(
        store: store, journal: NoJournal(), logger: Self.quiet, heartbeat: .seconds(5)))
  }

  static let quiet = Logger(label: "walk", factory: { _ in SwiftLogNoOpLogHandler() })

  var feed: EventFeed { EventFeed(log: log, database: database) }

  /// Sends one request as the server would hand it on.
  func seen(_ asked: Asked, at now: Int) async throws -> Seen {
    let sending = Sending(asked, at: now)
    do {
      return .answer(
        try await withServerContextRPCCancellationHandle { handle in
          try await sending.send(self, Self.context(sending.method, handle))
        })
    } catch let failure as Failure {
      return .refused(Refused(failure.code, failure.reason, failure.field))
    } catch is Killed {
      return .nothing
    }
  }

  static func context(
    _ method: MethodDescriptor, _ handle: ServerContext.RPCCancellationHandle
  ) -> ServerContext {
    ServerContext(
      descriptor: method, remotePeer: "in-process:walk", localPeer: "in-process:walk",
      cancellation: handle)
  }
}

extension WalkHall {
  enum Kind { case calls, incidents, directives }

  /// All there is, read page by page, in words.
  func all(of kind: Kind) async throws -> [String] {
    var found: [String] = []
    var token = ""
    repeat {
      let (lines, next) = try await withServerContextRPCCancellationHandle { handle in
        try await page(of: kind, token, handle)
      }
      found += lines
      token = next
    } while !token.isEmpty
    return found
  }

  private func page(
    of kind: Kind, _ token: String, _ handle: ServerContext.RPCCancellationHandle
  ) async throws -> ([String], String) {
    switch kind {
    case .calls:
      typealias Method = Quintet_Command_V1_CallReportService.Method.ListCallReports
      let request = Quintet_Command_V1_ListCallReportsRequest.with {
        ($0.pageSize, $0.pageToken) = (500, token)
      }
      let page = try await calls.listCallReports(
        request: request, context: Self.context(Method.descriptor, handle))
      return (page.callReports.map(\.words), page.nextPageToken)
    case .incidents:
      typealias Method = Quintet_Command_V1_IncidentService.Method.ListIncidents
      let request = Quintet_Command_V1_ListIncidentsRequest.with {
        ($0.pageSize, $0.pageToken) = (500, token)
      }
      let page = try await incidents.listIncidents(
        request: request, context: Self.context(Method.descriptor, handle))
      return (page.incidents.map(\.words), page.nextPageToken)
    case .directives:
      typealias Method = Quintet_Command_V1_DirectiveService.Method.ListDirectives
      let request = Quintet_Command_V1_ListDirectivesRequest.with {
        ($0.pageSize, $0.pageToken) = (500, token)
      }
      let page = try await directives.listDirectives(
        request: request, context: Self.context(Method.descriptor, handle))
      return (page.directives.map(\.words), page.nextPageToken)
    }
  }
}

/// Nobody watches directives in a walk.
private struct NoJournal: FeedJournal {
  func commits() -> AsyncStream<Void> { AsyncStream { $0.finish() } }
  func head() async throws -> Int64 { 0 }
  func prunedThrough() async throws -> Int64 { 0 }
  func page(
    after: Int64, types: [String], limit: Int
  ) async throws -> (entries: [JournalEntry], reached: Int64) { ([], 0) }
}

extension WalkHall {
  /// The two streams of commands, each item answered as if it had come alone.
  func seen(inStream asked: [Asked], at now: Int) async throws -> [Seen] {
    if case .submit = asked.first?.act {
      let items = asked.map { one in
        Quintet_Command_V1_StreamReportsRequest.with {
          if let report = Sending(one, at: now).message as? Quintet_Command_V1_SubmitReportRequest {
            $0.report = report
          }
        }
      }
      let answers: [Quintet_Command_V1_StreamReportsResponse] = try await stream(
        items, Quintet_Command_V1_CallReportService.Method.StreamReports.descriptor
      ) { try await calls.streamReports(request: $0, response: $1, context: $2) }
      return answers.map {
        if case .accepted(let report) = $0.result { .answer(report) } else { Seen($0.error) }
      }
    }
    let items = asked.map { one in
      Quintet_Command_V1_StreamAssignmentStepsRequest.with {
        if let step = Sending(one, at: now).message as? Quintet_Command_V1_AdvanceAssignmentRequest
        {
          $0.step = step
        }
      }
    }
    let answers: [Quintet_Command_V1_StreamAssignmentStepsResponse] = try await stream(
      items, Quintet_Command_V1_DispatchService.Method.StreamAssignmentSteps.descriptor
    ) { try await dispatches.streamAssignmentSteps(request: $0, response: $1, context: $2) }
    return answers.map {
      if case .assignment(let assignment) = $0.result {
        .answer(assignment)
      } else {
        Seen($0.error)
      }
    }
  }

  private func stream<Item: Sendable, Answer: Sendable>(
    _ items: [Item], _ method: MethodDescriptor,
    _ handler: (RPCAsyncSequence<Item, any Error>, RPCWriter<Answer>, ServerContext) async throws ->
      Void
  ) async throws -> [Answer] {
    let answers = Mailbox<Answer>()
    let (stream, continuation) = AsyncThrowingStream<Item, any Error>.makeStream()
    for item in items { continuation.yield(item) }
    continuation.finish()
    try await withServerContextRPCCancellationHandle { handle in
      try await handler(
        RPCAsyncSequence(wrapping: stream), RPCWriter(wrapping: Answers(box: answers)),
        Self.context(method, handle))
    }
    return answers.contents
  }
}

private struct Answers<Element: Sendable>: RPCWriterProtocol {
  let box: Mailbox<Element>

  func write(_ element: Element) async throws { box.put(element) }

  func write(contentsOf elements: some Sequence<Element>) async throws {
    for element in elements { box.put(element) }
  }
}

extension Seen {
  fileprivate init(_ problem: Quintet_Type_V1_Problem) {
    self = .refused(
      Refused(
        RPCError.Code(Status.Code(rawValue: Int(problem.code)) ?? .unknown) ?? .unknown,
        problem.reason, problem.field.isEmpty ? nil : problem.field))
  }
}
