// What a caller may rely on whatever the handler does, over a real socket.
import Access
import Foundation
import GRPCCore
import GRPCProtobuf
import Persistence
import QuintetAPI
import Synchronization
import Testing
import Wire

@testable import ServiceHost

@Suite struct CallTests {
  @Test func aCallWithoutADeadlineIsRefused() async throws {
    let stub = Stub()
    try await withHost([stub]) { running in
      let refused = try await running.client.refusal(stub, timeout: nil)
      #expect(refused.code == .invalidArgument)
      #expect(refused.reason == "DEADLINE_REQUIRED")
      #expect(refused.domain == "test.quintet")
      let malformed = try await running.client.refusal(stub, timeout: "soon")
      #expect(malformed.reason == "DEADLINE_INVALID")
    }
  }

  @Test(arguments: ["150m", "00000150m"])
  func aStuckHandlerDoesNotHoldItsCallerBeyondTheDeadline(timeout: String) async throws {
    let gate = Gate()
    let stub = Stub { await gate.passage() }
    try await withHost([stub]) { running in
      defer { gate.open() }
      let refused = try await running.client.refusal(stub, timeout: timeout)
      #expect(refused.code == .deadlineExceeded)
      #expect(refused.reason == "DEADLINE_EXCEEDED")
      let line = try await running.requestLine("/quintet.gateway.v1.StatusService/GetStatus")
      #expect(line["code"] as? String == "DEADLINE_EXCEEDED")
    }
  }

  @Test func aHandlerWhoseCallerLeftIsCancelled() async throws {
    let started = Gate()
    let cancelled = Gate()
    let stub = Stub {
      started.open()
      do { try await Task.sleep(for: .seconds(600)) } catch { cancelled.open() }
    }
    try await withHost([stub]) { running in
      let call = Task { try await running.client.call(stub) }
      await started.passage()
      call.cancel()
      await cancelled.passage()
      let line = try await running.requestLine("/quintet.gateway.v1.StatusService/GetStatus")
      #expect(line["code"] as? String == "CANCELLED")
    }
  }

  @Test func anUnexpectedErrorTellsTheCallerNothingButItsReference() async throws {
    let stub = Stub { throw TestFailure(description: "secret path /srv/db") }
    try await withHost([stub]) { running in
      let refused = try await running.client.refusal(stub)
      #expect(refused.code == .internalError)
      #expect(refused.reason == "INTERNAL")
      #expect(!refused.message.contains("secret"))
      let reference = try #require(refused.metadata["reference"])
      let line = try await running.requestLine("/quintet.gateway.v1.StatusService/GetStatus")
      #expect(line["reference"] as? String == reference)
      #expect(line["error"] as? String == "secret path /srv/db")
      #expect(line["level"] as? String == "error")
    }
  }

  @Test func aRefusalOfTheHandlersOwnArrivesWithReasonFieldAndDomain() async throws {
    let stub = Stub { throw Failure.invalid("DATUM_REQUIRED", field: "content.point", "no datum") }
    try await withHost([stub]) { running in
      let refused = try await running.client.refusal(stub)
      #expect(refused.code == .invalidArgument)
      #expect(refused.reason == "DATUM_REQUIRED")
      #expect(refused.domain == "test.quintet")
      #expect(refused.fields == ["content.point"])
      let line = try await running.requestLine("/quintet.gateway.v1.StatusService/GetStatus")
      #expect(line["reason"] as? String == "DATUM_REQUIRED")
    }
  }

  @Test func theHandlerKnowsWhoCallsInWhichTraceAndUntilWhen() async throws {
    let seen = Mutex<CallContext?>(nil)
    let stub = Stub {
      CallContext.current.notes.incident("inc_1")
      seen.withLock { $0 = CallContext.current }
    }
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    try await withHost([stub]) { running in
      try await running.client.call(
        stub,
        metadata: ["traceparent": "00-\(trace)-00f067aa0ba902b7-01"])
      let context = try #require(seen.withLock { $0 })
      #expect(context.principal.actor == "person/zhang")
      #expect(context.trace == trace)
      #expect(context.deadline != nil)
      let line = try await running.requestLine("/quintet.gateway.v1.StatusService/GetStatus")
      #expect(line["message"] as? String == "request")
      #expect(line["code"] as? String == "OK")
      #expect(line["actor"] as? String == "person/zhang")
      #expect(line["trace"] as? String == trace)
      #expect(line["incident"] as? String == "inc_1")
      #expect(line["duration_ms"] is Double)
      #expect(line["service"] as? String == "test")
    }
  }

