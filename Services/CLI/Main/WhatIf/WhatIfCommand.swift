// `quintet what-if`: a past day once more, with another roster, another plan or other units.
import Access
import ArgumentParser
import Datasets
import Foundation
import GRPCCore
import QuintetAPI
import ServiceHost
import SwiftProtobuf

struct WhatIfCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "what-if",
    abstract: "推演：换一种排班、预案或警力重演一天 / Plays a past day with another roster, plan or units.",
    discussion: """
      方案文件是 JSON 数组，每个方案有 name，以及 absences（停用：unitCodes 或 capability，fromHour 到 \
      untilHour）、additions（增加：capability、count、basePoint，及时段）、planLines（按级别 level \
      派几个 capability）。时刻与文件所写相同。
      The scenarios are a JSON array. Each has a name, and absences (unitCodes or a capability, fromHour \
      to untilHour), additions (capability, count, basePoint, hours) and planLines (count units of a \
      capability for a level). Hours are as the file writes them:
        [{"name": "夜间少两车", "absences": [{"unitCodes": ["E41"], "fromHour": 22, "untilHour": 6}]},
         {"name": "two more", "additions": [{"capability": "medic", "count": 2, "basePoint":
           {"latitude": 37.78, "longitude": -122.41, "datum": "DATUM_WGS84"}}]},
         {"name": "one engine", "planLines": [{"level": "INCIDENT_LEVEL_4", "capability": "engine", \
      "count": 1}]}]
      同一文件、方案与种子得到逐字节相同的报告。假设见 Docs/what-if.md。
      The same file, scenarios and seed give the same report, byte for byte. Docs/what-if.md says what \
      is assumed.
      """)

  enum Profile: String, ExpressibleByArgument, CaseIterable {
    case sfFire = "sf-fire"
  }

  @OptionGroup var suite: SuiteOptions

  @Option(help: "文件格式 / Shape of the file.")
  var profile: Profile = .sfFire

  @Option(help: "方案文件；无则只与实际比对 / File of scenarios; without it only the record is compared.")
  var scenarios: String?

  @Option(help: "只推演这一天，YYYY-MM-DD / Only this day.")
  var day: String?

  @Option(help: "重抽样的种子 / Seed of the resampling.")
  var seed: UInt64 = 1

  @Option(help: "重抽样次数，100 到 10000 / Resamples.")
  var resamples: Int32 = 1_000

  @Option(help: "报告文件 / Where to write the report, as JSON.")
  var report: String?

  @Argument(help: "CSV 文件，可为 .gz / The file, CSV, plain or gzip.")
  var file: String

  func validate() throws {
    guard (100...10_000).contains(resamples) else {
      throw ValidationError("--resamples 须为 100 到 10000 / --resamples takes 100 to 10000.")
    }
  }

  func run() async throws {
    do {
      let start = ContinuousClock.now
      let question = try question()
      let answer = try await suite.withGateway(as: [.shiftLeader]) { client in
        try await Quintet_Duty_V1_WhatIfService.Client(wrapping: client)
          .compareScenarios(options: .query(atMost: .seconds(600))) { writer in
            try await writer.write(question.header)
            for batch in question.batches { try await writer.write(batch) }
          }
      }
      if let report {
        try Data(WhatIfWords.json(answer).utf8).write(
          to: URL(fileURLWithPath: report), options: .atomic)
      }
      print(WhatIfWords.summary(answer))
      let seconds = String(format: "%.1f", start.duration(to: .now).inSeconds)
      tell("用时 \(seconds) 秒 / took \(seconds) s")
    } catch let error as DatasetError {
      tell("\(error)")
      throw ExitCode(1)
    } catch let error as RPCError {
      tell(error.message)
      throw ExitCode(1)
    }
  }

  private func question() throws -> WhatIfQuestion {
    let all = FireCall.group(try FireFile(DataFile(path: file), now: Date()).responses)
    let calls =
      day.map { day in
        all.filter { WallTime.format($0.received).hasPrefix(day) }
      } ?? all
    guard !calls.isEmpty else {
      tell("没有这一天的警情 / The file has no calls of that day")
      throw ExitCode(1)
    }
    return WhatIfQuestion(
      file: all, calls: calls, scenarios: try given(), seed: seed, resamples: resamples)
  }

  private func given() throws -> [Quintet_Duty_V1_WhatIfScenario] {
    guard let scenarios else { return [] }
    do {
      let data = try Data(contentsOf: URL(fileURLWithPath: scenarios))
      return try Quintet_Duty_V1_WhatIfScenario.array(fromJSONUTF8Bytes: data)
    } catch {
      tell("方案文件 \(scenarios) 无法读取：\(error) / The file of scenarios cannot be read")
      throw ExitCode(1)
    }
  }
}
