// Connections from outside do not live for ever: none that nobody uses, and none so long that a client
// that never looks up a name again keeps to one replica. A call loses nothing by it.
import ArgumentParser
import Foundation
import GRPCCore
import QuintetAPI
import Testing

@testable import ServiceHost

@Suite struct ConnectionAgeTests {
  @Test func callsGoOnWhileTheirConnectionsGrowOldAndEnd() async throws {
    var limits = CallLimits()
    limits.connectionAge = .milliseconds(200)
    try await Self.withPort(limits) { port, client in
      let health = Grpc_Health_V1_Health.Client(wrapping: client)
      var options = CallOptions.defaults
      options.timeout = .seconds(30)
      options.waitForReady = true
      let end = ContinuousClock.now + .seconds(2)
      var (answers, repeats) = (0, 0)
      while ContinuousClock.now < end {
        do {
          let answer = try await health.check(.init(), options: options)
          #expect(answer.status == .serving)
          answers += 1
        } catch let error as RPCError where error.code == .unavailable {
          // A call that meets the end of its connection is refused before it begins, and sent again.
          repeats += 1
        }
      }
      #expect(answers > 10 && repeats < answers)
    }
  }

  @Test func whatRunsWhenItsConnectionIsOldIsCutOffAfterTheGrace() async throws {
    var limits = CallLimits()
    limits.connectionAge = .milliseconds(200)
    limits.connectionGrace = .milliseconds(200)
    try await Self.withPort(limits) { port, client in
      var code: RPCError.Code?
      do {
        try await Grpc_Health_V1_Health.Client(wrapping: client).watch(.init()) { response in
          for try await _ in response.messages {}
        }
      } catch let error as RPCError {
        code = error.code
      }
      #expect(code == .unavailable)
    }
  }

  @Test func aConnectionThatNobodyUsesEnds() async throws {
    var limits = CallLimits()
    limits.idleTime = .milliseconds(200)
    try await Self.withPort(limits) { port, _ in
      let said = try await silence(at: port)
      // GOAWAY (RFC 9113, section 6.8) without an error.
      let farewells = frames(said).filter { $0.type == 7 }
      #expect(!farewells.isEmpty)
      #expect(farewells.allSatisfy { $0.payload.prefix(8).suffix(4) == [0, 0, 0, 0] })
    }
  }

  /// A host with a port on a loopback address, and a client of it that is connected.
  private static func withPort(
    _ limits: CallLimits, _ body: @Sendable (Int, ServiceClient) async throws -> Void
  ) async throws {
    let folder = try TemporaryFolder()
    let host = try ServiceHost(
      name: "test", options: folder.options, clock: { Date() }, standardOutput: nil)
    let port = try BoundPort().port
    let listener = try TCPListener(
      TCPAddress(parsing: "127.0.0.1:\(port)"), tls: TLSOptions.parse([]))
    let stop = Stop()
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        try await host.run(
          services: [], background: [], listeners: [listener], limits: limits, exit: neverExit
        ) { stop.use($0) }
      }
      let client = try Connection.tcp(host: "localhost", port: port, tls: nil)
      try await Connection.with(client) { client in
        var options = CallOptions.defaults
        options.timeout = .seconds(30)
        options.waitForReady = true
        _ = try await Grpc_Health_V1_Health.Client(wrapping: client).check(
          .init(), options: options)
        try await body(port, client)
      }
      await stop()
      try await group.waitForAll()
    }
    withExtendedLifetime(folder) {}
  }
}

/// Opens a connection of HTTP/2, says no more than it must, and gives what the server said until it
/// hung up. One that did not answer its PINGs would be taken for dead, which is another limit.
private func silence(at port: Int) async throws -> [UInt8] {
  try await withCheckedThrowingContinuation { continuation in
    Thread.detachNewThread {
      let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
      defer { close(descriptor) }
      var patience = timeval(tv_sec: 30, tv_usec: 0)
      setsockopt(
        descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      address.sin_port = in_port_t(port).bigEndian
      address.sin_addr.s_addr = inet_addr("127.0.0.1")
      let connected = withUnsafePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
      }
      // The preface and empty settings (RFC 9113, section 3.4).
      let hello = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8) + [0, 0, 0, 4, 0, 0, 0, 0, 0]
      guard connected == 0, write(descriptor, hello, hello.count) == hello.count else {
        return continuation.resume(throwing: TestFailure(description: "cannot connect"))
      }
      var said: [UInt8] = []
      var buffer = [UInt8](repeating: 0, count: 4096)
      while true {
        let count = read(descriptor, &buffer, buffer.count)
        if count < 0 {
          return continuation.resume(throwing: TestFailure(description: "never hung up"))
        }
        if count == 0 { return continuation.resume(returning: said) }
        let known = frames(said).count
        said += buffer.prefix(count)
        for ping in frames(said).dropFirst(known) where ping.type == 6 {
          let answer = [0, 0, 8, 6, 1, 0, 0, 0, 0] + ping.payload
          _ = write(descriptor, answer, answer.count)
        }
      }
    }
  }
}

private func frames(_ bytes: [UInt8]) -> [(type: UInt8, payload: [UInt8])] {
  var frames: [(UInt8, [UInt8])] = []
  var rest = bytes[...]
  while rest.count >= 9 {
    let head = Array(rest.prefix(9))
    let length = Int(head[0]) << 16 | Int(head[1]) << 8 | Int(head[2])
    // What has not come whole is none yet.
    guard rest.count >= 9 + length else { break }
    frames.append((head[3], Array(rest.dropFirst(9).prefix(length))))
    rest = rest.dropFirst(9 + length)
  }
  return frames
}
