// 舆: the process that gathers authorless texts into topics. It only wires.

import ArgumentParser
import EventLog
import Identifiers
import Persistence
import PublicOpinionRPC
import PublicOpinionStore
import PublicOpinionSubscriptions
import QuintetAPI
import ServiceHost

@main
struct PublicOpinionMain: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "quintet-publicopinion",
    abstract: "舆：汇集话题、记录回应 / Gathers topics and records the bureau's responses.")

  @OptionGroup var options: HostOptions

  func run() async throws {
    let host = try ServiceHost(name: "publicopinion", options: options)
    let database = try host.openDatabase(migrations: OpinionDatabaseStore.migrations)
    let store = OpinionDatabaseStore(
      database: database, log: host.eventLog, encode: EventEncoder.encode,
      committed: StateChangeLog(logger: host.logger).tell)
    let fromCommand = FromCommand()
    let command = Subscription(
      source: "command", types: FromCommand.types, service: host.name,
      partition: options.partition, database: database, client: try host.neighbour("command"),
      logger: host.logger, clock: host.clock
    ) { event, tx in
      let provenance = Provenance(
        actor: "service/\(host.name)", cause: "event/\(event.id)", trace: event.trace)
      let writer = store.writer(in: tx, provenance: provenance, now: host.clock())
      try fromCommand.apply(event, writer)
      try writer.flush()
    }
    try await host.run(
      services: [OpinionService(store: store, clock: host.clock)], background: [command])
  }
}
