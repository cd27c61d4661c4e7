// From incidents and calls to single stretches of time, each measured or left out with its reason.
public import Classification
public import Foundation
public import Identifiers

/// One stretch of time.
public struct IntervalSample: Sendable, Hashable {
  public var measure: IntervalMeasure
  public var origin: IncidentOrigin
  /// Where it happened; nil in no known area.
  public var station: OrgUnitID?
  /// Of which day and hour it is.
  public var anchor: Date
  /// Seconds.
  public var target: Int?
  public var outcome: IntervalOutcome
}

public struct IntervalSampler {
  let period: FigurePeriod
  let places: PlaceMap
  let measures: Set<IntervalMeasure>

  /// - Parameter measures: empty for all.
  public init(period: FigurePeriod, places: PlaceMap, measures: Set<IntervalMeasure> = []) {
    self.period = period
    self.places = places
    self.measures = measures.isEmpty ? Set(IntervalMeasure.allCases) : measures
  }

  public func samples(
    of stories: [IncidentStory], _ calls: [CallActivity]
  ) -> [IntervalSample] {
    stories.flatMap { story in
      let lying = places.lying(story.incident.point)
      return ofIncident(story, lying) + ofQueue(story, lying)
        + story.sent.filter(\.isVisible).flatMap { ofUnit($0.assignment, story, lying) }
    } + (measures.contains(.answer) ? calls.compactMap(ofCall) : [])
  }

  private func ofCall(_ call: CallActivity) -> IntervalSample? {
    guard period.contains(call.receiveTime) else { return nil }
    return IntervalSample(
      measure: .answer, origin: call.origin, station: places.lying(call.point)?.station,
      anchor: call.receiveTime, target: IntervalMeasure.answer.target,
      outcome: call.isByVoice
        ? IntervalOutcome(from: call.receiveTime, to: call.answerTime, missing: .noTime)
        : .excluded(.notByVoice))
  }

  /// 处警 and 全程.
  private func ofIncident(
    _ story: IncidentStory, _ lying: PlaceMap.Lying?
  ) -> [IntervalSample] {
    let incident = story.incident
    guard story.isVisible, period.contains(incident.receiveTime) else { return [] }
    let ends: [(IntervalMeasure, from: Date?, to: Date?)] = [
      (
        .processing, story.answerTime,
        story.sent.compactMap(\.assignment.times.dispatch).min()
      ),
      (
        .response, incident.receiveTime,
        story.sent.compactMap(\.assignment.times.arrive).min()
      ),
    ]
    return ends.filter { measures.contains($0.0) }.map { measure, from, to in
      IntervalSample(
        measure: measure, origin: incident.origin, station: lying?.station,
        anchor: incident.receiveTime, target: measure.target,
        outcome: incident.state.exclusion.map(IntervalOutcome.excluded)
          ?? IntervalOutcome(from: from, to: to, missing: missing(measure, to, story)))
    }
  }

  private func missing(
    _ measure: IntervalMeasure, _ end: Date?, _ story: IncidentStory
  ) -> ExclusionReason {
    // Somebody was ordered, and only when the call was answered is not known.
    if end != nil { return .noTime }
    let orders = story.sent.map(\.assignment).filter { $0.state != .assigned }
    let needed: AssignmentMove.State = measure == .processing ? .dispatched : .onScene
    if orders.contains(where: { $0.state >= needed && $0.state != .cancelled }) {
      return .noTime
    }
    if !story.incident.state.isOver { return .open }
    return orders.isEmpty ? .notDispatched : .cancelled
  }

  /// 签收, 出警, 到场, 现场.
  private func ofUnit(
    _ assignment: AssignmentActivity, _ story: IncidentStory, _ lying: PlaceMap.Lying?
  ) -> [IntervalSample] {
    guard let anchor = assignment.anchor, period.contains(anchor) else { return [] }
    let times = assignment.times
    let ends: [(IntervalMeasure, from: Date?, to: Date?, AssignmentMove.State)] = [
      (.sign, times.dispatch, times.acknowledge, .acknowledged),
      (.departure, times.dispatch, times.depart, .enRoute),
      (.arrival, times.dispatch, times.arrive, .onScene),
      (.onScene, times.arrive, times.clear, .cleared),
    ]
    return ends.filter { measures.contains($0.0) }.map { measure, from, to, state in
      var exclusion = story.incident.state.exclusion
      if measure == .arrival, lying == nil { exclusion = exclusion ?? .outOfArea }
      return IntervalSample(
        measure: measure, origin: story.incident.origin, station: lying?.station, anchor: anchor,
        target: measure == .arrival ? lying?.areaClass.arrivalSeconds : measure.target,
        outcome: exclusion.map(IntervalOutcome.excluded)
          ?? IntervalOutcome(from: from, to: to, missing: Self.missing(assignment.state, state)))
    }
  }

  /// - Parameter step: the state in which the stretch ends.
  static func missing(
    _ state: AssignmentMove.State, _ step: AssignmentMove.State
  ) -> ExclusionReason {
    if state == .cancelled { return .cancelled }
    return state >= step ? .noTime : .open
  }

  /// 排队: from each time it was queued to what became of it.
  private func ofQueue(
    _ story: IncidentStory, _ lying: PlaceMap.Lying?
  ) -> [IntervalSample] {
    guard measures.contains(.queue), story.isVisible else { return [] }
    return story.steps.indices.compactMap { index in
      let step = story.steps[index]
      guard step.to == .queued, period.contains(step.time) else { return nil }
      let next = index + 1 < story.steps.count ? story.steps[index + 1] : nil
      let outcome: IntervalOutcome =
        switch (story.incident.state.exclusion, next?.to) {
        case (let exclusion?, _): .excluded(exclusion)
        case (nil, nil): .excluded(.open)
        case (nil, .active?): IntervalOutcome(from: step.time, to: next?.time, missing: .open)
        case (nil, .merged?): .excluded(.merged)
        case (nil, .cancelled?): .excluded(.cancelled)
        case (nil, _?): .excluded(.notDispatched)
        }
      return IntervalSample(
        measure: .queue, origin: story.incident.origin, station: lying?.station,
        anchor: step.time, target: nil, outcome: outcome)
    }
  }
}

extension IncidentMove.State {
  /// Why nothing of such an incident counts.
  var exclusion: ExclusionReason? {
    switch self {
    case .merged: .merged
    case .cancelled: .cancelled
    default: nil
    }
  }

  /// Nobody is awaited any more.
  var isOver: Bool {
    switch self {
    case .new, .queued, .active: false
    case .monitored, .diverted, .awaitingFeedback, .inReview, .closed, .cancelled, .merged: true
    }
  }
}
