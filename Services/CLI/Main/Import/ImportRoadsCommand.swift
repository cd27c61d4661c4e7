// `quintet import roads`: a road network, put in place of the one before in one step.
import Access
import ArgumentParser
import Datasets
import Foundation
import GRPCCore
import QuintetAPI
import ServiceHost
import SwiftProtobuf
import Wire

struct ImportRoadsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "roads",
    abstract: "导入路网（GraphML），整体替换原路网 / Takes in roads as GraphML, in place of those before.",
    discussion: """
      全部读完才生效；中断则原路网不变。不合格的行逐行说明。
      Takes effect as a whole at the end; stopped before, nothing changes. Lines that are no good are \
      told one by one.
      全部合格返回 0，有不合格的行返回 1 / Exits 0 when every line was good, 1 when some were not.
      """)

  @OptionGroup var suite: SuiteOptions

  @Option(
    help: "来源与许可，随路网保存 / Where the roads come from, with their licence; kept. [the file's name]")
  var source: String?

  @Option(
    name: .customLong("speed"),
    help: "某类道路的车速，公里每小时，可重复，如 primary=55 / Speed of a class of road, km/h; repeatable.")
  var speeds: [RoadSpeedOption] = []

  @Argument(help: "GraphML 文件，可为 .gz / The file, GraphML, plain or gzip.")
  var file: String

  /// Pieces in one message.
  private static let batch = 1000

  func run() async throws {
    do {
      let roads = try RoadFile(DataFile(path: file))
      for problem in roads.problems.prefix(20) { tell(problem) }
      let answer = try await suite.withGateway(as: [.operator]) { client in
        try await send(roads, Quintet_Duty_V1_RoadNetworkService.Client(wrapping: client))
      }
      for problem in answer.problems { tell(problem.message) }
      let refused = roads.problems.count + Int(answer.refusedCount)
      let network = answer.network
      print(
        "路网 network \(network.id)：节点 nodes \(network.nodeCount)，道路 edges "
          + "\(network.edgeCount)，不合格 refused \(refused)")
      if refused > 0 { throw ExitCode(1) }
    } catch let error as DatasetError {
      tell("\(error)")
      throw ExitCode(1)
    } catch let error as RoadFileError {
      tell("\(file)：\(error)")
      throw ExitCode(1)
    } catch let error as SuiteAway {
      tell(
        "系统未运行（\(suite.runDirectory)）：\(error.reason)；请先运行 quintet up。"
          + "The suite does not run; start it with quintet up.")
      throw ExitCode(1)
    } catch let error as RPCError {
      tell("未导入，原路网不变：\(error.message)　Not taken in; the roads before stay.")
      throw ExitCode(1)
    }
  }

  private func send<Transport: ClientTransport>(
    _ roads: RoadFile, _ service: Quintet_Duty_V1_RoadNetworkService.Client<Transport>
  ) async throws -> Quintet_Duty_V1_ImportRoadsResponse {
    let header = Quintet_Duty_V1_RoadHeader.with {
      $0.requestID = "import-roads-\(UUID().uuidString)"
      $0.source = source ?? URL(fileURLWithPath: file).lastPathComponent
      $0.speeds = speeds.map { option in
        .with {
          $0.roadClass = option.roadClass
          $0.speedMps = option.kilometresPerHour / 3.6
        }
      }
    }
    return try await service.importRoads(options: .query(atMost: .seconds(600))) { writer in
      try await writer.write(.with { $0.header = header })
      for first in stride(from: 0, to: roads.nodes.count, by: Self.batch) {
        let nodes = roads.nodes.dropFirst(first).prefix(Self.batch)
        try await writer.write(.with { $0.batch.nodes = nodes.map(\.message) })
      }
      for first in stride(from: 0, to: roads.edges.count, by: Self.batch) {
        let edges = roads.edges.dropFirst(first).prefix(Self.batch)
        try await writer.write(.with { $0.batch.edges = edges.map(\.message) })
      }
    }
  }
}

/// `primary=55`.
struct RoadSpeedOption: ExpressibleByArgument {
  let roadClass: String
  let kilometresPerHour: Double

  init?(argument: String) {
    let parts = argument.split(separator: "=", omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, let speed = Double(parts[1]),
      (2...360).contains(speed)
    else { return nil }
    roadClass = String(parts[0])
    kilometresPerHour = speed
  }
}

extension RoadFileNode {
  fileprivate var message: Quintet_Duty_V1_RoadNode {
    .with {
      $0.id = id
      $0.latitude = latitude
      $0.longitude = longitude
      $0.line = Int32(clamping: line)
    }
  }
}

extension RoadFileEdge {
  fileprivate var message: Quintet_Duty_V1_RoadEdge {
    .with {
      $0.fromID = from
      $0.toID = to
      $0.lengthM = length
      $0.roadClass = roadClass
      $0.speedLimitKmh = speedLimit
      $0.line = Int32(clamping: line)
    }
  }
}
