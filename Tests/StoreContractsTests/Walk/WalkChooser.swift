// Chance: what is asked next. Mostly what the state of things allows, so that walks get far; now and
// then what makes no sense at all.
import Foundation
import Identifiers
import QuintetAPI

/// SplitMix64 (Steele, Lea, Flood 2014): a failure seen once can be seen again.
struct Chance: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// True in so many of a hundred cases.
  mutating func percent(_ share: Int) -> Bool { Int.random(in: 0..<100, using: &self) < share }

  mutating func one<Element>(of elements: [Element]) -> Element? {
    elements.randomElement(using: &self)
  }
}

enum WalkNames {
  static let units: [String] = {
    var mint = IdentifierMint(service: "walk", cause: "units", now: Date(timeIntervalSince1970: 0))
    return (0..<5).map { _ in mint.next(UnitTag.self).description }
  }()

  /// Well-formed, and nobody's.
  static let strangers: [String: String] = {
    var mint = IdentifierMint(service: "walk", cause: "nobody", now: Date(timeIntervalSince1970: 0))
    return [
      "call": mint.next(CallReportTag.self).description,
      "inc": mint.next(IncidentTag.self).description,
      "asg": mint.next(AssignmentTag.self).description,
      "dir": mint.next(DirectiveTag.self).description,
      "rec": mint.next(RecommendationTag.self).description,
      "sup": mint.next(SupportRequestTag.self).description,
    ]
  }()

  static let parties: [Party] =
    (1...4).map { Party(kind: .station, id: "station-\($0)") }
    + [Party(kind: .seat, id: "seat-1"), Party(kind: .unit, id: units[0])]

  /// Says what was done; long enough for supervision.
  static let account = "双方当场和解并各自离开现场"
  /// Says nothing.
  static let filler = "已处理"
}

struct Chooser {
  let model: WalkModel
  /// How many of the newest things of each kind are chosen from.
  var reach = 24
  var chance: Chance

  mutating func act() -> Act {
    switch Int.random(in: 0..<100, using: &chance) {
    case ..<8: .answer(said())
    case ..<17: call()
    case ..<27: .submit(said(), isClassed: chance.percent(85))
    case ..<31: classify()
    case ..<48: move()
    case ..<56: dispatch()
    case ..<70: advance()
    case ..<73: .recommend(incident: incident { !$0.isEnded })
    case ..<81: order()
    case ..<89: course()
    case ..<92: forbidden()
    case ..<98: .support(support())
    default: .withdraw(directive: directive { $0.state != .accepted }, reason: words())
    }
  }

  mutating func moment() -> Moment {
    chance.percent(90) ? .now : chance.percent(80) ? .earlier : .later
  }

  private mutating func support() -> SupportStep {
    let rows = model.supports
    let isNew = rows.isEmpty || chance.percent(20)
    let request = id("sup", model.supportOrder) { rows[$0]?.ending == nil }
    let row = rows[request]
    var verbs: [SupportVerb] = [.add, .take, .take, .answer, .answer, .giveBack]
    if chance.percent(20) { verbs = [.solve, .giveUp, .withdraw] }
    let verb = isNew ? .ask : chance.one(of: verbs) ?? .take
    // Mostly a part that the verb fits.
    let fitting = row?.parts.filter {
      verb == .take ? $0.state == .offered : verb == .answer ? $0.state == .taken : $0.isOpen
    }
    let part = chance.percent(80) ? chance.one(of: fitting ?? []) : chance.one(of: row?.parts ?? [])
    let current = verb.isOfPart ? part?.etag : row?.etag
    return SupportStep(
      verb: verb, request: isNew ? "" : request, incident: isNew ? incident { !$0.isEnded } : "",
      number: part?.number ?? Int.random(in: 0...3, using: &chance),
      seat: chance.one(of: ["video", "traffic", "networks", "drones"]) ?? "video",
      etag: isNew ? "" : etag(current.map { "\($0)" }), words: words())
  }

  private mutating func said() -> Said {
    var said = Said(narrative: "事由 \(Int.random(in: 0..<1000, using: &chance))")
    said.hasPoint = chance.percent(90)
    if chance.percent(25) {
      said.source = "12345"
      said.reference = "ref-\(Int.random(in: 0..<400, using: &chance))"
    }
    return said
  }

  private mutating func words() -> String {
    chance.percent(4) ? "" : chance.percent(15) ? WalkNames.filler : WalkNames.account
  }

  private mutating func etag(_ current: String?) -> String {
    if chance.percent(60) { return "" }
    return chance.percent(80) ? current ?? "1" : String((Int(current ?? "") ?? 0) + 1)
  }

