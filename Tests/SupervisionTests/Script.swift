// Random days: what neighbours may tell, sensible and senseless, always the same for a seed.
import Foundation
import Geography
import Identifiers
import SupervisionDomain

/// Writes the facts of one incident, in order of time.
struct Script {
  private var random: Seeded
  private var ids: TestIDs
  private var time: Date
  private var happenings: [Happening] = []

  private let incident: IncidentID
  private var state = IncidentMove.State.new
  private var assignments: [(id: AssignmentID, unit: UnitID)] = []
  private var courses: [CourseMove] = []
  private var topics: [TopicID] = []
  private var supports: [SupportRequestID] = []

  /// Squares in degrees, both axes: the centre, and a key place inside it.
  static let centre = 0.0...0.1
  static let keyPlace = 0.04...0.06
  static let weakTexts = ["已处理", "OK。", "同上", "", "到场"]
  static let strongText = "民警到场后双方已达成调解协议，当场离开。"

  static func areas() throws -> [Happening] {
    var ids = TestIDs("areas")
    return try [(AreaClass.centre, centre), (.keyPlace, keyPlace)].map { areaClass, range in
      let (low, high) = (range.lowerBound, range.upperBound)
      let polygon = try Polygon(corners: [
        Coordinate(latitude: low, longitude: low), Coordinate(latitude: low, longitude: high),
        Coordinate(latitude: high, longitude: high), Coordinate(latitude: high, longitude: low),
      ])
      return Happening(
        id: ids.next(), time: Bench.start,
        fact: .areaDefined(Area(id: ids.next(), areaClass: areaClass, polygon: polygon)))
    }
  }

  static func facts(seed: UInt64, number: Int, count: Int) throws -> [Happening] {
    var script = Script(seed: seed, number: number)
    try script.place()
    while script.happenings.count < count { try script.step() }
    return script.happenings
  }

  private init(seed: UInt64, number: Int) {
    random = Seeded(seed &* 1_000 &+ UInt64(number))
    ids = TestIDs("script-\(seed)-\(number)")
    incident = ids.next()
    time = Bench.start + TimeInterval(number * 7)
  }

  private mutating func tell(_ fact: Fact) {
    happenings.append(Happening(id: ids.next(), time: time, fact: fact))
  }

  private mutating func step() throws {
    // Half of the gaps are short against the limits, some are days, some facts share a moment.
    let gap = [0...0, 1...20, 1...60, 20...400, 200...4_000, 3_000...90_000].randomElement(
      using: &random)!
    time += TimeInterval(Int.random(in: gap, using: &random))
    switch Int.random(in: 0..<23, using: &random) {
    case 0..<3: dispatch()
    case 3..<8: moveAssignment()
    case 8..<10: issue()
    case 10..<14: moveCourse()
    case 14..<18: moveIncident()
    case 18: try place()
    case 19: talk()
    default: support()
    }
  }

  private mutating func place() throws {
    let isKnown = Int.random(in: 0..<5, using: &random) > 0
    let point = try Coordinate(
      latitude: Double.random(in: 0.001...0.15, using: &random), longitude: 0.05)
    tell(.incidentPlaced(incident, isKnown ? point : nil))
  }

  private mutating func dispatch() {
    assignments.append((ids.next(), ids.next()))
    moveAssignment(to: .dispatched, assignments.count - 1)
  }

  private mutating func moveAssignment() {
    guard !assignments.isEmpty else { return dispatch() }
    moveAssignment(
      to: AssignmentMove.State.allCases.randomElement(using: &random)!,
      Int.random(in: assignments.indices, using: &random))
  }

  private mutating func moveAssignment(to state: AssignmentMove.State, _ index: Int) {
    tell(
      .assignmentMoved(
        AssignmentMove(
          assignment: assignments[index].id, incident: incident, unit: assignments[index].unit,
          state: state)))
  }

  private mutating func issue() {
    let directive = DirectiveIssue(
      directive: ids.next(), incident: Bool.random(using: &random) ? incident : nil,
      directiveClass: DirectiveClass.allCases.randomElement(using: &random)!,
      recipients: (0..<Int.random(in: 1...3, using: &random)).map {
        Recipient(kind: Recipient.Kind.allCases.randomElement(using: &random)!, id: "r\($0)")
      })
    tell(.directiveIssued(directive))
    courses += directive.recipients.map {
      CourseMove(
        directive: directive.directive, incident: directive.incident,
        directiveClass: directive.directiveClass, recipient: $0, state: .issued, feedback: "")
    }
  }

  private mutating func moveCourse() {
    guard var course = courses.randomElement(using: &random) else { return issue() }
    course.state = CourseMove.State.allCases.randomElement(using: &random)!
    course.feedback = text()
    tell(.courseMoved(course))
  }

  private mutating func moveIncident() {
    let to = IncidentMove.State.allCases.randomElement(using: &random)!
    tell(
      .incidentMoved(
        IncidentMove(incident: incident, from: state, to: to, feedback: text())))
    state = to
  }

  private mutating func talk() {
    if topics.isEmpty || Bool.random(using: &random) { topics.append(ids.next()) }
    let topic = topics.randomElement(using: &random)!
    tell(
      Bool.random(using: &random)
        ? .topicTied(topic, incident: incident) : .topicAnswered(topic, incident: incident))
  }

  /// A request that was just made, or some seats' parts of one.
  private mutating func support() {
    let isNew = supports.isEmpty || Int.random(in: 0..<4, using: &random) == 0
    if isNew { supports.append(ids.next()) }
    let parts = (0..<Int.random(in: 1...3, using: &random)).map { number in
      SupportMove.Part(
        seatCode: "s\(number)",
        state: isNew ? .offered : SupportMove.State.allCases.randomElement(using: &random)!)
    }
    tell(
      .supportMoved(
        SupportMove(
          request: isNew ? supports.last! : supports.randomElement(using: &random)!,
          incident: incident, parts: parts)))
  }

  private mutating func text() -> String {
    Bool.random(using: &random)
      ? Self.strongText : Self.weakTexts.randomElement(using: &random)!
  }
}
