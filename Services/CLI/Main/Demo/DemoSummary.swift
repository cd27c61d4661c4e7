// The day in figures, each with its denominator, and the verdict on what was left open.
import DemoBureau
import Foundation
import QuintetAPI

struct DemoSummary {
  let held: DemoHoldings
  let day: DemoDay
  let seconds: Int64
  let narrator: DemoNarrator

  func show() {
    narrator.plain("\n══ 小结 Summary · \(narrator.day)，用时 \(seconds) 秒 / played in \(seconds) s ══")
    showCalls()
    showIncidents()
    showDeadlines()
    showRest()
  }

  private func showCalls() {
    let outcomes = counted(held.calls.map { EventWords.name($0.outcome) })
    narrator.plain("接警 calls           \(held.calls.count)：\(outcomes)")
    narrator.plain("  方式 by channel    \(counted(held.calls.map { Self.name($0.channel) }))")
  }

  private func showIncidents() {
    narrator.plain(
      "警情 incidents       \(held.incidents.count)："
        + counted(held.incidents.map { Self.name($0.incidentClass) }))
    let found = held.incidents.filter { $0.origin == .officerDiscovered }.count
    narrator.plain(
      "  来源 origin        群众报警 citizens \(held.incidents.count - found)，民警发现 officers \(found)")
    narrator.plain(
      "  现状 state         \(counted(held.incidents.map { EventWords.name($0.state) }))")
    let assignments = held.incidents.reduce(0) { $0 + $1.assignments.count }
    let reopened = held.incidents.filter { $0.reopenCount > 0 }.count
    narrator.plain("  派警 assignments   \(assignments)；重启 reopened \(reopened)")
  }

  private func showDeadlines() {
    narrator.plain("接听 answered ≤10 s            \(share(of: .answer))")
    narrator.plain("处警 ordered ≤60 s             \(share(of: .processing))")
    narrator.plain("到场 1-3-5 arrival")
    for (code, name) in [
      ("arrival.key_place", "重点部位 key places ≤1 min"), ("arrival.centre", "中心城区 centre ≤3 min    "),
      ("arrival.other", "其他区域 elsewhere ≤5 min "),
    ] {
      narrator.plain("  \(name)  \(share(of: [code]))")
    }
    narrator.plain("出警 departure ≤5 min         \(share(of: ["departure"]))")
    narrator.plain("签收 signed：警组 units ≤30 s   \(share(of: ["sign.unit"]))")
    narrator.plain("     所、席位 others ≤30 min    \(share(of: ["sign.station"]))")
    narrator.plain("警情反馈 incident feedback      \(share(of: ["feedback.incident"]))")
    let directives = held.counts.map(\.ruleCode).filter { $0.hasPrefix("feedback.directive.") }
    narrator.plain("指令反馈 directive feedback     \(share(of: directives))")
    narrator.plain("支撑接办、答复 support parts     \(share(of: ["support.take", "support.answer"]))")
    narrator.plain("集结到位 muster, in place       \(share(of: ["arrival.muster"]))")
    narrator.plain("舆情首次回应 opinion response    \(share(of: ["opinion.response"]))")
    let tasks = held.counts.map(\.ruleCode).filter { $0.hasPrefix("task.") }
    narrator.plain("清单任务 tasks of 56 beats       \(share(of: tasks))")
  }

  private func showRest() {
    narrator.plain(
      "研判 assessed        \(held.assessmentCount)，发现重复 with repeats \(held.repeatCount)")
    let tied = held.topics.filter { !$0.incidentID.isEmpty }
    let texts = held.topics.reduce(0) { $0 + Int($1.itemCount) }
    narrator.plain(
      "话题 topics          \(held.topics.count)（文本 texts \(texts)），已关联 tied \(tied.count)，"
        + "已回应 answered \(held.topics.filter(\.hasResponseTime).count)")
    let returns = held.incidents.reduce(0) { $0 + Int($1.feedback.returnCount) }
    let orders = held.directives.filter { $0.directiveClass != .dispatch }
    let recipients = orders.reduce(0) { $0 + $1.recipients.count }
    narrator.plain("弱反馈退回 returned    \(returns)")
    narrator.plain(
      "指令 directives      \(orders.count)，受令 recipients \(recipients)（不含派警 dispatches apart）")
    showJointWork()
    narrator.plain(
      "评估 evaluations     \(counted(held.evaluations.map { EventWords.name($0.grade) }))")
  }

  private func showJointWork() {
    let parts = held.supports.flatMap(\.parts)
    narrator.plain(
      "支撑请求 support      \(held.supports.count)，解决 solved "
        + "\(held.supports.filter { $0.outcome == .solved }.count)；任务 parts \(parts.count)，答复 answered "
        + "\(parts.filter { $0.state == .answered }.count)")
    let decisions = held.consultations.flatMap(\.decisions)
    narrator.plain(
      "会商 consultations   \(held.consultations.count)，决定 decisions \(decisions.count)，成为指令 became "
        + "directives \(decisions.filter { !$0.directiveID.isEmpty }.count)")
    narrator.plain(
      "串并案 series         \(held.series.count)，警情 incidents "
        + "\(held.series.reduce(0) { $0 + $1.members.filter { !$0.dropped }.count })")
  }