  private mutating func id(
    _ prefix: String, _ known: [String], _ isWanted: (String) -> Bool
  ) -> String {
    switch Int.random(in: 0..<200, using: &chance) {
    case 0: return ""
    case 1: return "nonsense"
    case 2: return WalkNames.strangers["call"] ?? ""
    case 3: return WalkNames.strangers[prefix] ?? ""
    default: break
    }
    let near = known.suffix(reach)
    let wanted = chance.percent(85) ? near.filter(isWanted) : []
    return chance.one(of: wanted) ?? chance.one(of: Array(near)) ?? WalkNames.strangers[prefix]
      ?? ""
  }

  private mutating func incident(_ isWanted: (IncidentRow) -> Bool) -> String {
    let rows = model.incidents
    return id("inc", model.order.incidents) { rows[$0].map(isWanted) ?? false }
  }

  private mutating func directive(_ isWanted: (DirectiveRow) -> Bool) -> String {
    let rows = model.directives
    return id("dir", model.order.directives) { rows[$0].map(isWanted) ?? false }
  }

  private mutating func call() -> Act {
    let rows = model.calls
    let call = id("call", model.order.calls) { rows[$0]?.isActive ?? false }
    let etag = etag(model.calls[call]?.etag)
    switch Int.random(in: 0..<10, using: &chance) {
    case ..<4: return .open(call: call, etag: etag, isClassed: chance.percent(80))
    case ..<7: return .attach(call: call, etag: etag, incident: incident { !$0.isEnded })
    default:
      let outcome =
        chance.percent(4)
        ? .unspecified
        : chance.one(of: [
          Quintet_Command_V1_CallOutcome.created, .attached, .advised, .diverted, .hoax,
          .accidental, .abandoned, .advised, .hoax, .accidental,
        ]) ?? .hoax
      return .end(call: call, etag: etag, outcome: outcome, reason: words())
    }
  }

  private mutating func classify() -> Act {
    let rare = chance.percent(50) ? incidentByState(incidents(reach)) { _ in true } : nil
    let incident = rare?.id ?? incident { !$0.isEnded }
    return .classify(
      incident: incident, etag: etag(model.incidents[incident]?.etag),
      isClassed: chance.percent(80), title: chance.percent(50) ? "新标题" : "")
  }

  /// From states that are met as often as others.
  private mutating func incidentByState(
    _ rows: [IncidentRow], _ isWanted: (IncidentRow) -> Bool
  ) -> IncidentRow? {
    chance.one(of: chance.one(of: Self.byState(rows.filter(isWanted), \.state)) ?? [])
  }

  private static func byState<Row, State: Hashable>(
    _ rows: [Row], _ state: (Row) -> State
  ) -> [[Row]] {
    Array(Dictionary(grouping: rows, by: state).sorted { "\($0.key)" < "\($1.key)" }.map(\.value))
  }

  private func incidents(_ reach: Int) -> [IncidentRow] {
    model.order.incidents.suffix(reach).compactMap { model.incidents[$0] }
  }

  private mutating func move() -> Act {
    let rare = chance.percent(60) ? incidentByState(incidents(reach)) { _ in true } : nil
    let id = rare?.id ?? incident { _ in true }
    var verbs = IncidentVerb.allCases
    if let row = model.incidents[id], chance.percent(80) {
      verbs = verbs.filter { WalkModel.goal(of: $0).from.contains(row.state) }
      // Ends come seldom.
      if chance.percent(70) { verbs.removeAll { $0 == .merge || $0 == .cancel || $0 == .divert } }
    }
    let isInvited = chance.percent(70)
    return .move(
      IncidentStep(
        verb: chance.one(of: verbs) ?? .split, incident: id,
        etag: etag(model.incidents[id]?.etag), words: words(),
        into: chance.percent(5) ? id : incident { $0.isEnded != isInvited }))
  }

