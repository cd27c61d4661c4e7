// Orders to many: each recipient has a course of its own.
import Foundation
import Identifiers
import Testing

@testable import CommandDomain
@testable import CommandStore

struct DirectiveTests {
  let bench: Bench
  let first = Recipient(kind: .station, id: "station-1")
  let second = Recipient(kind: .station, id: "station-2")
  let seat = Recipient(kind: .seat, id: "seat-9")

  init() throws { bench = try Bench() }

  @Test func aDraftBindsNobodyUntilItIsIssued() async throws {
    try await bench.hall("draft") { hall in
      let draft = try Directing().draft(
        Sample.directive(), at: Sample.time(1), in: hall.writer, now: hall.now)
      #expect(draft.state == .draft)
      #expect(draft.issueTime == nil)
      #expect(try hall.writer.openDirectives(of: first, limit: 9).isEmpty)
      #expect(refusal { try hall.course(.deliver, draft.id, first) } == "moveNotAllowed")
      #expect(
        refusal { try hall.course(.reassign, draft.id, first, to: seat) } == "moveNotAllowed")
      let issued = try hall.course(.issue, draft.id, first)
      #expect(issued.state == .issued)
      #expect(issued.issueTime == Sample.time(100))
      #expect(issued.courses.map(\.etag) == ["2", "2"])
      #expect(refusal { try hall.course(.issue, draft.id, first) } == "moveNotAllowed")
      #expect(try hall.writer.openDirectives(of: first, limit: 9) == [issued])
    }
    #expect(try await bench.eventNames() == ["directive draft", "directive issued"])
  }

  @Test func contentThatMakesNoOrderIsRefused() async throws {
    try await bench.hall("content") { hall in
      var content = Sample.directive()
      content.recipients.append(first)
      #expect(throws: CommandError.duplicateRecipient(first)) { _ = try hall.issue(content) }
      content.recipients = []
      #expect(refusal { _ = try hall.issue(content) } == "required")
      #expect(
        refusal { _ = try hall.issue(Sample.directive(.dispatch)) } == "dispatchClassReserved")
      let nowhere = Sample.directive(incident: Sample.id("nowhere"))
      #expect(refusal { _ = try hall.issue(nowhere) } == "incidentUnknown")
      let id = try hall.submit().incidentID
      let draft = try Directing().draft(
        Sample.directive(incident: id), at: Sample.time(1), in: hall.writer, now: hall.now)
      try hall.move(.cancel, id)
      #expect(refusal { _ = try hall.issue(Sample.directive(incident: id)) } == "incidentEnded")
      #expect(refusal { try hall.course(.issue, draft.id, first) } == "incidentEnded")
    }
  }

  @Test func eachRecipientGoesItsOwnWay() async throws {
    try await bench.hall("courses") { hall in
      let id = try hall.issue(Sample.directive()).id
      for move in [
        CourseMove.deliver, .acknowledge, .start, .feedBack, .giveBack, .start,
        .feedBack, .accept,
      ] {
        try hall.course(move, id, first)
      }
      let directive: Directive = try hall.writer.existing(id)
      let course = try directive.course(of: first)
      #expect(course.state == .accepted)
      #expect(course.returnCount == 1)
      #expect(course.feedback == "已巡查")
      #expect(course.acknowledgeTime == Sample.time(100))
      #expect(course.revision == 9)
      #expect(directive.state == .issued)
      #expect(directive.revision == 9)
      #expect(try hall.writer.openDirectives(of: first, limit: 9).isEmpty)
      #expect(try hall.writer.openDirectives(of: second, limit: 9).map(\.id) == [id])
      #expect(refusal { try hall.course(.deliver, id, seat) } == "recipientUnknown")
      #expect(
        refusal { try hall.course(.deliver, Sample.id("nowhere"), first) } == "directiveUnknown")
    }
  }

  @Test func aPartIsGivenToSomebodyElseOnce() async throws {
    try await bench.hall("reassign") { hall in
      let id = try hall.issue(Sample.directive()).id
      try hall.course(.deliver, id, first)
      #expect(
        throws: CommandError.recipientKnown(second)
      ) { try hall.course(.reassign, id, first, to: second) }
      let directive = try hall.course(.reassign, id, first, to: seat)
      #expect(directive.courses.map(\.recipient) == [first, second, seat])
      #expect(directive.courses.map(\.state) == [.reassigned, .issued, .issued])
      #expect(directive.courses[0].reason == "人手不足")
      #expect(try hall.writer.directive(id) == directive)
      #expect(
        refusal { try hall.course(.reassign, id, seat, to: first) } == "recipientKnown")
      #expect(refusal { try hall.course(.acknowledge, id, first) } == "moveNotAllowed")
    }
    #expect(
      try await bench.eventNames() == [
        "directive issued", "course issued→delivered", "course delivered→reassigned",
        "course none→issued",
      ])
  }

  @Test func aDirectiveIsWithdrawnFromThoseWhoAreNotAccepted() async throws {
    try await bench.hall("cancel") { hall in
      let id = try hall.issue(Sample.directive()).id
      for move in [CourseMove.deliver, .acknowledge, .start, .feedBack, .accept] {
        try hall.course(move, id, first)
      }
      let directive = try hall.course(.cancel, id, first)
      #expect(directive.courses.map(\.state) == [.accepted, .cancelled])
      #expect(directive.state == .accepted)
      #expect(refusal { try hall.course(.cancel, id, first) } == "moveNotAllowed")
      let other = try hall.issue(Sample.directive()).id
      try hall.course(.reassign, other, first, to: seat)
      let withdrawn = try hall.course(.cancel, other, first)
      #expect(withdrawn.courses.map(\.state) == [.reassigned, .cancelled, .cancelled])
      #expect(try hall.writer.directive(other) == withdrawn)
    }
  }

  @Test func theCoursesOfADispatchAreMovedByItsAssignmentsAlone() async throws {
    try await bench.hall("dispatch") { hall in
      let incident = try hall.submit().incidentID
      let sent = try hall.dispatch(incident, [1])
      let unit = Recipient(unit: Sample.unit(1))
      for move in CourseMove.allCases where move != .issue {
        #expect(
          throws: CommandError.courseFollowsAssignment(sent.directive.id), "\(move)"
        ) { try hall.course(move, sent.directive.id, unit, to: seat) }
      }
      try hall.clear(sent.assignments[0].id)
      let directive: Directive = try hall.writer.existing(sent.directive.id)
      #expect(directive.state == .accepted)
      #expect(directive.courses[0].feedback == "已劝离")
      #expect(directive.courses[0].deliverTime == nil)
    }
  }
}
