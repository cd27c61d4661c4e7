// 情: the process that assesses incidents. It only wires; the rooms beside it do the work.

import ArgumentParser
import EventLog
import Identifiers
import IntelligenceDomain
import IntelligenceRPC
import IntelligenceStore
import IntelligenceSubscriptions
import Persistence
import QuintetAPI
import ServiceHost
import ServiceLifecycle

@main
struct IntelligenceMain: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "quintet-intelligence",
    abstract: "情：研判警情 / Assesses incidents: jurisdiction, kind, repeats.")

  @OptionGroup var options: HostOptions

  func run() async throws {
    let host = try ServiceHost(name: "intelligence", options: options)
    let database = try host.openDatabase(migrations: IntelligenceDatabaseStore.migrations)
    let store = IntelligenceDatabaseStore(
      database: database, log: host.eventLog, encode: EventEncoder.encode)

    func follow(
      _ source: String, _ types: [String],
      _ apply: @escaping @Sendable (Quintet_Events_V1_Event, any IntelligenceWriter) throws -> Void
    ) throws -> Subscription {
      Subscription(
        source: source, types: types, service: host.name, partition: options.partition,
        database: database, client: try host.neighbour(source), logger: host.logger,
        clock: host.clock
      ) { event, tx in
        let provenance = Provenance(
          actor: "service/\(host.name)", cause: "event/\(event.id)", trace: event.trace)
        let writer = store.writer(in: tx, provenance: provenance, now: host.clock())
        try apply(event, writer)
        try writer.flush()
      }
    }

    try await host.run(
      services: [AssessmentService(store: store, clock: host.clock)],
      background: [
        try follow("command", FromCommand.types, FromCommand().apply),
        try follow("duty", FromDuty.types, FromDuty().apply),
        RetentionLoop(store: store, clock: host.clock),
      ])
  }
}
