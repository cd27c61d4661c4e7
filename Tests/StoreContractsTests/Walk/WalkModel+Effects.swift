// What a request that is not refused does: to the rows, to the log, and as its answer. Ids are
// command's to choose: the model takes them from the events, which must be where it expects them.
import QuintetAPI

extension WalkModel {
  /// Does `asked` at the second `now`.
  /// - Parameters:
  ///   - told: the events that follow in the real log; those of this request are taken off.
  /// - Returns: the answer.
  /// - Throws: `Disagreement` when the events are not those that this request brings.
  mutating func perform(
    _ asked: Asked, at now: Int, told: inout ArraySlice<Told>
  ) throws -> String {
    var scribe = Scribe(cause: "request/\(asked.id)", told: told)
    let answer: String
    switch asked.act {
    case .answer(let said):
      let call = try take(said, asked.moment, at: now, &scribe)
      scribe.write("CallReportAnswered", call.id, "", call.words)
      answer = call.words
    case .open(let call, _, let isClassed):
      answer = try open(call, isClassed: isClassed, &scribe)
    case .attach(let call, _, let incident):
      end(call, .attached, incident: incident, &scribe)
      incidents[incident]?.calls.append(call)
      incidents[incident]?.etag.count()
      answer = calls[call]?.words ?? ""
    case .end(let call, _, let outcome, let reason):
      end(call, outcome, reason: reason, &scribe)
      answer = calls[call]?.words ?? ""
    case .submit(let said, let isClassed):
      answer = try submit(said, asked.moment, isClassed: isClassed, at: now, &scribe)
    case .classify(let incident, _, let isClassed, _):
      if isClassed {
        incidents[incident]?.incidentClass = .help
        incidents[incident]?.level = .incidentLevel3
      }
      incidents[incident]?.etag.count()
      scribe.write("IncidentClassified", incident, incident, incidents[incident]?.words([]) ?? "")
      answer = incidents[incident].map(words(incident:)) ?? ""
    case .move(let step):
      move(step, &scribe)
      answer = incidents[step.incident].map(words(incident:)) ?? ""
    case .recommend(let incident):
      let id = try scribe.newID(0, "rec")
      recommendations[id] = incident
      order.recommendations.append(id)
      scribe.write("UnitsRecommended", id, incident, WalkNames.units[0])
      answer = "recommendation \(id) of \(WalkNames.units[0])"
    case .dispatch(let incident, _, let units, let recommendation):
      answer = try dispatch(incident, units, recommendation, &scribe)
    case .advance(let id, let step, _):
      answer = advance(id, to: Self.goal(of: step)?.to ?? .unspecified, note: "", &scribe)
    case .callOff(let id, let reason):
      answer = advance(id, to: .cancelled, note: reason, &scribe)
    case .draft(let order): answer = try write(order, .draft, &scribe)
    case .issue(let order): answer = try write(order, .issued, &scribe)
    case .issueDraft(let id):
      directives[id]?.change { course in course.move(to: .issued) }
      scribe.write(
        "DirectiveIssued", id, directives[id]?.incident ?? "", directives[id]?.words ?? "")
      answer = directives[id]?.words ?? ""
    case .course(let step): answer = course(step, &scribe)
    case .withdraw(let id, let reason): answer = withdraw(id, reason, &scribe)
    case .support(let step): answer = try support(step, &scribe)
    }
    log += try scribe.compared()
    told = told.dropFirst(scribe.written.count)
    return answer
  }

  private mutating func take(
    _ said: Said, _ moment: Moment, at now: Int, _ scribe: inout Scribe
  ) throws -> CallRow {
    let call = CallRow(
      id: try scribe.newID(0, "call"), source: said.source, reference: said.reference,
      hasPoint: said.hasPoint, receiveTime: moment == .earlier ? Moment.earlierSecond : now)
    calls[call.id] = call
    order.calls.append(call.id)
    if !said.reference.isEmpty { references.insert([said.source, said.reference]) }
    return call
  }

  private mutating func end(
    _ id: String, _ outcome: Quintet_Command_V1_CallOutcome, incident: String = "",
    reason: String = "", _ scribe: inout Scribe
  ) {
    guard var call = calls[id] else { return }
    (call.isActive, call.outcome, call.incident, call.reason) = (false, outcome, incident, reason)
    call.etag.count()
    calls[id] = call
    scribe.write("CallReportEnded", id, incident, call.words)
  }

  private mutating func newIncident(
    _ id: String, from call: CallRow, isClassed: Bool
  ) -> IncidentRow {
    let day = call.receiveTime < WalkClock.midnight ? "20161231" : "20170101"
    numbers[day, default: 0] += 1
    let count = String(numbers[day, default: 0])
    var row = IncidentRow(
      id: id, number: day + "-" + String(repeating: "0", count: 6 - count.count) + count,
      calls: [call.id], hasPoint: call.hasPoint)
    if isClassed { (row.incidentClass, row.level) = (.dispute, .incidentLevel4) }
    incidents[id] = row
    order.incidents.append(id)
    return row
  }

