// The figures once more, the slow way: what was told last of each thing, then one loop for each measure.
// It shares no line with the product but the facts.
import Classification
import Foundation
import Geography
import Identifiers
import SupervisionDomain

struct FigureModel {
  private var incidents: [IncidentID: IncidentActivity] = [:]
  private var assignments: [AssignmentID: AssignmentActivity] = [:]
  private var calls: [CallReportID: CallActivity] = [:]
  private var steps: [IncidentID: [(Int64, SupervisionDomain.IncidentStep)]] = [:]
  private var statuses: [UnitID: [(Int64, UnitStatusActivity)]] = [:]
  private let script: FigureScript
  private let period: FigurePeriod

  init(_ script: FigureScript, _ period: FigurePeriod) {
    self.script = script
    self.period = period
    // In order, each once: so the last word simply overwrites.
    for told in script.told {
      switch told.fact {
      case .incident(let incident): incidents[incident.id] = incident
      case .assignment(let assignment): assignments[assignment.id] = assignment
      case .call(let call): calls[call.id] = call
      case .move(let step): steps[step.incident, default: []].append((told.sequence, step))
      case .unitStatus(let status):
        statuses[status.unit, default: []].append((told.sequence, status))
      default: break
      }
    }
  }

  /// 1-3-5 by where it lies: the key place inside the centre, the centre, the rest.
  private func target(_ incident: IncidentActivity) -> Int? {
    guard let latitude = incident.point?.latitude, latitude <= 0.2 else { return nil }
    if (0.04...0.06).contains(latitude) { return 60 }
    return latitude <= 0.1 ? 180 : 300
  }

  /// Such as `sign citizen_reported 30: 12 total, 3 within, 4 no_time, p50 60`.
  var lines: [String] {
    var groups: [String: [String]] = [:]
    var seconds: [String: [Double]] = [:]
    func add(_ what: String, _ incident: IncidentOrigin, _ target: Int?, _ outcome: Any) {
      let key = "\(what) \(incident.rawValue) \(target ?? 0)"
      if let length = outcome as? Double {
        seconds[key, default: []].append(length)
        groups[key, default: []].append(length <= Double(target ?? -1) ? "within" : "beyond")
      } else {
        groups[key, default: []].append("\(outcome)")
      }
    }
    func between(_ start: Date?, _ end: Date?, else reason: String) -> Any {
      guard let start, let end else { return reason }
      return end < start ? "contradictory" : end.timeIntervalSince(start)
    }
    for call in calls.values where inside(call.receiveTime) {
      add(
        "answer", call.origin, 10,
        call.isByVoice
          ? between(call.receiveTime, call.answerTime, else: "no_time") : "not_by_voice")
    }
    for assignment in assignments.values {
      guard let incident = incidents[assignment.incident],
        let anchor = assignment.times.dispatch ?? assignment.times.assign, inside(anchor)
      else { continue }
      let times = assignment.times
      for (name, from, to, number, limit) in [
        ("sign", times.dispatch, times.acknowledge, 2, 30),
        ("departure", times.dispatch, times.depart, 3, 300),
        ("arrival", times.dispatch, times.arrive, 4, target(incident)),
        ("on_scene", times.arrive, times.clear, 5, nil),
      ] as [(String, Date?, Date?, Int, Int?)] {
        var outcome = between(
          from, to,
          else: assignment.state == .cancelled
            ? "cancelled" : assignment.state.rawValue >= number ? "no_time" : "open")
        if name == "arrival", target(incident) == nil { outcome = "out_of_area" }
        if incident.state == .cancelled { outcome = "cancelled" }
        if incident.state == .merged { outcome = "merged" }
        add(name, incident.origin, limit, outcome)
      }
    }
    for incident in incidents.values { addIncident(incident, add, between) }
    return groups.map { key, outcomes in
      let counts = Dictionary(outcomes.map { ($0, 1) }, uniquingKeysWith: +)
        .filter { $0.key != "beyond" }.sorted { $0.key < $1.key }
        .map { "\($0.value) \($0.key)" }
      let sorted = (seconds[key] ?? []).sorted()
      let middle = sorted.isEmpty ? "-" : "\(sorted[(sorted.count + 1) / 2 - 1])"
      return "\(key): \(outcomes.count) total, \(counts.joined(separator: ", ")), p50 \(middle)"
    }.sorted()
  }

  private func addIncident(
    _ incident: IncidentActivity, _ add: (String, IncidentOrigin, Int?, Any) -> Void,
    _ between: (Date?, Date?, String) -> Any
  ) {
    let word: String? =
      incident.state == .merged ? "merged" : incident.state == .cancelled ? "cancelled" : nil
    let sent = assignments.values.filter { $0.incident == incident.id }
    let isOver = ![.new, .queued, .active].contains(incident.state)
    if inside(incident.receiveTime) {
      let answered = calls.values.filter { $0.incident == incident.id && $0.isFirst }
        .compactMap(\.answerTime).min()
      for (name, from, ends, least) in [
        ("processing", answered, sent.compactMap(\.times.dispatch), 1),
        ("response", incident.receiveTime, sent.compactMap(\.times.arrive), 4),
      ] as [(String, Date?, [Date], Int)] {
        var reason = "no_time"
        let orders = sent.filter { $0.state != .assigned }
        if ends.isEmpty,
          !orders.contains(where: { $0.state != .cancelled && $0.state.rawValue >= least })
        {
          reason = !isOver ? "open" : orders.isEmpty ? "not_dispatched" : "cancelled"
        }
        add(
          name, incident.origin, name == "processing" ? 60 : nil,
          word ?? between(from, ends.min(), reason))
      }
    }
    let moves = (steps[incident.id] ?? []).sorted { $0.0 < $1.0 }.map(\.1)
    for (number, move) in moves.enumerated() where move.to == .queued && inside(move.time) {
      let next = number + 1 < moves.count ? moves[number + 1] : nil
      let reason: String
      switch next?.to {
      case nil: reason = "open"
      case .merged: reason = "merged"
      case .cancelled: reason = "cancelled"
      default: reason = "not_dispatched"
      }
      add(
        "queue", incident.origin, nil,
        word ?? (next?.to == .active ? between(move.time, next?.time, "open") : reason))
    }
  }

  private func inside(_ time: Date) -> Bool { period.start <= time && time < period.end }

  /// Minutes on duty, and of them committed, by origin: counted one by one, for all units together.
  func minutes() -> (onDuty: Int, citizen: Int, officer: Int) {
    var found = (0, 0, 0)
    for unit in script.units {
      let words = (statuses[unit] ?? []).sorted {
        ($0.1.time, $0.0) < ($1.1.time, $1.0)
      }.map(\.1)
      let mine = assignments.values.filter { $0.unit == unit }
      var time = period.start
      while time < period.end {
        let isOn = words.last { $0.time <= time }?.isOnDuty ?? false
        if isOn {
          found.0 += 1
          let now = mine.filter { isCommitted($0, time) }.compactMap {
            incidents[$0.incident]?.origin
          }
          if now.contains(.citizenReported) {
            found.1 += 1
          } else if now.contains(.officerDiscovered) {
            found.2 += 1
          }
        }
        time += 60
      }
    }
    return found
  }

  private func isCommitted(_ assignment: AssignmentActivity, _ time: Date) -> Bool {
    guard let begin = assignment.times.dispatch, begin <= time else { return false }
    switch assignment.state {
    case .assigned: return false
    case .cleared, .cancelled:
      guard let end = assignment.times.clear ?? assignment.times.cancel else { return false }
      return time < end
    default: return true
    }
  }
}
