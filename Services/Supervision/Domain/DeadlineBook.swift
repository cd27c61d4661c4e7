// The one way in which facts touch deadlines. Before a fact of a scope is applied, everything that
// fell due in that scope by then is fired, each step at its own time: so the rows and events that
// remain are the same whether or not the clock came by in between.
public import Foundation
import Geography
import Identifiers

/// Applies one fact through a writer.
public struct DeadlineBook {
  let writer: any SupervisionWriter
  /// When the fact happened.
  let time: Date
  private var scope = ""
  /// The open deadlines of the scope, in an order that no clock has a part in.
  private(set) var open: [Deadline] = []

  /// Applies `fact`, which happened at `time`, exactly as told by the writer's cause.
  /// - Throws: `SupervisionError.ruleUnknown`; what the writer throws.
  public static func apply(_ fact: Fact, at time: Date, in writer: any SupervisionWriter) throws {
    var book = DeadlineBook(writer: writer, time: time)
    try book.apply(fact)
  }

  private init(writer: any SupervisionWriter, time: Date) {
    self.writer = writer
    self.time = time
  }

  private mutating func apply(_ fact: Fact) throws {
    switch fact {
    case .assignmentMoved(let move): try apply(move)
    case .directiveIssued(let issue): try apply(issue)
    case .courseMoved(let move): try apply(move)
    case .supportMoved(let move): try apply(move)
    case .incidentPlaced(let id, let point):
      try enter(id.description)
      var incident = try writer.incident(id) ?? FollowedIncident(id: id)
      incident.latitude = point?.latitude
      incident.longitude = point?.longitude
      try writer.save(incident)
    case .incidentMoved(let move): try apply(move)
    case .memberMoved(let move): try apply(move)
    case .topicTied(let topic, let incident):
      try enter(topic.description)
      // A topic is tied once; its first response is awaited once.
      guard try !writer.hasDeadline(.opinionResponse, subject: scope) else { return }
      try start(
        "opinion.response",
        Deadline.Matter(
          subject: scope, responsible: "seat/opinion", incidentID: incident, scope: scope))
    case .topicAnswered(let topic, _):
      try enter(topic.description)
      try stop { $0.kind == .opinionResponse }
    case .orgUnitDefined(let orgUnit, let parent):
      try writer.save(orgUnit, under: parent)
    case .unitDefined(let unit, let orgUnit):
      try writer.save(unit, of: orgUnit)
    case .areaDefined(let area):
      try writer.save(area)
    case .taskMoved(let move): try apply(move)
    case .lookUpMade(let lookUp):
      try LookUpWatch.apply(lookUp, in: writer)
    }
  }

  /// Fires what fell due in the scope, and looks at what is still open.
  mutating func enter(_ scope: String) throws {
    self.scope = scope
    open = try Timekeeping.fire(writer.openDeadlines(inScope: scope), upTo: time, in: writer)
  }

  /// Starts a deadline, unless the same is open already.
  /// - Parameters:
  ///   - due: for what brings its own due time; nil for the rule's.
  ///   - limit: where somebody else says how long it may take: seconds, from the rule's.
  mutating func start(
    _ code: String, _ matter: Deadline.Matter, due: Date? = nil, limit: (Int) -> Int = { $0 }
  ) throws {
    guard var rule = try writer.rule(code) else { throw SupervisionError.ruleUnknown(code) }
    if let due { rule = rule.ending(due, from: time) }
    rule.limit = min(max(limit(rule.limit), 1), Rule.secondsRange.upperBound)
    rule.warnBefore = min(rule.warnBefore, rule.limit)
    let isOpen = open.contains {
      $0.kind == rule.kind && $0.subject == matter.subject
        && $0.responsible == matter.responsible
    }
    guard !isOpen else { return }
    let deadline = Deadline(
      id: writer.mint(DeadlineTag.self), rule: rule, matter: matter,
      mode: try writer.clockState().mode, startTime: time, startCause: writer.cause,
      trace: writer.trace)
    try writer.insert(deadline)
    writer.record(.started(deadline), incident: matter.incidentID, occurTime: time)
    open.append(deadline)
  }

  mutating func stop(where isMeant: (Deadline) -> Bool) throws {
    try end(where: isMeant) { $0.stop(at: $1) }
  }

  mutating func cancel(where isMeant: (Deadline) -> Bool) throws {
    try end(where: isMeant) { $0.cancel(at: $1) }
  }

  private mutating func end(
    where isMeant: (Deadline) -> Bool, _ move: (inout Deadline, Date) -> Bool
  ) throws {
    for index in open.indices where isMeant(open[index]) {
      let from = open[index].state
      guard move(&open[index], time) else { continue }
      try writer.update(open[index])
      writer.record(
        .stopped(open[index], from: from), incident: open[index].incidentID, occurTime: time)
    }
    open.removeAll { !$0.state.isOpen }
  }
}
