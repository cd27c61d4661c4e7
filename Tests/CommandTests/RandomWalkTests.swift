// Thousands of random walks through each of the four machines, against small models that share no
// code with them.
import Classification
import Foundation
import Identifiers
import Testing

@testable import CommandDomain

struct RandomWalkTests {
  /// A report is open until something ends it.
  @Test func callReportsWalkAsTheModelDoes() throws {
    var generator = SeededGenerator(seed: 1)
    for _ in 0..<3000 {
      var call = CallReport(
        id: Sample.id("call"), content: try Sample.content(), recordTime: Sample.morning)
      var ended: CallOutcome?
      var changes = 1
      for step in 0..<5 {
        let outcome = CallOutcome.allCases.randomElement(using: &generator)!
        let reason = Bool.random(using: &generator) ? "原因" : ""
        let withIncident = Bool.random(using: &generator)
        let refused = refusal {
          if withIncident {
            try call.end(outcome, incident: Sample.id("incident"), at: Sample.time(Double(step)))
          } else {
            try call.end(outcome, reason: reason, at: Sample.time(Double(step)))
          }
        }
        let linking = outcome == .created || outcome == .attached
        let wordless = outcome == .accidental || outcome == .abandoned
        let allowed = ended == nil && (withIncident || (!linking && (wordless || reason != "")))
        hold((refused == nil) == allowed)
        if allowed {
          ended = outcome
          changes += 1
        }
        hold(call.outcome == ended)
        hold(call.revision == changes)
        hold((call.endTime != nil) == (ended != nil))
      }
    }
  }

  /// An assignment is a counter from 0 to 5, or called off; each time is written once or never.
  @Test func assignmentsWalkAsTheModelDoes() {
    var generator = SeededGenerator(seed: 2)
    let order: [AssignmentStep] = [.dispatch, .acknowledge, .depart, .arrive, .clear]
    for _ in 0..<4000 {
      var assignment = Sample.assignment()
      var done = 0
      var calledOff = false
      var times: [Date?] = [nil, nil, nil, nil, nil, nil]
      for _ in 0..<12 {
        // Late terminals report times in any order; some report none.
        let time = Sample.time(Double.random(in: -900...900, using: &generator))
        if Int.random(in: 0..<10, using: &generator) == 0 {
          let refused = refusal { try assignment.cancel(reason: "召回", at: time) }
          let allowed = !calledOff && done < 4
          hold((refused == nil) == allowed)
          if allowed {
            calledOff = true
            times[5] = time
          }
        } else {
          let index = Int.random(in: max(0, done - 1)...min(4, done + 1), using: &generator)
          let known = Int.random(in: 0..<4, using: &generator) > 0
          let refused = refusal { try assignment.advance(order[index], at: known ? time : nil) }
          let allowed = !calledOff && index == done
          hold((refused == nil) == allowed)
          if allowed {
            times[index] = known ? time : nil
            done += 1
          }
        }
        hold(assignment.times == times)
        let names = ["assigned", "dispatched", "acknowledged", "en_route", "on_scene", "cleared"]
        hold(assignment.state.rawValue == (calledOff ? "cancelled" : names[done]))
        hold(assignment.state.isOpen == (!calledOff && done < 5))
      }
    }
  }

  /// A course is a letter, and its moves are pairs of letters.
  @Test func coursesWalkAsTheModelDoes() {
    var generator = SeededGenerator(seed: 3)
    let letters: [Character: String] = [
      "d": "draft", "i": "issued", "l": "delivered", "a": "acknowledged", "p": "in_progress",
      "f": "fed_back", "o": "accepted", "r": "returned", "c": "cancelled", "x": "reassigned",
    ]
    let pairs: [CourseMove: [String]] = [
      .issue: ["di"], .deliver: ["il"], .acknowledge: ["la"], .start: ["ap", "rp"],
      .feedBack: ["pf"], .accept: ["fo"], .giveBack: ["fr"],
      .cancel: ["dc", "ic", "lc", "ac", "pc", "fc", "rc"],
      .reassign: ["ix", "lx", "ax", "px", "fx", "rx"],
    ]
    // Ends come seldom, so that walks get far.
    let likely = CourseMove.allCases.filter { $0 != .cancel && $0 != .reassign }
    for _ in 0..<4000 {
      var course = RecipientCourse(recipient: .init(kind: .beat, id: "beat-1"))
      var letter: Character = "d"
      var (changes, returns) = (1, 0)
      var urged = Urged()
      for _ in 0..<40 {
        let rare = Int.random(in: 0..<30, using: &generator) == 0
        let move = (rare ? [.cancel, .reassign] : likely).randomElement(using: &generator)!
        let refused = refusal { try course.move(move, at: Sample.morning, text: "说明") }
        let pair = pairs[move]?.first { $0.first == letter }
        hold((refused == nil) == (pair != nil))
        if let pair {
          letter = pair.last!
          changes += 1
          if letter == "r" { returns += 1 }
          if letter == "a" { urged.wasSigned = true }
        }
        urge(&course, &letter, &urged, &changes, using: &generator)
        hold(course.state.rawValue == letters[letter])
        hold(course.revision == changes)
        hold(course.returnCount == returns)
        hold(course.reminderCount == urged.reminders)
        hold(course.isRecallUnconfirmed == (urged.isRecalled && urged.wasSigned))
      }
    }
  }

