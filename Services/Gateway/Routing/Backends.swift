// Which service owns which calls, and the way to each. The gateway keeps nothing: it can be
// restarted at any time.

public import GRPCCore
import Wire

/// The five services behind the gateway.
public enum Backend: String, Sendable, CaseIterable {
  case command
  case duty
  case intelligence
  case publicopinion
  case supervision

  /// Metadata entry that names the service where several serve the same methods: feeds and stores.
  public static let metadataKey = "quintet-service"

  /// - Parameters:
  ///   - service: full name, such as `quintet.command.v1.IncidentService`.
  ///   - named: value of `quintet-service`, if the caller gave one.
  /// - Throws: `Failure` SERVICE_REQUIRED or SERVICE_UNKNOWN.
  public static func owner(of service: String, named: String?) throws -> Backend {
    let parts = service.split(separator: ".")
    if parts.count > 1, let owner = Backend(rawValue: String(parts[1])) { return owner }
    guard let named else {
      throw Failure.invalid(
        "SERVICE_REQUIRED", field: metadataKey,
        "每个服务都有此接口，请用 quintet-service 指明。"
          + "Every service serves this; name one in the metadata entry quintet-service.")
    }
    guard let owner = Backend(rawValue: named) else {
      throw Failure.invalid(
        "SERVICE_UNKNOWN", field: metadataKey, "没有服务 \(named)。There is no service \(named).")
    }
    return owner
  }
}

/// The connections to the services.
public struct Backends<Transport: ClientTransport>: Sendable {
  private let clients: [Backend: GRPCClient<Transport>]

  /// - Parameter connect: makes the client of one service; called once for each.
  public init(connect: (Backend) throws -> GRPCClient<Transport>) rethrows {
    var clients: [Backend: GRPCClient<Transport>] = [:]
    for backend in Backend.allCases { clients[backend] = try connect(backend) }
    self.clients = clients
  }

  public subscript(_ backend: Backend) -> GRPCClient<Transport> {
    // `init` made one for every case, and nothing removes any.
    clients[backend]!
  }
}

/// Passes message bytes through unread.
struct RawBytes: MessageSerializer, MessageDeserializer {
  func serialize<Bytes: GRPCContiguousBytes>(_ message: [UInt8]) -> Bytes { Bytes(message) }

  func deserialize<Bytes: GRPCContiguousBytes>(_ bytes: Bytes) -> [UInt8] {
    bytes.withUnsafeBytes { Array($0) }
  }
}

/// Largest message in either direction, in bytes.
let messageLimit = 1 << 20

/// What the gateway says of an error that came back from a service, or instead of one.
func answer(_ error: any Error, from backend: Backend) -> any Error {
  if error is CancellationError { return error }
  // A service that dies in the middle of a stream shows as whatever its connection said last.
  let error = error as? RPCError ?? RPCError(code: .unavailable, message: "connection lost")
  let key = "grpc-status-details-bin"
  let details = Array(error.metadata[binaryValues: key])
  if error.code == .unavailable, details.isEmpty {
    return Failure(
      code: .unavailable, reason: "\(backend.rawValue.uppercased())_UNAVAILABLE",
      message: "服务 \(backend.rawValue) 暂时不可用，请稍后重试。"
        + "The service \(backend.rawValue) is not available; try again.")
  }
  // The other trailers belong to the connection they came on: passed along they break this one.
  var metadata = Metadata()
  for detail in details { metadata.addBinary(detail, forKey: key) }
  return RPCError(code: error.code, message: error.message, metadata: metadata)
}
