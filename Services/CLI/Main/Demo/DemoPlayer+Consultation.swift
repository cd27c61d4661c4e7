// 会商、串并案: the chiefs and the stations talk the day over, two cases become a series, and one decision a
// directive.

import Classification
import DemoBureau
import Foundation
import GRPCCore
import QuintetAPI
import SwiftProtobuf
import Wire

extension DemoPlayer {
  // MARK: - 会商

  struct Room {
    let recipient: Quintet_Command_V1_Recipient
    let name: String
    let code: String
  }

  private func room(_ index: Int) -> Room {
    let station = bureau.stations[index]
    return Room(
      recipient: .with {
        $0.kind = .station
        $0.id = fleet.stationIDs[index]
      }, name: station.name, code: station.code)
  }

  /// The station that intelligence located the incident in; the first one where it found none.
  func station(of incident: String) async throws -> Room {
    let advice = try await suite.ask("GetIncident") { suite in
      try await suite.incidents.getIncident(
        .with { $0.incidentID = incident }, options: .item
      ).incident.advice
    }
    return room(fleet.stationIDs.firstIndex(of: advice.stationID) ?? 0)
  }

  private static func seat(_ code: String) -> Quintet_Command_V1_Recipient {
    .with {
      $0.kind = .seat
      $0.id = code
    }
  }

  private static let chiefs = [
    (code: "hall.duty-director", name: "值班主任"), (code: "hall.shift-leader", name: "值班长"),
  ]

  func planConsultation() async throws {
    let start = midnight.addingTimeInterval(17 * 3_600 + 2_400)
    let rooms = bureau.stations.indices.map { room($0) }
    let request = Quintet_Command_V1_PlanConsultationRequest.with {
      $0.requestID = "demo/consultation/plan"
      $0.title = "每日会商 Daily consultation"
      $0.startTime = start.timestamp
      $0.participants =
        Self.chiefs.map { chief in
          .with {
            $0.participant = Self.seat(chief.code)
            $0.name = chief.name
          }
        }
        + rooms.map { room in
          .with {
            $0.participant = room.recipient
            $0.name = room.name
          }
        }
    }
    joint.consultation = try await suite.ask("PlanConsultation") { suite in
      try await suite.consultations.planConsultation(
        request, metadata: DemoActor.shiftLeader, options: .item
      ).consultation.id
    }
    narrator.line(now, "会商 consultation：已通知 \(rooms.count) 个派出所 / stations invited")
  }

  func holdConsultation() async throws {
    let thefts = try await twoThefts()
    let series = try await judgeSeries(thefts.map(\.id))
    let (id, time) = (joint.consultation, time.timestamp)
    try await change("OpenConsultation") { suite, options in
      try await suite.consultations.openConsultation(
        .with {
          $0.requestID = "demo/consultation/open"
          $0.consultationID = id
          $0.occurTime = time
        }, metadata: DemoActor.shiftLeader, options: options)
    }
    let present =
      Self.chiefs.map { Self.seat($0.code) } + bureau.stations.indices.map { room($0).recipient }
    for (index, participant) in present.enumerated() {
      try await change("RecordAttendance") { suite, options in
        try await suite.consultations.recordAttendance(
          .with {
            $0.requestID = "demo/consultation/attend/\(index)"
            $0.consultationID = id
            $0.participant = participant
            $0.attendance = .present
            $0.occurTime = time
          }, metadata: DemoActor.dispatcher, options: options)
      }
    }
    let station = try await station(of: thefts[0].id)
    try await change("PutAgendaItem") { suite, options in
      try await suite.consultations.putAgendaItem(
        .with {
          $0.requestID = "demo/consultation/item"
          $0.consultationID = id
          $0.title = "两起侵财警情串并研判"
          $0.text = "时段、手法相近，建议串并并加强巡查。"
          $0.seriesID = series
          $0.putBy = station.recipient
          $0.occurTime = time
        }, metadata: DemoActor.recipient(station.code), options: options)
    }
    for (index, theft) in thefts.enumerated() {
      try await change("LinkAgendaItem") { suite, options in
        try await suite.consultations.linkAgendaItem(
          .with {
            $0.requestID = "demo/consultation/link/\(index)"
            $0.consultationID = id
            $0.itemNumber = 1
            $0.incidentID = theft.id
            $0.reason = "串并案成员"
            $0.occurTime = time
          }, metadata: DemoActor.dispatcher, options: options)
      }
    }
    try await decide(station)
  }

