// What an event says, in words: Chinese first, English second.
import GRPCCore
import QuintetAPI
import SwiftProtobuf

/// Words for events and states.
enum EventWords {
  /// One line about an event; its bare type when this version does not know it.
  static func describe(_ event: Quintet_Events_V1_Event) -> String {
    command(event) ?? wide(event) ?? others(event) ?? event.type
  }

  private static func payload<M: SwiftProtobuf.Message>(
    _ type: M.Type, of event: Quintet_Events_V1_Event
  ) -> M? {
    guard event.type == M.protoMessageName else { return nil }
    return try? M(unpackingAny: event.payload)
  }

  private static func command(_ event: Quintet_Events_V1_Event) -> String? {
    if let opened = payload(Quintet_Command_V1_IncidentOpened.self, of: event) {
      return "立警 opened \(opened.incident.number)「\(opened.incident.title)」"
    }
    if let ended = payload(Quintet_Command_V1_CallReportEnded.self, of: event) {
      return "接警结束 call ended: \(name(ended.callReport.outcome))"
    }
    if payload(Quintet_Command_V1_CallReportAnswered.self, of: event) != nil {
      return "接警 call answered"
    }
    if let moved = payload(Quintet_Command_V1_IncidentMoved.self, of: event) {
      let why = moved.reason.isEmpty ? "" : "（\(moved.reason)）"
      return "警情 incident: \(name(moved.from)) → \(name(moved.incident.state))\(why)"
    }
    if payload(Quintet_Command_V1_IncidentClassified.self, of: event) != nil {
      return "定性 classified"
    }
    if let recommended = payload(Quintet_Command_V1_UnitsRecommended.self, of: event) {
      let signs = recommended.recommendation.units.map(\.callSign).joined(separator: "、")
      return "派警建议 recommended: \(signs)"
    }
    if let moved = payload(Quintet_Command_V1_AssignmentMoved.self, of: event) {
      return "派警 assignment: \(name(moved.assignment.state))"
    }
    if let issued = payload(Quintet_Command_V1_DirectiveIssued.self, of: event) {
      return "指令 directive「\(issued.directive.title)」→ \(issued.directive.recipients.count)"
    }
    if let moved = payload(Quintet_Command_V1_DirectiveMoved.self, of: event) {
      return "指令 directive: \(moved.course.recipient.id) \(name(moved.course.state))"
    }
    return jointWork(event)
  }

  private static func jointWork(_ event: Quintet_Events_V1_Event) -> String? {
    if let asked = payload(Quintet_Command_V1_SupportAsked.self, of: event) {
      let seats = asked.supportRequest.parts.map(\.seatCode).joined(separator: "、")
      return "支撑请求 support asked「\(asked.supportRequest.title)」→ \(seats)"
    }
    if let moved = payload(Quintet_Command_V1_SupportPartMoved.self, of: event) {
      return "支撑 support: \(moved.part.seatCode) \(name(moved.part.state))"
    }
    if let ended = payload(Quintet_Command_V1_SupportEnded.self, of: event) {
      let how: String =
        switch ended.supportRequest.outcome {
        case .solved: "解决 solved"
        case .unsolved: "未解决 unsolved"
        default: "撤回 withdrawn"
        }
      return "支撑结束 support ended: \(how)"
    }
    if let put = payload(Quintet_Command_V1_AgendaItemPut.self, of: event) {
      return "会商议题 on the agenda「\(put.item.title)」"
    }
    if payload(Quintet_Command_V1_AgendaItemLinked.self, of: event) != nil {
      return "会商关联 linked in a consultation"
    }
    if let moved = payload(Quintet_Command_V1_DecisionMoved.self, of: event) {
      let what: String =
        switch moved.decision.state {
        case .issued: "下达 issued as \(moved.decision.directiveID)"
        case .withdrawn: "撤销 withdrawn"
        default: "议定 made"
        }
      return "会商决定 decision: \(what)"
    }
    if let moved = payload(Quintet_Command_V1_SeriesMoved.self, of: event) {
      return "串并案 series「\(moved.series.title)」\(name(moved.series.state))"
    }
    if let moved = payload(Quintet_Command_V1_SeriesMemberMoved.self, of: event) {
      return moved.member.dropped ? "移出串并案 taken out of the series" : "并入串并案 added to the series"
    }
    return nil
  }

