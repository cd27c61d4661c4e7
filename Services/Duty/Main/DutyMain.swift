// 勤务: who is where, who can be sent, who answers for a place. Here it is only put together.
import ArgumentParser
import DutyDomain
import DutyRPC
import DutyStore
import EventLog
import Persistence
import ServiceHost

@main
struct DutyMain: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "quintet-duty",
    abstract: "勤务：机构、辖区、警力与派警建议 / Duty: organisation, areas, units and whom to send.",
    subcommands: [VerifyStore.self])

  @OptionGroup var options: HostOptions
  @OptionGroup var listening: ListenerOptions
  @OptionGroup var terminals: TerminalPortOptions

  func run() async throws {
    let host = try ServiceHost(name: "duty", options: options)
    let database = try host.openDatabase(migrations: DutyDatabaseStore.migrations)
    let store = DutyDatabaseStore(
      database: database, log: host.eventLog, encode: EventEncoder.encode,
      committed: StateChangeLog(logger: host.logger).tell)
    // The first recommendation must not wait until all units have been read.
    try await store.consult { _ in }
    let clock = host.clock
    let feeds = try DutyFollowers(store: store, clock: clock).all.map {
      try host.follow($0, in: database)
    }
    let desk = TerminalDesk(
      store: store, logger: host.logger, clock: clock, authenticate: host.terminal(ofToken:))
    let port = try host.bytePort("duty-terminals", options: terminals, tls: listening.tls) {
      let line = desk.open(origin: $0.origin, send: $0.send, cut: $0.cut)
      return ByteLine(take: line.take, closed: line.closed)
    }
    let board = UnitBoard(store: store, logger: host.logger, clock: clock)
    try await host.run(
      services: [
        OrganisationService(store: store, clock: clock), UnitService(store: store, clock: clock),
        UnitBoardService(board: board),
        RoadNetworkService(store: store, clock: clock),
        ResponsePlanService(store: store, clock: clock),
        DispatchPlanService(store: store, clock: clock),
        RosterService(store: store, clock: clock),
        RosterChangeService(store: store, clock: clock),
        SeatService(store: store, sign: RosterWiring.signing(host), clock: clock),
        TerminalService(store: store, clock: clock),
        CoverageService(store: store, clock: clock),
        DeploymentService(store: store, clock: clock), WhatIfService(store: store),
        UnitGroupService(store: store, clock: clock), TrackService(store: store, clock: clock),
        TaskTemplateService(store: store, clock: clock), TaskService(store: store, clock: clock),
      ],
      background: feeds + [
        board, desk, port, Watching(watch: RosterWiring.watch(store, host)),
        Freshening(store: store), DutyWatching(watch: DutyWatching.watch(store, host)),
        TaskWiring.watching(store, host),
      ],
      listeners: try listening.listeners(),
      lastingTypes: EventEncoder.lastingTypes, retention: DutySchema.retention)
  }
}