  private func decide(_ station: Room) async throws {
    let (id, time) = (joint.consultation, time)
    try await change("RecordDecision") { suite, options in
      try await suite.consultations.recordDecision(
        .with {
          $0.requestID = "demo/consultation/decision"
          $0.consultationID = id
          $0.itemNumber = 1
          $0.text = "今晚 20 时至 24 时在相关路段加密巡查，走访物业并反馈情况。"
          $0.responsible = station.recipient
          $0.dueTime = time.addingTimeInterval(86_400).timestamp
          $0.occurTime = time.timestamp
        }, metadata: DemoActor.shiftLeader, options: options)
    }
    let request = Quintet_Command_V1_IssueDecisionRequest.with {
      $0.requestID = "demo/consultation/issue"
      $0.consultationID = id
      $0.decisionNumber = 1
      $0.directiveClass = .routine
      $0.title = "会商决定：加密夜间巡查"
      $0.occurTime = time.timestamp
    }
    let directive = try await suite.ask("IssueDecision") { suite in
      try await suite.consultations.issueDecision(
        request, metadata: DemoActor.shiftLeader, options: .item
      ).directive
    }
    narrator.line(now, "会商决定 decision → 指令 directive「\(directive.title)」→ \(station.name)")
    courses.append(
      Course(
        key: "consultation", directive: directive.id,
        plan: RecipientPlan(
          recipient: .station(bureau.stations.firstIndex { $0.code == station.code } ?? 0),
          signSeconds: 420, feedbackSeconds: 16_000,
          feedback: "20 时至 22 时巡查相关路段三遍，走访物业四家，未见异常，继续巡查至 24 时。"),
        recipient: station.recipient, name: station.name,
        actor: DemoActor.recipient(station.code)))
    plan(.course(courses.count - 1, .deliver), in: 2)
  }

  func closeConsultation() async throws {
    let (id, time) = (joint.consultation, time.timestamp)
    try await change("CloseConsultation") { suite, options in
      try await suite.consultations.closeConsultation(
        .with {
          $0.requestID = "demo/consultation/close"
          $0.consultationID = id
          $0.occurTime = time
        }, metadata: DemoActor.shiftLeader, options: options)
    }
    narrator.line(now, "会商结束，纪要见 GetMinutes / consultation closed, minutes kept：\(id)")
  }

  private func change<Answer: Sendable>(
    _ what: String, _ body: @Sendable (SuiteCalls, CallOptions) async throws -> Answer
  ) async throws {
    _ = try await suite.ask(what) { suite in try await body(suite, .item) }
  }

  // MARK: - 串并案

  /// Two cases of theft in the areas of two stations, where the day has them.
  private func twoThefts() async throws -> [Case] {
    let known = cases.values.sorted { $0.number < $1.number }
    let criminal = known.filter { $0.plan.incidentClass == .criminal }
    let pool = criminal.count >= 2 ? criminal : known
    guard let first = pool.first else { throw DemoStepLost(key: "series") }
    let home = try await station(of: first.id)
    for other in pool.dropFirst() {
      if try await station(of: other.id).code != home.code { return [first, other] }
    }
    return Array(pool.prefix(2))
  }

  private func judgeSeries(_ incidents: [String]) async throws -> String {
    let time = time.timestamp
    let series = try await suite.ask("ProposeSeries") { suite in
      try await suite.series.proposeSeries(
        .with {
          $0.requestID = "demo/series/propose"
          $0.title = "当日侵财警情串并"
          $0.reason = "时段相近，手法相同"
          $0.members = incidents.map { id in
            .with {
              $0.incidentID = id
              $0.reason = "现场痕迹与作案时段相符"
            }
          }
          $0.occurTime = time
        }, metadata: DemoActor.dispatcher, options: .item
      ).series.id
    }
    try await change("ConfirmSeries") { suite, options in
      try await suite.series.confirmSeries(
        .with {
          $0.requestID = "demo/series/confirm"
          $0.seriesID = series
          $0.reason = "会商研判一致"
          $0.occurTime = time
        }, metadata: DemoActor.shiftLeader, options: options)
    }
    narrator.line(now, "串并案 series：\(incidents.count) 起警情 / incidents")
    return series
  }
}
