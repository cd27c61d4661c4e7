// The promises of the store: what goes in comes out, once, in order, or not at all.
import Access
import Classification
import EventLog
import Forms
import Foundation
import Geography
import Identifiers
import Persistence
import Testing

@testable import CommandDomain
@testable import CommandStore

struct StoreTests {
  let bench: Bench

  init() throws { bench = try Bench() }

  @Test func everyStateAndWordOfTheDomainFitsTheSchema() async throws {
    try await bench.hall("words") { hall in
      let submitted = try hall.submit()
      var incident = try hall.incident(submitted.incidentID)
      let sent = try hall.dispatch(incident.id, [1])
      for state in IncidentState.allCases {
        incident.state = state
        incident.mergedInto = state == .merged ? incident.id : nil
        incident.stateBeforeMerge = state == .merged ? .active : nil
        try hall.writer.update(incident)
        #expect(try hall.incident(incident.id) == incident)
      }
      for kind in IncidentClass.allCases {
        for level in IncidentLevel.allCases {
          incident.state = .new
          (incident.mergedInto, incident.stateBeforeMerge) = (nil, nil)
          (incident.incidentClass, incident.level) = (kind, level)
          try hall.writer.update(incident)
          #expect(try hall.incident(incident.id) == incident)
          let advice = IncidentAdvice(
            incidentID: incident.id, assessmentID: Sample.id("a"), stationID: nil,
            stationName: "", suggestedClass: kind, suggestedLevel: level, repeatCount: 0,
            occurTime: Sample.morning)
          try hall.writer.save(advice)
          #expect(try hall.writer.advice(on: incident.id) == advice)
        }
      }
      var assignment = sent.assignments[0]
      for state in AssignmentState.allCases {
        assignment.state = state
        try hall.writer.update(assignment)
        #expect(try hall.writer.assignment(assignment.id) == assignment)
      }
      for (number, channel) in CallChannel.allCases.enumerated() {
        for origin in IncidentOrigin.allCases {
          var content = try Sample.content()
          (content.channel, content.origin) = (channel, origin)
          let id: CallReportID = Sample.id("call \(number) \(origin)")
          let call = CallReport(id: id, content: content, recordTime: Sample.morning)
          try hall.writer.insert(call)
          #expect(try hall.writer.callReport(id) == call)
          var ended = call
          for outcome in CallOutcome.allCases {
            (ended.state, ended.outcome, ended.endTime) = (.ended, outcome, Sample.morning)
            ended.incidentID = outcome.needsNoIncident ? nil : incident.id
            try hall.writer.update(ended)
            #expect(try hall.writer.callReport(id) == ended)
          }
        }
      }
    }
  }

  @Test func directivesOfEveryKindComeBackAsTheyWere() async throws {
    try await bench.hall("directives") { hall in
      for directiveClass in DirectiveClass.allCases {
        var directive = try Directive(
          id: Sample.id("\(directiveClass)"), content: Sample.directive(directiveClass),
          origin: DirectiveOrigin(
            templateCode: "search", form: FormTests.form, reissueOf: Sample.id("old")),
          recordTime: Sample.morning)
        try directive.issue(at: Sample.time(1))
        directive.selections = [
          RecipientSelection(
            selector: .area(Sample.id("county"), kinds: [.beat]),
            recipients: [Recipient(kind: .beat, id: "b")])
        ]
        try hall.writer.insert(directive)
        for kind in RecipientKind.allCases {
          for state in DirectiveState.allCases {
            let recipient = Recipient(kind: kind, id: "r-\(state.rawValue)")
            directive.courses.append(
              RecipientCourse(
                recipient: recipient, revision: 3, state: state, deliverTime: Sample.time(2),
                acknowledgeTime: nil, feedbackTime: Sample.time(3), feedback: "好", returnCount: 2,
                reason: "理由",
                answers: [FormAnswer(fieldCode: "since", value: .time(Sample.time(4.25)))],
                reminderCount: 2, reminderTime: Sample.time(5), recallTime: Sample.time(6),
                recallConfirmTime: Sample.time(7), post: CordonRingTests.point("a", north: 1).post,
                assignmentID: Sample.id("x")))
            directive.revision += 1
            try hall.writer.update(directive, courses: [recipient])
          }
        }
        #expect(try hall.writer.directive(directive.id) == directive)
      }
    }
  }

  @Test func aRepeatedRequestGetsTheSameAnswerAndDoesNothing() async throws {
    let submit: @Sendable (any CommandWriter) throws -> SubmittedReport = { writer in
      try Hall(writer: writer).submit()
    }
    let first = try await bench.write("r-1", submit)
    let before = try await bench.dump()
    let second = try await bench.write("r-1", now: Sample.time(99), submit)
    #expect(first == second)
    #expect(try await bench.dump() == before)
    #expect(bench.toldNames == ["answered", "ended", "opened"])
    let refused = await lateRefusal {
      _ = try await bench.store.write(
        Bench.key("r-1", content: "other"), provenance: Bench.provenance("r-1"),
        reach: .everywhere, now: Sample.morning, submit)
    }
    #expect(refused == "RequestReused")
    #expect(try await bench.dump() == before)
  }

  @Test func whatIsRefusedLeavesNoTraceAndMayBeTriedAgain() async throws {
    let id = try await bench.write("r-1") { try Hall(writer: $0).submit() }.incidentID
    let before = try await bench.dump()
    let told = bench.toldNames
    let refused = await lateRefusal {
      _ = try await bench.write("r-2") { writer in
        // Everything a dispatch writes is undone by what comes after it.
        try Hall(writer: writer).dispatch(id, [1])
        return try Hall(writer: writer).dispatch(id, [1])
      }
    }
    #expect(refused == "unitAlreadyAssigned")
    #expect(try await bench.dump() == before)
    #expect(bench.toldNames == told)
    _ = try await bench.write("r-2") { try Hall(writer: $0).dispatch(id, [1]) }
  }

