// Which facts of command start and end which deadlines.
import Geography
import Identifiers

extension DeadlineBook {
  /// 签收、出警、到场: from the order to each step. A later step proves the earlier ones; an arrival
  /// that was never reported is not made up when the unit clears.
  mutating func apply(_ move: AssignmentMove) throws {
    let scope = move.incident.description
    let subject = move.assignment.description
    try enter(scope)
    let mine = { (kind: DeadlineKind) in
      { (deadline: Deadline) in deadline.subject == subject && deadline.kind == kind }
    }
    switch move.state {
    case .assigned: break
    case .dispatched:
      let matter = Deadline.Matter(
        subject: subject, responsible: "unit/\(move.unit)", incidentID: move.incident, scope: scope)
      try start("sign.unit", matter)
      try start("departure", matter)
      try start("arrival.\(try areaClass(of: move.incident).rawValue)", matter)
    case .acknowledged, .enRoute, .onScene, .cleared:
      try stop(where: mine(.sign))
      if move.state >= .enRoute { try stop(where: mine(.departure)) }
      if move.state == .onScene { try stop(where: mine(.arrival)) }
      if move.state == .cleared {
        try cancel(where: mine(.arrival))
        var incident = try writer.incident(move.incident) ?? FollowedIncident(id: move.incident)
        incident.responsible = "unit/\(move.unit)"
        try writer.save(incident)
      }
    case .cancelled:
      try cancel { $0.subject == subject }
    }
  }

  private func areaClass(of id: IncidentID) throws -> AreaClass {
    guard
      let incident = try writer.incident(id), let latitude = incident.latitude,
      let longitude = incident.longitude,
      let point = try? Coordinate(latitude: latitude, longitude: longitude)
    else { return .other }
    return AreaClass(of: point, among: try writer.areas(around: point))
  }

  /// 签收、反馈: each recipient has clocks of its own.
  mutating func apply(_ issue: DirectiveIssue) throws {
    let scope = issue.incident?.description ?? issue.directive.description
    try enter(scope)
    for recipient in issue.recipients {
      try startCourse(
        Deadline.Matter(
          subject: issue.directive.description, responsible: recipient.description,
          incidentID: issue.incident, scope: scope),
        recipient.kind, issue.directiveClass)
    }
  }

  private mutating func startCourse(
    _ matter: Deadline.Matter, _ kind: Recipient.Kind, _ directiveClass: DirectiveClass
  ) throws {
    try start(kind == .unit ? "sign.unit" : "sign.station", matter)
    try start("feedback.directive.\(directiveClass.rawValue)", matter)
  }

  mutating func apply(_ move: CourseMove) throws {
    let matter = Deadline.Matter(
      subject: move.directive.description, responsible: move.recipient.description,
      incidentID: move.incident,
      scope: move.incident?.description ?? move.directive.description)
    try enter(matter.scope)
    let mine = { (kind: DeadlineKind) in
      { (deadline: Deadline) in
        deadline.subject == matter.subject && deadline.responsible == matter.responsible
          && deadline.kind == kind
      }
    }
    switch move.state {
    case .issued:
      // Someone else's part was given to this recipient, or the directive went out just now.
      try startCourse(matter, move.recipient.kind, move.directiveClass)
    case .delivered: break
    case .acknowledged, .inProgress:
      try stop(where: mine(.sign))
    case .fedBack, .accepted:
      try stop(where: mine(.sign))
      try stop(where: mine(.directiveFeedback))
      if move.state == .fedBack { try judge(move) }
    case .returned:
      try noteReturn(of: move.incident)
      try start("feedback.directive.\(move.directiveClass.rawValue)", matter)
    case .cancelled, .reassigned:
      try cancel(where: mine(.sign))
      try cancel(where: mine(.directiveFeedback))
    }
  }

  /// 警情反馈 from the end of disposal to the account; then the evaluation.
  mutating func apply(_ move: IncidentMove) throws {
    let scope = move.incident.description
    try enter(scope)
    guard move.from != move.to else { return }
    if move.from == .awaitingFeedback && move.to != .inReview {
      try cancel { $0.kind == .incidentFeedback }
    }
    if move.from == .inReview && move.to == .awaitingFeedback {
      try noteReturn(of: move.incident)
    }
    switch move.to {
    case .awaitingFeedback:
      let responsible =
        try writer.incident(move.incident)?.responsible ?? FollowedIncident.dispatchSeat
      try start(
        "feedback.incident",
        Deadline.Matter(
          subject: scope, responsible: responsible, incidentID: move.incident, scope: scope))
    case .inReview:
      try stop { $0.kind == .incidentFeedback }
      try judge(move)
    case .cancelled, .merged:
      try cancel { _ in true }
    case .closed:
      try evaluate(move.incident)
    case .new, .queued, .active, .monitored, .diverted: break
    }
  }

  private func noteReturn(of id: IncidentID?) throws {
    guard let id else { return }
    var incident = try writer.incident(id) ?? FollowedIncident(id: id)
    incident.returnCount += 1
    try writer.save(incident)
  }

  private func evaluate(_ id: IncidentID) throws {
    let tally = try writer.tally(ofScope: id.description)
    let returnCount = try writer.incident(id)?.returnCount ?? 0
    let evaluation = Evaluation(
      id: writer.mint(EvaluationTag.self), incidentID: id,
      ordinal: (try writer.evaluation(of: id)?.ordinal ?? 0) + 1,
      grade: Grade(tally, returnCount: returnCount), tally: tally, returnCount: returnCount,
      closeTime: time)
    try writer.insert(evaluation)
    writer.record(.evaluated(evaluation), incident: id, occurTime: time)
  }
}
