// Our own client at our own port by TLS. What other clients see of the port, and who is turned away,
// is tried from outside, end to end.
import ArgumentParser
import Foundation
import GRPCCore
import QuintetAPI
import Testing

@testable import ServiceHost

@Suite struct TLSTests {
  @Test func ourClientShowsItsCertificateAndBelievesOnlyTheRightServer() async throws {
    let folder = try TemporaryFolder()
    let files = try Certificates(folder.path)
    let host = try ServiceHost(
      name: "test", options: folder.options, clock: { Date() }, standardOutput: nil)
    let port = try BoundPort().port
    let listener = try TCPListener(
      TCPAddress(parsing: "127.0.0.1:\(port)"), tls: try TLSOptions.parse(files.flags))
    let stop = Stop()
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        try await host.run(
          services: [], background: [], listeners: [listener], limits: CallLimits(),
          exit: neverExit
        ) { stop.use($0) }
      }
      let known = files.client("partner", believing: "ca")
      #expect(try await code(port, known, waiting: true) == nil)
      #expect(try await code(port, files.client("stranger", believing: "ca")) == .unavailable)
      #expect(try await code(port, files.client("partner", believing: "other")) == .unavailable)
      #expect(try await code(port, nil) == .unavailable)
      await stop()
      try await group.waitForAll()
    }
    withExtendedLifetime(folder) {}
  }

  @Test(arguments: ["127.0.0.1:1", "127.9.9.9:1", "[::1]:1", "localhost:1"])
  func plainTCPMayStayOnTheMachine(address: String) throws {
    _ = try TCPListener(TCPAddress(parsing: address), tls: TLSOptions.parse([]))
  }

  @Test(arguments: ["0.0.0.0:1", "[::]:1", "192.0.2.1:1", "[::ffff:127.0.0.1]:1", "128.0.0.1:1"])
  func plainTCPMayNotLeaveTheMachine(address: String) throws {
    let error = #expect(throws: (any Error).self) {
      try TCPListener(TCPAddress(parsing: address), tls: TLSOptions.parse([]))
    }
    #expect("\(try #require(error))".contains("is not a loopback address"))
  }

  /// How a call of health ends; nil when it is answered.
  /// - Parameter waiting: for a server that has still to start.
  private func code(
    _ port: Int, _ tls: ClientTLS?, waiting: Bool = false
  ) async throws -> RPCError.Code? {
    let client = try Connection.tcp(host: "localhost", port: port, tls: tls)
    return try await Connection.with(client) { client in
      var options = CallOptions.defaults
      options.timeout = .seconds(30)
      options.waitForReady = waiting
      do {
        _ = try await Grpc_Health_V1_Health.Client(wrapping: client).check(
          .init(), options: options)
        return nil
      } catch let error as RPCError {
        return error.code
      }
    }
  }
}

/// Two authorities, a server and two clients, made by openssl.
private struct Certificates {
  let folder: String

  init(_ folder: String) throws {
    self.folder = folder
    for authority in ["ca", "other"] {
      try openssl(
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2"
          + " -subj /CN=\(authority) -keyout \(authority).key -out \(authority).pem")
    }
    for (name, host) in [
      ("server", "localhost"), ("partner", "partner.example"), ("stranger", "stranger.example"),
    ] {
      try openssl(
        "req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=\(name)"
          + " -keyout \(name).key -out \(name).csr")
      try "subjectAltName=DNS:\(host)\n".write(
        toFile: "\(folder)/names", atomically: true, encoding: .utf8)
      try openssl(
        "x509 -req -in \(name).csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2"
          + " -extfile names -out \(name).pem")
      chmod("\(folder)/\(name).key", 0o600)
    }
    try "DNS:partner.example\n".write(
      toFile: "\(folder)/allowed", atomically: true, encoding: .utf8)
  }

  var flags: [String] {
    [
      "--tls-certificate", "\(folder)/server.pem", "--tls-key", "\(folder)/server.key",
      "--tls-clients-ca", "\(folder)/ca.pem", "--tls-allow-list", "\(folder)/allowed",
    ]
  }

  func client(_ name: String, believing authority: String) -> ClientTLS {
    ClientTLS(
      certificate: "\(folder)/\(name).pem", key: "\(folder)/\(name).key",
      authorities: "\(folder)/\(authority).pem")
  }

  private func openssl(_ arguments: String) throws {
    let child = Process()
    child.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
    child.arguments = arguments.split(separator: " ").map(String.init)
    child.currentDirectoryURL = URL(fileURLWithPath: folder)
    child.standardError = FileHandle.nullDevice
    try child.run()
    child.waitUntilExit()
    try #require(child.terminationStatus == 0)
  }
}
