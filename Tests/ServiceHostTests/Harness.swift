// A host in this process, on a real Unix socket in a folder of its own.
import Access
import Audit
import Credentials
import EventLog
import Foundation
import GRPCCore
import GRPCProtobuf
import QuintetAPI
import ServiceLifecycle
import Synchronization
import Testing

@testable import ServiceHost

/// A folder that goes away with the test. Its path is short: a socket's must be.
final class TemporaryFolder: Sendable {
  let path: String

  init() throws {
    var template = Array("/tmp/qh-XXXXXX\0".utf8CString.dropLast())
    let made = try #require(mkdtemp(&template))
    path = String(cString: made)
    _ = try options.keys.make(services: ["test", "command", "duty", "gateway"], at: Date())
  }

  /// A token of the folder's issuer, for somebody who may do everything.
  @Sendable
  func token(_ actor: String? = nil) async throws -> String {
    try await token(for: actor ?? "person/zhang") { _ in }
  }

  func token(for actor: String, _ change: (inout Principal) -> Void) async throws -> String {
    var principal = try Principal(parsing: actor)
    let now = Date()
    principal.roles = [.operator, .dispatcher]
    principal.areas = [Principal.everyArea]
    principal.duty = now.addingTimeInterval(-60)..<now.addingTimeInterval(600)
    change(&principal)
    return try await options.keys.issuer().sign(
      principal, id: UUID().uuidString, at: now, lifetime: 600)
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }

  var options: HostOptions {
    HostOptions(
      runDirectory: "\(path)/run", dataDirectory: "\(path)/data", logDirectory: "\(path)/log",
      keysDirectory: "\(path)/keys", logLevel: .debug)
  }
}

/// What a test does with a running host.
struct Running: Sendable {
  let folder: TemporaryFolder
  let host: ServiceHost
  let client: ServiceClient
  let shutDown: @Sendable () async -> Void

  /// The lines of the log so far, as JSON objects.
  func log() throws -> [[String: Any]] {
    try logLines(host.options.logPath(of: host.name))
  }

  /// The line of a request, which is written just after its answer.
  func requestLine(_ method: String) async throws -> [String: Any] {
    for _ in 0..<2000 {
      if let line = try log().last(where: { $0["method"] as? String == method }) { return line }
      try await Task.sleep(for: .milliseconds(5))
    }
    throw TestFailure(description: "no log line of \(method)")
  }
}

/// Stands in for the end of a process that has outlived its shutdown. Whether it comes to that
/// depends on how busy the machine is, so it is no failure here; the end-to-end tests, which run
/// alone, hold the real process to its five seconds.
let neverExit: @Sendable (Int32) -> Void = { _ in }

/// Asks a host for its shutdown.
final class Stop: Sendable {
  private let group = Mutex<ServiceGroup?>(nil)

  func use(_ started: ServiceGroup) { group.withLock { $0 = started } }

  func callAsFunction() async {
    await group.withLock { $0 }?.triggerGracefulShutdown()
  }
}

struct TestFailure: Error, CustomStringConvertible {
  let description: String
}

func logLines(_ path: String) throws -> [[String: Any]] {
  try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map { line in
    try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
  }
}

/// Runs a host until the body is through, and then shuts it down in order.
func withHost(
  _ services: [any RegistrableRPCService] = [], limits: CallLimits = CallLimits(),
  audit: (any CallAudit)? = nil, drainTime: Duration = ServiceHost.drainTime,
  withStore: Bool = false,
  _ body: @Sendable (Running) async throws -> Void
) async throws {
  let folder = try TemporaryFolder()
  let host = try ServiceHost(
    name: "test", options: folder.options, clock: { Date() }, standardOutput: nil)
  if withStore { _ = try host.openDatabase(migrations: EventLog.migrations + AuditLog.migrations) }
  let stop = Stop()
  try await withThrowingTaskGroup(of: Void.self) { group in
    group.addTask {
      try await host.run(
        services: services, background: [], listeners: [], limits: limits, audit: audit,
        drainTime: drainTime, exit: neverExit
      ) {
        group in
        stop.use(group)
      }
    }
    let client = try Connection.unix(
      path: host.options.socketPath(of: "test"), token: folder.token)
    try await Connection.with(client) { client in
      try await untilServing(client)
      try await body(
        Running(folder: folder, host: host, client: client, shutDown: { await stop() }))
    }
    await stop()
    try await group.waitForAll()
  }
  withExtendedLifetime(folder) {}
}

