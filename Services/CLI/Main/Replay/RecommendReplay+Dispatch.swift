// Asking the suite whom to send, and foreseeing what those will do.
import Datasets
import Foundation
import GRPCCore
import Geography
import QuintetAPI
import SwiftProtobuf
import Wire

extension RecommendReplay {
  mutating func dispatch(_ index: Int, attempt: Int, at time: Date) async throws {
    guard courses[index] != nil else { return }
    if time > through {
      let positions = positionsToTell(at: time)
      async let told: Void = Self.tell(positions, suite, journal)
      try await flush()
      try await suite.waitUntil("duty", hasReadAllOf: "command")
      try await told
    } else {
      try await flush()
    }
    let call = calls[index]
    let tasks = world.tasks(of: call)
    var sent = 0
    for (group, tasks) in Self.grouped(tasks).enumerated() {
      sent += try await send(tasks, to: index, "\(attempt):\(group)", at: time)
    }
    outcome.unitsSent += sent
    if sent == 0, attempt < Self.retryLimit {
      agenda.add(
        .dispatch(index, attempt: attempt + 1), at: time.addingTimeInterval(Self.retryInterval))
    } else if sent < tasks.count {
      outcome.callsShort += 1
    }
  }

  /// Tasks by capability, in the order of the file; as many in a group as one recommendation names.
  private static func grouped(_ tasks: [SimulatedTask]) -> [[SimulatedTask]] {
    var order: [String] = []
    var groups: [String: [SimulatedTask]] = [:]
    for task in tasks {
      if groups[task.capability] == nil { order.append(task.capability) }
      groups[task.capability, default: []].append(task)
    }
    return order.compactMap { groups[$0].map { Array($0.prefix(20)) } }
  }

  /// - Returns: how many units went.
  private mutating func send(
    _ tasks: [SimulatedTask], to index: Int, _ name: String, at time: Date
  ) async throws -> Int {
    guard let incident = courses[index]?.incidentID else { return 0 }
    let question = requests.recommend(
      calls[index], name, incident: incident, capability: tasks[0].capability, limit: tasks.count,
      at: time)
    let answer = try await suite.call(question.requestID) {
      try await suite.dispatches.recommendUnits(question, options: .item)
    }
    let chosen = Array(answer.recommendation.units.prefix(tasks.count))
    guard !chosen.isEmpty else { return 0 }
    let order = requests.dispatch(
      calls[index], name, incident: incident, units: chosen.map(\.unitID), at: time,
      recommendation: answer.recommendationID)
    let assignments = try await suite.call(order.requestID) {
      try await suite.dispatches.dispatchUnits(order, options: .item).assignments
    }
    journal.acted(2)
    for ((unit, assignment), task) in zip(zip(chosen, assignments), tasks) {
      courses[index]?.assignments[unit.callSign] = assignment.id
      courses[index]?.open += 1
      foresee(task, unit, index, at: time)
    }
    return assignments.count
  }

  /// What the unit will do, from how far it is.
  private mutating func foresee(
    _ task: SimulatedTask, _ unit: Quintet_Type_V1_RecommendedUnit, _ index: Int, at time: Date
  ) {
    let name = unit.callSign
    guard let stay = task.secondsOnScene else {
      agenda.add(
        .cancel(index, unit: name), at: time.addingTimeInterval(task.secondsToCancel.rounded()))
      return
    }
    let departure = time.addingTimeInterval(world.turnout.rounded())
    let travel = world.fit.seconds(metres: unit.distanceM)
    let arrival = departure.addingTimeInterval(travel.rounded())
    agenda.add(.step(index, .acknowledge, unit: name), at: departure)
    agenda.add(.step(index, .depart, unit: name), at: departure)
    agenda.add(.step(index, .arrive, unit: name), at: arrival)
    agenda.add(.step(index, .clear, unit: name), at: arrival.addingTimeInterval(stay.rounded()))
  }

  /// Units that have moved; all of them, before their positions grow old.
  private mutating func positionsToTell(
    at time: Date
  ) -> [Quintet_Duty_V1_ReportPositionsRequest] {
    let isDue = time.timeIntervalSince(lastReport) >= Self.reportInterval
    if isDue { lastReport = time }
    let told = units.filter { isDue || !$0.value.isReported }
    for name in told.keys { units[name]?.isReported = true }
    return told.sorted { $0.key < $1.key }.map { _, unit in
      .with {
        $0.unitID = unit.id
        $0.position.point.latitude = unit.position.latitude
        $0.position.point.longitude = unit.position.longitude
        $0.position.point.datum = .wgs84
        $0.position.fixTime = time.timestamp
      }
    }
  }

  private static func tell(
    _ positions: [Quintet_Duty_V1_ReportPositionsRequest], _ suite: SuiteCalls,
    _ journal: ReplayJournal
  ) async throws {
    guard !positions.isEmpty else { return }
    let answer = try await suite.call("ReportPositions") {
      try await suite.units.reportPositions(
        request: StreamingClientRequest { writer in
          for position in positions { try await writer.write(position) }
        }, options: .item)
    }
    if let problem = answer.problems.first { journal.failed("ReportPositions", problem.words) }
  }
}
