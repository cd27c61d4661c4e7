// gRPC in, gRPC out: every method of every service, passed on to its owner unread.

public import GRPCCore
import QuintetAPI
import Synchronization
import Wire

/// Stands for all services behind the gateway.
public struct Proxy<Transport: ClientTransport>: RegistrableRPCService {
  private let backends: Backends<Transport>

  public init(backends: Backends<Transport>) {
    self.backends = backends
  }

  public func registerMethods<Server: ServerTransport>(with router: inout RPCRouter<Server>) {
    for method in QuintetMethods.all where !method.service.hasPrefix("quintet.gateway.") {
      let descriptor = MethodDescriptor(
        fullyQualifiedService: method.service, method: method.method)
      router.registerHandler(
        forMethod: descriptor, deserializer: RawBytes(), serializer: RawBytes()
      ) { request, _ in
        try pass(request, to: descriptor)
      }
    }
  }

  private func pass(
    _ request: StreamingServerRequest<[UInt8]>, to descriptor: MethodDescriptor
  ) throws -> StreamingServerResponse<[UInt8]> {
    let named = request.metadata[stringValues: Backend.metadataKey].first { _ in true }
    let backend = try Backend.owner(of: descriptor.service.fullyQualifiedService, named: named)
    // What goes wrong on the caller's side ends the call to the owner, whose error then hides it.
    let callerFault = Fault()
    let metadata = try Forwarding.metadata(of: request.metadata)
    let outgoing = StreamingClientRequest<[UInt8]>(metadata: metadata) { writer in
      do {
        for try await message in request.messages {
          try Forwarding.check(size: message.count)
          do { try await writer.write(message) } catch { throw OwnerGone() }
        }
      } catch let gone as OwnerGone {
        // Not the caller's fault: how the call ended says what happened to its owner.
        throw gone
      } catch {
        callerFault.note(error)
        throw error
      }
    }
    let options = Forwarding.options(of: request.metadata)
    let client = backends[backend]
    // The call lives inside the producer: its end is the end of the answer.
    return StreamingServerResponse { writer in
      do {
        return try await client.bidirectionalStreaming(
          request: outgoing, descriptor: descriptor, serializer: RawBytes(),
          deserializer: RawBytes(), options: options
        ) { response in
          for try await message in response.messages { try await writer.write(message) }
          return [:]
        }
      } catch {
        throw callerFault.first ?? answer(error, from: backend)
      }
    }
  }
}

/// The service that owns a call takes no more messages of it.
private struct OwnerGone: Error {}

/// The first thing that went wrong on one side of a call.
private final class Fault: Sendable {
  private let error = Mutex<(any Error)?>(nil)

  var first: (any Error)? { error.withLock { $0 } }

  func note(_ error: any Error) {
    self.error.withLock { $0 = $0 ?? error }
  }
}

/// What a passed-on call carries along.
enum Forwarding {
  static let authorization = "authorization"
  private static let passed = ["traceparent", "tracestate"]

  /// - Throws: `Failure` TOKEN_REQUIRED.
  static func metadata(of incoming: Metadata) throws -> Metadata {
    var outgoing = Metadata()
    outgoing.addString(
      try only(Array(incoming[stringValues: authorization])), forKey: authorization)
    for key in passed {
      for value in incoming[stringValues: key] { outgoing.addString(value, forKey: key) }
    }
    return outgoing
  }

  /// The one token of the caller's. Nobody gets this far without one; if somebody did, the owner
  /// would take the gateway for whoever acts.
  static func only(_ values: [String]) throws -> String {
    guard let value = values.first, values.count == 1, !value.isEmpty else {
      throw Failure(
        code: .unauthenticated, reason: "TOKEN_REQUIRED",
        message: "请先登录：请求须带令牌。Sign in first: send one token.")
    }
    return value
  }

  /// The caller's deadline, which the owner is given as its own.
  static func options(of incoming: Metadata) -> CallOptions {
    var options = CallOptions.defaults
    for key in ["grpc-timeout", "quintet-timeout"] where options.timeout == nil {
      options.timeout = incoming[stringValues: key].first { _ in true }.flatMap(timeout)
    }
    return options
  }

  /// `grpc-timeout`: up to 8 digits and a unit, as gRPC's wire format has it.
  static func timeout(_ text: String) -> Duration? {
    guard let unit = text.last, text.count <= 9, let value = Int64(text.dropLast()), value >= 0
    else { return nil }
    return switch unit {
    case "H": .seconds(value * 3600)
    case "M": .seconds(value * 60)
    case "S": .seconds(value)
    case "m": .milliseconds(value)
    case "u": .microseconds(value)
    case "n": .nanoseconds(value)
    default: nil
    }
  }

  static func check(size: Int) throws {
    guard size <= messageLimit else {
      throw Failure(
        code: .resourceExhausted, reason: "MESSAGE_TOO_LARGE",
        message: "消息不得超过 1 MiB。A message may have at most 1 MiB.")
    }
  }
}
