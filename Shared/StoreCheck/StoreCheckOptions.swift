// `quintet-<service> verify-store`: what `quintet verify store` asks each service's program.
public import ArgumentParser
import Foundation
import Persistence

/// The flags of `verify-store`. Use it as an `@OptionGroup`.
public struct StoreCheckOptions: ParsableArguments, Sendable {
  @Option(help: "存储文件夹，其中的进程须已停止 / Folder of stores that no process has open.")
  public var stores: String?

  @Option(
    help: """
      $QUINTET_STORE 所指服务器上的快照，与 --stores 二选一 / Instead of --stores: a snapshot exported \
      on the server that $QUINTET_STORE names, held open meanwhile.
      """)
  public var snapshot: String?

  @Option(help: "辖区分区 / Jurisdiction partition.")
  public var partition = "main"

  @Flag(help: "只查文件、结构与编号 / Only pages, references, schema and numbering.")
  public var quick = false

  public init() {}

  public func validate() throws {
    guard (stores == nil) != (snapshot == nil) else {
      throw ValidationError("须给 --stores 或 --snapshot 之一 / Give one of --stores and --snapshot.")
    }
  }

  var place: StorePlace {
    if let snapshot {
      // An address may hold a password, and all can read arguments.
      let url = ProcessInfo.processInfo.environment["QUINTET_STORE"] ?? ""
      return .server(url: url, snapshot: snapshot)
    }
    return .folder(stores ?? "")
  }
}

extension StoreCheck {
  /// The subcommand of a service's program.
  public static let configuration = CommandConfiguration(
    commandName: "verify-store",
    abstract: "核对本服务的存储 / Check this service's store against the logs.")

  /// Prints what was found, one line each.
  /// - Throws: `ExitCode` 1 when anything was.
  public func run(_ options: StoreCheckOptions) async throws {
    let report = await report(
      place: options.place, partition: options.partition, isQuick: options.quick)
    for line in report.findings + report.notes { print(line) }
    if report.findings.isEmpty {
      print(
        "\(service)：完好，事件 \(report.events)，核对 \(report.rows) 行 / "
          + "sound, \(report.events) events, \(report.rows) rows compared")
    }
    fflush(nil)
    if !report.findings.isEmpty { throw ExitCode(1) }
  }
}
