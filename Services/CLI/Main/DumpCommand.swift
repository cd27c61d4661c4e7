// `quintet dump`: every row of every store as text, for comparing and for looking.
import Access
import ArgumentParser
import GRPCCore
import QuintetAPI
import ServiceHost
import SwiftProtobuf

struct DumpCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dump",
    abstract: "导出各服务存储 / Print the stores, one line a row, sorted.",
    discussion: """
      --canonical 去掉两次运行间必然不同之处（序号、记录时间、标识的时间部分）。
      --canonical leaves out what differs between two runs of the same input.
      """)

  @OptionGroup var suite: SuiteOptions

  @Flag(help: "可比对的形式 / Leave out what differs between two runs.")
  var canonical = false

  @Argument(help: "服务名，缺省全部 / Services; all when left out.")
  var services: [String] = []

  func validate() throws {
    for name in services { try SuiteProcess.check(service: name) }
  }

  func run() async throws {
    let names = services.isEmpty ? SuiteProcess.services.map(\.rawValue) : services
    for name in names {
      print("## \(name)")
      let canonical = canonical
      try await suite.withService(name, as: [.operator]) { client in
        let store = Quintet_Operations_V1_StoreService.Client(wrapping: client)
        try await store.dumpStore(.with { $0.canonical = canonical }) { response in
          for try await part in response.messages {
            for line in part.lines { print(line) }
          }
        }
      }
    }
  }
}
