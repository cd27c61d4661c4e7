// What a service's own program must be told to check its store: only it knows what an event does to
// a row.

/// Stores as of one moment, as `verify-store` is told of them.
public struct StoresToCheck: Sendable {
  public let arguments: [String]
  /// Beyond what this process has. An address may hold a password, and all can read arguments.
  public let environment: [String: String]

  /// - Parameter folder: holds one file for each service, which no process has open.
  public init(folder: String) {
    arguments = ["--stores", folder]
    environment = [:]
  }

  /// - Parameter snapshot: exported on the server at `url`, and held open meanwhile.
  init(url: String, snapshot: String) {
    arguments = ["--snapshot", snapshot]
    environment = ["QUINTET_STORE": url]
  }
}
