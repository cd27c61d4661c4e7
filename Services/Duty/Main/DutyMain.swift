// 勤务: who is where, who can be sent, who answers for a place. Here it is only put together.
import ArgumentParser
import DutyRPC
import DutyStore
import DutySubscriptions
import EventLog
import Persistence
import ServiceHost

@main
struct DutyMain: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "quintet-duty",
    abstract: "勤务：机构、辖区、警力与派警建议 / Duty: organisation, areas, units and whom to send.")

  @OptionGroup var options: HostOptions

  func run() async throws {
    let host = try ServiceHost(name: "duty", options: options)
    let database = try host.openDatabase(migrations: DutyDatabaseStore.migrations)
    let store = DutyDatabaseStore(
      database: database, log: host.eventLog, encode: EventEncoder.encode,
      committed: StateChangeLog(logger: host.logger).tell)
    // The first recommendation must not wait until all units have been read.
    try await store.consult { _ in }
    let fromCommand = FromCommand()
    let clock = host.clock
    let command = Subscription(
      source: "command", types: FromCommand.types, service: host.name,
      partition: options.partition, database: database, client: try host.neighbour("command"),
      logger: host.logger, clock: clock
    ) { event, tx in
      let writer = store.writer(
        in: tx, provenance: FromCommand.provenance(of: event), now: clock())
      try fromCommand.apply(event, in: writer)
      try writer.flush()
    }
    try await host.run(
      services: [
        OrganisationService(store: store, clock: clock), UnitService(store: store, clock: clock),
      ],
      background: [command], lastingTypes: EventEncoder.lastingTypes)
  }
}
