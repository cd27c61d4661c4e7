// Durable commands through the RPC: calls reported to a running command service, straight to its
// socket.
import ArgumentParser
import Foundation
import GRPCCore
import QuintetAPI
import ServiceHost
import SwiftProtobuf

struct CallMeasurement: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "call")

  @Option(help: "The socket of the command service.") var socket: String
  @Option var callers: Int
  @Option var seconds: Double = 5

  func run() async throws {
    let client = try Connection.unix(path: socket, token: BenchToken.source)
    let measured = try await Connection.with(client) { client in
      try await Load.run(callers: callers, until: .now + .seconds(seconds)) { _, _ in
        try await Self.report(client)
      }
    }
    print(measured.json)
  }

  static func report(_ client: ServiceClient) async throws {
    var options = CallOptions.defaults
    options.timeout = .seconds(30)
    _ = try await Quintet_Command_V1_CallReportService.Client(wrapping: client).submitReport(
      .with { request in
        request.requestID = UUID().uuidString
        request.incidentClass = .help
        request.level = .incidentLevel4
        request.content.channel = .phone
        request.content.origin = .citizenReported
        request.content.narrative = "测量用警情"
        request.content.location.address = "测试路 1 号"
        request.content.location.point = .with {
          $0.latitude = 27.99
          $0.longitude = 120.65
          $0.datum = .wgs84
        }
      }, options: options)
  }
}

/// The token that calls are made with.
enum BenchToken {
  static let source: Connection.TokenSource = { _ in
    ProcessInfo.processInfo.environment["QUINTET_TOKEN"] ?? ""
  }
}
