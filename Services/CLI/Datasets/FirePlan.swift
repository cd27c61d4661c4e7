// What the recorded times of a call mean as acts on an incident: who is sent when, and each unit's
// steps to the end. Times are taken over as they were recorded, in whatever order they lie; only the
// order of the acts is made to fit the states.
public import Foundation

/// A unit's step on an incident.
public enum FireStep: String, Sendable, Hashable, CaseIterable {
  case acknowledge, depart, arrive, clear
}

/// One act on one incident.
public struct FireAct: Sendable, Hashable {
  public enum Kind: Sendable, Hashable {
    /// Waits for units; only for a call to which nobody was sent as far as the file knows.
    case queue
    /// Units sent together, by unit id. False when nobody recorded the time.
    case dispatch(units: [String], timeKnown: Bool)
    case step(FireStep, unit: String, timeKnown: Bool)
    /// Called off before it was on scene. False when nobody recorded the time.
    case cancel(unit: String, timeKnown: Bool)
    /// Nothing more will be done; needed where no unit cleared, because everyone was called off.
    case requestFeedback
    case feedback
    case close
  }

  public let kind: Kind
  /// When it is done in a replay: never before the act before it, nor before the call.
  public let turn: Date
  /// When it took place, as recorded; where nobody recorded it, the same as `turn`.
  public let occurTime: Date
}

/// The course of one call.
public struct FirePlan: Sendable, Hashable {
  /// As many as one dispatch takes.
  static let maximumUnitsAtOnce = 50

  public let call: FireCall
  /// In the order they are to be done.
  public let acts: [FireAct]

  public init(_ call: FireCall) {
    self.call = call
    var steps: [Ordered] = []
    var dispatches: [DispatchMoment: [String]] = [:]
    for response in call.responses {
      guard let moment = Self.dispatchMoment(of: response, call) else { continue }
      dispatches[moment, default: []].append(response.unitID)
      steps += Self.steps(of: response, after: moment.turn, call)
    }
    for (moment, units) in dispatches {
      // Dispatches come before the steps of the same moment; those of unknown time after the others.
      steps += stride(from: 0, to: units.count, by: Self.maximumUnitsAtOnce).map { first in
        let part = Array(units[first..<min(first + Self.maximumUnitsAtOnce, units.count)])
        return Ordered(
          FireAct(
            kind: .dispatch(units: part, timeKnown: moment.timeKnown), turn: moment.turn,
            occurTime: moment.occurTime),
          rank: moment.timeKnown ? 0 : 1, tieBreak: part[0])
      }
    }
    guard !steps.isEmpty else {
      acts = [FireAct(kind: .queue, turn: call.received, occurTime: call.received)]
      return
    }
    let ordered = steps.sorted().map(\.act)
    let end = ordered[ordered.count - 1].turn
    let someoneCleared = ordered.contains { act in
      if case .step(.clear, _, _) = act.kind { true } else { false }
    }
    let closing: [FireAct.Kind] =
      someoneCleared ? [.feedback, .close] : [.requestFeedback, .feedback, .close]
    acts = ordered + closing.map { FireAct(kind: $0, turn: end, occurTime: end) }
  }

  /// A unit that was sent at all was sent at its recorded dispatch time; without one, some time
  /// before the first thing recorded of it.
  private static func dispatchMoment(
    of response: FireResponse, _ call: FireCall
  ) -> DispatchMoment? {
    if let time = response.dispatch {
      return DispatchMoment(turn: max(time, call.received), occurTime: time, timeKnown: true)
    }
    guard let first = response.laterTimes.min() else { return nil }
    let turn = max(first, call.received)
    return DispatchMoment(turn: turn, occurTime: turn, timeKnown: false)
  }

  /// The steps after the dispatch. A unit that took someone away was on scene, though nobody
  /// recorded when; one with neither was called off.
  private static func steps(
    of response: FireResponse, after dispatch: Date, _ call: FireCall
  ) -> [Ordered] {
    let unit = response.unitID
    var turn = dispatch
    func step(_ kind: FireStep, _ time: Date?, or next: Date?) -> Ordered {
      turn = max(turn, time ?? next ?? turn)
      return Ordered(
        FireAct(
          kind: .step(kind, unit: unit, timeKnown: time != nil), turn: turn,
          occurTime: time ?? turn),
        rank: kind.rank, tieBreak: unit)
    }
    let carried = response.transport ?? response.hospital
    let arrived = response.onScene ?? carried
    var steps: [Ordered] = []
    if arrived != nil || response.response != nil {
      steps.append(step(.acknowledge, response.response, or: arrived))
      steps.append(step(.depart, response.response, or: arrived))
    }
    if arrived != nil {
      steps.append(step(.arrive, response.onScene, or: carried))
      steps.append(step(.clear, response.available, or: call.end))
    } else {
      turn = max(turn, response.available ?? call.end)
      steps.append(
        Ordered(
          FireAct(
            kind: .cancel(unit: unit, timeKnown: response.available != nil), turn: turn,
            occurTime: response.available ?? turn),
          rank: FireStep.clear.rank, tieBreak: unit))
    }
    return steps
  }

  private struct DispatchMoment: Hashable {
    let turn: Date
    let occurTime: Date
    let timeKnown: Bool
  }

  /// Acts by turn, then by rank, then by unit, so that two plans of one call are alike.
  private struct Ordered: Comparable {
    let act: FireAct
    let rank: Int
    let tieBreak: String

    init(_ act: FireAct, rank: Int, tieBreak: String) {
      self.act = act
      self.rank = rank
      self.tieBreak = tieBreak
    }

    static func < (left: Self, right: Self) -> Bool {
      (left.act.turn, left.rank, left.tieBreak) < (right.act.turn, right.rank, right.tieBreak)
    }
  }
}

extension FireStep {
  /// After the dispatches of the same moment.
  fileprivate var rank: Int {
    switch self {
    case .acknowledge: 2
    case .depart: 3
    case .arrive: 4
    case .clear: 5
    }
  }
}
