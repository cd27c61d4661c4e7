// Every reason for which a request is refused. Which one is told when there are several is nobody's
// promise, but a mistake in the request itself is told before anything is looked at.
import GRPCCore
import QuintetAPI

extension WalkModel {
  /// - Returns: what may be told; empty when it must be done.
  func refusals(_ asked: Asked) -> Set<Refused> {
    let mistakes = Self.mistakes(asked)
    return mistakes.isEmpty ? obstacles(asked.act) : mistakes
  }

  /// What is wrong with the request whatever the state of things.
  static func mistakes(_ asked: Asked) -> Set<Refused> {
    var found: Set<Refused> = []
    func invalid(_ reason: String, _ field: String) {
      found.insert(Refused(.invalidArgument, reason, field))
    }
    func id(_ text: String, _ prefix: String, _ field: String, isOptional: Bool = false) {
      if text.isEmpty {
        if !isOptional { invalid("REQUIRED", field) }
      } else if !text.hasPrefix(prefix + "_") || text.count != prefix.count + 27 {
        invalid("ID_INVALID", field)
      }
    }
    func words(_ text: String, _ field: String) { if text.isEmpty { invalid("REQUIRED", field) } }

    if asked.id.isEmpty { invalid("REQUIRED", "request_id") }
    var timeField = "occur_time"
    switch asked.act {
    case .answer, .submit: timeField = "content.receive_time"
    case .open(let call, _, _): id(call, "call", "call_report_id")
    case .attach(let call, _, let incident):
      id(call, "call", "call_report_id")
      id(incident, "inc", "incident_id")
    case .end(let call, _, let outcome, _):
      id(call, "call", "call_report_id")
      if outcome == .unspecified { invalid("UNSPECIFIED", "outcome") }
    case .classify(let incident, _, _, _): id(incident, "inc", "incident_id")
    case .move(let step):
      id(step.incident, "inc", "incident_id")
      switch step.verb {
      case .split, .cancel, .returnFeedback, .reopen: words(step.words, "reason")
      case .divert: words(step.words, "authority")
      case .submitFeedback: words(step.words, "text")
      case .merge: id(step.into, "inc", "into_incident_id")
      default: break
      }
    case .recommend(let incident): id(incident, "inc", "incident_id")
    case .dispatch(let incident, _, let units, let recommendation):
      id(incident, "inc", "incident_id")
      id(recommendation, "rec", "recommendation_id", isOptional: true)
      if units.isEmpty { invalid("REQUIRED", "unit_ids") }
      for (index, unit) in units.enumerated() where units[..<index].contains(unit) {
        invalid("DUPLICATE", "unit_ids[\(index)]")
      }
    case .advance(let assignment, let step, _):
      id(assignment, "asg", "assignment_id")
      if step == .unspecified { invalid("UNSPECIFIED", "step") }
    case .callOff(let assignment, let reason):
      id(assignment, "asg", "assignment_id")
      words(reason, "reason")
    case .draft(let order), .issue(let order):
      id(order.incident, "inc", "content.incident_id", isOptional: true)
      words(order.title, "content.title")
      if order.parties.isEmpty { invalid("REQUIRED", "content.recipients") }
      for (index, party) in order.parties.enumerated() where order.parties[..<index].contains(party)
      {
        invalid("DUPLICATE", "content.recipients[\(index)]")
      }
    case .issueDraft(let directive): id(directive, "dir", "draft_id")
    case .course(let step):
      id(step.directive, "dir", "directive_id")
      if step.party == nil { invalid("REQUIRED", "recipient") }
      if step.verb == .feedBack { words(step.words, "text") }
      if step.verb == .giveBack || step.verb == .reassign { words(step.words, "reason") }
    case .withdraw(let directive, let reason):
      id(directive, "dir", "directive_id")
      words(reason, "reason")
    case .support(let step):
      switch step.verb {
      case .ask:
        id(step.incident, "inc", "incident_id")
        words(step.words, "title")
      case .add, .take: id(step.request, "sup", "support_request_id")
      case .answer, .giveBack, .solve, .giveUp, .withdraw:
        id(step.request, "sup", "support_request_id")
        words(step.words, step.verb == .answer ? "text" : "reason")
      }
      if step.verb.isOfPart, step.number == 0 { invalid("REQUIRED", "part_number") }
    }
    if asked.moment == .later { invalid("TIME_IN_FUTURE", timeField) }
    return found
  }

