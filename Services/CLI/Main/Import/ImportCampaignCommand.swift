// `quintet import campaign`: the rows of a campaign from a CSV list, as often as it takes.
import Access
import ArgumentParser
import Datasets
import Foundation
import GRPCCore
import QuintetAPI
import ServiceHost
import SwiftProtobuf
import Synchronization
import Wire

struct ImportCampaignCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "campaign",
    abstract: "录入专班名单 / Takes in the rows of a campaign from CSV.",
    discussion: """
      首行为列名：专班各列的代码或名称。UTF-8 或 GB18030。不合格的行连同行号、字段、规则列出，不影响其余。
      The first line names the campaign's columns by code or label. Rows that are no good are told with \
      number, field and rule, and stop nothing.
      每批落盘后才读下一批；随时可以中断，再运行同一命令即可，不丢不重。
      Each batch is durable before the next; stop at any time, run again, and no row is lost or doubled.
      全部合格返回 0，有不合格的行返回 1；中断返回 130 / Exits 0 when every row was good, 1 when some were \
      not; 130 when interrupted.
      """)

  enum FileEncoding: String, ExpressibleByArgument, CaseIterable {
    case auto
    case utf8 = "utf-8"
    case gb18030

    var encoding: TextEncoding? {
      switch self {
      case .auto: nil
      case .utf8: .utf8
      case .gb18030: .gb18030
      }
    }
  }

  @OptionGroup var suite: SuiteOptions

  @Option(help: "专班编号 cmp_… / The campaign.")
  var campaign: String

  @Option(help: "文件编码 / How the file is written.")
  var encoding = FileEncoding.auto

  @Option(help: "坐标基准 / Datum of the file's points.")
  var datum = ImportPlacesCommand.FileDatum.wgs84

  @Argument(help: "CSV 文件，可为 .gz / The file, CSV, plain or gzip.")
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
    let list = try CampaignFile(DataFile(path: file), encoding: encoding.encoding)
    try await suite.withGateway(as: [.shiftLeader]) { client in
      let calling = SuiteCalls(
        client: client, partition: suite.host.partition,
        patience: Patience(interruption: interruption))
      try await calling.checkRunning()
      let run = CampaignImportRun(
        suite: calling, list: list, campaign: campaign, datum: datum.wire)
      let progress = try await run.run()
      let seconds = start.duration(to: .now).inSeconds
      let rows = Int(progress.through)
      print(
        "行 rows \(run.rows.count)，新增 stored \(progress.storedCount)，"
          + "已有 known \(progress.knownCount)，隔离 quarantined \(progress.quarantinedCount)，"
          + "用时 wall \(short(seconds)) s，每秒 per second \(short(Double(rows) / seconds))")
      guard progress.quarantinedCount > 0 else { return }
      for row in try await run.quarantined(limit: 20) {
        print("  第 \(row.number) 行 row \(row.number)：\(row.field) \(row.rule)")
      }
      throw ExitCode(1)
    }
  }
}

extension ImportPlacesCommand.FileDatum {
  fileprivate var wire: Quintet_Type_V1_Datum {
    switch self {
    case .wgs84: .wgs84
    case .cgcs2000: .cgcs2000
    case .gcj02: .gcj02
    }
  }
}

/// One run over one file: what the service has dealt with already is not sent again.
struct CampaignImportRun: Sendable {
  private static let batchSize = 400
  private static let batchBytes = 524_288

  let suite: SuiteCalls
  let campaign: String
  let datum: Quintet_Type_V1_Datum
  let header: [String]
  let rows: [CampaignFileRow]
  let digest: String

  init(
    suite: SuiteCalls, list: CampaignFile, campaign: String, datum: Quintet_Type_V1_Datum
  ) {
    self.suite = suite
    self.campaign = campaign
    self.datum = datum
    header = list.header
    var rows: [CampaignFileRow] = []
    list.readRows { rows.append($0) }
    self.rows = rows
    digest = FileDigest.sha256(list.bytes)
  }

  private var service: some Quintet_Command_V1_CampaignRowService.ClientProtocol {
    Quintet_Command_V1_CampaignRowService.Client(wrapping: suite.client)
  }

  /// Sends until the service has had the last row, however often the stream breaks.
  func run() async throws -> Quintet_Command_V1_CampaignImport {
    let begin = ContinuousClock.now
    let first = Int(try await progress().through)
    return try await ProgressLine.show {
      // What is durable, not what was sent.
      let through = Int((try? await progress().through) ?? 0)
      let rate = Double(through - first) / max(0.001, begin.duration(to: .now).inSeconds)
      return "录入 import \(through)/\(rows.count)　每秒 per second \(short(rate))"
    } during: {
      try await suite.call("ImportCampaignRows") {
        try await send(after: Int(progress().through))
      }
    }
  }

  private func progress() async throws -> Quintet_Command_V1_CampaignImport {
    try await suite.call("GetCampaignImport") {
      try await service.getCampaignImport(
        .with {
          $0.campaignID = campaign
          $0.fileDigest = digest
        }, options: .item
      ).progress
    }
  }

  private func send(after: Int) async throws -> Quintet_Command_V1_CampaignImport {
    let interruption = suite.patience.interruption
    let fresh = rows.dropFirst(after)
    return try await service.importCampaignRows { writer in
      try await writer.write(
        .with {
          // The same for the same rest of the same file.
          $0.header.requestID = "\(campaign):\(digest.prefix(32)):\(after)"
          $0.header.campaignID = campaign
          $0.header.fileDigest = digest
          $0.header.columns = header
          $0.header.datum = datum
        })
      var rest = fresh
      while !rest.isEmpty {
        try interruption.check()
        let batch = Self.batch(of: rest)
        rest = rest.dropFirst(batch.rows.count)
        try await writer.write(.with { $0.batch = batch })
      }
    }.progress
  }

  /// As many rows as one message takes, one at least.
  private static func batch(
    of rows: ArraySlice<CampaignFileRow>
  ) -> Quintet_Command_V1_CampaignImportBatch {
    var batch = Quintet_Command_V1_CampaignImportBatch()
    var bytes = 0
    for row in rows.prefix(batchSize) {
      bytes += row.values.reduce(16) { $0 + $1.utf8.count + 4 }
      guard batch.rows.isEmpty || bytes <= batchBytes else { break }
      batch.rows.append(
        .with {
          $0.number = Int32(clamping: row.number)
          $0.values = row.values
          $0.problem = row.problem
        })
    }
    return batch
  }

  func quarantined(limit: Int) async throws -> [Quintet_Command_V1_QuarantinedCampaignRow] {
    try await suite.call("ListQuarantinedRows") {
      try await service.listQuarantinedRows(
        .with {
          $0.campaignID = campaign
          $0.pageSize = Int32(limit)
        }, options: .item
      ).rows
    }.filter { $0.fileDigest == digest }
  }
}
