// One demo from the empty bureau to the summary: set up, play, read back, judge.
import DemoBureau
import Foundation
import ServiceHost

struct DemoShow: Sendable {
  let bureau: Bureau
  let midnight: Date
  let speed: ReplaySpeed
  let folder: DemoFolder
  let started: SuiteStarted

  /// - Parameter end: told when the day is over; time then goes on until this is cancelled. Nil
  ///   leaves with the day.
  /// - Returns: whether everything that should be closed is closed.
  func play(goingOnAfter end: DemoEnd?) async throws -> Bool {
    let host = folder.host
    let tokens = CommandTokens(
      host: host, roles: CommandTokens.wholeHall, actor: "person/demo")
    let client = try Connection.unix(path: host.socketPath(of: "gateway"), token: tokens.token)
    let began = ContinuousClock.now
    return try await Connection.with(client) { client in
      let suite = SuiteCalls(
        client: client, partition: host.partition,
        patience: Patience(interruption: Interruption()))
      let narrator = DemoNarrator(midnight: midnight)
      open(narrator)
      let day = DemoDay(of: bureau)
      let fleet = try await DemoSetup(suite: suite, bureau: bureau, day: day, midnight: midnight)
        .run()
      narrator.plain(
        "已建立 \(bureau.stations.count) 个派出所、\(bureau.beats.count) 个责任区、"
          + "\(bureau.units.count) 个警力单元；督办时钟进入演练模式 / set up; supervision's clock in exercise mode")
      try await DemoGroups(suite: suite, bureau: bureau, time: midnight).tell(narrator)
      narrator.plain(try await signIn(fleet))
      let watch = DemoWatch(suite: suite, narrator: narrator, fleet: fleet, bureau: bureau)
      let player = DemoPlayer(
        suite: suite, bureau: bureau, day: day, fleet: fleet, midnight: midnight, speed: speed,
        narrator: narrator, watch: watch)
      let problems = try await watch.during { try await player.play() }
      let seconds = began.duration(to: .now).components.seconds
      let held = try await DemoHoldings.read(from: suite)
      DemoSummary(held: held, day: day, seconds: seconds, narrator: narrator).show()
      let isClean = DemoVerdict(held: held, problems: problems).show(narrator)
      if let end {
        try await sayWhatIsOpen(fleet)
        end.set()
        try await player.goOn()
      }
      return isClean
    }
  }

  private func open(_ narrator: DemoNarrator) {
    narrator.plain(
      """
      ══ \(Bureau.name) · \(narrator.day) 的一天 / a day of an invented county bureau ══
      已就绪：六个进程健康，用时 \(started.milliseconds) ms，文件夹 \(folder.path)，HTTP \(started.http) / \
      six processes healthy, folder \(folder.path), HTTP \(started.http)
      """)
  }

  /// Links for whoever wants to look at the pages.
  private func signIn(_ fleet: DemoFleet) async throws -> String {
    let lines = try await DemoSignIn(
      host: folder.host, bureau: bureau, fleet: fleet, http: started.http
    ).lines()
    return (["网页登录链接，每个只用一次 / pages; each link signs one browser in, once:"] + lines)
      .joined(separator: "\n")
  }

  private func sayWhatIsOpen(_ fleet: DemoFleet) async throws {
    let program = CommandLine.arguments[0]
    print("")
    print(try await signIn(fleet))
    print(
      """

      保持运行，Ctrl-C 结束 / Stays up until Ctrl-C.
        HTTP http://\(started.http)：网页、JSON 与实时流 / pages, JSON and live streams. 试 try:
        curl -s http://\(started.http)/quintet.command.v1.IncidentService/ListIncidents \\
          -H "authorization: Bearer $(\(program) token issue --subject person/demo --role supervisor \
      --area '*' --keys-dir \(folder.keys))" \\
          -H 'content-type: application/json' -d '{"pageSize": 3}'
        \(program) status --run-dir \(folder.run) --keys-dir \(folder.keys)
        \(program) incident list --run-dir \(folder.run) --keys-dir \(folder.keys)
      """)
    fflush(nil)
  }
}
