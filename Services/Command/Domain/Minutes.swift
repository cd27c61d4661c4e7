// 会商纪要: a consultation as text for people, Chinese first.
import Foundation
public import Identifiers

public struct Minutes: Sendable, Hashable {
  public let consultation: Consultation
  /// Where the directives stand that decisions became.
  public let progress: [DirectiveID: DirectiveState]

  public init(consultation: Consultation, progress: [DirectiveID: DirectiveState]) {
    self.consultation = consultation
    self.progress = progress
  }

  public var lines: [String] {
    heading + attendance + agenda + decisions + amendments
  }

  private var heading: [String] {
    var lines = [
      "会商纪要 Minutes：\(consultation.title)",
      "编号 Number：\(consultation.id)，\(Self.word(consultation.state))",
      "召集 Convened by：\(consultation.convenedBy)",
    ]
    if let open = consultation.openTime {
      let end = consultation.closeTime.map(Self.clock) ?? "…"
      lines.append("时间 Held：\(Self.clock(open)) – \(end)")
    } else {
      lines.append("计划时间 Planned for：\(Self.clock(consultation.startTime))")
    }
    if !consultation.reason.isEmpty { lines.append("原因 Reason：\(consultation.reason)") }
    return lines
  }

  private var attendance: [String] {
    let present = consultation.participants.count { $0.attendance == .present }
    return ["参加 Participants：到会 present \(present)，应到 invited \(consultation.participants.count)"]
      + consultation.participants.map { one in
        let why = one.reason.isEmpty ? "" : "（\(one.reason)）"
        return "  \(one.name)：\(Self.word(one.attendance))\(why)"
      }
  }

  private var agenda: [String] {
    var lines = ["议题 Agenda：\(consultation.items.count)"]
    for item in consultation.items {
      let about = item.subject.map { "（\(Self.word($0))）" } ?? ""
      lines.append("  \(item.number). \(item.title)\(about)，\(name(of: item.putBy)) 提出 put")
      if !item.text.isEmpty { lines.append("     \(item.text)") }
      for link in consultation.links where link.itemNumber == item.number {
        lines.append("     关联 linked：\(Self.word(link.target))，\(link.reason)")
      }
    }
    return lines
  }

  private var decisions: [String] {
    var lines = ["决定 Decisions：\(consultation.decisions.count)"]
    for decision in consultation.decisions {
      let about = decision.itemNumber.map { "（议题 item \($0)）" } ?? ""
      lines.append("  \(decision.number). \(decision.text)\(about)")
      lines.append(
        "     责任 responsible：\(name(of: decision.responsible))，期限 due："
          + Self.clock(decision.dueTime))
      switch decision.state {
      case .recorded: lines.append("     尚未下达 not issued yet")
      case .withdrawn: lines.append("     撤销 withdrawn：\(decision.reason)")
      case .issued:
        let directive = decision.directiveID.map(\.description) ?? ""
        let state = decision.directiveID.flatMap { progress[$0] }.map(Self.word) ?? "—"
        lines.append("     指令 directive：\(directive)，\(state)")
      }
    }
    return lines
  }

  private var amendments: [String] {
    guard !consultation.amendments.isEmpty else { return [] }
    return ["补正 Amendments：\(consultation.amendments.count)"]
      + consultation.amendments.map { one in
        let about = one.decisionNumber.map { "（决定 decision \($0)）" } ?? ""
        return "  \(one.number). \(Self.clock(one.time)) \(one.by)\(about)：\(one.text)"
      }
  }

  private func name(of recipient: Recipient) -> String {
    consultation.participants.first { $0.recipient == recipient }?.name
      ?? "\(recipient.kind.rawValue)/\(recipient.id)"
  }

  /// To the minute, in Asia/Shanghai.
  private static func clock(_ time: Date) -> String {
    String(time.addingTimeInterval(8 * 3_600).formatted(.iso8601).prefix(16))
      .replacing("T", with: " ")
  }

  private static func word(_ subject: AgendaSubject) -> String {
    switch subject {
    case .incident(let id): "警情 incident \(id)"
    case .series(let id): "串并案 series \(id)"
    case .directive(let id): "指令 directive \(id)"
    }
  }

  private static func word(_ state: ConsultationState) -> String {
    switch state {
    case .planned: "已安排 planned"
    case .open: "进行中 open"
    case .closed: "已结束 closed"
    case .cancelled: "已取消 cancelled"
    }
  }

  private static func word(_ attendance: Attendance) -> String {
    switch attendance {
    case .awaited: "待到 awaited"
    case .present: "到会 present"
    case .absent: "缺席 absent"
    }
  }

  private static func word(_ state: DirectiveState) -> String {
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
    }
  }
}
