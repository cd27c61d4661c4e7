// What should remain, computed the slow way: no machine and no rows, only the whole list of facts. It
// shares with the product the rules' figures and nothing else.
import Foundation
import Geography
import Identifiers
import SupervisionDomain

struct NaiveModel {
  struct Clock {
    let rule: Rule
    let subject: String
    let responsible: String
    let scope: String
    let start: Date
    var stop: Date?
    var isCancelled = false

    var due: Date { start + TimeInterval(rule.limit) }

    func state(at time: Date) -> DeadlineState {
      if let stop { return isCancelled ? .cancelled : stop <= due ? .met : .missed }
      if due <= time { return .overdue }
      return rule.warnBefore > 0 && due - TimeInterval(rule.warnBefore) <= time
        ? .warned : .running
    }

    /// Every step that time took by the end, with its time.
    func steps(by end: Date) -> [(name: String, time: Date)] {
      var steps: [(String, Date)] = []
      if rule.warnBefore > 0 {
        steps.append(("DeadlineWarned", due - TimeInterval(rule.warnBefore)))
      }
      steps.append(("DeadlineOverdue", due))
      for level in 0..<rule.escalationLevels {
        steps.append(
          ("DeadlineEscalated", due + TimeInterval(rule.escalateAfter * (level + 1))))
      }
      return steps.filter { $0.1 <= min(stop ?? end, end) }
    }

    var key: String { "\(rule.code) \(subject) \(responsible) \(start.timeIntervalSince1970)" }
  }

  private(set) var clocks: [Clock] = []
  private(set) var evaluations: [String] = []
  private(set) var weakCount = 0
  private var points: [String: Coordinate?] = [:]
  private var lastCleared: [String: String] = [:]
  private var returns: [String: Int] = [:]
  private let rules = Dictionary(uniqueKeysWithValues: Rule.defaults.map { ($0.code, $0) })

  init(_ happenings: [Happening]) {
    for happening in happenings { apply(happening.fact, at: happening.time) }
  }

  /// One line a deadline.
  func rows(at end: Date) -> [String] {
    clocks.map { clock in
      let level = clock.steps(by: end).count { $0.name == "DeadlineEscalated" }
      let stop = clock.stop.map { "\($0.timeIntervalSince1970)" } ?? "-"
      return "\(clock.key) \(clock.state(at: end)) \(stop) \(level)"
    }.sorted()
  }

  /// One line an event.
  func events(at end: Date) -> [String] {
    clocks.flatMap { clock in
      var events: [(String, Date)] = [("DeadlineStarted", clock.start)]
      events += clock.steps(by: end).map { ($0.name, $0.time) }
      if let stop = clock.stop { events.append(("DeadlineStopped", stop)) }
      return events.map { "\($0.0) \(clock.key) \($0.1.timeIntervalSince1970)" }
    }.sorted()
  }

  private mutating func apply(_ fact: Fact, at time: Date) {
    for index in clocks.indices where clocks[index].stop == nil {
      guard let isCancelled = Self.ending(of: clocks[index], by: fact) else { continue }
      clocks[index].stop = time
      clocks[index].isCancelled = isCancelled
    }
    note(fact, at: time)
    for (code, subject, responsible, scope) in starts(fact) {
      let isOpen = clocks.contains {
        $0.stop == nil && $0.rule.kind == rules[code]!.kind && $0.subject == subject
          && $0.responsible == responsible
      }
      if isOpen { continue }
      if code == "opinion.response", clocks.contains(where: { $0.subject == subject }) { continue }
      clocks.append(
        Clock(
          rule: rules[code]!, subject: subject, responsible: responsible, scope: scope,
          start: time))
    }
  }

  /// True for cancelled, false for stopped, nil for neither.
  private static func ending(of clock: Clock, by fact: Fact) -> Bool? {
    let kind = clock.rule.kind
    switch fact {
    case .assignmentMoved(let move):
      guard clock.subject == "\(move.assignment)" else { return nil }
      switch (move.state, kind) {
      case (.cancelled, _), (.cleared, .arrival): return true
      case (.acknowledged, .sign), (.enRoute, .sign), (.enRoute, .departure): return false
      case (.onScene, _), (.cleared, _): return false
      default: return nil
      }
    case .courseMoved(let move):
      guard clock.subject == "\(move.directive)", clock.responsible == "\(move.recipient)"
      else { return nil }
      switch (move.state, kind) {
      case (.cancelled, _), (.reassigned, _): return true
      case (.fedBack, _), (.accepted, _): return false
      case (.acknowledged, .sign), (.inProgress, .sign): return false
      default: return nil
      }
    case .supportMoved(let move):
      guard clock.subject == "\(move.request)",
        let part = move.parts.first(where: { clock.responsible == "seat/\($0.seatCode)" })
      else { return nil }
      switch (part.state, kind) {
      case (.givenBack, _), (.released, _): return true
      case (.answered, _), (.taken, .sign): return false
      default: return nil
      }
    case .incidentMoved(let move):
      guard clock.scope == "\(move.incident)", move.from != move.to else { return nil }
      if move.to == .cancelled || move.to == .merged { return true }
      guard kind == .incidentFeedback else { return nil }
      if move.to == .inReview { return false }
      return move.from == .awaitingFeedback ? true : nil
    case .topicAnswered(let topic, _): return clock.subject == "\(topic)" ? false : nil
    default: return nil
    }
  }