  private mutating func open(
    _ id: String, isClassed: Bool, _ scribe: inout Scribe
  ) throws -> String {
    guard let call = calls[id] else { return "" }
    let incident = newIncident(try scribe.newID(1, "inc"), from: call, isClassed: isClassed)
    end(id, .created, incident: incident.id, &scribe)
    scribe.write("IncidentOpened", incident.id, incident.id, incident.words([]))
    return "\(calls[id]?.words ?? "") + incident \(incident.id) \(incident.number) #1"
  }

  private mutating func submit(
    _ said: Said, _ moment: Moment, isClassed: Bool, at now: Int, _ scribe: inout Scribe
  ) throws -> String {
    let call = try take(said, moment, at: now, &scribe)
    let incident = newIncident(try scribe.newID(2, "inc"), from: call, isClassed: isClassed)
    scribe.write("CallReportAnswered", call.id, incident.id, call.words)
    end(call.id, .created, incident: incident.id, &scribe)
    scribe.write("IncidentOpened", incident.id, incident.id, incident.words([]))
    return "call \(call.id) + incident \(incident.id) \(incident.number) #1"
  }

  private mutating func move(_ step: IncidentStep, _ scribe: inout Scribe) {
    guard var row = incidents[step.incident] else { return }
    let from = row.state
    row.state = step.verb == .split ? row.beforeMerge : Self.goal(of: step.verb).to
    row.etag.count()
    switch step.verb {
    case .divert: row.divertedTo = step.words
    case .merge: (row.mergedInto, row.beforeMerge) = (step.into, from)
    case .split: row.mergedInto = ""
    case .submitFeedback: row.account = step.words
    case .returnFeedback: row.returns += 1
    case .reopen: row.reopenings += 1
    default: break
    }
    incidents[row.id] = row
    scribe.write("IncidentMoved", row.id, row.id, "\(row.words([])) from \(from)")
  }

  private mutating func dispatch(
    _ incident: String, _ units: [String], _ recommendation: String, _ scribe: inout Scribe
  ) throws -> String {
    guard var row = incidents[incident] else { return "" }
    let from = row.state
    row.state = .active
    row.etag.count()
    if from != .active {
      scribe.write("IncidentMoved", incident, incident, "\(row.words([])) from \(from)")
    }
    let first = from == .active ? 0 : 1
    let directive = DirectiveRow(
      id: try scribe.newID(first, "dir"), directiveClass: .dispatch, incident: incident, title: "",
      courses: units.map { CourseRow(party: Party(kind: .unit, id: $0), state: .delivered) })
    directives[directive.id] = directive
    order.directives.append(directive.id)
    row.directives.append(directive.id)
    scribe.write("DirectiveIssued", directive.id, incident, directive.words)
    var answer = [directive.words]
    for (index, unit) in units.enumerated() {
      let assignment = AssignmentRow(
        id: try scribe.newID(first + 1 + index, "asg"), incident: incident, unit: unit,
        directive: directive.id, recommendation: recommendation)
      assignments[assignment.id] = assignment
      order.assignments.append(assignment.id)
      row.assignments.append(assignment.id)
      scribe.write(
        "AssignmentMoved", assignment.id, incident,
        "\(assignment.words) from \(Quintet_Command_V1_AssignmentState.unspecified)")
      answer.append(assignment.words)
    }
    incidents[incident] = row
    return (answer + ["#\(row.etag)"]).joined(separator: " + ")
  }

  /// The assignment, the unit's course of the order, and, when nobody is left, the incident.
  private mutating func advance(
    _ id: String, to state: Quintet_Command_V1_AssignmentState, note: String,
    _ scribe: inout Scribe
  ) -> String {
    guard var row = assignments[id], var incident = incidents[row.incident] else { return "" }
    let from = row.state
    (row.state, row.note) = (state, note)
    assignments[id] = row
    scribe.write("AssignmentMoved", id, row.incident, "\(row.words) from \(from)")
    let shown: Quintet_Command_V1_DirectiveState? =
      switch state {
      case .acknowledged: .acknowledged
      case .enRoute: .inProgress
      case .cleared: .accepted
      case .cancelled: .cancelled
      default: nil
      }
    if let shown {
      let unit = Party(kind: .unit, id: row.unit)
      let before = directives[row.directive]?.courses.first { $0.party == unit }?.state
      directives[row.directive]?.change(unit) { course in
        course.move(to: shown)
        if shown == .cancelled { course.reason = note }
      }
      write(row.directive, unit, from: before ?? .unspecified, &scribe)
    }
    let others = incident.assignments.compactMap { assignments[$0] }
    if !others.contains(where: \.isOpen), others.contains(where: { $0.state == .cleared }),
      !row.isOpen, incident.state == .active || incident.state == .monitored
    {
      let before = incident.state
      incident.state = .awaitingFeedback
      incident.etag.count()
      incidents[incident.id] = incident
      scribe.write(
        "IncidentMoved", incident.id, incident.id, "\(incident.words([])) from \(before)")
    }
    return row.words
  }

