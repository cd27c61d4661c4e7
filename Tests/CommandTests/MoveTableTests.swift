// Every state × every move, against tables written down from DOMAIN and the protos by hand.
import Classification
import Foundation
import Geography
import Identifiers
import Testing

@testable import CommandDomain

/// move → "from→to …".
private let incidentTable: [IncidentMove: String] = [
  .queue: "new→queued monitored→queued",
  .activate: "new→active queued→active monitored→active awaiting_feedback→active",
  .dispatch:
    "new→active queued→active monitored→active awaiting_feedback→active active→active",
  .monitor: "new→monitored queued→monitored active→monitored",
  .divert: "new→diverted queued→diverted",
  .acceptDiversion: "diverted→closed",
  .refuseDiversion: "diverted→queued",
  .merge: "new→merged queued→merged active→merged",
  .split: "merged→queued",
  .cancel: "new→cancelled queued→cancelled active→cancelled",
  .requestFeedback: "active→awaiting_feedback monitored→awaiting_feedback",
  .submitFeedback: "awaiting_feedback→in_review",
  .returnFeedback: "in_review→awaiting_feedback",
  .close: "in_review→closed",
  .reopen: "closed→active cancelled→active",
]

private let courseTable: [CourseMove: String] = [
  .issue: "draft→issued",
  .deliver: "issued→delivered",
  .acknowledge: "delivered→acknowledged",
  .start: "acknowledged→in_progress returned→in_progress",
  .feedBack: "in_progress→fed_back",
  .accept: "fed_back→accepted",
  .giveBack: "fed_back→returned",
  .cancel:
    "draft→cancelled issued→cancelled delivered→cancelled acknowledged→cancelled "
    + "in_progress→cancelled fed_back→cancelled returned→cancelled",
  .reassign:
    "issued→reassigned delivered→reassigned acknowledged→reassigned in_progress→reassigned "
    + "fed_back→reassigned returned→reassigned",
]

private let assignmentTable: [AssignmentStep: String] = [
  .dispatch: "assigned→dispatched",
  .acknowledge: "dispatched→acknowledged",
  .depart: "acknowledged→en_route",
  .arrive: "en_route→on_scene",
  .clear: "on_scene→cleared",
]

/// "from→to …" as a dictionary.
func moves(_ text: String?) -> [String: String] {
  var result: [String: String] = [:]
  for move in (text ?? "").split(separator: " ") {
    let ends = move.split(separator: "→").map(String.init)
    result[ends[0]] = ends[1]
  }
  return result
}

struct MoveTableTests {
  @Test func anIncidentMakesExactlyTheMovesOfItsTable() throws {
    for move in IncidentMove.allCases {
      let allowed = moves(incidentTable[move])
      for state in IncidentState.allCases {
        var incident = try Sample.incident()
        incident.state = state
        incident.stateBeforeMerge = state == .merged ? .queued : nil
        let before = incident
        let refused = refusal { try incident.move(move, at: Sample.time(60)) }
        if let target = allowed[state.rawValue] {
          #expect(refused == nil)
          #expect(incident.state.rawValue == target)
          #expect(incident.revision == before.revision + 1)
          let moved = target != state.rawValue
          #expect(incident.stateTime == (moved ? Sample.time(60) : before.stateTime))
        } else {
          #expect(refused == "moveNotAllowed", "\(move) from \(state)")
          #expect(incident == before)
        }
      }
    }
  }

