// 督导: time limits, weak feedback and evaluations. Here it is only put together.
import ArgumentParser
import EventLog
import Persistence
import QuintetAPI
import ServiceHost
import SupervisionDomain
import SupervisionRPC
import SupervisionStore
import SupervisionSubscriptions

@main
struct SupervisionMain: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "quintet-supervision",
    abstract: "督导：时限、退回与评估 / Supervision: time limits, weak feedback, evaluations.",
    subcommands: [VerifyStore.self])

  @OptionGroup var options: HostOptions
  @OptionGroup var listening: ListenerOptions

  func run() async throws {
    let host = try ServiceHost(name: "supervision", options: options)
    let (clock, report) = (host.clock, host.logger.report)
    let database = try host.openDatabase(
      migrations: SupervisionSchema.all)
    let store = SupervisionDatabaseStore(
      database: database, log: host.eventLog, encode: EventEncoder.encode, report: report)
    try await store.prepare(now: clock())

    let command = try host.neighbour(FromCommand.source)
    let calls = OutgoingCalls(
      store: store,
      returner: CommandFeedbackReturner(
        review: Quintet_Command_V1_ReviewService.Client(wrapping: command.client),
        directives: Quintet_Command_V1_DirectiveService.Client(wrapping: command.client)),
      report: report, clock: clock)
    let ticking = ClockLoop(store: store, clock: clock, report: report)
    let feeds = try SupervisionFollowers(store: store, clock: clock).all.map {
      try host.follow($0, in: database)
    }
    let board = ClockBoard(
      store: store, journal: StoreJournal(database: database, log: host.eventLog),
      logger: host.logger)
    try await host.run(
      services: [
        DeadlineService(store: store, report: report, clock: clock),
        ClockService(store: store, report: report, clock: clock), EvaluationService(store: store),
        LookUpService(store: store, clock: clock), AnalyticsService(store: store, clock: clock),
        ClockBoardService(board: board),
      ],
      background: [
        Loop(name: "clock", body: ticking.run), Loop(name: "outgoing calls", body: calls.run),
        board,
      ] + feeds, listeners: try listening.listeners(), retention: SupervisionSchema.retention)
  }
}
