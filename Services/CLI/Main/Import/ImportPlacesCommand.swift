// `quintet import places`: the names of a gazetteer, from a CSV table or GeoJSON.
import Access
import ArgumentParser
import Datasets
import DemoBureau
import Foundation
import GRPCCore
import Geography
import QuintetAPI
import ServiceHost
import SwiftProtobuf
import Wire

struct ImportPlacesCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "places",
    abstract: "录入地名与定位牌 / Takes in places and plates from CSV or GeoJSON.",
    discussion: """
      CSV 列 columns: kind,name,latitude,longitude；可选 optional: \
      code,number,aliases,address,area,description,device_code,radius_m（别名以 ; 分隔 aliases apart by ;）。
      GeoJSON 用同名属性 has properties of the same names; kind 缺省 landmark。
      随时可以中断，再运行同一命令即可 / Stop at any time; run again, and nothing is doubled.
      全部录入返回 0，否则 1；中断返回 130 / Exits 0 when all went in, else 1; 130 when interrupted.
      """)

  enum FileDatum: String, ExpressibleByArgument, CaseIterable {
    case wgs84, cgcs2000, gcj02

    var datum: Datum {
      switch self {
      case .wgs84: .wgs84
      case .cgcs2000: .cgcs2000
      case .gcj02: .gcj02
      }
    }
  }

  @OptionGroup var suite: SuiteOptions

  @Option(help: "坐标基准 / Datum of the file's points.")
  var datum = FileDatum.wgs84

  @Argument(help: "CSV 或 GeoJSON，可为 .gz / The file, plain or gzip.")
  var file: String

  func run() async throws {
    do {
      try await Interruption.during { try await take($0) }
    } catch is Interrupted {
      tell("已停止；再次运行同一命令即可继续。Stopped; run the same command again to go on.")
      throw ExitCode(Interrupted.exitCode)
    } catch let error as DatasetError {
      tell("\(error)")
      throw ExitCode(1)
    } catch let error as SuiteAway {
      tell(
        "系统未运行（\(suite.runDirectory)）：\(error.reason)；请先运行 quintet up。"
          + "The suite does not run; start it with quintet up.")
      throw ExitCode(1)
    } catch let error where error is GaveUp || error is RPCError {
      tell(
        "未完成：\(words(for: error))；再次运行同一命令即可继续。"
          + "Not finished; run the same command again to go on.")
      throw ExitCode(1)
    }
  }

  private func take(_ interruption: Interruption) async throws {
    let start = ContinuousClock.now
    let file = try PlaceFile(DataFile(path: self.file))
    let tally = try await suite.withGateway(as: [.operator]) { client in
      let calling = SuiteCalls(
        client: client, partition: suite.host.partition,
        patience: Patience(interruption: interruption))
      try await calling.checkRunning()
      return try await send(file, calling)
    }
    let seconds = start.duration(to: .now).inSeconds
    print(
      "行 rows \(file.rowCount)，录入 stored \(tally.stored)（新增 added \(tally.added)），"
        + "拒绝 refused \(tally.refused.count)，隔离 quarantined \(file.quarantine.count)，"
        + "用时 wall \(short(seconds)) s")
    for line in tally.refused.prefix(10) { print("  \(line)") }
    for (reason, count) in file.quarantine.counts.sorted(by: { $0.key.rawValue < $1.key.rawValue })
    {
      print("  \(reason.rawValue) \(count)")
    }
    if tally.refused.count + file.quarantine.count > 0 { throw ExitCode(1) }
  }

  private struct Tally: Sendable {
    var stored = 0
    var added = 0
    var refused: [String] = []
  }

  private func send(_ file: PlaceFile, _ calling: SuiteCalls) async throws -> Tally {
    let datum = datum.datum
    let groups = stride(from: 0, to: file.places.count, by: PlaceBatches.size).map { first in
      Array(file.places[first..<min(first + PlaceBatches.size, file.places.count)])
    }
    let requests = groups.enumerated().map { index, records in
      Quintet_Intelligence_V1_ImportPlacesRequest.with {
        $0.requestID = "places:\(file.fingerprint):\(datum.rawValue):\(index)"
        $0.entries = records.map { Quintet_Intelligence_V1_ImportEntry($0, datum) }
      }
    }
    var tally = Tally()
    let answers = try await PlaceBatches(suite: calling).send(
      requests, showing: file.places.count)
    for (answer, records) in zip(answers, groups) {
      tally.stored += Int(answer.storedCount)
      tally.added += Int(answer.addedCount)
      tally.refused += answer.problems.map { problem in
        let line =
          records.indices.contains(Int(problem.index)) ? records[Int(problem.index)].line : 0
        return "第 \(line) 行 line \(line): \(problem.problem.words)"
      }
    }
    return tally
  }
}