private func untilServing(_ client: ServiceClient) async throws {
  var options = CallOptions.defaults
  options.waitForReady = true
  options.timeout = .seconds(30)
  try await Grpc_Health_V1_Health.Client(wrapping: client).watch(.init(), options: options) {
    response in
    for try await answer in response.messages where answer.status == .serving { return }
    throw TestFailure(description: "the host never served")
  }
}

typealias Question = Quintet_Gateway_V1_GetStatusRequest
typealias Reply = Quintet_Gateway_V1_GetStatusResponse

/// A service of one unary method, of whatever name a test needs.
struct Stub: RegistrableRPCService {
  let descriptor: MethodDescriptor
  let handle: @Sendable () async throws -> Void

  init(
    _ service: String = "quintet.gateway.v1.StatusService", _ method: String = "GetStatus",
    handle: @escaping @Sendable () async throws -> Void = {}
  ) {
    descriptor = MethodDescriptor(fullyQualifiedService: service, method: method, type: .unary)
    self.handle = handle
  }

  func registerMethods<Transport: ServerTransport>(with router: inout RPCRouter<Transport>) {
    router.registerHandler(
      forMethod: descriptor, deserializer: ProtobufDeserializer<Question>(),
      serializer: ProtobufSerializer<Reply>()
    ) { request, _ in
      _ = try await ServerRequest(stream: request)
      try await handle()
      return StreamingServerResponse(single: ServerResponse(message: Reply()))
    }
  }
}

extension ServiceClient {
  /// Calls a stub. The deadline goes as a header, so that no timer of the client's own answers first.
  func call(
    _ stub: Stub, timeout: String? = "60S", metadata: Metadata = [:], question: [UInt8] = []
  ) async throws {
    var metadata = metadata
    if let timeout { metadata.addString(timeout, forKey: "grpc-timeout") }
    try await unary(
      request: ClientRequest(message: question, metadata: metadata), descriptor: stub.descriptor,
      serializer: Raw(), deserializer: ProtobufDeserializer<Reply>(), options: .defaults
    ) { _ = try $0.message }
  }

  /// The refusal that a call meets.
  func refusal(
    _ stub: Stub, timeout: String? = "60S", metadata: Metadata = [:], question: [UInt8] = []
  ) async throws -> Refused {
    let error = await #expect(throws: RPCError.self) {
      try await call(stub, timeout: timeout, metadata: metadata, question: question)
    }
    return try Refused(try #require(error))
  }
}

/// Bytes as they are: also such as are no message.
private struct Raw: MessageSerializer {
  func serialize<Bytes: GRPCContiguousBytes>(_ message: [UInt8]) throws -> Bytes { Bytes(message) }
}

/// An error as a client can read it.
struct Refused {
  let code: RPCError.Code
  let message: String
  let reason: String?
  let domain: String?
  let metadata: [String: String]
  let fields: [String]
  let retryAfter: Duration?

  init(_ error: RPCError) throws {
    let details = try error.unpackGoogleRPCStatus()?.details ?? []
    let info = details.lazy.compactMap(\.errorInfo).first
    code = error.code
    message = error.message
    reason = info?.reason
    domain = info?.domain
    metadata = info?.metadata ?? [:]
    retryAfter = details.lazy.compactMap { $0.retryInfo?.delay }.first
    fields = details.compactMap(\.badRequest).flatMap { $0.violations.map(\.field) }
  }
}

/// Something that happens once and can be waited for.
final class Gate: Sendable {
  private let stream: AsyncStream<Void>
  private let continuation: AsyncStream<Void>.Continuation

  init() { (stream, continuation) = AsyncStream<Void>.makeStream() }

  func open() { continuation.finish() }

  /// Waits, and ignores cancellation: what is stuck does so too.
  func passage() async {
    let task = Task.detached { [stream] in for await _ in stream {} }
    await task.value
  }
}