  @Test func classAndLevelComeBeforeQueuedAndActive() throws {
    for move in IncidentMove.allCases {
      for state in move.sources {
        for missing in [["incident_class"], ["level"], ["incident_class", "level"], ["location"]] {
          var incident = try Sample.incident()
          incident.state = state
          if missing.contains("incident_class") { incident.incidentClass = nil }
          if missing.contains("level") { incident.level = nil }
          if missing.contains("location") { incident.place = .init() }
          let before = incident
          let needs: Set<IncidentMove> = [.queue, .activate, .dispatch, .refuseDiversion]
          if needs.contains(move) {
            #expect(
              throws: CommandError.classificationIncomplete(incident.id, missing: missing)
            ) { try incident.move(move, at: Sample.morning) }
            #expect(incident == before)
          } else {
            #expect(refusal { try incident.move(move, at: Sample.morning) } == nil)
          }
        }
      }
    }
  }

  @Test func anAssignmentTakesExactlyTheNextStep() {
    for step in AssignmentStep.allCases {
      let allowed = moves(assignmentTable[step])
      for state in AssignmentState.allCases {
        for time in [Sample.time(-5), nil] {
          var assignment = Sample.assignment()
          assignment.state = state
          let before = assignment
          let refused = refusal { try assignment.advance(step, at: time, note: "已劝离") }
          if let target = allowed[state.rawValue] {
            #expect(refused == nil)
            #expect(assignment.state.rawValue == target)
            #expect(assignment.times.filter { $0 != nil }.count == (time == nil ? 0 : 1))
            #expect(assignment.note == (step == .clear ? "已劝离" : ""))
          } else {
            #expect(refused == "moveNotAllowed")
            #expect(assignment == before)
          }
        }
      }
    }
  }

  @Test func aUnitIsCalledOffOnlyBeforeItIsOnScene() {
    let allowed: Set<AssignmentState> = [.assigned, .dispatched, .acknowledged, .enRoute]
    for state in AssignmentState.allCases {
      var assignment = Sample.assignment()
      assignment.state = state
      #expect(refusal { try assignment.cancel(reason: "", at: Sample.morning) } == "required")
      let refused = refusal { try assignment.cancel(reason: "误派", at: Sample.morning) }
      #expect(refused == (allowed.contains(state) ? nil : "moveNotAllowed"))
      #expect(assignment.state == (allowed.contains(state) ? .cancelled : state))
    }
  }

  @Test func aCourseMakesExactlyTheMovesOfItsTable() {
    for move in CourseMove.allCases {
      let allowed = moves(courseTable[move])
      for state in DirectiveState.allCases {
        var course = RecipientCourse(recipient: .init(kind: .seat, id: "seat-1"), state: state)
        let before = course
        let refused = refusal { try course.move(move, at: Sample.morning, text: "原因") }
        if let target = allowed[state.rawValue] {
          #expect(refused == nil)
          #expect(course.state.rawValue == target)
          #expect(course.revision == before.revision + 1)
        } else {
          #expect(refused == "moveNotAllowed", "\(move) from \(state)")
          #expect(course == before)
        }
      }
    }
  }

  @Test func aCourseNeedsAnAccountAndReasons() {
    for move in [CourseMove.feedBack, .giveBack, .cancel, .reassign] {
      for state in move.sources {
        var course = RecipientCourse(recipient: .init(kind: .seat, id: "seat-1"), state: state)
        #expect(refusal { try course.move(move, at: Sample.morning) } == "required")
        #expect(course.state == state)
      }
    }
  }

  @Test func aCallEndsOnceWithOneOutcomeAndIsImmutableAfterwards() throws {
    for outcome in CallOutcome.allCases {
      for reason in ["", "骚扰电话"] {
        var call = CallReport(
          id: Sample.id("call"), content: try Sample.content(), recordTime: Sample.morning)
        let refused = refusal { try call.end(outcome, reason: reason, at: Sample.time(9)) }
        let expected: String? =
          switch outcome {
          case .created, .attached: "outcomeNotAllowed"
          case .advised, .diverted, .hoax: reason.isEmpty ? "required" : nil
          case .accidental, .abandoned: nil
          }
        #expect(refused == expected)
        #expect(call.state == (expected == nil ? .ended : .active))
        #expect(call.revision == (expected == nil ? 2 : 1))
        guard expected == nil else { continue }
        let ended = call
        #expect(
          refusal { try call.end(.accidental, reason: "", at: Sample.morning) }
            == "callReportEnded")
        #expect(
          refusal { try call.end(.created, incident: Sample.id("x"), at: Sample.morning) }
            == "callReportEnded")
        #expect(call == ended)
      }
    }
  }

  @Test func aDispatchedCourseFollowsItsAssignment() throws {
    let expected: [AssignmentState: DirectiveState] = [
      .assigned: .issued, .dispatched: .delivered, .acknowledged: .acknowledged,
      .enRoute: .inProgress, .onScene: .inProgress, .cleared: .accepted, .cancelled: .cancelled,
    ]
    for state in AssignmentState.allCases {
      for before in DirectiveState.allCases {
        var assignment = Sample.assignment()
        assignment.state = state
        var course = RecipientCourse(recipient: .init(unit: assignment.unitID), state: before)
        let moved = course.follow(assignment)
        #expect(course.state == expected[state])
        #expect(moved == (before != course.state))
        #expect(course.revision == (moved ? 2 : 1))
      }
    }
  }

  @Test func aDirectiveStandsWhereTheLeastFarRecipientStands() throws {
    func state(_ states: DirectiveState...) throws -> DirectiveState {
      var directive = try Directive(
        id: Sample.id("d"), content: Sample.directive(recipients: states.count),
        origin: DirectiveOrigin(), recordTime: Sample.morning)
      for (index, state) in states.enumerated() { directive.courses[index].state = state }
      return directive.state
    }
    #expect(try state(.draft) == .draft)
    #expect(try state(.accepted, .issued, .fedBack) == .issued)
    #expect(try state(.returned, .inProgress) == .returned)
    #expect(try state(.acknowledged, .returned) == .acknowledged)
    #expect(try state(.reassigned, .fedBack, .accepted) == .fedBack)
    #expect(try state(.cancelled, .accepted) == .accepted)
    #expect(try state(.cancelled, .reassigned) == .cancelled)
  }

  @Test(arguments: [
    ("13812345678", "138****5678"), ("+8613812345678", "+861******5678"), ("", ""),
    ("110", "***"), ("1234", "****"), ("12345", "****5"), ("12345678", "****5678"),
    ("123456789", "1****6789"), ("0577-88888888", "057*****8888"),
  ])
  func aPhoneIsShownWithAtLeastFourDigitsHidden(number: String, masked: String) {
    #expect(PhoneMask.mask(number) == masked)
  }

  @Test func aTitleIsMadeFromWhatIsKnown() throws {
    let place = try Sample.place()
    #expect(Incident.title(narrative: "\n 有人打架 \n快来", place: place) == "有人打架")
    #expect(Incident.title(narrative: " ", place: place) == "瓯海大道 1 号")
    #expect(Incident.title(narrative: "", place: .init(description: "桥下")) == "桥下")
    #expect(Incident.title(narrative: "", place: .init()) == "警情 Incident")
    let long = Incident.title(narrative: String(repeating: "字", count: 500), place: place)
    #expect(long.count == Incident.titleLimit)
    #expect(long.hasSuffix("…"))
  }
}

extension Assignment {
  var times: [Date?] {
    [dispatchTime, acknowledgeTime, departTime, arriveTime, clearTime, cancelTime]
  }
}