  private mutating func write(
    _ order: Order, _ state: Quintet_Command_V1_DirectiveState, _ scribe: inout Scribe
  ) throws -> String {
    let row = DirectiveRow(
      id: try scribe.newID(0, "dir"), directiveClass: order.directiveClass,
      incident: order.incident, title: order.title,
      courses: order.parties.map { CourseRow(party: $0, state: state) })
    directives[row.id] = row
    self.order.directives.append(row.id)
    incidents[order.incident]?.directives.append(row.id)
    scribe.write("DirectiveIssued", row.id, order.incident, row.words)
    return row.words
  }

  private mutating func course(_ step: CourseStep, _ scribe: inout Scribe) -> String {
    guard let party = step.party,
      let before = directives[step.directive]?.courses.first(where: { $0.party == party })?.state
    else { return "" }
    directives[step.directive]?.change(party) { course in
      course.move(to: Self.goal(of: step.verb).to)
      switch step.verb {
      case .feedBack: course.account = step.words
      case .giveBack:
        course.returns += 1
        course.reason = step.words
      case .reassign: course.reason = step.words
      default: break
      }
    }
    if step.verb == .reassign {
      directives[step.directive]?.courses.append(CourseRow(party: step.to, state: .issued))
    }
    write(step.directive, party, from: before, &scribe)
    if step.verb == .reassign { write(step.directive, step.to, from: .unspecified, &scribe) }
    return directives[step.directive]?.words ?? ""
  }

  private mutating func withdraw(
    _ id: String, _ reason: String, _ scribe: inout Scribe
  ) -> String {
    let before = (directives[id]?.courses ?? []).filter { Self.withdrawable.contains($0.state) }
    directives[id]?.change { course in
      guard Self.withdrawable.contains(course.state) else { return }
      course.move(to: .cancelled)
      course.reason = reason
    }
    for course in before { write(id, course.party, from: course.state, &scribe) }
    return directives[id]?.words ?? ""
  }

  private func write(
    _ directive: String, _ party: Party, from: Quintet_Command_V1_DirectiveState,
    _ scribe: inout Scribe
  ) {
    guard let row = directives[directive],
      let course = row.courses.first(where: { $0.party == party })
    else { return }
    scribe.write(
      "DirectiveMoved", directive, row.incident,
      "\(party.id) #\(course.etag) \(course.state) from \(from)")
  }
}

/// Writes down which events a request must bring.
struct Scribe {
  let cause: String
  let told: ArraySlice<Told>
  var written: [Told] = []

  init(cause: String, told: ArraySlice<Told>) {
    self.cause = cause
    self.told = told
  }

  /// The id that the event at this place is about.
  func newID(_ offset: Int, _ prefix: String) throws -> String {
    guard let event = told.dropFirst(offset).first, event.cause == cause,
      event.subject.hasPrefix(prefix + "_")
    else {
      throw Disagreement(
        "no event of a new \(prefix) at place \(offset) by \(cause), but: \(Array(told.prefix(4)))")
    }
    return event.subject
  }

  mutating func write(_ type: String, _ subject: String, _ incident: String, _ content: String) {
    written.append(
      Told(type: type, subject: subject, incident: incident, cause: cause, content: content))
  }

  /// - Returns: the events as they are in the log.
  func compared() throws -> [Told] {
    let real = Array(told.prefix(written.count))
    for (index, expected) in written.enumerated() {
      guard var event = real.dropFirst(index).first else {
        throw Disagreement("missing event: \(expected)")
      }
      event.sequence = 0
      guard event == expected else {
        throw Disagreement("event:\n    \(event)\n  expected:\n    \(expected)")
      }
    }
    return real
  }
}

extension CourseRow {
  fileprivate mutating func move(to state: Quintet_Command_V1_DirectiveState) {
    self.state = state
    etag.count()
  }
}

extension DirectiveRow {
  /// One change of the directive, whatever it does to its courses, or to one of them.
  fileprivate mutating func change(_ party: Party? = nil, _ body: (inout CourseRow) -> Void) {
    for index in courses.indices where party == nil || courses[index].party == party {
      body(&courses[index])
    }
    etag.count()
  }
}

extension String {
  /// Etags count changes.
  fileprivate mutating func count() { self = String((Int(self) ?? 0) + 1) }
}