  /// What stands in the way of a request that makes sense.
  private func obstacles(_ act: Act) -> Set<Refused> {
    switch act {
    case .answer(let said), .submit(let said, _):
      references.contains([said.source, said.reference])
        ? [Refused(.alreadyExists, "EXTERNAL_REFERENCE_KNOWN", "content.external_reference")] : []
    case .open(let call, let etag, _): obstacles(call: call, etag)
    case .attach(let call, let etag, let incident):
      obstacles(call: call, etag).union(obstacles(ended: incident, "incident_id"))
    case .end(let call, let etag, let outcome, let reason):
      obstacles(call: call, etag).union(obstacles(outcome, reason))
    case .classify(let incident, let etag, let isClassed, let title):
      obstacles(incident: incident, etag).union(obstacles(ended: incident, "incident_id")).union(
        isClassed || !title.isEmpty ? [] : [Refused(.invalidArgument, "NOTHING_TO_CHANGE")])
    case .move(let step): obstacles(step)
    case .recommend(let incident):
      obstacles(incident: incident, "").union(
        incidents[incident]?.hasPoint == false ? [.precondition("LOCATION_REQUIRED")] : [])
    case .dispatch(let incident, let etag, let units, let recommendation):
      obstacles(dispatch: incident, etag, units, recommendation)
    case .advance(let assignment, let step, _): obstacles(assignment, step)
    case .callOff(let id, _):
      switch assignments[id]?.state {
      case nil: [Refused(.notFound, "ASSIGNMENT_UNKNOWN", "assignment_id")]
      case .assigned, .dispatched, .acknowledged, .enRoute: []
      default: [.move]
      }
    case .draft(let order): obstacles(order, mayHaveEnded: true)
    case .issue(let order): obstacles(order, mayHaveEnded: false)
    case .issueDraft(let id):
      if let row = directives[id] {
        Set(row.state == .draft ? [] : [Refused.move]).union(
          row.incident.isEmpty ? [] : obstacles(ended: row.incident, "content.incident_id"))
      } else {
        [Refused(.notFound, "DIRECTIVE_UNKNOWN", "draft_id")]
      }
    case .course(let step): obstacles(step)
    case .withdraw(let id, _):
      if let row = directives[id] {
        row.directiveClass == .dispatch
          ? [.precondition("COURSE_FOLLOWS_ASSIGNMENT")]
          : row.courses.contains { Self.withdrawable.contains($0.state) } ? [] : [.move]
      } else {
        [Refused(.notFound, "DIRECTIVE_UNKNOWN", "directive_id")]
      }
    case .support(let step): obstacles(asked: step)
    }
  }

  private func obstacles(asked step: SupportStep) -> Set<Refused> {
    step.verb == .ask ? obstacles(ended: step.incident, "incident_id") : obstacles(step)
  }

  private func obstacles(call id: String, _ etag: String) -> Set<Refused> {
    guard let row = calls[id] else {
      return [Refused(.notFound, "CALL_REPORT_UNKNOWN", "call_report_id")]
    }
    return Self.obstacles(etag, row.etag).union(
      row.isActive ? [] : [.precondition("CALL_REPORT_ENDED")])
  }

  private func obstacles(
    _ outcome: Quintet_Command_V1_CallOutcome, _ reason: String
  ) -> Set<Refused> {
    switch outcome {
    case .created, .attached: [Refused(.invalidArgument, "OUTCOME_NOT_ALLOWED", "outcome")]
    case .advised, .diverted, .hoax:
      reason.isEmpty ? [Refused(.invalidArgument, "REQUIRED", "reason")] : []
    default: []
    }
  }

