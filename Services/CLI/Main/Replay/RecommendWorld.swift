// Mode `recommend`: the world in which the suite chooses. Everything that the file cannot know is
// decided here, simply and the same way every time: how long a unit takes to get going and to travel,
// and how long it stays.
import Datasets
import Foundation
import Geography

/// A unit as the simulation moves it.
struct SimulatedUnit: Sendable {
  let id: String
  var position: Coordinate
  /// Whether the suite has been told of this position.
  var isReported = false
}

/// What one row of the file asks of whichever unit the suite sends in its place.
struct SimulatedTask: Sendable {
  let capability: String
  /// Seconds on scene; nil when the real unit was called off before it arrived.
  let secondsOnScene: Double?
  /// Seconds from dispatch to being called off, where it was.
  let secondsToCancel: Double
}

/// Figures that stand in for what the file does not say, from its first half.
struct RecommendWorld: Sendable {
  let fit: TravelFit
  /// Seconds from dispatch to departure: the median.
  let turnout: Double
  private let typicalOnScene: Double
  private let typicalCancel: Double

  /// - Parameter calls: in the order they were received.
  init(_ calls: [FireCall], fit: TravelFit) {
    self.fit = fit
    let rows = calls.flatMap(\.responses)
    let first = rows.prefix(rows.count / 2)
    func median(_ from: (FireResponse) -> Date?, _ to: (FireResponse) -> Date?) -> Double? {
      NearestRank.median(
        of: first.compactMap { row in
          guard let from = from(row), let to = to(row), to >= from else { return nil }
          return to.timeIntervalSince(from)
        })
    }
    turnout = median(\.dispatch, \.response) ?? 60
    typicalOnScene = median(\.onScene, \.available) ?? 1800
    typicalCancel = median(\.dispatch) { $0.onScene == nil ? $0.available : nil } ?? 300
  }

  func tasks(of call: FireCall) -> [SimulatedTask] {
    call.responses.filter { !$0.laterTimes.isEmpty }.map { row in
      let arrived = row.onScene != nil || row.transport != nil || row.hospital != nil
      let stay = seconds(row.onScene, row.available) ?? typicalOnScene
      return SimulatedTask(
        capability: row.capability, secondsOnScene: arrived ? stay : nil,
        secondsToCancel: seconds(row.dispatch, row.available) ?? typicalCancel)
    }
  }

  /// When the suite is asked: at the call's first dispatch, since taking a call takes the time it
  /// takes; at the call itself where that was not recorded or lies before it.
  func decisionTime(of call: FireCall) -> Date {
    max(call.received, call.dispatch ?? call.received)
  }

  /// Each unit starts where the file first sees it.
  static func startPositions(_ calls: [FireCall]) -> [String: Coordinate] {
    var positions: [String: Coordinate] = [:]
    for row in calls.flatMap(\.responses) where positions[row.unitID] == nil {
      positions[row.unitID] = row.point
    }
    return positions
  }

  private func seconds(_ from: Date?, _ to: Date?) -> Double? {
    guard let from, let to, to >= from else { return nil }
    return to.timeIntervalSince(from)
  }
}

/// What happens next in the simulation, by time and, at one time, in the order it was foreseen.
struct Agenda<Event: Sendable>: Sendable {
  private struct Entry: Sendable {
    let time: Date
    let number: Int
    let event: Event

    func isBefore(_ other: Entry) -> Bool { (time, number) < (other.time, other.number) }
  }

  /// A binary heap: each entry before its two children.
  private var heap: [Entry] = []
  private var count = 0

  var nextTime: Date? { heap.first?.time }

  mutating func add(_ event: Event, at time: Date) {
    heap.append(Entry(time: time, number: count, event: event))
    count += 1
    var child = heap.count - 1
    while child > 0, heap[child].isBefore(heap[(child - 1) / 2]) {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  mutating func next() -> (time: Date, event: Event)? {
    guard let first = heap.first, let last = heap.popLast() else { return nil }
    if !heap.isEmpty {
      heap[0] = last
      var parent = 0
      while true {
        let children = [2 * parent + 1, 2 * parent + 2].filter { $0 < heap.count }
        guard let least = children.min(by: { heap[$0].isBefore(heap[$1]) }),
          heap[least].isBefore(heap[parent])
        else { break }
        heap.swapAt(least, parent)
        parent = least
      }
    }
    return (first.time, first.event)
  }
}

/// How far the suite could serve the calls.
struct RecommendOutcome: Encodable, Sendable {
  /// Units that the calls really had, and units that the suite sent.
  var unitsWanted = 0
  var unitsSent = 0
  /// Calls for which fewer units were free than they really had.
  var callsShort = 0

  enum CodingKeys: String, CodingKey {
    case unitsWanted = "units_wanted"
    case unitsSent = "units_sent"
    case callsShort = "calls_short_of_units"
  }
}