  /// What concerns the whole bureau: its footing, and campaigns.
  private static func wide(_ event: Quintet_Events_V1_Event) -> String? {
    if let switched = payload(Quintet_Command_V1_SwitchedToWar.self, of: event) {
      let muster = switched.muster
      return "转战时 at war footing「\(muster.planName)」\(muster.levelName)，"
        + "召集 summoned \(muster.summary.summonedCount)"
    }
    if let escalated = payload(Quintet_Command_V1_ModeEscalated.self, of: event) {
      return "战时升级 level raised: \(escalated.muster.levelName)"
    }
    if let moved = payload(Quintet_Command_V1_MusterMemberMoved.self, of: event) {
      return "集结 muster: \(moved.member.name) \(name(moved.member.state))"
    }
    if let stood = payload(Quintet_Command_V1_StoodDown.self, of: event) {
      let summary = stood.muster.summary
      return "转平时 stood down: 到位 in place \(summary.musteredCount)/\(summary.summonedCount)"
    }
    if let created = payload(Quintet_Command_V1_CampaignCreated.self, of: event) {
      return "专班 campaign「\(created.campaign.content.name)」"
    }
    if let imported = payload(Quintet_Command_V1_CampaignRowsImported.self, of: event) {
      return "专班名单 rows taken in: \(imported.progress.storedCount)，"
        + "隔离 set aside \(imported.progress.quarantinedCount)"
    }
    if let handed = payload(Quintet_Command_V1_CampaignPartHandedOut.self, of: event) {
      return "专班下发 handed out: \(handed.part.orgUnitName) \(handed.part.counts.total)"
    }
    if let closed = payload(Quintet_Command_V1_CampaignClosed.self, of: event) {
      return "专班办结 campaign closed: \(closed.campaign.counts.done)/\(closed.campaign.counts.total)"
    }
    return nil
  }

  private static func others(_ event: Quintet_Events_V1_Event) -> String? {
    if let defined = payload(Quintet_Intelligence_V1_PlaceDefined.self, of: event) {
      return "地名 place: \(defined.place.code) \(defined.place.name)"
    }
    if let assessed = payload(Quintet_Intelligence_V1_IncidentAssessed.self, of: event) {
      let assessment = assessed.assessment
      let repeats = assessment.repeats.reduce(0) { $0 + Int($1.count) }
      let station = assessment.jurisdiction.stationName
      return "研判 assessed: \(station.isEmpty ? "—" : station), 重复 repeats \(repeats)"
    }
    if let moved = payload(Quintet_Duty_V1_TaskMoved.self, of: event) {
      return "任务 task: \(moved.from) → \(moved.state) \(moved.templateCodes.joined(separator: "、"))"
    }
    if let made = payload(Quintet_Duty_V1_RecommendationMade.self, of: event) {
      return "勤务推荐 proposed \(made.recommendation.units.count), "
        + "未选 passed over \(made.recommendation.passedOver.count)"
    }
    if let tied = payload(Quintet_Publicopinion_V1_TopicTied.self, of: event) {
      return "舆情关联 topic tied「\(tied.topic.title)」"
    }
    if let fed = payload(Quintet_Publicopinion_V1_TopicFed.self, of: event) {
      return "舆情增至 topic has \(fed.topic.itemCount)"
    }
    if payload(Quintet_Publicopinion_V1_TopicAnswered.self, of: event) != nil {
      return "舆情回应 topic answered"
    }
    if let moved = payload(Quintet_Publicopinion_V1_StatementMoved.self, of: event) {
      let statement = moved.statement
      return "通报 statement: \(moved.from) → \(statement.state) \(statement.returnReason)"
    }
    return supervision(event)
  }

