// One run of a day: incidents come in when units were wanted, the advisor (or the record) says who goes,
// units drive by duty's own estimates and stay as long as was recorded. A queue of events, no clock.
import Foundation
import Geography
import HeapModule
import Identifiers

/// What came of one run.
struct WhatIfRun: Sendable {
  /// By index of the incident: when the first unit was on scene.
  var firstArrivals: [Int: Date] = [:]
  /// By index of the unit in `units`: when it was committed.
  var commitments: [Int: [Range<Double>]] = [:]
  /// Seconds that each unit sent after waiting had waited.
  var waits: [Double] = []
  var wanted = 0
  var sent = 0
  var units: [WhatIfUnit] = []
}

struct WhatIfSimulation {
  /// Who waits longer gets nobody.
  static let patience: TimeInterval = 3_600

  enum Choice: Sendable {
    case recorded, advisor
  }

  private enum Happening {
    case wanted(incident: Int)
    case ordered(incident: Int, task: Int)
    case free(unit: Int, at: Coordinate, assignment: AssignmentID)
    case home(unit: Int, trip: Int)
    case hour
  }

  private struct Event: Comparable {
    let time: Date
    let number: Int
    let happening: Happening

    static func < (left: Event, right: Event) -> Bool {
      (left.time, left.number) < (right.time, right.number)
    }
    static func == (left: Event, right: Event) -> Bool {
      left.time == right.time && left.number == right.number
    }
  }

  private struct Waiting {
    let incident: Int
    let task: WhatIfTask
    let since: Date
  }

  private let day: WhatIfDay
  private let scenario: WhatIfScenario
  private let choice: Choice
  private let estimator: any TravelEstimator
  private let usual: [String: Double]

  private var roster: Roster
  private var ids: IdentifierMint
  private var unitIDs: [UnitID] = []
  private var indexes: [UnitID: Int] = [:]
  private var byCode: [String: Int] = [:]
  private var trips: [Int] = []
  private var busy: [Int] = []
  private var isOn: [Bool] = []
  private var agenda = Heap<Event>()
  private var count = 0
  private var waiting: [Waiting] = []
  private var run = WhatIfRun()

  init(
    _ day: WhatIfDay, _ scenario: WhatIfScenario, _ choice: Choice, model: TravelModel,
    roads: RoadNetwork?
  ) {
    self.day = day
    self.scenario = scenario
    self.choice = choice
    usual = day.usualStay
    roster = Roster()
    roster.travelModel = model
    roster.roads = roads
    estimator = roster.travel
    ids = IdentifierMint(
      service: "duty", cause: "what-if", now: Date(timeIntervalSince1970: 0))
    run.units = day.units + scenario.additions
    for (index, unit) in run.units.enumerated() {
      let id = ids.next(UnitTag.self)
      unitIDs.append(id)
      indexes[id] = index
      byCode[unit.code] = index
      trips.append(0)
      busy.append(0)
      isOn.append(true)
      roster.put(Self.duty(unit, id, isOn: true))
      place(index, at: unit.base)
    }
    let span = day.span
    // One hour more: somebody may still be waiting for whoever comes on then.
    for hour in stride(from: span.lowerBound, through: span.upperBound + 3_600, by: 3_600)
    where !span.isEmpty {
      add(.hour, at: Date(timeIntervalSince1970: Double(hour)))
    }
    for index in day.incidents.indices { begin(index) }
  }

  /// Runs to the end.
  /// - Parameter pause: called now and then; throws to give up.
  mutating func finish(pause: () throws -> Void) rethrows -> WhatIfRun {
    var steps = 0
    while let event = agenda.popMin() {
      steps += 1
      if steps % 256 == 0 { try pause() }
      happen(event.happening, at: event.time)
    }
    return run
  }

  private mutating func begin(_ index: Int) {
    let incident = day.incidents[index]
    switch choice {
    case .advisor: add(.wanted(incident: index), at: incident.wantedTime)
    case .recorded:
      for task in incident.tasks.indices {
        add(.ordered(incident: index, task: task), at: incident.tasks[task].dispatchTime)
      }
    }
  }

  private mutating func add(_ happening: Happening, at time: Date) {
    agenda.insert(Event(time: time, number: count, happening: happening))
    count += 1
  }

  private mutating func happen(_ happening: Happening, at time: Date) {
    switch happening {
    case .hour:
      changeShift(at: time)
      serve(at: time)
    case .wanted(let index):
      for task in day.tasks(of: day.incidents[index], in: scenario, usual) {
        run.wanted += 1
        waiting.append(Waiting(incident: index, task: task, since: time))
      }
      serve(at: time)
    case .ordered(let index, let number):
      let task = day.incidents[index].tasks[number]
      run.wanted += 1
      if let unit = byCode[task.unitCode] { send(unit, task, to: index, at: time) }
    case .free(let unit, let point, let assignment):
      free(unit, at: point, assignment, time)
    case .home(let unit, let trip):
      if trips[unit] == trip { place(unit, at: run.units[unit].base) }
    }
  }

