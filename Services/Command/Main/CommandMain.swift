// 指挥: what happened, who was sent and what was ordered. Here it is only put together.

import ArgumentParser
import CommandRPC
import CommandStore
import DurableFiles
import EventLog
import GRPCCore
import Persistence
import ServiceHost
import Wire

@main
struct CommandMain: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "quintet-command",
    abstract: "指挥：接警、警情、派警与指令 / Command: calls, incidents, dispatch and directives.",
    subcommands: [VerifyStore.self])

  @OptionGroup var options: HostOptions
  @OptionGroup var listening: ListenerOptions

  @Option(
    name: .customLong("phone-key-file"),
    help:
      "号码密钥文件，首次启动时生成 / File of the key for callers' numbers; made at the first start. [DATA-DIR/phone.key]"
  )
  var phoneKeyFile: String?

  func run() async throws {
    let host = try ServiceHost(name: "command", options: options)
    let database = try host.openDatabase(migrations: CommandSchema.migrations)
    let store = CommandDatabaseStore(
      database: database, log: host.eventLog, encode: EventEncoder.encode,
      committed: StateChangeLog(logger: host.logger).tell)
    let phoneKey = PhoneKey(
      try SecretFile.read(
        phoneKeyFile ?? "\(options.dataDirectory)/phone.key", orMake: PhoneKey.make))
    let duty = try host.neighbour("duty")
    let services = CommandServices(
      store: store, journal: StoreJournal(database: database, log: host.eventLog),
      advisor: DutyUnitAdvisor(client: duty.client) { .query(atMost: .seconds(2)) },
      directory: DutyStationDirectory(client: duty.client) { .query(atMost: .seconds(5)) },
      logger: host.logger, clock: host.clock, secrets: phoneKey.secrets,
      explain: Failure.explaining)
    let feeds = try CommandFollowers(store: store, clock: host.clock).all.map {
      try host.follow($0, in: database)
    }
    try await host.run(
      services: services.all,
      background: [services.board, services.incidents, services.dispatcher] + feeds,
      listeners: try listening.listeners(),
      retention: CommandSchema.retention)
  }
}
