// Random shifts in the hall on a real store, against a model of an incident and its units together.
import Foundation
import Identifiers
import Testing

@testable import CommandDomain
@testable import CommandStore

struct HallWalkTests {
  /// What must hold whatever people do, in whatever order.
  @Test func anIncidentAndItsUnitsWalkAsTheModelDoes() async throws {
    let bench = try Bench()
    for walk in 0..<120 {
      try await bench.hall("walk-\(walk)") { hall in
        var generator = SeededGenerator(seed: UInt64(walk))
        let id = try hall.submit().incidentID
        let target = try hall.submit().incidentID
        var model = IncidentModel(classified: true)
        /// Steps taken by each assignment; 5 is cleared, -1 called off.
        var units: [Int] = []
        for step in 0..<30 {
          let assignments = try hall.writer.assignments(of: id)
          hold(assignments.map(\.state) == units.map(Self.state))
          let open = units.contains { $0 >= 0 && $0 < 5 }
          switch Int.random(in: 0..<3, using: &generator) {
          case 0:
            let move = IncidentMove.allCases.randomElement(using: &generator)!
            let before = try hall.writer.view(id)
            let refused = refusal {
              // A unit of its own for each dispatch: a walk has fewer steps than that.
              try hall.move(move, id, at: Double(step), into: target)
            }
            var next = model
            let stopped: Set<IncidentMove> = [
              .acceptDiversion, .merge, .cancel, .requestFeedback, .close,
            ]
            let allowed = next.take(move) && !(open && stopped.contains(move))
            hold((refused == nil) == allowed, "\(move) from \(model.state): \(refused ?? "")")
            if allowed {
              model = next
              if move == .dispatch { units.append(1) }
            } else {
              hold(try hall.writer.view(id) == before)
            }
          default:
            guard let index = units.indices.randomElement(using: &generator) else { continue }
            if Int.random(in: 0..<8, using: &generator) == 0 {
              let refused = refusal { try hall.callOff(assignments[index].id) }
              hold((refused == nil) == (1...3).contains(units[index]))
              if refused == nil { units[index] = -1 }
            } else {
              let next = AssignmentStep.allCases[min(max(units[index], 0), 4)]
              let refused = refusal { try hall.step(next, assignments[index].id) }
              hold((refused == nil) == (1...4).contains(units[index]))
              if refused == nil { units[index] += 1 }
            }
            let ended = !units.contains { $0 >= 0 && $0 < 5 }
            if open, ended, units.contains(5), ["active", "monitored"].contains(model.state) {
              model.state = "awaiting_feedback"
              model.changes += 1
            }
          }
          let incident = try hall.incident(id)
          hold(incident.state.rawValue == model.state)
          hold(incident.etag == String(model.changes))
        }
        // Every course of a dispatch stands where its assignment stands.
        for assignment in try hall.writer.assignments(of: id) {
          let directive: Directive = try hall.writer.existing(assignment.directiveID)
          var course = directive.courses[0]
          hold(course.follow(assignment) == false)
        }
      }
    }
  }

  private static func state(_ steps: Int) -> AssignmentState {
    let order: [AssignmentState] = [
      .assigned, .dispatched, .acknowledged, .enRoute, .onScene, .cleared,
    ]
    return steps < 0 ? .cancelled : order[steps]
  }
}
