// The way to a running suite: through the gateway, or straight to one service.
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

  var runDirectory: String { host.runDirectory }

  /// Runs `body` with a client of the gateway.
  func withGateway<R: Sendable>(
    actor: String = "person/operator", _ body: (ServiceClient) async throws -> R
  ) async throws -> R {
    try await withService("gateway", actor: actor, body)
  }

  /// Runs `body` with a client of one service's own socket.
  func withService<R: Sendable>(
    _ name: String, actor: String = "person/operator",
    _ body: (ServiceClient) async throws -> R
  ) async throws -> R {
    let client = try Connection.unix(path: host.socketPath(of: name), actor: actor)
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