  @Test func aMessageOverTheLimitIsRefusedInWords() async throws {
    let reached = Mutex(0)
    let stub = Stub { reached.withLock { $0 += 1 } }
    try await withHost([stub]) { running in
      // Field 15, length-delimited: unknown to the message, and so passed over.
      let limit = 1 << 20
      func question(_ size: Int) -> [UInt8] {
        [0x7A, UInt8(size & 127 | 128), UInt8(size >> 7 & 127 | 128), UInt8(size >> 14)]
          + [UInt8](repeating: 0, count: size)
      }
      try await running.client.call(stub, question: question(limit - 4))
      let refused = try await running.client.refusal(stub, question: question(limit - 3))
      #expect(refused.code == .resourceExhausted)
      #expect(refused.reason == "MESSAGE_TOO_LARGE")
      #expect(reached.withLock { $0 } == 1)
    }
  }

  @Test func bytesThatAreNoMessageAreRefusedWithoutNamingTypes() async throws {
    let stub = Stub()
    try await withHost([stub]) { running in
      let refused = try await running.client.refusal(stub, question: [0xFF, 0xFF])
      #expect(refused.code == .invalidArgument)
      #expect(refused.reason == "MESSAGE_MALFORMED")
      #expect(!refused.message.contains("Quintet_"))
    }
  }

  @Test func anUnknownMethodIsRefusedAndLogged() async throws {
    try await withHost { running in
      let refused = try await running.client.refusal(Stub("quintet.no.v1.Service", "Nothing"))
      #expect(refused.code == .unimplemented)
      #expect(refused.reason == "METHOD_UNKNOWN")
      let line = try await running.requestLine("/quintet.no.v1.Service/Nothing")
      #expect(line["code"] as? String == "UNIMPLEMENTED")
    }
  }

  @Test func underOverloadOthersAreRefusedAtOnceWhileDispatchGoesOn() async throws {
    let gate = Gate()
    let entered = AsyncStream<Void>.makeStream()
    let hold: @Sendable () async throws -> Void = {
      entered.continuation.yield()
      await gate.passage()
    }
    let other = Stub(handle: hold)
    let dispatch = Stub("quintet.command.v1.DispatchService", "DispatchUnits", handle: hold)
    var limits = CallLimits()
    limits.callsInProgress = 2
    let limited = limits
    try await withHost([other, dispatch], limits: limited) { running in
      try await withThrowingTaskGroup(of: Void.self) { group in
        var arrivals = entered.stream.makeAsyncIterator()
        for _ in 0..<2 { group.addTask { try await running.client.call(other) } }
        for _ in 0..<2 { _ = await arrivals.next() }
        let refused = try await running.client.refusal(other)
        #expect(refused.code == .resourceExhausted)
        #expect(refused.reason == "OVERLOADED")
        #expect(refused.retryAfter == .seconds(1))

        for _ in 0..<2 { group.addTask { try await running.client.call(dispatch) } }
        for _ in 0..<2 { _ = await arrivals.next() }
        let beyondReserve = try await running.client.refusal(dispatch)
        #expect(beyondReserve.reason == "OVERLOADED")

        gate.open()
        try await group.waitForAll()
        try await running.client.call(other)
      }
    }
  }

  @Test func theStoresErrorsHaveTheirOwnReasons() {
    let mapping = ErrorMapping(domain: "test.quintet")
    let expected: [(any Error, RPCError.Code, String)] = [
      (DatabaseError.overloaded, .resourceExhausted, "OVERLOADED"),
      (DatabaseError.full, .resourceExhausted, "STORE_FULL"),
      (DatabaseError.corrupt("page 7"), .internalError, "INTERNAL"),
      (CancellationError(), .cancelled, "CALL_CANCELLED"),
      (Failure.requestReused(method: "/a/B"), .alreadyExists, "REQUEST_ID_REUSED"),
    ]
    for (error, code, reason) in expected {
      let mapped = mapping.map(error)
      #expect(mapped.error.code == code)
      #expect(mapped.reason == reason)
    }
  }
}
