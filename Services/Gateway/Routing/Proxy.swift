// gRPC in, gRPC out: every method of every service, passed on to its owner unread.

import Access
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
    let outgoing = StreamingClientRequest<[UInt8]>(
      metadata: Forwarding.metadata(of: request.metadata)
    ) { writer in
      do {
        for try await message in request.messages {
          try Forwarding.check(size: message.count)
          try await writer.write(message)
        }
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
  private static let passed = ["quintet-actor", "traceparent", "tracestate", "authorization"]

  static func metadata(of incoming: Metadata) -> Metadata {
    var outgoing = Metadata()
    for key in passed {
      for value in incoming[stringValues: key] { outgoing.addString(value, forKey: key) }
    }
    // Without this the owner would take the gateway for whoever acts.
    if incoming[stringValues: Principal.metadataKey].first(where: { _ in true }) == nil {
      outgoing.addString(Principal.nobody.actor, forKey: Principal.metadataKey)
    }
    return outgoing
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
