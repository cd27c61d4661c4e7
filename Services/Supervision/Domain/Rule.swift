// How long something may take, as data: supervisors change the rows, not the program.

/// What a deadline waits for.
public enum DeadlineKind: String, Sendable, Hashable, Codable, CaseIterable {
  /// 签收
  case sign
  /// 出警
  case departure
  /// 到场
  case arrival
  /// 指令反馈
  case directiveFeedback = "directive_feedback"
  /// 警情反馈
  case incidentFeedback = "incident_feedback"
  /// 舆情回应
  case opinionResponse = "opinion_response"
  /// 任务
  case task
}

/// How long something may take, and who hears of it when it takes longer.
public struct Rule: Sendable, Hashable, Codable {
  /// Such as `arrival.centre`.
  public var code: String
  public var kind: DeadlineKind
  /// Chinese first.
  public var name: String
  /// Seconds from start to due, within `secondsRange`.
  public var limit: Int
  /// Seconds before due at which it turns yellow, 0 … `limit`; 0 for no warning.
  public var warnBefore: Int
  /// Seconds after due, and again after that, at which the next level up is told.
  public var escalateAfter: Int
  /// How many levels up, within `levelsRange`.
  public var escalationLevels: Int

  /// A second to a year.
  public static let secondsRange = 1...31_536_000
  public static let levelsRange = 0...3

  public init(
    code: String, kind: DeadlineKind, name: String, limit: Int, warnBefore: Int,
    escalateAfter: Int, escalationLevels: Int
  ) {
    self.code = code
    self.kind = kind
    self.name = name
    self.limit = limit
    self.warnBefore = warnBefore
    self.escalateAfter = escalateAfter
    self.escalationLevels = escalationLevels
  }
}

/// The rules a store begins with (DOMAIN.md, "Time limits").
extension Rule {
  public static let defaults: [Rule] = [
    Rule(
      code: "sign.unit", kind: .sign, name: "签收（警组）. Signing, unit",
      limit: 30, warnBefore: 10, escalateAfter: 30, escalationLevels: 2),
    Rule(
      code: "sign.station", kind: .sign, name: "签收（派出所）. Signing, station",
      limit: 1_800, warnBefore: 300, escalateAfter: 900, escalationLevels: 2),
    Rule(
      code: "departure", kind: .departure, name: "出警. Departure",
      limit: 300, warnBefore: 60, escalateAfter: 120, escalationLevels: 2),
    Rule(
      code: "arrival.key_place", kind: .arrival, name: "到场（重点部位）. Arrival, key place",
      limit: 60, warnBefore: 15, escalateAfter: 60, escalationLevels: 3),
    Rule(
      code: "arrival.centre", kind: .arrival, name: "到场（中心城区）. Arrival, centre",
      limit: 180, warnBefore: 30, escalateAfter: 120, escalationLevels: 2),
    Rule(
      code: "arrival.other", kind: .arrival, name: "到场（其他区域）. Arrival, other areas",
      limit: 300, warnBefore: 60, escalateAfter: 180, escalationLevels: 2),
    Rule(
      code: "feedback.directive.urgent", kind: .directiveFeedback,
      name: "指令反馈（特急）. Directive feedback, urgent",
      limit: 10_800, warnBefore: 1_800, escalateAfter: 1_800, escalationLevels: 3),
    Rule(
      code: "feedback.directive.priority", kind: .directiveFeedback,
      name: "指令反馈（紧急）. Directive feedback, priority",
      limit: 21_600, warnBefore: 3_600, escalateAfter: 3_600, escalationLevels: 2),
    Rule(
      code: "feedback.directive.routine", kind: .directiveFeedback,
      name: "指令反馈（常规）. Directive feedback, routine",
      limit: 32_400, warnBefore: 3_600, escalateAfter: 7_200, escalationLevels: 2),
    Rule(
      code: "feedback.directive.general", kind: .directiveFeedback,
      name: "指令反馈（一般）. Directive feedback, general",
      limit: 86_400, warnBefore: 7_200, escalateAfter: 14_400, escalationLevels: 1),
    Rule(
      code: "feedback.incident", kind: .incidentFeedback, name: "警情反馈. Incident feedback",
      limit: 1_800, warnBefore: 300, escalateAfter: 1_800, escalationLevels: 2),
    // A part is signed for by being taken, and answered as a directive is. Found within the hour
    // (Jianghan): five minutes to take it, half an hour to answer.
    Rule(
      code: "support.take", kind: .sign, name: "支撑接办（席位）. Support, part taken",
      limit: 300, warnBefore: 60, escalateAfter: 300, escalationLevels: 2),
    Rule(
      code: "support.answer", kind: .directiveFeedback,
      name: "支撑答复（席位）. Support, part answered",
      limit: 1_800, warnBefore: 600, escalateAfter: 900, escalationLevels: 2),
    Rule(
      code: "opinion.response", kind: .opinionResponse,
      name: "舆情首次回应. Opinion, first response",
      limit: 14_400, warnBefore: 1_800, escalateAfter: 3_600, escalationLevels: 3),
    Rule(
      code: "sign.muster", kind: .sign, name: "签收（集结）. Signing, muster",
      limit: 300, warnBefore: 60, escalateAfter: 300, escalationLevels: 1),
    // The plan of the muster says how long; the limit here is what stands beside it.
    Rule(
      code: "arrival.muster", kind: .arrival, name: "到位（集结）. In place, muster",
      limit: 1_800, warnBefore: 300, escalateAfter: 600, escalationLevels: 2),
    // Tasks bring their own due time; the limit here is that of a task that brings none.
    Rule(
      code: "task.daily", kind: .task, name: "清单任务（每日）. Task of a list, daily",
      limit: 86_400, warnBefore: 7_200, escalateAfter: 43_200, escalationLevels: 2),
    Rule(
      code: "task.weekly", kind: .task, name: "清单任务（每周）. Task of a list, weekly",
      limit: 604_800, warnBefore: 86_400, escalateAfter: 86_400, escalationLevels: 2),
    Rule(
      code: "task.monthly", kind: .task, name: "清单任务（每月）. Task of a list, monthly",
      limit: 2_678_400, warnBefore: 172_800, escalateAfter: 172_800, escalationLevels: 2),
    Rule(
      code: "task.once", kind: .task, name: "清单任务（临时）. Task of a list, asked for once",
      limit: 86_400, warnBefore: 3_600, escalateAfter: 14_400, escalationLevels: 2),
  ]
}