  private static func supervision(_ event: Quintet_Events_V1_Event) -> String? {
    if let started = payload(Quintet_Supervision_V1_DeadlineStarted.self, of: event) {
      return "时限开始 clock started: \(started.deadline.ruleCode)"
    }
    if let warned = payload(Quintet_Supervision_V1_DeadlineWarned.self, of: event) {
      return "黄色预警 due soon: \(warned.deadline.ruleCode)"
    }
    if let overdue = payload(Quintet_Supervision_V1_DeadlineOverdue.self, of: event) {
      return "红色超时 overdue: \(overdue.deadline.ruleCode)"
    }
    if let escalated = payload(Quintet_Supervision_V1_DeadlineEscalated.self, of: event) {
      return "升级 escalated: \(escalated.deadline.ruleCode) ↑\(escalated.deadline.escalationLevel)"
    }
    if let stopped = payload(Quintet_Supervision_V1_DeadlineStopped.self, of: event) {
      let outcome: String =
        switch stopped.deadline.state {
        case .met: "按时 met"
        case .missed: "超时 missed"
        default: "取消 cancelled"
        }
      return "时限结束 clock stopped: \(stopped.deadline.ruleCode) \(outcome)"
    }
    if let weak = payload(Quintet_Supervision_V1_FeedbackFoundWeak.self, of: event) {
      return "反馈不合格 weak feedback: \(weak.reason)"
    }
    if let judged = payload(Quintet_Supervision_V1_IncidentEvaluated.self, of: event) {
      let evaluation = judged.evaluation
      return "评估 evaluated: \(name(evaluation.grade)) "
        + "\(evaluation.metCount)/\(evaluation.metCount + evaluation.missedCount)"
    }
    return nil
  }

  static func name(_ state: Quintet_Command_V1_IncidentState) -> String {
    switch state {
    case .new: "新建 new"
    case .queued: "待派 queued"
    case .active: "处置中 active"
    case .monitored: "关注 monitored"
    case .diverted: "分流 diverted"
    case .awaitingFeedback: "待反馈 awaiting feedback"
    case .inReview: "待审核 in review"
    case .closed: "办结 closed"
    case .cancelled: "撤销 cancelled"
    case .merged: "合并 merged"
    case .unspecified, .UNRECOGNIZED: "—"
    }
  }

  static func name(_ state: Quintet_Command_V1_AssignmentState) -> String {
    switch state {
    case .assigned: "选定 assigned"
    case .dispatched: "下达 dispatched"
    case .acknowledged: "签收 signed"
    case .enRoute: "出警 en route"
    case .onScene: "到场 on scene"
    case .cleared: "处毕 cleared"
    case .cancelled: "撤回 called off"
    case .unspecified, .UNRECOGNIZED: "—"
    }
  }

  static func name(_ state: Quintet_Command_V1_DirectiveState) -> String {
    switch state {
    case .draft: "草稿 draft"
    case .issued: "下发 issued"
    case .delivered: "送达 delivered"
    case .acknowledged: "签收 signed"
    case .inProgress: "办理中 in progress"
    case .fedBack: "已反馈 fed back"
    case .accepted: "通过 accepted"
    case .returned: "退回 returned"
    case .cancelled: "撤销 cancelled"
    case .reassigned: "转派 reassigned"
    case .unspecified, .UNRECOGNIZED: "—"
    }
  }

  static func name(_ state: Quintet_Command_V1_MusterMemberState) -> String {
    switch state {
    case .summoned: "已通知 summoned"
    case .acknowledged: "签收 signed"
    case .mustered: "到位 in place"
    case .excused: "准假 excused"
    case .released: "解除 released"
    case .unspecified, .UNRECOGNIZED: "—"
    }
  }

  static func name(_ outcome: Quintet_Command_V1_CallOutcome) -> String {
    switch outcome {
    case .created: "立警 created"
    case .attached: "并入 attached"
    case .advised: "答复 advised"
    case .diverted: "转办 diverted"
    case .hoax: "谎报 hoax"
    case .accidental: "误拨 accidental"
    case .abandoned: "挂断 abandoned"
    case .unspecified, .UNRECOGNIZED: "—"
    }
  }

  static func name(_ grade: Quintet_Supervision_V1_Grade) -> String {
    switch grade {
    case .good: "优 good"
    case .fair: "良 fair"
    case .poor: "差 poor"
    case .unspecified, .UNRECOGNIZED: "无时限 no clocks"
    }
  }
}
