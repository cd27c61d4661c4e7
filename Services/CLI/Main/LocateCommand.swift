// `quintet locate`: where is somebody who says this?
import Access
import ArgumentParser
import Foundation
import GRPCCore
import QuintetAPI
import ServiceHost
import SwiftProtobuf

struct LocateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "locate",
    abstract: "按报警人所述定位 / Finds where a caller is.",
    discussion: """
      文字既按地址、也按周边描述查找；只有字母数字时按定位牌编号查找。
      The words are looked for as an address and as what is seen around; letters and digits alone as \
      the number of a plate.
      有候选返回 0，否则 1 / Exits 0 when there is a candidate, else 1.
      """)

  @OptionGroup var suite: SuiteOptions

  @Argument(help: "报警人的话 / What the caller says.")
  var words: [String] = []

  @Option(help: "定位牌编号 / Number of a plate.")
  var plate = ""

  @Option(help: "固定设备编码 / Code of a fixed device.")
  var device = ""

  @Option(help: "坐标：纬度,经度,基准 / Point: LATITUDE,LONGITUDE,wgs84|cgcs2000|gcj02.")
  var point: PointArgument?

  @Option(help: "大致位置 / Roughly where, as --point.")
  var near: PointArgument?

  @Option(help: "距大致位置不超过几米 / Metres from --near at most.")
  var within: Double = 0

  @Option(help: "最多几个候选 / How many at most, 1 to 50.")
  var limit: Int32 = 5

  @Flag(help: "输出 JSON / Prints JSON.")
  var json = false

  func run() async throws {
    let request = request
    let answer: Quintet_Intelligence_V1_LocateResponse
    do {
      answer = try await suite.withGateway(as: [.dispatcher]) { client in
        try await Quintet_Intelligence_V1_GazetteerService.Client(wrapping: client)
          .locate(request, options: .operatorCall)
      }
    } catch let error as RPCError {
      tell(error.message)
      throw ExitCode(1)
    }
    if json {
      print(try answer.jsonString())
    } else {
      show(answer)
    }
    if answer.candidates.isEmpty { throw ExitCode(1) }
  }

  private var request: Quintet_Intelligence_V1_LocateRequest {
    let said = words.joined(separator: " ")
    let isNumber =
      said.contains(where: \.isNumber) && said.allSatisfy { $0.isASCII } && plate.isEmpty
    return .with {
      if isNumber {
        $0.plateNumber = said
      } else {
        $0.address = said
        $0.description_p = said
        $0.plateNumber = plate
      }
      $0.deviceCode = device
      if let point { $0.point = point.message }
      if let near {
        $0.nearPoint = near.message
        $0.nearRadiusM = within
      }
      $0.limit = limit
    }
  }

  private func show(_ answer: Quintet_Intelligence_V1_LocateResponse) {
    if answer.candidates.isEmpty { print("没有找到 / Nothing found") }
    for (index, candidate) in answer.candidates.enumerated() {
      let place = candidate.hasPlace ? "  \(candidate.place.code)" : ""
      let percent = Int((candidate.confidence * 100).rounded())
      print(
        "\(index + 1). \(candidate.name)\(place)  吻合 fit \(percent)%  "
          + String(format: "%.6f,%.6f", candidate.point.latitude, candidate.point.longitude)
          + "  ±\(Int(candidate.uncertaintyM.rounded())) m")
      print("   \(candidate.reason)")
    }
    for notice in answer.notices { print("注意 note: \(notice.message)") }
  }
}

/// A point on the command line, with its datum.
struct PointArgument: ExpressibleByArgument {
  let message: Quintet_Type_V1_GeoPoint

  init?(argument: String) {
    let parts = argument.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
    guard parts.count == 3, let latitude = Double(parts[0]), let longitude = Double(parts[1])
    else { return nil }
    let datums: [String: Quintet_Type_V1_Datum] = [
      "wgs84": .wgs84, "cgcs2000": .cgcs2000, "gcj02": .gcj02,
    ]
    guard let datum = datums[parts[2].lowercased()] else { return nil }
    message = .with {
      $0.latitude = latitude
      $0.longitude = longitude
      $0.datum = datum
    }
  }
}
