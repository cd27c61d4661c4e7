// Who gets as far as the handler, what it is told of them, and what is recorded of everybody else.
import Access
import Credentials
import Foundation
import GRPCCore
import QuintetAPI
import SwiftProtobuf
import Synchronization
import Testing
import Wire

@testable import ServiceHost

@Suite struct GateTests {
  private let dispatching = "quintet.command.v1.DispatchService"

  /// A client that brings one token, or none.
  private func with(
    _ token: String?, _ running: Running, _ body: @Sendable (ServiceClient) async throws -> Void
  ) async throws {
    let path = running.host.options.socketPath(of: "test")
    let source: Connection.TokenSource = { _ in token ?? "" }
    let client = try Connection.unix(path: path, token: token == nil ? nil : source)
    try await Connection.with(client, body)
  }

  @Test func theHandlerLearnsWhoCallsAndHowFarTheySee() async throws {
    let seen = Mutex<CallContext?>(nil)
    let stub = Stub(dispatching, "GetAssignment") { seen.withLock { $0 = CallContext.current } }
    try await withHost([stub]) { running in
      let token = try await running.folder.token(for: "person/li.na") {
        $0.roles = [.dispatcher]
        $0.areas = ["org_1"]
      }
      try await with(token, running) { try await $0.call(stub) }
      let context = try #require(seen.withLock { $0 })
      #expect(context.principal.actor == "person/li.na")
      #expect(context.reach == Reach(areas: ["org_1"]))
      #expect(context.origin == "socket" && context.onBehalfOf == nil)
    }
  }

