// Plays the acts of one incident, each after the one before it is durable. Steps of units that follow
// each other go out together, in order; the stream keeps them so.
import Datasets
import Foundation
import GRPCCore
import QuintetAPI

struct IncidentPlayer: Sendable {
  let suite: SuiteCalls
  let call: FireCall
  let fleet: ReplayFleet
  let requests: ReplayRequests
  let journal: ReplayJournal
  let steps: StepPipeline

  /// - Returns: the call as it is then; broken when an act was refused, and the failure is in the
  ///   journal.
  func play(_ acts: [FireAct], on replayed: ReplayedCall) async throws -> ReplayedCall {
    var replayed = replayed
    var waiting: [FireAct] = []
    do {
      for act in acts {
        try suite.patience.interruption.check()
        if case .step = act.kind {
          waiting.append(act)
          continue
        }
        try await send(&waiting, replayed)
        try await play(act, &replayed)
        journal.acted()
      }
      try await send(&waiting, replayed)
    } catch let refusal as Refusal {
      journal.failed(refusal.what, refusal.why)
      replayed.isBroken = true
    } catch let error as RPCError {
      journal.failed("call \(call.number)", words(for: error))
      replayed.isBroken = true
    }
    return replayed
  }

  private struct Refusal: Error {
    let what: String
    let why: String
  }

  private func assignment(of unit: String, _ replayed: ReplayedCall) throws -> String {
    guard let id = replayed.assignments[unit] else {
      throw Refusal(what: "call \(call.number), unit \(unit)", why: "was never dispatched")
    }
    return id
  }

  private func send(_ waiting: inout [FireAct], _ replayed: ReplayedCall) async throws {
    let stream = try waiting.compactMap { act in
      guard case .step(let step, let unit, let timeKnown) = act.kind else {
        return nil as Quintet_Command_V1_StreamAssignmentStepsRequest?
      }
      return requests.step(
        call, step, unit: unit, assignment: try assignment(of: unit, replayed), at: act.occurTime,
        timeKnown: timeKnown)
    }
    waiting = []
    for answer in try await steps.sendAll(stream) {
      if case .error(let problem) = answer.result {
        throw Refusal(what: answer.requestID, why: problem.words)
      }
      journal.acted()
    }
  }

  private func play(_ act: FireAct, _ replayed: inout ReplayedCall) async throws {
    let incident = replayed.incidentID
    let time = act.occurTime
    switch act.kind {
    case .step:
      break  // Sent by `send`.
    case .dispatch(let units, let timeKnown):
      let assignments = try await dispatch(units, incident, at: time, timeKnown)
      for (unit, assignment) in zip(units, assignments) {
        replayed.assignments[unit] = assignment.id
      }
    case .cancel(let unit, let timeKnown):
      let request = requests.cancel(
        call, unit: unit, assignment: try assignment(of: unit, replayed), at: time,
        timeKnown: timeKnown)
      _ = try await suite.call(request.requestID) {
        try await suite.dispatches.cancelAssignment(request, options: .item)
      }
    case .queue:
      let request = requests.queue(call, incident: incident, at: time)
      _ = try await suite.call(request.requestID) {
        try await suite.incidents.queueIncident(request, options: .item)
      }
    case .requestFeedback, .feedback, .close:
      try await finish(act.kind, incident, at: time)
    }
  }

  private func dispatch(
    _ units: [String], _ incident: String, at time: Date, _ timeKnown: Bool
  ) async throws -> [Quintet_Command_V1_Assignment] {
    let request = requests.dispatch(
      call, units[0], incident: incident, units: units.compactMap { fleet.ids[$0] }, at: time,
      instruction: timeKnown ? "" : "派出时间未记录。When it was sent was not recorded.")
    return try await suite.call(request.requestID) {
      try await suite.dispatches.dispatchUnits(request, options: .item).assignments
    }
  }

  private func finish(_ kind: FireAct.Kind, _ incident: String, at time: Date) async throws {
    switch kind {
    case .requestFeedback:
      let request = requests.requestFeedback(call, incident: incident, at: time)
      _ = try await suite.call(request.requestID) {
        try await suite.reviews.requestFeedback(request, options: .item)
      }
    case .feedback:
      let request = requests.feedback(call, incident: incident, text: call.account, at: time)
      _ = try await suite.call(request.requestID) {
        try await suite.reviews.submitIncidentFeedback(request, options: .item)
      }
    default:
      let request = requests.close(call, incident: incident, at: time)
      _ = try await suite.call(request.requestID) {
        try await suite.reviews.closeIncident(request, options: .item)
      }
    }
  }
}
