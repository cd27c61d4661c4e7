// Listens to supervision while the day is played: every red clock is told, yellow and escalated ones
// where they belong to a story.
import DemoBureau
import Foundation
import GRPCCore
import QuintetAPI
import SwiftProtobuf
import Synchronization
import Wire

final class DemoWatch: Sendable {
  private let suite: SuiteCalls
  private let narrator: DemoNarrator
  private let fleet: DemoFleet
  private let bureau: Bureau
  private let seen = Mutex<UInt64>(0)

  init(suite: SuiteCalls, narrator: DemoNarrator, fleet: DemoFleet, bureau: Bureau) {
    self.suite = suite
    self.narrator = narrator
    self.fleet = fleet
    self.bureau = bureau
  }

  /// Listens while `body` runs.
  func during<R: Sendable>(_ body: () async throws -> R) async throws -> R {
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { await self.listen() }
      defer { group.cancelAll() }
      return try await body()
    }
  }

  private func listen() async {
    while !Task.isCancelled {
      let request = Quintet_Events_V1_WatchRequest.with {
        $0.partition = suite.partition
        $0.afterSequence = seen.withLock { $0 }
      }
      // A broken stream is taken up again where it broke.
      try? await suite.feeds.watch(request, metadata: SuiteCalls.toward("supervision")) {
        response in
        for try await message in response.messages {
          guard case .event(let event) = message.item else { continue }
          self.tell(event)
          self.seen.withLock { $0 = event.sequence }
        }
      }
      try? await Task.sleep(for: .milliseconds(100))
    }
  }

  /// Waits until everything supervision has told has been heard; not for ever, as it is only told.
  func catchUp() async throws {
    let head = try await suite.feedStatus(of: "supervision").headSequence
    let start = ContinuousClock.now
    while seen.withLock({ $0 }) < head, start.duration(to: .now) < .seconds(10) {
      try await Task.sleep(for: .milliseconds(2))
    }
  }

  private func tell(_ event: Quintet_Events_V1_Event) {
    let time = event.occurTime.microsecondDate
    let matter = narrator.matter(event.incidentID)
    let name = matter.map { "\($0.number)「\($0.title)」" } ?? event.incidentID
    let story = matter?.story.map { "【\($0.title)】" } ?? ""
    if let red = payload(Quintet_Supervision_V1_DeadlineOverdue.self, of: event)?.deadline {
      narrator.countOverdue()
      narrator.line(at: time, "● 红 overdue \(words(red))：\(story)\(name)")
    } else if let weak = payload(Quintet_Supervision_V1_FeedbackFoundWeak.self, of: event) {
      narrator.line(at: time, "↩ 退回 returned by supervision：\(story)\(name)，\(weak.reason)")
    }
    guard !story.isEmpty else { return }
    if let yellow = payload(Quintet_Supervision_V1_DeadlineWarned.self, of: event)?.deadline {
      narrator.line(at: time, "○ 黄 due soon \(words(yellow))：\(story)\(name)")
    } else if let told = payload(Quintet_Supervision_V1_DeadlineEscalated.self, of: event)?.deadline
    {
      narrator.line(
        at: time, "▲ 升级 escalated ×\(told.escalationLevel) \(words(told))：\(story)\(name)")
    } else if let judged = payload(Quintet_Supervision_V1_IncidentEvaluated.self, of: event) {
      let (met, missed) = (judged.evaluation.metCount, judged.evaluation.missedCount)
      narrator.line(
        at: time,
        "评估 evaluated \(EventWords.name(judged.evaluation.grade))，按时 met \(met)/\(met + missed)："
          + "\(story)\(name)")
    }
  }

  /// Who must do what, such as `到场（中心城区） 松塘巡3`.
  private func words(_ deadline: Quintet_Supervision_V1_Deadline) -> String {
    "\(DemoWords.rule(deadline.ruleCode)) \(responsible(deadline.responsible))"
  }

  private func responsible(_ text: String) -> String {
    let id = text.split(separator: "/").last.map(String.init) ?? text
    if let unit = fleet.unitIndices[id] { return bureau.units[unit].callSign }
    if let station = fleet.stationIDs.firstIndex(of: id) { return bureau.stations[station].name }
    if let beat = fleet.beatIDs.firstIndex(of: id) { return bureau.beats[beat].name }
    return id
  }

  private func payload<M: SwiftProtobuf.Message>(
    _ type: M.Type, of event: Quintet_Events_V1_Event
  ) -> M? {
    guard event.type == M.protoMessageName else { return nil }
    return try? M(unpackingAny: event.payload)
  }
}

enum DemoWords {
  static func rule(_ code: String) -> String {
    switch code {
    case "sign.unit": "签收 sign (30 s)"
    case "sign.station": "签收 sign (30 min)"
    case "departure": "出警 departure (5 min)"
    case "arrival.key_place": "到场 arrival (1 min)"
    case "arrival.centre": "到场 arrival (3 min)"
    case "arrival.other": "到场 arrival (5 min)"
    case "feedback.incident": "警情反馈 feedback (30 min)"
    case "opinion.response": "舆情回应 response (4 h)"
    case "support.take": "支撑接办 part taken (5 min)"
    case "support.answer": "支撑答复 part answered (30 min)"
    case "sign.muster": "集结签收 sign, muster"
    case "arrival.muster": "集结到位 in place, muster"
    default: code
    }
  }
}
