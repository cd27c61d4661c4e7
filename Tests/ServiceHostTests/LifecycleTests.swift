// The way in and the way out of a process.
import Access
import ArgumentParser
import Credentials
import Foundation
import GRPCCore
import QuintetAPI
import ServiceLifecycle
import SwiftProtobuf
import Synchronization
import Testing

@testable import ServiceHost

@Suite struct LifecycleTests {
  private struct Failing: ServiceLifecycle.Service {
    func run() async throws { throw TestFailure(description: "the store is gone") }
  }

  private struct Ending: ServiceLifecycle.Service {
    func run() async throws {}
  }

  private func host(_ folder: TemporaryFolder, name: String = "test") throws -> ServiceHost {
    try ServiceHost(
      name: name, options: folder.options, clock: { Date() }, standardOutput: nil)
  }

  private func run(
    _ host: ServiceHost, background: (any ServiceLifecycle.Service)? = nil,
    listeners: [TCPListener] = []
  ) async throws {
    try await host.run(
      services: [], background: background.map { [$0] } ?? [], listeners: listeners,
      limits: CallLimits(), exit: neverExit
    ) { _ in }
  }

  @Test func aCallInProgressIsAnsweredBeforeTheEnd() async throws {
    let started = Gate()
    let gate = Gate()
    let stub = Stub {
      started.open()
      await gate.passage()
    }
    try await withHost([stub]) { running in
      let call = Task { try await running.client.call(stub) }
      await started.passage()
      await running.shutDown()
      // Asked on a connection of its own: a stream that is opened while the server says goodbye
      // costs its whole connection (swift-nio-http2 issue 466).
      let path = running.host.options.socketPath(of: "test")
      try await Connection.with(try Connection.unix(path: path)) { other in
        let health = Grpc_Health_V1_Health.Client(wrapping: other)
        while (try? await health.check(.init()).status) == .serving {}
      }
      gate.open()
      try await call.value
    }
  }

