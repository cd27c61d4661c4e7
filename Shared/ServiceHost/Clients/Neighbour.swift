// Another service of the suite, as this one sees it: a client on its socket and a feed to follow.
import Credentials
public import GRPCCore

/// A neighbour need not be there: calls fail with UNAVAILABLE until it is, and the connection is
/// tried again every second or sooner. It runs as a part of the host that gave it out.
public struct Neighbour: Sendable {
  /// Such as `command`.
  public let name: String
  /// For the generated clients: `Quintet_Duty_V1_UnitService.Client(wrapping: neighbour.client)`.
  public let client: ServiceClient

  init(name: String, path: String, tokens: ServiceTokens) throws {
    self.name = name
    self.client = try Connection.unix(
      path: path, identity: CallIdentity(token: { _ in try await tokens.token() }, isService: true))
  }
}