  @Test func aPartnersReferenceIsTakenOnce() async throws {
    try await bench.hall("reference") { hall in
      let known = try hall.submit(Sample.content(source: "12345", reference: "A-1"))
      for taken in [true, false] {
        let content = try Sample.content(source: "12345", reference: "A-1")
        #expect(
          throws: CommandError.externalReferenceKnown(
            source: "12345", reference: "A-1", known.callReportID)
        ) { if taken { _ = try hall.submit(content) } else { _ = try hall.answer(content) } }
      }
      _ = try hall.submit(Sample.content(source: "12345", reference: "A-2"))
      _ = try hall.submit(Sample.content(source: "bank", reference: "A-1"))
      _ = try hall.submit(Sample.content(source: "12345"))
      _ = try hall.submit(Sample.content(source: "12345"))
    }
  }

  @Test func incidentsAreCountedByTheDayOfTheirCallInEachPartition() async throws {
    // 08:00, the last and the first second of a day, the last of the day before, 08:00 again.
    let times: [Double] = [0, 57_599, 57_600, -28_801, 1]
    let numbers: [String] = try await bench.hall("count") { hall in
      try times.map { seconds in
        try hall.submit(Sample.content(receiveTime: Sample.time(seconds))).incidentNumber
      }
    }
    #expect(
      numbers == [
        "20161231-000001", "20161231-000002", "20170101-000001", "20161230-000001",
        "20161231-000003",
      ])
    let id = try await bench.store.read(within: .everywhere) {
      try $0.incident(number: "20170101-000001")
    }
    #expect(id != nil)
    #expect(
      try await bench.store.read(within: .everywhere) { try $0.incident(number: "20170101-000009") }
        == nil)
  }

  @Test func aStreamIsTakenInOrderAndABadItemStopsNothing() async throws {
    let requests: [CommandRequest<SubmittedReport>] = (0..<40).map { index in
      // Every seventh repeats the reference of the one before.
      let reference = "R-\(index % 7 == 6 ? index - 1 : index)"
      return (
        key: Bench.key("s-\(index)"), provenance: Bench.provenance("s-\(index)"),
        reach: .everywhere,
        body: { writer in
          try Hall(writer: writer).submit(Sample.content(source: "12345", reference: reference))
        }
      )
    }
    let results = await bench.store.writeEach(requests, now: Sample.morning)
    #expect(results.count == 40)
    var count = 0
    for (index, result) in results.enumerated() {
      switch result {
      case .success(let submitted):
        count += 1
        #expect(submitted.incidentNumber == IncidentNumber.format(day: "20161231", sequence: count))
        #expect(index % 7 != 6)
      case .failure(let error):
        #expect(index % 7 == 6)
        #expect(refusalName(error) == "externalReferenceKnown")
      }
    }
    #expect(count == 35)
    #expect(bench.toldNames.count == 3 * 35)
    let again = await bench.store.writeEach(requests, now: Sample.time(5))
    #expect(
      again.map { try? $0.get().incidentNumber } == results.map { try? $0.get().incidentNumber })
  }

  @Test func twoRunsOfTheSameCausesDumpTheSame() async throws {
    let other = try Bench()
    for (bench, late) in [(bench, 0.0), (other, 86_400.0 * 400)] {
      for request in ["one", "two"] {
        try await bench.hall(request, now: Sample.time(late)) { hall in
          let id = try hall.submit(Sample.content(source: "12345", reference: request)).incidentID
          let sent = try hall.dispatch(id, [1, 2])
          try hall.callOff(sent.assignments[1].id)
          try hall.clear(sent.assignments[0].id)
          _ = try hall.issue(Sample.directive(incident: id))
        }
      }
    }
    let dump = try await bench.canonicalDump()
    #expect(dump.count > 40)
    #expect(try await other.canonicalDump() == dump)
    #expect(try await other.dump() != bench.dump())
  }

  @Test func aStoreOfAnotherPartitionSeesNothing() async throws {
    let id = try await bench.write("r-1") { try Hall(writer: $0).submit() }.incidentID
    let neighbour = CommandDatabaseStore(
      database: bench.database, log: EventLog(service: "command", partition: "south"),
      encode: Bench.encode)
    let seen = try await neighbour.read(within: .everywhere) { reader in
      (try reader.view(id), try reader.views(.init(), before: nil, limit: 9).count)
    }
    #expect(seen.0 == nil)
    #expect(seen.1 == 0)
  }

  @Test func adviceIsKeptApartFromTheIncident() async throws {
    try await bench.hall("advice") { hall in
      let id = try hall.submit().incidentID
      let before = try hall.incident(id)
      let facts = NeighbourFacts()
      for count in [1, 2] {
        try facts.advise(
          IncidentAdvice(
            incidentID: id, assessmentID: Sample.id("a\(count)"), stationID: Sample.id("s"),
            stationName: "娄桥派出所", suggestedClass: .traffic, suggestedLevel: .level3,
            repeatCount: count, occurTime: Sample.time(1)), in: hall.writer)
      }
      #expect(try hall.incident(id) == before)
      #expect(try hall.writer.view(id)?.advice?.repeatCount == 2)
      let stray = IncidentAdvice(
        incidentID: Sample.id("nowhere"), assessmentID: Sample.id("a"), stationID: nil,
        stationName: "", suggestedClass: nil, suggestedLevel: nil, repeatCount: 0,
        occurTime: Sample.morning)
      #expect(refusal { try facts.advise(stray, in: hall.writer) } == "incidentUnknown")
    }
  }
}
