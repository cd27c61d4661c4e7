// The way to a running suite: through the gateway, or straight to one service.
import Access
import ArgumentParser
import Foundation
import GRPCCore
import ServiceHost

/// The six processes, in the order they are started.
enum SuiteProcess: String, CaseIterable {
  case command, duty, intelligence, publicopinion, supervision, gateway

  /// The services lie beside this program.
  var program: URL {
    let path = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    return URL(fileURLWithPath: path).deletingLastPathComponent()
      .appendingPathComponent("quintet-\(rawValue)")
  }

  /// The five with a store and a feed.
  static var services: [SuiteProcess] { allCases.filter { $0 != .gateway } }
}

/// Where the suite is. Use it as an `@OptionGroup`.
struct SuiteOptions: ParsableArguments {
  @OptionGroup var host: HostOptions

  @Option(
    name: .customLong("token-file"),
    help: """
      令牌文件，缺省由密钥文件夹签发 / File of a token; without it one is signed from the folder of keys. \
      [令牌本身 the token itself: $QUINTET_TOKEN]
      """)
  var tokenFile: String?

  var runDirectory: String { host.runDirectory }

  /// Runs `body` with a client of the gateway.
  func withGateway<R: Sendable>(
    as roles: Set<Role>, _ body: (ServiceClient) async throws -> R
  ) async throws -> R {
    try await withService("gateway", as: roles, body)
  }

  /// Runs `body` with a client of one service's own socket.
  func withService<R: Sendable>(
    _ name: String, as roles: Set<Role>, _ body: (ServiceClient) async throws -> R
  ) async throws -> R {
    let tokens = CommandTokens(host: host, file: tokenFile, roles: roles)
    // Whoever has no token is told so, and not that a call failed.
    _ = try await tokens.token()
    let client = try Connection.unix(path: host.socketPath(of: name), token: tokens.token)
    return try await Connection.with(client, body)
  }
}

extension CallOptions {
  /// For a person who waits at a terminal.
  static var operatorCall: CallOptions {
    var options = CallOptions.defaults
    options.timeout = .seconds(10)
    return options
  }
}

/// Writes to standard error, so that standard output stays for results.
func tell(_ line: String) {
  FileHandle.standardError.write(Data((line + "\n").utf8))
}

/// Prints a line at once, also where standard output is a pipe.
func say(_ line: String) {
  print(line)
  fflush(nil)
}
