// What a dispatcher with paper and pencil would know: the tables of DOMAIN.md, which requests were
// done and what was answered. It shares no code with command but the enums of the wire.
import Foundation
import GRPCCore
import QuintetAPI

struct CallRow {
  var id: String
  var etag = "1"
  var outcome = Quintet_Command_V1_CallOutcome.unspecified
  var isActive = true
  var incident = ""
  var source = ""
  var reference = ""
  var reason = ""
  var hasPoint = true
  /// Decides the day that an incident's number names.
  var receiveTime = 0

  var words: String {
    "call \(id) #\(etag) \(isActive ? "active" : "ended \(outcome)") incident \(incident) "
      + "from \(source)/\(reference) because \(reason)"
  }
}

struct IncidentRow {
  var id: String
  var etag = "1"
  var number: String
  var state = Quintet_Command_V1_IncidentState.new
  var incidentClass = Quintet_Type_V1_IncidentClass.unspecified
  var level = Quintet_Type_V1_IncidentLevel.unspecified
  var calls: [String]
  var mergedInto = ""
  var divertedTo = ""
  var account = ""
  var returns = 0
  var reopenings = 0
  var beforeMerge = Quintet_Command_V1_IncidentState.unspecified
  var hasPoint = true
  var assignments: [String] = []
  var directives: [String] = []

  var isEnded: Bool { [.closed, .cancelled, .merged].contains(state) }
  var isClassed: Bool { incidentClass != .unspecified && level != .unspecified }

  func words(_ assignments: [String]) -> String {
    "incident \(id) #\(etag) \(number) \(state) \(incidentClass) \(level) calls \(calls) "
      + "merged into \(mergedInto) diverted to \(divertedTo) account \(account) "
      + "returned \(returns) reopened \(reopenings) sent \(assignments)"
  }
}

struct AssignmentRow {
  var id: String
  var incident: String
  var unit: String
  var directive: String
  var recommendation = ""
  var state = Quintet_Command_V1_AssignmentState.dispatched
  var note = ""

  var isOpen: Bool { state != .cleared && state != .cancelled }

  var words: String {
    "assignment \(id) of \(unit) to \(incident) by \(directive) from \(recommendation) "
      + "\(state) note \(note)"
  }
}

struct CourseRow {
  var party: Party
  var etag = "1"
  var state: Quintet_Command_V1_DirectiveState
  var account = ""
  var returns = 0
  var reason = ""

  var isUnanswered: Bool {
    [.issued, .delivered, .acknowledged, .inProgress, .returned].contains(state)
  }

  var words: String {
    "\(party.kind) \(party.id) #\(etag) \(state) account \(account) returned \(returns) "
      + "because \(reason)"
  }
}

struct DirectiveRow {
  var id: String
  var etag = "1"
  var directiveClass: Quintet_Command_V1_DirectiveClass
  var incident: String
  var title: String
  var courses: [CourseRow]

  /// That of whoever is least far, of those whose part it still is.
  var state: Quintet_Command_V1_DirectiveState {
    let order: [Quintet_Command_V1_DirectiveState] = [
      .draft, .issued, .delivered, .acknowledged, .returned, .inProgress, .fedBack, .accepted,
    ]
    return order.first { state in courses.contains { $0.state == state } } ?? .cancelled
  }

  func words(state: Quintet_Command_V1_DirectiveState) -> String {
    // A dispatch is titled after its incident, which the model does not read.
    let title = directiveClass == .dispatch ? "-" : title
    return "directive \(id) #\(etag) \(directiveClass) \(state) incident \(incident) \(title) "
      + "\(courses.map(\.words))"
  }

  var words: String { words(state: state) }
}

/// A request that was done.
struct Done {
  /// Method and message, as bytes.
  var content: [UInt8]
  var answer: String
  /// The answer to the letter; nil while nobody has seen it.
  var bytes: [UInt8]?
}

/// The walk found something that the model does not expect.
struct Disagreement: Error, CustomStringConvertible {
  var description: String

  init(_ description: String) { self.description = description }
}

struct WalkModel {
  var calls: [String: CallRow] = [:]
  var incidents: [String: IncidentRow] = [:]
  var assignments: [String: AssignmentRow] = [:]
  var directives: [String: DirectiveRow] = [:]
  /// The incident of each.
  var recommendations: [String: String] = [:]
  /// In the order in which they were made, for choosing.
  var order = (
    calls: [String](), incidents: [String](), assignments: [String](), directives: [String](),
    recommendations: [String]()
  )
  var supports: [String: SupportRow] = [:]
  var supportOrder: [String] = []
  var done: [String: Done] = [:]
  /// All events, first one first.
  var log: [Told] = []
  /// The last number of each day.
  var numbers: [String: Int] = [:]
  /// Which `source` has reported which reference.
  var references: Set<[String]> = []

  func isUnanswered(_ directive: String) -> Bool {
    guard let row = directives[directive], row.directiveClass != .dispatch else { return false }
    return row.courses.contains(where: \.isUnanswered)
  }

  func words(incident row: IncidentRow) -> String {
    row.words(row.assignments.map { assignments[$0]?.words ?? "missing" })
  }

  /// Rows that each table must have.
  var counts: [String: Int] {
    [
      "call_report": calls.count, "incident": incidents.count,
      "incident_call": incidents.values.reduce(0) { $0 + $1.calls.count },
      "assignment": assignments.count, "directive": directives.count,
      "directive_recipient": directives.values.reduce(0) { $0 + $1.courses.count },
      "support_request": supports.count,
      "support_part": supports.values.reduce(0) { $0 + $1.parts.count },
      "recommendation": recommendations.count, "request_ledger": done.count, "event": log.count,
    ]
  }
}