  @Test func withoutATokenOnlyHealthAndReflectionAnswer() async throws {
    let reached = Mutex(0)
    let stub = Stub { reached.withLock { $0 += 1 } }
    try await withHost([stub]) { running in
      try await with(nil, running) { client in
        let refused = try await client.refusal(stub)
        #expect(refused.code == .unauthenticated && refused.reason == "TOKEN_REQUIRED")
        let health = Grpc_Health_V1_Health.Client(wrapping: client)
        #expect(try await health.check(.init()).status == .serving)
        // The protocol of health has its own meaning of NOT_FOUND.
        let error = await #expect(throws: RPCError.self) {
          try await health.check(.with { $0.service = "nothing" })
        }
        #expect(error?.code == .notFound)
      }
      #expect(reached.withLock { $0 } == 0)
    }
  }

  @Test func whatDoesNotExistLooksLikeWhatLiesOutside() async throws {
    let stub = Stub(dispatching, "GetAssignment") {
      throw Failure.notFound("ASSIGNMENT_UNKNOWN", field: "assignment_id", "asg_1")
    }
    try await withHost([stub]) { running in
      let refused = try await running.client.refusal(stub)
      #expect(refused.code == .notFound)
      let token = try await running.folder.token(for: "person/li.na") {
        $0.roles = [.dispatcher]
        $0.areas = ["org_1"]
      }
      try await with(token, running) { client in
        let refused = try await client.refusal(stub)
        #expect(refused.code == .permissionDenied && refused.reason == "OUTSIDE_AREA")
        #expect(!refused.message.contains("asg_1"))
      }
    }
  }

  @Test func aNeighbourActsForWhoeverAskedIt() async throws {
    let seen = Mutex<CallContext?>(nil)
    let inner = Stub("quintet.events.v1.EventService", "ReadSnapshot") {
      seen.withLock { $0 = CallContext.current }
    }
    let ask = Mutex<ServiceClient?>(nil)
    let outer = Stub(dispatching, "RecommendUnits") {
      try await ask.withLock { $0 }?.call(inner)
    }
    try await withHost([inner, outer]) { running in
      let neighbour = try Neighbour(
        name: "test", path: running.host.options.socketPath(of: "test"),
        tokens: running.host.tokens)
      ask.withLock { $0 = neighbour.client }
      try await Connection.with(neighbour.client) { _ in try await running.client.call(outer) }
      let context = try #require(seen.withLock { $0 })
      #expect(context.principal.actor == "service/test")
      #expect(context.onBehalfOf?.actor == "person/zhang")
    }
  }

  @Test func aServiceThatPassesACallOnIsNoted() async throws {
    let seen = Mutex<CallContext?>(nil)
    let stub = Stub { seen.withLock { $0 = CallContext.current } }
    try await withHost([stub]) { running in
      let gateway = try ServiceTokens(
        of: "gateway", keys: running.folder.options.keys, clock: { Date() })
      let via = try await gateway.token()
      try await running.client.call(stub, metadata: ["quintet-via": "Bearer \(via)"])
      #expect(seen.withLock { $0 }?.origin == "socket via service/gateway")
      #expect(seen.withLock { $0 }?.principal.actor == "person/zhang")
      let refused = try await running.client.refusal(
        stub, metadata: ["quintet-via": "Bearer \(via)x"])
      #expect(refused.code == .unauthenticated)
    }
  }

  @Test func aStreamEndsWithTheTokenThatOpenedIt() async throws {
    try await withHost([EndlessFeed()]) { running in
      let now = Date()
      var principal = try Principal(parsing: "person/li.na")
      principal.roles = [.operator]
      let token = try await running.folder.options.keys.issuer().sign(
        principal, id: "t-1", at: now, lifetime: 2)
      try await with(token, running) { client in
        let feed = Quintet_Events_V1_EventService.Client(wrapping: client)
        let error = await #expect(throws: RPCError.self) {
          try await feed.watch(.init()) { for try await _ in $0.messages {} }
        }
        let refused = try Refused(try #require(error))
        #expect(refused.code == .unauthenticated && refused.reason == "TOKEN_EXPIRED")
      }
    }
  }

  // MARK: - The record

  @Test func everyCallIsRecordedOnceBeforeItsAnswerLeaves() async throws {
    let audit = Recorder()
    let stub = Stub(dispatching, "GetAssignment") {
      #expect(audit.calls.isEmpty)
      CallContext.current.notes.incident("inc_1")
    }
    try await withHost([stub, EndlessFeed(ends: true)], audit: audit) { running in
      try await running.client.call(stub)
      let call = try #require(audit.calls.first)
      #expect(audit.calls.count == 1)
      #expect(call.principal?.actor == "person/zhang" && call.tokenID != nil)
      #expect(call.method == "quintet.command.v1.DispatchService/GetAssignment")
      #expect(call.kind == .read && call.code == "OK" && call.reason == nil)
      #expect(call.origin == "socket" && call.notes["incident"] == "inc_1")
      #expect(call.trace.count == 32)

      let feed = Quintet_Events_V1_EventService.Client(wrapping: running.client)
      try await feed.watch(.init()) { response in
        for try await _ in response.messages { #expect(audit.calls.count == 2) }
      }
      #expect(audit.calls.count == 2)
    }
  }

  @Test func refusalsAreRecordedTooWithWhomTheyClaimToBe() async throws {
    let audit = Recorder()
    let denied = Stub("quintet.supervision.v1.DeadlineService", "PutRule")
    try await withHost([denied], audit: audit) { running in
      _ = try await running.client.refusal(denied)
      let token = try await running.folder.token(for: "person/li.na") { _ in }
      try await with(token + "x", running) { client in
        _ = try await client.refusal(denied)
      }
      let first = try #require(audit.calls.first)
      #expect(first.code == "PERMISSION_DENIED" && first.reason == "ROLE_NOT_ALLOWED")
      #expect(first.kind == .change && first.principal?.actor == "person/zhang")
      let second = try #require(audit.calls.last)
      #expect(second.code == "UNAUTHENTICATED" && second.principal == nil)
      #expect(second.tokenID == nil)
    }
  }

  @Test func whereNothingCanBeRecordedNothingIsAnswered() async throws {
    let audit = Recorder(fails: true)
    let stub = Stub()
    try await withHost([stub, EndlessFeed(ends: true)], audit: audit) { running in
      let refused = try await running.client.refusal(stub)
      #expect(refused.code == .unavailable && refused.reason == "AUDIT_UNAVAILABLE")
      let feed = Quintet_Events_V1_EventService.Client(wrapping: running.client)
      let messages = Mutex(0)
      let error = await #expect(throws: RPCError.self) {
        try await feed.watch(.init()) { response in
          for try await _ in response.messages { messages.withLock { $0 += 1 } }
        }
      }
      #expect(try Refused(try #require(error)).reason == "AUDIT_UNAVAILABLE")
      #expect(messages.withLock { $0 } == 0)
    }
  }
}

/// Keeps records in memory.
private final class Recorder: CallAudit {
  private let kept = Mutex<[AuditedCall]>([])
  private let fails: Bool

  init(fails: Bool = false) { self.fails = fails }

  var calls: [AuditedCall] { kept.withLock { $0 } }

  func record(_ call: AuditedCall) async throws {
    if fails { throw TestFailure(description: "the log is full") }
    kept.withLock { $0.append(call) }
  }
}

/// A feed that says one thing and then waits, or ends.
private struct EndlessFeed: Quintet_Events_V1_EventService.SimpleServiceProtocol {
  var ends = false

  func watch(
    request: Quintet_Events_V1_WatchRequest, response: RPCWriter<Quintet_Events_V1_WatchResponse>,
    context: ServerContext
  ) async throws {
    try await response.write(.init())
    if !ends { try await Task.sleep(for: .seconds(600)) }
  }

  func readSnapshot(
    request: Quintet_Events_V1_ReadSnapshotRequest,
    response: RPCWriter<Quintet_Events_V1_ReadSnapshotResponse>, context: ServerContext
  ) async throws {}

  func getFeedStatus(
    request: Quintet_Events_V1_GetFeedStatusRequest, context: ServerContext
  ) async throws -> Quintet_Events_V1_GetFeedStatusResponse { .init() }
}
