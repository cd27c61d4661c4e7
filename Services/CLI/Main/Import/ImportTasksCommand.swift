// `quintet import tasks`: the catalogue of standard work, from the one that comes with the suite or from a
// file of the bureau's own.
import Access
import ArgumentParser
import Datasets
import Foundation
import GRPCCore
import QuintetAPI
import ServiceHost
import SwiftProtobuf
import Wire

struct ImportTasksCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tasks",
    abstract: "录入标准件目录 / Takes in the catalogue of standard work.",
    discussion: """
      每行一个标准件，为 quintet.duty.v1.TaskTemplate 的 JSON；空行和 # 开头的行略过。
      不给文件则录入随系统提供的 117 个；--print 写出它们，可修改后再录入。
      One task a line, as JSON of quintet.duty.v1.TaskTemplate; empty lines and lines after # are passed \
      over. Without a file, the 117 that come with the suite; --print writes them out to be changed.
      全部录入返回 0，否则 1 / Exits 0 when all went in, else 1.
      """)

  @OptionGroup var suite: SuiteOptions

  @Flag(help: "只写出随系统提供的目录 / Only write out the catalogue that comes with the suite.")
  var print = false

  @Argument(help: "JSON Lines 文件，可为 .gz / The file, JSON Lines, plain or gzip.")
  var file: String?

  func run() async throws {
    if print {
      for line in StandardTasks.lines { Swift.print(line) }
      return
    }
    do {
      let lines = try TaskLines(file: file)
      for problem in lines.problems { tell(problem) }
      let tally = try await suite.withGateway(as: [.operator]) { client in
        try await lines.send(Quintet_Duty_V1_TaskTemplateService.Client(wrapping: client))
      }
      for problem in tally.problems { tell(problem) }
      let refused = lines.problems.count + tally.problems.count
      Swift.print(
        "标准件 tasks \(lines.templates.count)，录入 stored \(tally.stored)，拒绝 refused \(refused)")
      if refused > 0 { throw ExitCode(1) }
    } catch let error as DatasetError {
      tell("\(error)")
      throw ExitCode(1)
    } catch let error as SuiteAway {
      tell(
        "系统未运行（\(suite.runDirectory)）：\(error.reason)；请先运行 quintet up。"
          + "The suite does not run; start it with quintet up.")
      throw ExitCode(1)
    } catch let error as RPCError {
      tell("未完成：\(error.message)　Not finished; run the same command again.")
      throw ExitCode(1)
    }
  }
}

/// Templates as a file has them, and what is wrong with its other lines.
struct TaskLines: Sendable {
  var templates: [(line: Int, template: Quintet_Duty_V1_TaskTemplate)] = []
  var problems: [String] = []

  /// - Parameter file: nil for the catalogue that comes with the suite.
  /// - Throws: `DatasetError`.
  init(file: String?) throws {
    let lines =
      try file.map { StandardTasks.lines(of: try DataFile(path: $0)) }
      ?? StandardTasks.lines.enumerated().map { (number: $0 + 1, text: $1) }
    for line in lines {
      do {
        templates.append((line.number, try Quintet_Duty_V1_TaskTemplate(jsonString: line.text)))
      } catch {
        problems.append(
          "第 \(line.number) 行 line \(line.number)：不是标准件的 JSON / no JSON of a task: \(error)")
      }
    }
  }

  /// What became of the templates.
  struct Tally: Sendable {
    var stored = 0
    var problems: [String] = []
  }

  /// One that is refused is told, and the others go on.
  func send<Transport: ClientTransport>(
    _ service: Quintet_Duty_V1_TaskTemplateService.Client<Transport>
  ) async throws -> Tally {
    var tally = Tally()
    for (line, template) in templates {
      do {
        _ = try await service.putTaskTemplate(
          .with {
            $0.requestID = "import-tasks-\(UUID().uuidString)"
            $0.template = template
          }, options: .operatorCall)
        tally.stored += 1
      } catch let error as RPCError where error.code == .invalidArgument {
        tally.problems.append(
          "第 \(line) 行 line \(line)（\(template.code)）：\(error.message)")
      }
    }
    return tally
  }
}
