// The Connect protocol's unary calls over HTTP: what browsers and curl speak.

public import Access
import Foundation
public import GRPCCore
import GatewayConnect
import HTTPTypes
import Hummingbird
public import Logging
import NIOCore
import QuintetAPI
import SwiftProtobuf
import Wire

/// `POST /<service>/<method>` with a JSON or protobuf body, answered in kind.
public struct ConnectRoutes<Transport: ClientTransport>: Sendable {
  /// Applied when the caller sends no `Connect-Timeout-Ms`.
  public static var defaultTimeout: Duration { .seconds(10) }

  private let backends: Backends<Transport>
  private let status: StatusService<Transport>
  private let admit: Admit
  private let logger: Logger
  private let methods: [String: QuintetMethod]

  /// Says who calls, from the header `Authorization` and the method's full name, such as
  /// `quintet.command.v1.IncidentService/GetIncident`; throws the refusal.
  public typealias Admit =
    @Sendable (_ authorization: String?, _ method: String) throws -> Principal

  public init(
    backends: Backends<Transport>, status: StatusService<Transport>, admit: @escaping Admit,
    logger: Logger
  ) {
    // Events carry messages whose types JSON must know.
    QuintetMessages.registerAll()
    self.backends = backends
    self.status = status
    self.admit = admit
    self.logger = logger
    self.methods = Dictionary(uniqueKeysWithValues: QuintetMethods.all.map { ($0.path, $0) })
  }

  func add(to router: Router<WebContext>) {
    router.get("/healthz") { _, _ in "ok\n" }
    router.post("/:service/:method") { request, context in
      let path =
        "/\(context.parameters.get("service") ?? "")/\(context.parameters.get("method") ?? "")"
      return await respond(to: request, path: path, on: context.channel)
    }
  }

  private func respond(
    to request: Request, path: String, on channel: any Channel
  ) async -> Response {
    let start = ContinuousClock.now
    let trace = request.headers[HTTPField.Name.traceparent] ?? TraceParent.fresh()
    var metadata: Logger.Metadata = ["protocol": "connect", "method": "\(path)", "code": "OK"]
    let response: Response
    do {
      let method = try unaryMethod(at: path)
      // Before the body is read: whoever is nobody costs nothing more.
      let authorization = try Caller.authorization(of: request)
      let caller = try admit(authorization, String(path.dropFirst()))
      metadata["actor"] = "\(caller)"
      response = try await call(
        method, request: request, on: channel, as: authorization, traceparent: trace)
    } catch {
      let problem = ConnectError(error)
      metadata["code"] = "\(problem.code)"
      if let reason = problem.reason { metadata["reason"] = "\(reason)" }
      response = problem.response
    }
    let elapsed = start.duration(to: .now).components
    metadata["trace"] = "\(TraceParent.id(in: trace))"
    metadata["duration_ms"] =
      "\(elapsed.seconds * 1000 + elapsed.attoseconds / 1_000_000_000_000_000)"
    logger.info("request", metadata: metadata)
    return response
  }

  private func unaryMethod(at path: String) throws -> QuintetMethod {
    guard let method = methods[path] else {
      throw Failure(
        code: .unimplemented, reason: "METHOD_UNKNOWN",
        message: "没有接口 \(path)。There is no method \(path).")
    }
    guard !method.clientStreaming, !method.serverStreaming else {
      throw Failure(
        code: .unimplemented, reason: "STREAM_OVER_HTTP",
        message: "流式接口请用 gRPC 或 /live/。Streams are served over gRPC, and to pages under /live/.")
    }
    return method
  }

  private func call(
    _ method: QuintetMethod, request: Request, on channel: any Channel, as authorization: String?,
    traceparent: String
  ) async throws -> Response {
    let format = try Format(contentType: request.headers[.contentType])
    let body = try await request.collected(on: channel, upTo: messageLimit)
    let input = try format.decode(body, as: method.input)
    let output = try await forward(
      input, method, request.headers, as: authorization, traceparent)
    return Response(
      status: .ok, headers: [.contentType: format.contentType, .traceparent: traceparent],
      body: .init(byteBuffer: ByteBuffer(bytes: try format.encode(output, as: method.output))))
  }

  private func forward(
    _ input: [UInt8], _ method: QuintetMethod, _ headers: HTTPFields, as authorization: String?,
    _ traceparent: String
  ) async throws -> [UInt8] {
    let descriptor = MethodDescriptor(fullyQualifiedService: method.service, method: method.method)
    if method.service == Quintet_Gateway_V1_StatusService.descriptor.fullyQualifiedService {
      let cancellation = ServerContext.RPCCancellationHandle()
      let context = ServerContext(
        descriptor: descriptor, remotePeer: "http", localPeer: "http", cancellation: cancellation)
      return try await status.getStatus(request: .init(), context: context).serializedBytes()
    }
    let backend = try Backend.owner(of: method.service, named: headers[.quintetService])
    var metadata = Metadata()
    metadata.addString(traceparent, forKey: "traceparent")
    metadata.addString(
      try Forwarding.only(authorization.map { [$0] } ?? []), forKey: Forwarding.authorization)
    var options = CallOptions.defaults
    options.timeout = try Self.timeout(headers[.connectTimeout])
    let outgoing = StreamingClientRequest<[UInt8]>(metadata: metadata) { writer in
      try await writer.write(input)
    }
    do {
      return try await backends[backend].bidirectionalStreaming(
        request: outgoing, descriptor: descriptor, serializer: RawBytes(),
        deserializer: RawBytes(), options: options
      ) { response in
        var output: [UInt8] = []
        for try await message in response.messages { output = message }
        return output
      }
    } catch {
      throw answer(error, from: backend)
    }
  }

  private static func timeout(_ text: String?) throws -> Duration {
    guard let text else { return defaultTimeout }
    guard let value = Int64(text), (1...9_999_999_999).contains(value) else {
      throw Failure.invalid(
        "OUT_OF_RANGE", field: "Connect-Timeout-Ms",
        "Connect-Timeout-Ms 须为 1 到 10 位的正整数。"
          + "Connect-Timeout-Ms takes a positive whole number of at most 10 digits.")
    }
    return .milliseconds(value)
  }
}

extension HTTPField.Name {
  // These are valid field names, so the optional initializer cannot fail.
  static let connectTimeout = Self("connect-timeout-ms")!
  static let quintetService = Self("quintet-service")!
  static let traceparent = Self("traceparent")!
}