/// Batches of places over one stream that is opened again when it breaks.
struct PlaceBatches: Sendable {
  /// Entries of one batch: short enough that other writes are not held up.
  static let size = 100

  let suite: SuiteCalls

  /// - Parameter total: places in all, to show how far it is; nil to show nothing.
  func send(
    _ requests: [Quintet_Intelligence_V1_ImportPlacesRequest], showing total: Int? = nil
  ) async throws -> [Quintet_Intelligence_V1_ImportPlacesResponse] {
    let gazetteer = suite.gazetteer
    let pipeline = Pipeline<
      Quintet_Intelligence_V1_ImportPlacesRequest, Quintet_Intelligence_V1_ImportPlacesResponse
    >(limit: 8) {
      $0.problems.contains { $0.index < 0 && $0.problem.mayPass }
    } open: { produce, consume in
      try await gazetteer.importPlaces(
        request: StreamingClientRequest { try await produce($0) }, onResponse: consume)
    }
    guard let total else {
      return try await pipeline.during { try await pipeline.sendAll(requests) }
    }
    return try await ProgressLine.show {
      "录入 import \(min(total, await pipeline.answerCount * Self.size))/\(total)"
    } during: {
      try await pipeline.during {
        var answers: [Quintet_Intelligence_V1_ImportPlacesResponse] = []
        // In parts, so that a Ctrl-C is noticed between them.
        for first in stride(from: 0, to: requests.count, by: 16) {
          try suite.patience.interruption.check()
          answers += try await pipeline.sendAll(
            Array(requests[first..<min(first + 16, requests.count)]))
        }
        return answers
      }
    }
  }
}

extension Quintet_Intelligence_V1_ImportEntry {
  init(_ record: PlaceRecord, _ datum: Datum) {
    let point = Quintet_Type_V1_GeoPoint.with {
      $0.latitude = record.latitude
      $0.longitude = record.longitude
      $0.datum =
        switch datum {
        case .wgs84: .wgs84
        case .cgcs2000: .cgcs2000
        case .gcj02: .gcj02
        }
    }
    self.init(
      Words(
        code: record.code, kind: record.kind, name: record.name, aliases: record.aliases,
        address: record.address, area: record.area, description: record.description,
        deviceCode: record.deviceCode), point, record.radiusMetres)
  }

  init(_ place: DemoPlace) {
    self.init(
      Words(
        code: place.code, kind: place.kind, name: place.name, aliases: [], address: place.address,
        area: place.area, description: place.description, deviceCode: place.deviceCode),
      Quintet_Type_V1_GeoPoint(place.point), place.radiusMetres)
  }

  private struct Words {
    var code, kind, name: String
    var aliases: [String]
    var address, area, description, deviceCode: String
  }

  private init(_ words: Words, _ point: Quintet_Type_V1_GeoPoint, _ radius: Double) {
    let kind = Quintet_Intelligence_V1_PlaceKind(words: words.kind)
    self.init()
    if PlaceRecord.plateKinds.contains(words.kind) {
      plate = .with {
        $0.number = words.code
        $0.kind = kind
        $0.name = words.name
        $0.address = words.address
        $0.area = words.area
        $0.description_p = words.description
        $0.deviceCode = words.deviceCode
        $0.point = point
      }
    } else {
      place = .with {
        $0.code = words.code
        $0.kind = kind
        $0.name = words.name
        $0.aliases = words.aliases
        $0.address = words.address
        $0.area = words.area
        $0.description_p = words.description
        $0.point = point
        $0.radiusM = radius
      }
    }
  }
}

extension Quintet_Intelligence_V1_PlaceKind {
  /// As files and the demo spell it; unspecified, which is refused, for any other word.
  init(words: String) {
    let known = Self.allCases.first { "\($0)".lowercased() == words.replacing("_", with: "") }
    self = known ?? .unspecified
  }
}
