// 通报: what is told of each station and post every day and week. It judges how a station's matters were
// handled, never a person.
public import Classification
import Foundation
public import Identifiers

/// How many were done in time, out of how many.
public struct BulletinCount: Sendable, Hashable {
  public internal(set) var total = 0
  public internal(set) var excluded = 0
  public internal(set) var within = 0

  /// Nil where nothing remains.
  public var share: Double? {
    total == excluded ? nil : Double(within) / Double(total - excluded)
  }

  /// - Parameter limit: seconds.
  mutating func add(_ outcome: IntervalOutcome, within limit: Int64) {
    total += 1
    switch outcome {
    case .measured(let length): if length <= limit * 1_000_000 { within += 1 }
    case .excluded: excluded += 1
    }
  }

  mutating func add(_ tally: Tally) {
    total += tally.met + tally.missed + tally.excluded
    excluded += tally.excluded
    within += tally.met
  }
}

/// 反馈 by how long it took.
public struct FeedbackBuckets: Sendable, Hashable {
  public internal(set) var total = 0
  public internal(set) var excluded = 0
  /// Up to 30 min, up to 60 min, up to 240 min, later.
  public internal(set) var counts = [0, 0, 0, 0]

  static let minutes: [Int64] = [30, 60, 240]

  mutating func add(_ outcome: IntervalOutcome) {
    total += 1
    switch outcome {
    case .measured(let length):
      let bucket = Self.minutes.firstIndex { length <= $0 * 60_000_000 } ?? Self.minutes.count
      counts[bucket] += 1
    case .excluded: excluded += 1
    }
  }
}

/// One station or post, and matters of one origin.
public struct BulletinLine: Sendable, Hashable {
  public struct Key: Sendable, Hashable {
    public var station: OrgUnitID
    /// Nil for directives that serve no incident.
    public var origin: IncidentOrigin?
  }

  public let key: Key
  public internal(set) var signedSoon = BulletinCount()
  public internal(set) var signed = BulletinCount()
  public internal(set) var departed = BulletinCount()
  public internal(set) var feedback = FeedbackBuckets()
  public internal(set) var onTime = BulletinCount()
  public internal(set) var satisfied = BulletinCount()

  init(key: Key) { self.key = key }

  mutating func addSigning(_ outcome: IntervalOutcome) {
    signedSoon.add(outcome, within: 30)
    signed.add(outcome, within: 1800)
  }
}

public struct Bulletin {
  let period: FigurePeriod
  let places: PlaceMap
  private let visible: Set<OrgUnitID>?
  private var lines: [BulletinLine.Key: BulletinLine] = [:]

  /// - Parameter visible: organisations that the caller sees; nil for all.
  public init(period: FigurePeriod, places: PlaceMap, visible: Set<OrgUnitID>?) {
    self.period = period
    self.places = places
    self.visible = visible
    for orgUnit in places.orgUnits.values
    where orgUnit.rank == .station && visible?.contains(orgUnit.id) ?? true {
      for origin in IncidentOrigin.allCases { change(orgUnit.id, origin) { _ in } }
    }
  }

  /// By code of the station, then by origin.
  public var all: [BulletinLine] {
    lines.values.sorted { left, right in
      order(left.key).lexicographicallyPrecedes(order(right.key))
    }
  }

  private func order(_ key: BulletinLine.Key) -> [String] {
    [places.code(of: key.station), key.station.stablePart, key.origin?.rawValue ?? "~"]
  }

  private mutating func change(
    _ station: OrgUnitID?, _ origin: IncidentOrigin?, _ body: (inout BulletinLine) -> Void
  ) {
    guard let station, visible?.contains(station) ?? true else { return }
    let key = BulletinLine.Key(station: station, origin: origin)
    body(&lines[key, default: BulletinLine(key: key)])
  }

  /// Orders to units, and accounts of incidents.
  public mutating func add(_ stories: [IncidentStory]) {
    for story in stories {
      let exclusion = story.incident.state.exclusion.map(IntervalOutcome.excluded)
      for one in story.sent where one.isVisible {
        let (assignment, times) = (one.assignment, one.assignment.times)
        guard let anchor = assignment.anchor, period.contains(anchor) else { continue }
        change(places.station(of: assignment.unit), story.incident.origin) { line in
          line.addSigning(
            exclusion
              ?? IntervalOutcome(
                from: times.dispatch, to: times.acknowledge,
                missing: IntervalSampler.missing(assignment.state, .acknowledged)))
          line.departed.add(
            exclusion
              ?? IntervalOutcome(
                from: times.dispatch, to: times.depart,
                missing: IntervalSampler.missing(assignment.state, .enRoute)),
            within: 300)
        }
      }
      addFeedback(story, exclusion)
    }
  }

  private mutating func addFeedback(_ story: IncidentStory, _ exclusion: IntervalOutcome?) {
    let last = story.sent.filter { $0.assignment.times.clear != nil }.max { left, right in
      let (first, second) = (left.assignment, right.assignment)
      return (first.times.clear?.microseconds ?? 0, first.id.stablePart)
        < (second.times.clear?.microseconds ?? 0, second.id.stablePart)
    }
    guard let last, last.isVisible else { return }
    for (index, step) in story.steps.enumerated()
    where step.to == .awaitingFeedback && period.contains(step.time) {
      let next = story.steps.dropFirst(index + 1).first
      let given = next?.to == .inReview ? next?.time : nil
      change(places.station(of: last.assignment.unit), story.incident.origin) {
        $0.feedback.add(
          exclusion ?? IntervalOutcome(from: step.time, to: given, missing: .open))
      }
    }
  }

  /// Directives that are no dispatch.
  public mutating func add(_ courses: [FollowedCourse]) {
    for followed in courses {
      let course = followed.course
      let missing: ExclusionReason = course.state == .withdrawn ? .cancelled : .open
      let station = places.station(
        ofRecipient: course.recipient.kind, course.recipient.id)
      change(station, followed.origin) { line in
        line.addSigning(
          IntervalOutcome(
            from: course.issueTime, to: course.acknowledgeTime,
            missing: course.state == .signed || course.state == .fedBack ? .noTime : missing))
        line.feedback.add(
          IntervalOutcome(
            from: course.issueTime, to: course.feedbackTime,
            missing: course.state == .fedBack ? .noTime : missing))
      }
    }
  }

  public mutating func add(_ tallies: [ClockTally]) {
    for tally in tallies {
      let parts = tally.responsible.split(separator: "/", maxSplits: 1).map(String.init)
      guard parts.count == 2, let kind = Recipient.Kind(rawValue: parts[0]) else { continue }
      change(places.station(ofRecipient: kind, parts[1]), tally.origin) {
        $0.onTime.add(tally.tally)
      }
    }
  }

  public mutating func add(_ judged: [JudgedIncident]) {
    for incident in judged {
      guard let unit = incident.unit else { continue }
      change(places.station(of: unit), incident.origin) {
        switch incident.grade {
        case .good, .fair: $0.satisfied.add(Tally(met: 1, missed: 0, excluded: 0))
        case .poor: $0.satisfied.add(Tally(met: 0, missed: 1, excluded: 0))
        case .none: $0.satisfied.add(Tally(met: 0, missed: 0, excluded: 1))
        }
      }
    }
  }
}