  private mutating func changeShift(at time: Date) {
    let hour = day.hour(of: time)
    for (index, unit) in run.units.enumerated() {
      let isAway = scenario.absences.contains {
        $0.concerns(unit) && $0.hours.contains(hour)
      }
      let on = unit.hours.contains(hour) && !isAway
      guard on != isOn[index] else { continue }
      isOn[index] = on
      roster.put(Self.duty(unit, unitIDs[index], isOn: on))
    }
  }

  /// Gives waiting tasks whom there is: the gravest incident first, then who has waited longest.
  private mutating func serve(at time: Date) {
    waiting.removeAll { one in
      let patience =
        one.task.secondsOnScene == nil
        ? min(Self.patience, one.task.secondsToCallOff) : Self.patience
      return time.timeIntervalSince(one.since) > patience
    }
    guard !waiting.isEmpty else { return }
    let order = waiting.indices.sorted { left, right in
      let (first, second) = (waiting[left], waiting[right])
      return (day.incidents[first.incident].level, first.since, left)
        < (day.incidents[second.incident].level, second.since, right)
    }
    // Where nobody of a sort was free for one, nobody is for the next.
    var exhausted: Set<String> = []
    var served: Set<Int> = []
    for index in order {
      let one = waiting[index]
      guard !exhausted.contains(one.task.capability) else { continue }
      guard let unit = choose(for: one, at: time) else {
        exhausted.insert(one.task.capability)
        continue
      }
      if time > one.since { run.waits.append(time.timeIntervalSince(one.since)) }
      served.insert(index)
      send(unit, one.task, to: one.incident, at: time)
    }
    waiting = waiting.indices.filter { !served.contains($0) }.map { waiting[$0] }
  }

  private func choose(for one: Waiting, at time: Date) -> Int? {
    let point = day.incidents[one.incident].point
    var search = estimator.search(to: point)
    let wish = RecommendationWish(
      point: point, asOf: time, limit: 1, capabilities: [one.task.capability])
    return UnitAdvisor.choose(wish, from: roster, by: &search).first
      .flatMap { indexes[$0.member.unit.id] }
  }

  private mutating func send(_ unit: Int, _ task: WhatIfTask, to index: Int, at time: Date) {
    run.sent += 1
    let incident = day.incidents[index]
    let assignment = ids.next(AssignmentTag.self)
    roster.put(
      Commitment(
        assignmentID: assignment, unitID: unitIDs[unit], incidentID: ids.next(IncidentTag.self),
        state: .dispatched))
    busy[unit] += 1
    trips[unit] += 1
    let end: Date
    var place = incident.point
    if let stay = task.secondsOnScene {
      var search = estimator.search(to: incident.point)
      let origin = roster.position(of: unitIDs[unit]) ?? run.units[unit].base
      let way = search.estimate(from: origin, by: .car).seconds
      let arrival = time.addingTimeInterval((estimator.turnout + way).rounded())
      run.firstArrivals[index] = min(run.firstArrivals[index] ?? arrival, arrival)
      end = arrival.addingTimeInterval(stay.rounded())
    } else {
      end = time.addingTimeInterval(task.secondsToCallOff.rounded())
      place = roster.position(of: unitIDs[unit]) ?? run.units[unit].base
    }
    run.commitments[unit, default: []].append(
      time.timeIntervalSince1970..<max(time, end).timeIntervalSince1970)
    add(.free(unit: unit, at: place, assignment: assignment), at: max(time, end))
  }

  private mutating func free(
    _ unit: Int, at point: Coordinate, _ assignment: AssignmentID, _ time: Date
  ) {
    roster.put(
      Commitment(
        assignmentID: assignment, unitID: unitIDs[unit], incidentID: ids.next(IncidentTag.self),
        state: .ended))
    busy[unit] -= 1
    place(unit, at: point)
    if busy[unit] == 0 {
      let base = run.units[unit].base
      var search = estimator.search(to: base)
      let way = search.estimate(from: point, by: .car).seconds
      add(
        .home(unit: unit, trip: trips[unit]), at: time.addingTimeInterval(way.rounded()))
    }
    serve(at: time)
  }

  private mutating func place(_ unit: Int, at point: Coordinate) {
    // Always fresh: where it is, is known.
    roster.put(
      UnitPosition(coordinate: point, fixTime: .distantFuture), of: unitIDs[unit])
  }

  private static func duty(_ unit: WhatIfUnit, _ id: UnitID, isOn: Bool) -> DutyUnit {
    DutyUnit(
      id: id, callSign: unit.code, kind: .car, capabilities: [unit.capability],
      availability: isOn ? .available : .notAvailable, condition: isOn ? nil : .offDuty)
  }
}