  private static func obstacles(_ etag: String, _ current: String) -> Set<Refused> {
    etag.isEmpty || etag == current ? [] : [Refused(.aborted, "ETAG_MISMATCH", "etag")]
  }

  private func obstacles(incident id: String, _ etag: String) -> Set<Refused> {
    incidents[id].map { Self.obstacles(etag, $0.etag) }
      ?? [Refused(.notFound, "INCIDENT_UNKNOWN", "incident_id")]
  }

  private func obstacles(ended id: String, _ field: String) -> Set<Refused> {
    incidents[id].map { $0.isEnded ? [.precondition("INCIDENT_ENDED")] : [] }
      ?? [Refused(.notFound, "INCIDENT_UNKNOWN", field)]
  }

  /// DOMAIN.md: which state each verb leads to, from which.
  static func goal(
    of verb: IncidentVerb
  ) -> (from: [Quintet_Command_V1_IncidentState], to: Quintet_Command_V1_IncidentState) {
    switch verb {
    case .queue: ([.new, .monitored], .queued)
    case .activate: ([.new, .queued, .monitored, .awaitingFeedback], .active)
    case .monitor: ([.new, .queued, .active], .monitored)
    case .divert: ([.new, .queued], .diverted)
    case .acceptDiversion: ([.diverted], .closed)
    case .refuseDiversion: ([.diverted], .queued)
    case .merge: ([.new, .queued, .active], .merged)
    case .split: ([.merged], .unspecified)
    case .cancel: ([.new, .queued, .active], .cancelled)
    case .requestFeedback: ([.active, .monitored], .awaitingFeedback)
    case .submitFeedback: ([.awaitingFeedback], .inReview)
    case .returnFeedback: ([.inReview], .awaitingFeedback)
    case .close: ([.inReview], .closed)
    case .reopen: ([.closed, .cancelled], .active)
    }
  }

  private func obstacles(_ step: IncidentStep) -> Set<Refused> {
    var found = obstacles(incident: step.incident, step.etag)
    if step.verb == .merge { found.formUnion(obstacles(merge: step.incident, into: step.into)) }
    guard let row = incidents[step.incident] else { return found }
    if !Self.goal(of: step.verb).from.contains(row.state) { found.insert(.move) }
    switch step.verb {
    case .queue, .activate, .refuseDiversion:
      if !row.isClassed { found.insert(.precondition("CLASSIFICATION_INCOMPLETE")) }
    case .acceptDiversion, .merge, .cancel, .requestFeedback, .close:
      if row.assignments.contains(where: { assignments[$0]?.isOpen == true }) {
        found.insert(.precondition("ASSIGNMENT_OPEN"))
      }
    default: break
    }
    if step.verb == .close || step.verb == .acceptDiversion {
      if row.directives.contains(where: isUnanswered) {
        found.insert(.precondition("DIRECTIVE_UNANSWERED"))
      }
      if supports.values.contains(where: { $0.incident == step.incident && $0.ending == nil }) {
        found.insert(.precondition("SUPPORT_OPEN"))
      }
    }
    return found
  }

  private func obstacles(merge id: String, into target: String) -> Set<Refused> {
    if target == id { return [Refused(.invalidArgument, "SAME_INCIDENT", "into_incident_id")] }
    guard let row = incidents[target] else {
      return [Refused(.notFound, "INCIDENT_UNKNOWN", "into_incident_id")]
    }
    return row.isEnded ? [.precondition("TARGET_ENDED")] : []
  }