  private mutating func note(_ fact: Fact, at time: Date) {
    switch fact {
    case .incidentPlaced(let id, let point): points["\(id)"] = point
    case .assignmentMoved(let move) where move.state == .cleared:
      lastCleared["\(move.incident)"] = "unit/\(move.unit)"
    case .courseMoved(let move):
      if move.state == .returned, let id = move.incident { returns["\(id)", default: 0] += 1 }
      if move.state == .fedBack, move.feedback != Script.strongText { weakCount += 1 }
    case .incidentMoved(let move) where move.from != move.to:
      let id = "\(move.incident)"
      if move.from == .inReview && move.to == .awaitingFeedback { returns[id, default: 0] += 1 }
      if move.to == .inReview && move.feedback != Script.strongText { weakCount += 1 }
      if move.to == .closed { evaluate(id, at: time) }
    default: break
    }
  }

  private mutating func evaluate(_ id: String, at time: Date) {
    let states = clocks.filter { $0.scope == id }.map { $0.state(at: time) }
    let met = states.count { $0 == .met }
    let missed = states.count { $0 == .missed || $0 == .overdue }
    let returned = returns[id, default: 0]
    let share = met + missed == 0 ? nil : Double(met) / Double(met + missed)
    let grade: Grade =
      switch share {
      case nil: .none
      case .some(1) where returned == 0: .good
      case .some(0.8...1) where returned <= 1: .fair
      default: .poor
      }
    evaluations.append(
      "\(id) \(grade) \(met) \(missed) \(states.count - met - missed) \(returned)"
        + " \(time.timeIntervalSince1970)")
  }

  private func starts(_ fact: Fact) -> [(String, String, String, String)] {
    switch fact {
    case .assignmentMoved(let move) where move.state == .dispatched:
      let arrival: String
      if let point = points["\(move.incident)"] ?? nil {
        let isKey =
          Script.keyPlace.contains(point.latitude) && Script.keyPlace.contains(point.longitude)
        arrival =
          isKey
          ? "arrival.key_place"
          : Script.centre.contains(point.latitude) ? "arrival.centre" : "arrival.other"
      } else {
        arrival = "arrival.other"
      }
      return ["sign.unit", "departure", arrival].map {
        ($0, "\(move.assignment)", "unit/\(move.unit)", "\(move.incident)")
      }
    case .directiveIssued(let issue):
      let scope = issue.incident.map { "\($0)" } ?? "\(issue.directive)"
      return issue.recipients.flatMap {
        Self.course("\(issue.directive)", $0, issue.directiveClass, scope)
      }
    case .courseMoved(let move) where move.state == .issued || move.state == .returned:
      let scope = move.incident.map { "\($0)" } ?? "\(move.directive)"
      let all = Self.course("\(move.directive)", move.recipient, move.directiveClass, scope)
      return move.state == .issued ? all : [all[1]]
    case .supportMoved(let move):
      let rule: [SupportMove.State: String] = [.offered: "support.take", .taken: "support.answer"]
      return move.parts.compactMap { part in
        rule[part.state].map {
          ($0, "\(move.request)", "seat/\(part.seatCode)", "\(move.incident)")
        }
      }
    case .incidentMoved(let move) where move.to == .awaitingFeedback && move.from != move.to:
      let id = "\(move.incident)"
      return [("feedback.incident", id, lastCleared[id] ?? "seat/dispatch", id)]
    case .topicTied(let topic, _):
      return [("opinion.response", "\(topic)", "seat/opinion", "\(topic)")]
    default: return []
    }
  }

  private static func course(
    _ subject: String, _ recipient: Recipient, _ directiveClass: DirectiveClass, _ scope: String
  ) -> [(String, String, String, String)] {
    [
      (recipient.kind == .unit ? "sign.unit" : "sign.station", subject, "\(recipient)", scope),
      ("feedback.directive.\(directiveClass)", subject, "\(recipient)", scope),
    ]
  }
}
