// 舆: the process that gathers authorless texts into topics. It only wires.

import ArgumentParser
import EventLog
import Persistence
import PublicOpinionRPC
import PublicOpinionStore
import ServiceHost

@main
struct PublicOpinionMain: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "quintet-publicopinion",
    abstract: "舆：汇集话题、记录回应 / Gathers topics and records the bureau's responses.",
    subcommands: [VerifyStore.self])

  @OptionGroup var options: HostOptions
  @OptionGroup var listening: ListenerOptions

  func run() async throws {
    let host = try ServiceHost(name: "publicopinion", options: options)
    let database = try host.openDatabase(migrations: OpinionDatabaseStore.migrations)
    let store = OpinionDatabaseStore(
      database: database, log: host.eventLog, encode: EventEncoder.encode,
      committed: StateChangeLog(logger: host.logger).tell)
    let feeds = try OpinionFollowers(store: store, clock: host.clock).all.map {
      try host.follow($0, in: database)
    }
    try await host.run(
      services: [
        OpinionService(store: store, clock: host.clock),
        StatementService(store: store, clock: host.clock),
      ],
      background: feeds, listeners: try listening.listeners(),
      retention: PublicOpinionSchema.retention)
  }
}
