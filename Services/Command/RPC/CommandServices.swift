// The whole room in one piece: what Main puts behind the sockets, and tests behind a transport of
// their own.

public import CommandDomain
public import Foundation
public import GRPCCore
public import Logging
public import Wire

/// Command's services over one store.
public struct CommandServices: Sendable {
  /// Reads the log for those who watch directives; has to be run.
  public let board: DirectiveBoard
  /// Reads the log for those who watch incidents; has to be run.
  public let incidents: IncidentBoard
  /// Dispatches what a rule covers; has to be run.
  public let dispatcher: AutomaticDispatcher
  /// To be registered with a server.
  public let all: [any RegistrableRPCService]

  /// - Parameters:
  ///   - secrets: how numbers and names are kept: `PhoneKey.secrets`.
  ///   - explain: what a refusal of the store means to a caller; nil for what no caller should see.
  ///   - heartbeat: the longest silence on a stream of directives, give or take a sixth.
  public init(
    store: any CommandStore, journal: any FeedJournal, advisor: any UnitAdvisor,
    directory: any StationDirectory, logger: Logger, clock: @escaping @Sendable () -> Date,
    secrets: CallerSecrets,
    explain: @escaping @Sendable (any Error) -> Failure?, heartbeat: Duration = .seconds(5)
  ) {
    let room = CommandRoom(
      store: store, logger: logger, clock: clock, secrets: secrets, explain: explain)
    self.board = DirectiveBoard(
      store: store, journal: journal, logger: logger, heartbeat: heartbeat)
    self.incidents = IncidentBoard(
      store: store, journal: journal, logger: logger, heartbeat: heartbeat)
    let advice = UnitAdvice(room: room, advisor: advisor)
    self.dispatcher = AutomaticDispatcher(room: room, advice: advice, journal: journal)
    self.all = [
      CallReports(room: room), Incidents(room: room), Reviews(room: room),
      Dispatches(room: room, advice: advice), DispatchRules(room: room),
      Directives(room: room, board: board), DirectiveTemplates(room: room),
      Cordons(room: room), Callers(room: room), Boards(room: room, board: incidents),
      Supports(room: room), Consultations(room: room), SeriesBoard(room: room),
      OperatingModes(room: room), Campaigns(room: room, directory: directory),
      CampaignRows(room: room),
    ]
  }
}
