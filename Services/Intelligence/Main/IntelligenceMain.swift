// 情: the process that assesses incidents. It only wires; the rooms beside it do the work.

import ArgumentParser
import EventLog
import IntelligenceDomain
import IntelligenceRPC
import IntelligenceStore
import Persistence
import ServiceHost
import ServiceLifecycle

@main
struct IntelligenceMain: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "quintet-intelligence",
    abstract: "情：研判警情 / Assesses incidents: jurisdiction, kind, repeats.",
    subcommands: [VerifyStore.self])

  @OptionGroup var options: HostOptions
  @OptionGroup var listening: ListenerOptions

  func run() async throws {
    let host = try ServiceHost(name: "intelligence", options: options)
    let database = try host.openDatabase(migrations: IntelligenceDatabaseStore.migrations)
    let store = IntelligenceDatabaseStore(
      database: database, log: host.eventLog, encode: EventEncoder.encode)

    let feeds = try IntelligenceFollowers(store: store, clock: host.clock).all.map {
      try host.follow($0, in: database)
    }
    try await host.run(
      services: [
        AssessmentService(store: store, clock: host.clock),
        GazetteerService(store: store, clock: host.clock),
      ],
      background: feeds + [ExpiryLoop(store: store, clock: host.clock)],
      listeners: try listening.listeners(), lastingTypes: EventEncoder.lastingTypes,
      retention: IntelligenceSchema.retention)
  }
}