  /// Citizens' and officers' matters together; they are apart in `quintet analytics`.
  private func share(of measure: Quintet_Supervision_V1_IntervalMeasure) -> String {
    let mine = held.figures.filter { $0.measure == measure }
    let (within, all, excluded) = mine.reduce(into: (Int64(0), Int64(0), Int64(0))) {
      $0.0 += $1.withinCount
      $0.1 += $1.measuredCount
      $0.2 += $1.excludedCount
    }
    guard all > 0 else { return "无 none" }
    return String(format: "%d/%d = %.1f %%", within, all, 100 * Double(within) / Double(all))
      + (excluded > 0 ? "（不计 excluded \(excluded)）" : "")
  }

  /// `148/160 = 92.5 %`; cancelled and running ones are left out and counted.
  private func share(of codes: [String]) -> String {
    let counts = held.counts.filter { codes.contains($0.ruleCode) }
    let met = counts.reduce(0) { $0 + $1.met }
    let all = met + counts.reduce(0) { $0 + $1.missed }
    let excluded = counts.reduce(0) { $0 + $1.cancelled }
    guard all > 0 else { return "无 none" }
    return String(format: "%d/%d = %.1f %%", met, all, 100 * Double(met) / Double(all))
      + (excluded > 0 ? "（不计 excluded \(excluded)）" : "")
  }

  /// Most frequent first.
  private func counted(_ names: [String]) -> String {
    let counts = names.reduce(into: [String: Int]()) { $0[$1, default: 0] += 1 }
    return counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      .map { "\($0.key) \($0.value)" }.joined(separator: "，")
  }

  private static func name(_ channel: Quintet_Command_V1_CallChannel) -> String {
    switch channel {
    case .phone: "电话 phone"
    case .sms: "短信 SMS"
    case .app: "应用 app"
    case .pillar: "报警柱 pillar"
    case .partner: "联动单位 partner"
    case .walkIn: "上门 walk-in"
    case .unspecified, .UNRECOGNIZED: "—"
    }
  }

  static func name(_ incidentClass: Quintet_Type_V1_IncidentClass) -> String {
    switch incidentClass {
    case .criminal: "刑事 criminal"
    case .publicOrder: "治安 public order"
    case .traffic: "交通 traffic"
    case .massEvent: "群体性 mass event"
    case .disaster: "灾害事故 disaster"
    case .help: "求助 help"
    case .dispute: "纠纷 dispute"
    case .complaint: "投诉监督 complaint"
    case .other: "其他 other"
    case .unspecified, .UNRECOGNIZED: "未定 open"
    }
  }
}

/// Whether everything that should be closed is closed.
struct DemoVerdict {
  let held: DemoHoldings
  /// What was refused while playing.
  let problems: [String]

  /// - Returns: true when nothing is left.
  func show(_ narrator: DemoNarrator) -> Bool {
    let left = openThings + problems.map { "受阻 refused：\($0)" }
    guard !left.isEmpty else {
      narrator.plain("✓ 全部结清：警情、派警、指令、时限 / everything that should be closed is closed")
      return true
    }
    narrator.plain("✗ 未结 left open：\(left.count)")
    for line in left { narrator.plain("  - \(line)") }
    return false
  }

  private var jointWork: [String] {
    held.supports.filter { $0.state != .closed && $0.state != .withdrawn }.map {
      "支撑未结 support \($0.id)「\($0.title)」"
    }
      + held.consultations.filter { $0.state != .closed && $0.state != .cancelled }.map {
        "会商未结 consultation \($0.id)「\($0.title)」"
      } + held.series.filter { $0.state == .proposed }.map { "串并未定 series \($0.id)「\($0.title)」" }
  }

  private var openThings: [String] {
    let calls = held.calls.filter { $0.state != .ended }.map { "接警单未结 call \($0.id)" }
    let ended: Set<Quintet_Command_V1_IncidentState> = [.closed, .cancelled, .merged]
    let incidents = held.incidents.filter { !ended.contains($0.state) }.map {
      "警情未结 incident \($0.number)「\($0.title)」\(EventWords.name($0.state))"
    }
    let assignments = held.incidents.flatMap { incident in
      incident.assignments.filter { $0.state != .cleared && $0.state != .cancelled }.map {
        "派警未毕 assignment \($0.id)（\(incident.number)）\(EventWords.name($0.state))"
      }
    }
    let answered: Set<Quintet_Command_V1_DirectiveState> = [.accepted, .cancelled, .reassigned]
    let courses = held.directives.flatMap { directive in
      directive.recipients.filter { !answered.contains($0.state) }.map {
        "指令未答 directive「\(directive.title)」\($0.recipient.id) \(EventWords.name($0.state))"
      }
    }
    let deadlines = held.openDeadlines.map {
      "时限未停 deadline \($0.id) \(DemoWords.rule($0.ruleCode)) \($0.responsible)"
    }
    let parked = held.parked.sorted { $0.key < $1.key }.map {
      "事件搁置 parked events \($0.key)：\($0.value)"
    }
    return calls + incidents + assignments + courses + jointWork + deadlines + parked
  }
}
