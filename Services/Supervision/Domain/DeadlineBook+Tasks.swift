// Which moves of a beat's tasks start and end their clocks: from the order to what was done, due when the
// task says. Whoever returns a task still owes it; whoever gets it owes it from then on.
import Foundation
import Identifiers

extension DeadlineBook {
  mutating func apply(_ move: TaskMove) throws {
    let scope = move.task.description
    try enter(scope)
    let responsible = "beat/\(move.beat)"
    switch move.state {
    case .planned: break
    case .issued, .signed, .returned:
      // Another beat's, or another due time: that clock ends, and the right one begins.
      try cancel { $0.responsible != responsible || !$0.isDue(at: move.dueTime) }
      try start(
        "task.\(move.period)",
        Deadline.Matter(
          subject: scope, responsible: responsible, incidentID: nil, scope: scope),
        due: move.dueTime)
    case .done:
      try stop { $0.kind == .task }
    case .withdrawn:
      try cancel { $0.kind == .task }
    }
  }
}

extension Deadline {
  fileprivate func isDue(at time: Date) -> Bool {
    // One that began when it was late already is due a second after its start.
    dueTime.microseconds == time.microseconds || (time < startTime && dueTime > time)
  }
}

extension Rule {
  /// The same with the limit that ends at `due`: a second at least, and a year at most.
  func ending(_ due: Date, from start: Date) -> Rule {
    var rule = self
    let seconds = Int(due.timeIntervalSince(start).rounded())
    rule.limit = min(max(seconds, Rule.secondsRange.lowerBound), Rule.secondsRange.upperBound)
    rule.warnBefore = min(rule.warnBefore, rule.limit)
    return rule
  }
}