  /// A move that the tables do not have, with nothing else wrong: what is only ever refused for two
  /// reasons tries neither.
  private mutating func forbidden() -> Act {
    let assignments = model.order.assignments.suffix(60).compactMap { model.assignments[$0] }
    if chance.percent(20), let rows = chance.one(of: Self.byState(assignments, \.state)),
      let row = chance.one(of: rows)
    {
      let steps: [Quintet_Command_V1_AssignmentStep] = [
        .dispatch, .acknowledge, .depart, .arrive, .clear,
      ]
      let wrong = steps.filter { WalkModel.goal(of: $0)?.from != row.state }
      return chance.percent(20)
        ? .callOff(assignment: row.id, reason: WalkNames.account)
        : .advance(
          assignment: row.id, step: chance.one(of: wrong) ?? .clear, isUnknown: false)
    }
    let unanswered = incidents(80).filter { row in
      row.state == .inReview && row.directives.contains(where: model.isUnanswered)
    }
    if chance.percent(20), let row = chance.one(of: unanswered) {
      return .move(IncidentStep(verb: .close, incident: row.id, etag: "", words: "", into: ""))
    }
    let courses = model.order.directives.suffix(40).compactMap { model.directives[$0] }
      .filter { $0.directiveClass != .dispatch }
      .flatMap { directive in directive.courses.map { (directive.id, $0) } }
    if chance.percent(30), let rows = chance.one(of: Self.byState(courses, \.1.state)),
      let (directive, course) = chance.one(of: rows)
    {
      let wrong = CourseVerb.allCases.filter {
        !WalkModel.goal(of: $0).from.contains(course.state)
      }
      return .course(
        CourseStep(
          verb: chance.one(of: wrong) ?? .accept, directive: directive, party: course.party,
          etag: "", words: WalkNames.account, to: Party(kind: .seat, id: "seat-2")))
    }
    let known = model
    let row = incidentByState(incidents(80)) { row in
      row.isClassed && !row.directives.contains(where: known.isUnanswered)
        && !row.assignments.contains { known.assignments[$0]?.isOpen ?? false }
    }
    let wrong = IncidentVerb.allCases.filter { verb in
      row.map { !WalkModel.goal(of: verb).from.contains($0.state) } ?? true
    }
    return .move(
      IncidentStep(
        verb: chance.one(of: wrong) ?? .split, incident: row?.id ?? "", etag: "",
        words: WalkNames.account, into: incident { !$0.isEnded && $0.id != row?.id }))
  }

  private mutating func dispatch() -> Act {
    let incident = incident {
      $0.isClassed && [.new, .queued, .monitored, .awaitingFeedback, .active].contains($0.state)
    }
    let own = model.order.recommendations.suffix(reach).filter {
      model.recommendations[$0] == incident
    }
    let recommendation =
      chance.percent(70)
      ? chance.one(of: own) ?? "" : id("rec", model.order.recommendations) { _ in true }
    var units = Array(WalkNames.units.shuffled(using: &chance).prefix(chance.percent(80) ? 1 : 2))
    if chance.percent(2) { units += units }
    if chance.percent(2) { units = [] }
    return .dispatch(
      incident: incident, etag: etag(model.incidents[incident]?.etag), units: units,
      recommendation: recommendation)
  }

  mutating func advance() -> Act {
    let rows = model.assignments
    let assignment = id("asg", model.order.assignments) { rows[$0]?.isOpen ?? false }
    if chance.percent(10) { return .callOff(assignment: assignment, reason: words()) }
    let steps: [Quintet_Command_V1_AssignmentStep] = [
      .acknowledge, .depart, .arrive, .clear, .dispatch, .unspecified,
    ]
    let state = model.assignments[assignment]?.state
    let next = steps.first { WalkModel.goal(of: $0)?.from == state }
    let step = chance.percent(85) ? next : nil
    return .advance(
      assignment: assignment, step: step ?? chance.one(of: steps) ?? .clear,
      isUnknown: chance.percent(5))
  }

  mutating func report() -> Act { .submit(said(), isClassed: chance.percent(85)) }

  private mutating func order() -> Act {
    if chance.percent(20) { return .issueDraft(directive: directive { $0.state == .draft }) }
    var parties = Array(
      WalkNames.parties.shuffled(using: &chance).prefix(Int.random(in: 1...3, using: &chance)))
    if chance.percent(2) { parties += parties }
    if chance.percent(2) { parties = [] }
    let classes: [Quintet_Command_V1_DirectiveClass] = [.urgent, .priority, .routine, .general]
    let rare = chance.percent(50) ? incidentByState(incidents(reach)) { _ in true } : nil
    let order = Order(
      directiveClass: chance.percent(3) ? .dispatch : chance.one(of: classes) ?? .urgent,
      incident: chance.percent(40) ? "" : rare?.id ?? incident { !$0.isEnded },
      title: chance.percent(98) ? "走访" : "", parties: parties)
    return chance.percent(30) ? .draft(order) : .issue(order)
  }

  private mutating func course() -> Act {
    let id = directive { $0.directiveClass != .dispatch && $0.state != .draft }
    let courses = model.directives[id]?.courses ?? []
    let course = chance.percent(95) ? chance.one(of: courses) : nil
    var verbs = CourseVerb.allCases
    if let course, chance.percent(85) {
      verbs = verbs.filter { WalkModel.goal(of: $0).from.contains(course.state) }
      if chance.percent(80) { verbs.removeAll { $0 == .reassign } }
    }
    return .course(
      CourseStep(
        verb: chance.one(of: verbs) ?? .accept, directive: id,
        party: course?.party ?? (chance.percent(80) ? chance.one(of: WalkNames.parties) : nil),
        etag: etag(course?.etag), words: words(),
        to: chance.one(of: WalkNames.parties) ?? Party(kind: .seat, id: "seat-2")))
  }
}