  private func obstacles(
    dispatch id: String, _ etag: String, _ units: [String], _ recommendation: String
  ) -> Set<Refused> {
    var found = obstacles(incident: id, etag)
    guard let row = incidents[id] else { return found }
    if ![.new, .queued, .monitored, .awaitingFeedback, .active].contains(row.state) {
      found.insert(.move)
    }
    if !row.isClassed { found.insert(.precondition("CLASSIFICATION_INCOMPLETE")) }
    if !recommendation.isEmpty, recommendations[recommendation] != id {
      found.insert(Refused(.notFound, "RECOMMENDATION_UNKNOWN", "recommendation_id"))
    }
    let busy = row.assignments.compactMap { assignments[$0] }.filter(\.isOpen).map(\.unit)
    if units.contains(where: busy.contains) {
      found.insert(Refused(.alreadyExists, "UNIT_ALREADY_ASSIGNED", "unit_ids"))
    }
    return found
  }

  private func obstacles(
    _ assignment: String, _ step: Quintet_Command_V1_AssignmentStep
  ) -> Set<Refused> {
    guard let row = assignments[assignment] else {
      return [Refused(.notFound, "ASSIGNMENT_UNKNOWN", "assignment_id")]
    }
    return Self.goal(of: step)?.from == row.state ? [] : [.move]
  }

  static func goal(
    of step: Quintet_Command_V1_AssignmentStep
  ) -> (from: Quintet_Command_V1_AssignmentState, to: Quintet_Command_V1_AssignmentState)? {
    switch step {
    case .dispatch: (.assigned, .dispatched)
    case .acknowledge: (.dispatched, .acknowledged)
    case .depart: (.acknowledged, .enRoute)
    case .arrive: (.enRoute, .onScene)
    case .clear: (.onScene, .cleared)
    default: nil
    }
  }

  private func obstacles(_ order: Order, mayHaveEnded: Bool) -> Set<Refused> {
    var found: Set<Refused> = []
    if order.directiveClass == .dispatch {
      found.insert(
        Refused(.invalidArgument, "DISPATCH_CLASS_RESERVED", "content.directive_class"))
    }
    if !order.incident.isEmpty {
      let ended = obstacles(ended: order.incident, "content.incident_id")
      found.formUnion(ended.filter { !mayHaveEnded || $0.code == .notFound })
    }
    return found
  }

  static let withdrawable: [Quintet_Command_V1_DirectiveState] = [
    .draft, .issued, .delivered, .acknowledged, .inProgress, .fedBack, .returned,
  ]

  static func goal(
    of verb: CourseVerb
  ) -> (from: [Quintet_Command_V1_DirectiveState], to: Quintet_Command_V1_DirectiveState) {
    switch verb {
    case .deliver: ([.issued], .delivered)
    case .acknowledge: ([.delivered], .acknowledged)
    case .start: ([.acknowledged, .returned], .inProgress)
    case .feedBack: ([.inProgress], .fedBack)
    case .accept: ([.fedBack], .accepted)
    case .giveBack: ([.fedBack], .returned)
    case .reassign:
      ([.issued, .delivered, .acknowledged, .inProgress, .fedBack, .returned], .reassigned)
    }
  }

  private func obstacles(_ step: CourseStep) -> Set<Refused> {
    guard let row = directives[step.directive] else {
      return [Refused(.notFound, "DIRECTIVE_UNKNOWN", "directive_id")]
    }
    var found: Set<Refused> = []
    if row.directiveClass == .dispatch { found.insert(.precondition("COURSE_FOLLOWS_ASSIGNMENT")) }
    if let course = row.courses.first(where: { $0.party == step.party }) {
      found.formUnion(Self.obstacles(step.etag, course.etag))
      if !Self.goal(of: step.verb).from.contains(course.state) { found.insert(.move) }
    } else {
      found.insert(Refused(.notFound, "RECIPIENT_UNKNOWN", "recipient"))
    }
    if step.verb == .reassign, row.courses.contains(where: { $0.party == step.to }) {
      found.insert(Refused(.alreadyExists, "RECIPIENT_KNOWN", "to"))
    }
    return found
  }
}

extension Refused {
  static let move = precondition("MOVE_NOT_ALLOWED")

  static func precondition(_ reason: String) -> Refused { Refused(.failedPrecondition, reason) }
}