  @Test func aCallThatDoesNotEndIsGivenUp() async throws {
    let started = Gate()
    let gate = Gate()
    let stub = Stub {
      started.open()
      await gate.passage()
    }
    try await withHost([stub], drainTime: .milliseconds(100)) { running in
      defer { gate.open() }
      let call = Task { try await running.client.call(stub) }
      await started.passage()
      await running.shutDown()
      let error = await #expect(throws: RPCError.self) { try await call.value }
      let refused = try Refused(try #require(error))
      #expect(refused.reason == "SHUTTING_DOWN")
    }
  }

  @Test func aStreamWithoutEndIsEndedByTheShutdown() async throws {
    try await withHost([Feed(endless: true)]) { running in
      let feed = Quintet_Events_V1_EventService.Client(wrapping: running.client)
      let error = await #expect(throws: RPCError.self) {
        try await feed.watch(.init()) { response in
          for try await _ in response.messages { await running.shutDown() }
        }
      }
      let refused = try Refused(try #require(error))
      #expect(refused.code == .unavailable)
      #expect(refused.reason == "SHUTTING_DOWN")
    }
  }

  @Test func afterTheEndTheSocketIsGoneAndTheNextInstanceStarts() async throws {
    let folder = try TemporaryFolder()
    for _ in 0..<2 {
      let host = try host(folder)
      let path = host.options.socketPath(of: host.name)
      try await host.run(
        services: [], background: [], listeners: [], limits: CallLimits(), exit: neverExit
      ) {
        group in
        #expect(FileManager.default.fileExists(atPath: path))
        Task { await group.triggerGracefulShutdown() }
      }
      #expect(!FileManager.default.fileExists(atPath: path))
    }
    let messages = try logLines(folder.options.logPath(of: "test")).map { $0["message"] as? String }
    #expect(messages.filter { $0 == "stopped" }.count == 2)
  }

  @Test func aFailureInTheBackgroundEndsTheProcessWithThatFailure() async throws {
    let folder = try TemporaryFolder()
    let error = await #expect(throws: TestFailure.self) {
      try await run(try host(folder), background: Failing())
    }
    #expect(error?.description == "the store is gone")
    await #expect(throws: HostError.self) {
      try await run(try host(folder), background: Ending())
    }
  }

  @Test func anAddressInUseIsSaidInWords() async throws {
    let folder = try TemporaryFolder()
    let listener = try BoundPort()
    let address = try TCPAddress(parsing: "127.0.0.1:\(listener.port)")
    let error = await #expect(throws: HostError.self) {
      try await run(try host(folder), listeners: [TCPListener(address, tls: TLSOptions.parse([]))])
    }
    #expect(error?.description.contains("Cannot listen on 127.0.0.1:\(listener.port)") == true)
    withExtendedLifetime(listener) {}
  }

  @Test func aHostListensOnTCPToo() async throws {
    let port = try BoundPort().port
    let folder = try TemporaryFolder()
    let host = try host(folder)
    let stop = Stop()
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        try await host.run(
          services: [Stub()], background: [],
          listeners: [
            try TCPListener(TCPAddress(parsing: "127.0.0.1:\(port)"), tls: TLSOptions.parse([]))
          ], limits: CallLimits(), exit: neverExit
        ) { group in stop.use(group) }
      }
      let client = try Connection.tcp(host: "localhost", port: port, token: folder.token)
      try await Connection.with(client) { client in
        var options = CallOptions.defaults
        options.waitForReady = true
        options.timeout = .seconds(30)
        _ = try await Grpc_Health_V1_Health.Client(wrapping: client).check(
          .init(), options: options)
        try await client.call(Stub())
      }
      await stop()
      try await group.waitForAll()
    }
  }

  @Test func aNeighbourIsFollowedAndToldWhoAsksInWhichTrace() async throws {
    let seen = Mutex<[String]>([])
    let stub = Stub {
      let context = CallContext.current
      seen.withLock { $0 = [context.principal.actor, context.trace] }
    }
    try await withHost([stub, Feed(endless: false)]) { running in
      let neighbour = try Neighbour(
        name: "test", path: running.host.options.socketPath(of: "test"),
        tokens: try ServiceTokens(
          of: "duty", keys: running.folder.options.keys, clock: { Date() }))
      try await Connection.with(neighbour.client) { client in
        let trace = CallHeaders.newTrace()
        try await CallContext.$current.withValue(CallContext(trace: trace)) {
          try await client.call(stub)
        }
        #expect(seen.withLock { $0 } == ["service/duty", trace])

        let received = Mutex<[String]>([])
        try await neighbour.watch(partition: "main", after: 7, types: ["a.B"]) { response in
          received.withLock { $0.append(response.event.id) }
        }
        #expect(received.withLock { $0 } == ["main 8 a.B"])
      }
    }
  }

  @Test func aNeighbourThatIsNotThereFailsAtOnce() async throws {
    let folder = try TemporaryFolder()
    let client = try Connection.unix(path: folder.path + "/nobody.sock")
    try await Connection.with(client) { client in
      let refused = try await client.refusal(Stub())
      #expect(refused.code == .unavailable)
    }
  }

  @Test func aQueryWaitsNoLongerThanTheCallItServes() {
    #expect(CallOptions.query(atMost: .seconds(3)).timeout == .seconds(3))
    let soon = ContinuousClock.now + .seconds(1)
    CallContext.$current.withValue(CallContext(deadline: soon)) {
      let timeout = CallOptions.query(atMost: .seconds(3)).timeout ?? .zero
      #expect(timeout > .zero && timeout <= .seconds(1))
    }
    CallContext.$current.withValue(CallContext(deadline: .now - .seconds(1))) {
      #expect(CallOptions.query().timeout == .milliseconds(1))
    }
  }
}

/// A feed of one event, which says what was asked for.
private struct Feed: Quintet_Events_V1_EventService.SimpleServiceProtocol {
  let endless: Bool

  func watch(
    request: Quintet_Events_V1_WatchRequest, response: RPCWriter<Quintet_Events_V1_WatchResponse>,
    context: ServerContext
  ) async throws {
    let types = request.types.joined(separator: ",")
    try await response.write(
      .with {
        $0.event = .with { $0.id = "\(request.partition) \(request.afterSequence + 1) \(types)" }
      })
    if endless { try await Task.sleep(for: .seconds(600)) }
  }

  func readSnapshot(
    request: Quintet_Events_V1_ReadSnapshotRequest,
    response: RPCWriter<Quintet_Events_V1_ReadSnapshotResponse>, context: ServerContext
  ) async throws {}

  func getFeedStatus(
    request: Quintet_Events_V1_GetFeedStatusRequest, context: ServerContext
  ) async throws -> Quintet_Events_V1_GetFeedStatusResponse { .init() }
}

/// A TCP port that somebody has; freed with this object.
final class BoundPort: Sendable {
  private let descriptor: Int32
  let port: Int

  init() throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let descriptor = descriptor
    let (bound, read) = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        (bind(descriptor, $0, length), getsockname(descriptor, $0, &length))
      }
    }
    try #require(bound == 0 && read == 0 && listen(descriptor, 1) == 0)
    port = Int(UInt16(bigEndian: address.sin_port))
  }

  deinit { close(descriptor) }
}