  /// What the letters do not say of a course.
  private struct Urged {
    var reminders = 0
    var wasSigned = false
    /// And nobody has confirmed it.
    var isRecalled = false
  }

  /// Reminders, recalls and their confirmations between the moves.
  private func urge(
    _ course: inout RecipientCourse, _ letter: inout Character, _ urged: inout Urged,
    _ changes: inout Int, using generator: inout SeededGenerator
  ) {
    let allowed: Bool
    let refused: String?
    switch Int.random(in: 0..<90, using: &generator) {
    case 0..<8:
      refused = refusal { try course.remind(at: Sample.morning) }
      allowed = "ilapr".contains(letter)
      if allowed { urged.reminders += 1 }
    case 8:
      refused = refusal { try course.recall(at: Sample.morning, reason: "说明") }
      allowed = "ilapfr".contains(letter)
      if allowed { (letter, urged.isRecalled) = ("c", true) }
    case 9..<30:
      refused = refusal { try course.confirmRecall(at: Sample.morning) }
      allowed = urged.isRecalled && urged.wasSigned
      if allowed { urged.isRecalled = false }
    default: return
    }
    hold((refused == nil) == allowed, "\(letter)")
    if allowed { changes += 1 }
  }

  /// An incident against DOMAIN's arrows, with what its side trips must remember.
  @Test func incidentsWalkAsTheModelDoes() throws {
    var generator = SeededGenerator(seed: 4)
    for _ in 0..<4000 {
      let classified = Bool.random(using: &generator)
      var incident = try Sample.incident(classified: classified)
      var model = IncidentModel(classified: classified)
      for step in 0..<40 {
        let move = IncidentMove.allCases.randomElement(using: &generator)!
        let time = Sample.time(Double(step))
        let before = incident
        let refused = refusal { try Self.make(move, of: &incident, at: time) }
        let allowed = model.take(move)
        hold((refused == nil) == allowed, "\(move) from \(before.state)")
        if !allowed { hold(incident == before) }
        if !classified, Int.random(in: 0..<12, using: &generator) == 0 {
          let refused = refusal {
            try incident.classify(
              incidentClass: .help, level: .level3, title: nil, place: nil)
          }
          hold((refused == nil) == model.classify())
        }
        hold(incident.state.rawValue == model.state)
        hold(incident.revision == model.changes)
        hold(incident.reopenCount == model.reopened)
        hold(incident.feedback?.returnCount ?? 0 == model.returned)
        hold((incident.mergedInto != nil) == (model.state == "merged"))
        hold(incident.stateBeforeMerge?.rawValue == model.beforeMerge)
      }
    }
  }

  private static func make(
    _ move: IncidentMove, of incident: inout Incident, at time: Date
  ) throws {
    switch move {
    case .merge: _ = try incident.merge(into: Sample.id("other"), at: time)
    case .divert: _ = try incident.divert(to: "供电公司", at: time)
    case .submitFeedback:
      _ = try incident.submitFeedback(text: "已调解", disposalCode: "T1", at: time)
    case .returnFeedback: _ = try incident.returnFeedback(at: time)
    default: try incident.move(move, at: time)
    }
  }
}

/// DOMAIN's picture of an incident, in words.
struct IncidentModel {
  var classified: Bool
  var state = "new"
  var beforeMerge: String?
  var (changes, reopened, returned) = (1, 0, 0)

  init(classified: Bool) { self.classified = classified }

  mutating func take(_ move: IncidentMove) -> Bool {
    let goal: (from: [String], to: String) =
      switch move {
      case .queue: (["new", "monitored"], "queued")
      case .activate: (["new", "queued", "monitored", "awaiting_feedback"], "active")
      case .dispatch: (["new", "queued", "monitored", "awaiting_feedback", "active"], "active")
      case .monitor: (["new", "queued", "active"], "monitored")
      case .divert: (["new", "queued"], "diverted")
      case .acceptDiversion: (["diverted"], "closed")
      case .refuseDiversion: (["diverted"], "queued")
      case .merge: (["new", "queued", "active"], "merged")
      case .split: (["merged"], beforeMerge ?? "")
      case .cancel: (["new", "queued", "active"], "cancelled")
      case .requestFeedback: (["active", "monitored"], "awaiting_feedback")
      case .submitFeedback: (["awaiting_feedback"], "in_review")
      case .returnFeedback: (["in_review"], "awaiting_feedback")
      case .close: (["in_review"], "closed")
      case .reopen: (["closed", "cancelled"], "active")
      }
    guard goal.from.contains(state) else { return false }
    let waits = goal.to == "queued" || goal.to == "active"
    if waits, move != .reopen, move != .split, !classified { return false }
    beforeMerge = move == .merge ? state : nil
    state = goal.to
    changes += 1
    if move == .reopen { reopened += 1 }
    if move == .returnFeedback { returned += 1 }
    return true
  }

  mutating func classify() -> Bool {
    guard !["closed", "cancelled", "merged"].contains(state) else { return false }
    classified = true
    changes += 1
    return true
  }
}
