// `quintet positions`: where other systems say that their devices are, handed to duty as it comes.
import Access
public import ArgumentParser
public import Datasets
import Foundation
import GRPCCore
public import Geography
import QuintetAPI
import ServiceHost
import SwiftProtobuf
import Wire

struct PositionsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "positions",
    abstract: "接入其他系统的位置 / Takes in positions of other systems, from a file or as they come.",
    discussion: """
      设备号须先登记为终端（PutTerminal），位置归其所属警力。输入结束时打印统计；全部收下返回 0，否则 1。
      A device is known by the terminal that is registered under its number; its positions are those of \
      the terminal's unit. Prints what became of them at the end of the input; exits 0 when all were \
      taken, else 1.
      """)

  @OptionGroup var suite: SuiteOptions

  @Option(help: "格式 / Format: jt808, gb28181, cot or geojson.")
  var format: PositionFormat

  @Option(help: "格式本身不说明时的坐标基准 / Datum where the format does not say.")
  var datum: Datum = .wgs84

  @Argument(help: "文件，缺省读标准输入 / The file; standard input when left out.")
  var file: String?

  /// Bytes read at once.
  private static let piece = 64 << 10

  func run() async throws {
    let input: FileHandle
    if let file {
      guard let opened = FileHandle(forReadingAtPath: file) else {
        tell("无法读取 \(file) / \(file) cannot be read")
        throw ExitCode(1)
      }
      input = opened
    } else {
      input = .standardInput
    }
    do {
      let tally = try await suite.withGateway(as: CommandTokens.wholeHall) { client in
        try await take(input, PositionSink(client: client))
      }
      print(tally.summary)
      if !tally.isClean { throw ExitCode(1) }
    } catch let error as RPCError {
      tell("未完成 not finished: \(error.message)")
      throw ExitCode(1)
    }
  }

  private func take(_ input: FileHandle, _ sink: PositionSink) async throws -> PositionTally {
    var tally = PositionTally()
    var waiting: [UInt8] = []
    while let data = try input.read(upToCount: Self.piece), !data.isEmpty {
      waiting += data
      var positions: [ForeignPosition] = []
      for message in format.messages(in: &waiting) {
        do throws(ForeignPositionError) {
          positions.append(try format.decode(message, datum: datum))
        } catch {
          tally.pass(error)
        }
      }
      try await sink.send(positions, &tally)
    }
    return tally
  }
}

extension PositionFormat: ExpressibleByArgument {}
extension Datum: ExpressibleByArgument {}

/// What became of the messages.
struct PositionTally: Sendable {
  var answer = Quintet_Duty_V1_ReportPositionsResponse()
  /// Why messages told no position, and how many.
  private(set) var passed: [String: Int] = [:]
  /// Numbers that no terminal is registered under, and how many positions came from each.
  var unknown: [String: Int] = [:]
  private(set) var unread = 0

  mutating func pass(_ error: ForeignPositionError) {
    passed["\(error)", default: 0] += 1
    if case .malformed = error { unread += 1 }
  }

  var isClean: Bool { unread == 0 && unknown.isEmpty && answer.refusedCount == 0 }

  var summary: String {
    var lines = [
      "收下 accepted \(answer.acceptedCount)，较旧 superseded \(answer.supersededCount)，"
        + "可疑 implausible \(answer.implausibleCount)，拒绝 refused \(answer.refusedCount)"
    ]
    lines += passed.sorted { $0.key < $1.key }.map { "  \($0.key)：\($0.value)" }
    lines += unknown.sorted { $0.key < $1.key }.prefix(10).map {
      "  未登记 not registered: \($0.key) × \($0.value)"
    }
    lines += answer.problems.map { "  \($0.reason) \($0.field) \($0.message)" }
    return lines.joined(separator: "\n")
  }
}

/// Where positions go: to duty, under the unit of the device's terminal.
private final class PositionSink {
  private let client: ServiceClient
  /// Nil for numbers that are not registered, or are a pillar's.
  private var unitOfDevice: [String: String?] = [:]

  init(client: ServiceClient) {
    self.client = client
  }

  func send(_ positions: [ForeignPosition], _ tally: inout PositionTally) async throws {
    var requests: [Quintet_Duty_V1_ReportPositionsRequest] = []
    for position in positions {
      guard let unit = try await unit(of: position.device) else {
        tally.unknown[position.device, default: 0] += 1
        continue
      }
      requests.append(Self.request(position, unit))
    }
    guard !requests.isEmpty else { return }
    let answer = try await Quintet_Duty_V1_UnitService.Client(wrapping: client)
      .reportPositions(options: .operatorCall) { [requests] writer in
        try await writer.write(contentsOf: requests)
      }
    tally.answer.acceptedCount += answer.acceptedCount
    tally.answer.supersededCount += answer.supersededCount
    tally.answer.implausibleCount += answer.implausibleCount
    tally.answer.refusedCount += answer.refusedCount
    tally.answer.problems = Array((tally.answer.problems + answer.problems).prefix(10))
  }

  private func unit(of device: String) async throws -> String? {
    if let known = unitOfDevice[device] { return known }
    var found: String?
    do {
      let answer = try await Quintet_Duty_V1_TerminalService.Client(wrapping: client)
        .getTerminal(.with { $0.code = device.lowercased() }, options: .operatorCall)
      found = answer.terminal.unitID.isEmpty ? nil : answer.terminal.unitID
    } catch let error as RPCError where error.code == .notFound {
      found = nil
    }
    unitOfDevice[device] = .some(found)
    return found
  }

  private static func request(
    _ position: ForeignPosition, _ unit: String
  ) -> Quintet_Duty_V1_ReportPositionsRequest {
    .with {
      $0.unitID = unit
      $0.position = .with {
        $0.point = Quintet_Type_V1_GeoPoint(position.point)
        $0.fixTime = position.time.timestamp
        $0.speedMps = position.speed
        $0.headingDeg = position.heading
      }
    }
  }
}
