// What units and groups are doing, held against a small model: whatever comes in whichever order, on as
// many incidents at once as it likes, being freed on one leaves the others alone.
import DutyDomain
import DutyRPC
import DutySubscriptions
import Foundation
import Identifiers
import QuintetAPI
import SwiftProtobuf
import Testing

/// A unit of the model: its own word, and how far it ever was on each assignment.
private struct ModelUnit {
  let id: String
  let group: String?
  var own: Quintet_Duty_V1_Availability = .available
  var condition: Quintet_Duty_V1_SecondaryStatus = .unspecified
  /// By assignment: the incident, and the furthest step, 0 … 5; 5 is over.
  var assignments: [String: (incident: String, step: Int)] = [:]

  private var open: [(incident: String, step: Int)] { assignments.values.filter { $0.step < 5 } }
  var furthest: Int? { open.map(\.step).max() }
  var incidents: Set<String> { Set(open.map(\.incident)) }
  var availability: Quintet_Duty_V1_Availability { open.isEmpty ? own : .notAvailable }

  var status: Quintet_Duty_V1_SecondaryStatus { Self.status(furthest) ?? condition }

  static func status(_ step: Int?) -> Quintet_Duty_V1_SecondaryStatus? {
    step.map { [.assigned, .dispatched, .dispatched, .enRoute, .onScene][$0] }
  }
}

@Suite struct StatusWalkTests {
  private static let steps: [Quintet_Command_V1_AssignmentState] = [
    .assigned, .dispatched, .acknowledged, .enRoute, .onScene, .cleared, .cancelled,
  ]

  @Test(arguments: 1...4 as ClosedRange<UInt64>)
  func statusIsRightInEveryOrderOfEvents(seed: UInt64) async throws {
    try await Station.with { station in
      var random = Seeded(seed)
      var model = try await people(station)
      var waiting: [(unit: String, assignment: String, incident: String, step: Int)] = []
      var assignmentCount = 0
      for round in 0..<400 {
        let sign = model.keys.sorted().randomElement(using: &random) ?? ""
        switch Int.random(in: 0..<10, using: &random) {
        case 0:
          try await change(&model, sign, station, &random)
        case 1...3:
          // A new assignment, perhaps on an incident that the unit is on already: a second look.
          assignmentCount += 1
          waiting.append(
            (sign, "a\(assignmentCount)", "i\(Int.random(in: 0..<6, using: &random))", 0))
        default:
          // The next event of one of them: in order, again, far ahead, or long after others.
          guard let index = waiting.indices.randomElement(using: &random) else { continue }
          var event = waiting[index]
          let step = Int.random(in: 0..<Self.steps.count, using: &random)
          event.step = Int.random(in: 0..<3, using: &random) == 0 ? step : min(event.step + 1, 5)
          waiting[index] = event
          try await apply(event, station, &model)
        }
        if round.isMultiple(of: 20) { try await compare(model, station, "seed \(seed), \(round)") }
      }
      // To the end, in any order.
      for event in waiting.shuffled(using: &random) {
        try await apply((event.unit, event.assignment, event.incident, 5), station, &model)
        try await compare(model, station, "seed \(seed), the end")
      }
      #expect(model.values.allSatisfy { $0.incidents.isEmpty })
    }
  }

  private func people(_ station: Station) async throws -> [String: ModelUnit] {
    var model: [String: ModelUnit] = [:]
    for group in ["G1", "G2"] {
      let whole = try await station.put(group, .group)
      for number in 1...3 {
        let part = try await station.put("\(group)-\(number)", .motorcycle) {
          $0.groupID = whole.id
        }
        model[part.callSign] = ModelUnit(id: part.id, group: group)
      }
    }
    let alone = try await station.put("U", .car)
    model["U"] = ModelUnit(id: alone.id, group: nil)
    try await station.report(model.values.map { position($0.id) })
    return model
  }

  private func change(
    _ model: inout [String: ModelUnit], _ sign: String, _ station: Station,
    _ random: inout Seeded
  ) async throws {
    let availability = [
      Quintet_Duty_V1_Availability.available, .conditionallyAvailable, .notAvailable,
    ].randomElement(using: &random)
    let condition = [
      Quintet_Duty_V1_SecondaryStatus.unspecified, .staging, .offDuty,
    ].randomElement(using: &random)
    guard let unit = model[sign], let availability, let condition else { return }
    try await station.setStatus(unit.id, availability, condition)
    model[sign]?.own = availability
    model[sign]?.condition = condition
  }

  private func apply(
    _ event: (unit: String, assignment: String, incident: String, step: Int),
    _ station: Station, _ model: inout [String: ModelUnit]
  ) async throws {
    let unit = try UnitID(parsing: model[event.unit]?.id ?? "")
    try await station.apply([
      moved(event.assignment, unit: unit, incident: event.incident, to: Self.steps[event.step])
    ])
    // Called off is over, like cleared.
    let step = max(
      min(event.step, 5), model[event.unit]?.assignments[event.assignment]?.step ?? 0)
    model[event.unit]?.assignments[event.assignment] = (event.incident, step)
  }

  private func compare(
    _ model: [String: ModelUnit], _ station: Station, _ at: String
  ) async throws {
    let listed = try await call("ListUnits") {
      try await station.units.listUnits(request: .with { $0.pageSize = 500 }, context: $0).units
    }
    // The same as the roster in memory has it.
    let near = try await call("ListUnitsNearby") {
      try await station.units.listUnitsNearby(
        request: .with { $0.point = point(28, 120.6) }, context: $0
      ).units
    }
    let remembered = Dictionary(uniqueKeysWithValues: near.map { ($0.unit.callSign, $0.unit) })
    #expect(remembered.count == model.count)
    for (sign, unit) in model {
      for (source, seen) in [
        ("list", listed.first { $0.callSign == sign }), ("roster", remembered[sign]),
        ("one", try await station.getUnit(sign)),
      ] {
        let what: Comment = "\(at), \(sign), \(source)"
        #expect(seen?.availability == unit.availability, what)
        #expect(seen?.secondaryStatus == unit.status, what)
        #expect(
          Set(seen?.incidentIds ?? [])
            == Set(unit.incidents.map { id($0, IncidentTag.self).description }), what)
      }
    }
    for group in ["G1", "G2"] {
      let seen = try #require(listed.first { $0.callSign == group })
      compare(seen, with: model.values.filter { $0.group == group }, "\(at), \(group)")
    }
  }

  private func compare(
    _ seen: Quintet_Duty_V1_Unit, with parts: [ModelUnit], _ what: Comment
  ) {
    let free = parts.filter { $0.availability != .notAvailable }.count
    var availability = Quintet_Duty_V1_Availability.conditionallyAvailable
    if free == 0 {
      availability = .notAvailable
    } else if free == parts.count {
      availability = .available
    }
    #expect(seen.availability == availability, what)
    var status = Quintet_Duty_V1_SecondaryStatus.unspecified
    let shared = Set(parts.map(\.condition))
    if let busiest = ModelUnit.status(parts.compactMap(\.furthest).max()) {
      status = busiest
    } else if let only = shared.first, shared.count == 1 {
      status = only
    }
    #expect(seen.secondaryStatus == status, what)
    let incidents = Set(parts.flatMap(\.incidents).map { id($0, IncidentTag.self).description })
    #expect(Set(seen.incidentIds) == incidents, what)
    #expect(Int(seen.group.freeCount) == free, what)
  }
}
