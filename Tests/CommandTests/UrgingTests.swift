// 催办、撤回、重发、选取: what is done about recipients, on a real store.
import Forms
import Foundation
import Identifiers
import Testing

@testable import CommandDomain
@testable import CommandStore

struct UrgingTests {
  let bench: Bench
  let first = Recipient(kind: .station, id: "station-1")
  let second = Recipient(kind: .station, id: "station-2")

  init() throws { bench = try Bench() }

  private static func remind(
    _ hall: Hall, _ id: DirectiveID, _ recipients: [Recipient] = []
  ) throws -> Directive {
    try Urging().remind(
      id, recipients, text: "请签收", at: Sample.time(200), in: hall.writer, now: hall.now)
  }

  private static func recall(
    _ hall: Hall, _ id: DirectiveID, _ recipients: [Recipient] = []
  ) throws -> Directive {
    try Urging().recall(
      id, recipients, reason: "已抓获", at: Sample.time(300), in: hall.writer, now: hall.now)
  }

  @Test func aReminderChangesNoStateAndGoesToThoseWhoOwe() async throws {
    try await bench.hall("remind") { hall in
      let id = try hall.issue(Sample.directive(recipients: 3)).id
      for move in [CourseMove.deliver, .acknowledge, .start, .feedBack] {
        try hall.course(move, id, first)
      }
      let before: Directive = try hall.writer.existing(id)
      let after = try Self.remind(hall, id)
      #expect(after.courses.map(\.reminderCount) == [0, 1, 1])
      #expect(after.courses.map(\.state) == before.courses.map(\.state))
      #expect(after.revision == before.revision + 1)
      #expect(after.courses[1].reminderTime == Sample.time(200))
      #expect(try hall.writer.directive(id) == after)
      #expect(refusal { _ = try Self.remind(hall, id, [first]) } == "moveNotAllowed")
      #expect(
        refusal { _ = try Self.remind(hall, id, [.init(kind: .seat, id: "x")]) }
          == "recipientUnknown")
      // One that cannot be reminded spoils all: nothing half done.
      #expect(refusal { _ = try Self.remind(hall, id, [second, first]) } == "moveNotAllowed")
      #expect(try hall.writer.directive(id) == after)
    }
    #expect(try await bench.eventNames().last == "reminded")
  }

  @Test func whoeverHadSignedMustConfirmThatItWasRecalled() async throws {
    try await bench.hall("recall") { hall in
      let id = try hall.issue(Sample.directive(recipients: 3)).id
      for move in [CourseMove.deliver, .acknowledge] { try hall.course(move, id, first) }
      try hall.course(.deliver, id, second)
      let recalled = try Self.recall(hall, id)
      #expect(recalled.courses.map(\.state) == [.cancelled, .cancelled, .cancelled])
      #expect(recalled.courses.map(\.isRecallUnconfirmed) == [true, false, false])
      #expect(recalled.courses.map(\.reason) == ["已抓获", "已抓获", "已抓获"])
      // Still told to the one who has to confirm, and to nobody else.
      #expect(try hall.writer.openDirectives(of: first, limit: 9).map(\.id) == [id])
      #expect(try hall.writer.openDirectives(of: second, limit: 9).isEmpty)
      let confirm = { (recipient: Recipient) in
        try Urging().confirmRecall(
          MoveCourse(directiveID: id, recipient: recipient, occurTime: Sample.time(310)),
          in: hall.writer, now: hall.now)
      }
      #expect(refusal { _ = try confirm(second) } == "moveNotAllowed")
      let confirmed = try confirm(first)
      #expect(confirmed.courses[0].recallConfirmTime == Sample.time(310))
      #expect(try hall.writer.directive(id) == confirmed)
      #expect(try hall.writer.openDirectives(of: first, limit: 9).isEmpty)
      #expect(refusal { _ = try confirm(first) } == "moveNotAllowed")
      #expect(refusal { _ = try Self.recall(hall, id) } == "moveNotAllowed")
    }
    #expect(
      try await bench.eventNames().suffix(4) == [
        "course acknowledged→cancelled", "course delivered→cancelled", "course issued→cancelled",
        "recall_confirmed",
      ])
  }

  @Test func aRecallLeavesWhatWasAccepted() async throws {
    try await bench.hall("accepted") { hall in
      let id = try hall.issue(Sample.directive()).id
      for move in [CourseMove.deliver, .acknowledge, .start, .feedBack, .accept] {
        try hall.course(move, id, first)
      }
      #expect(refusal { _ = try Self.recall(hall, id, [first]) } == "moveNotAllowed")
      #expect(try Self.recall(hall, id).courses.map(\.state) == [.accepted, .cancelled])
      let draft = try Directing().draft(
        Sample.directive(), at: Sample.time(1), in: hall.writer, now: hall.now)
      #expect(refusal { _ = try Self.recall(hall, draft.id) } == "moveNotAllowed")
      #expect(refusal { _ = try Self.remind(hall, draft.id) } == "moveNotAllowed")
    }
  }

  @Test func aDirectiveIsIssuedAgainOnlyToThoseWhoDidNotSign() async throws {
    try await bench.hall("reissue") { hall in
      let incident = try hall.submit().incidentID
      let id = try hall.issue(Sample.directive(incident: incident, recipients: 3)).id
      for move in [CourseMove.deliver, .acknowledge] { try hall.course(move, id, first) }
      try hall.course(.deliver, id, second)
      let again = { (id: DirectiveID) in
        try Urging().reissue(
          id, reason: "无人签收", at: Sample.time(400), in: hall.writer, now: hall.now)
      }
      let made = try again(id)
      #expect(made.previous.courses.map(\.state) == [.acknowledged, .reassigned, .reassigned])
      #expect(made.directive.courses.map(\.recipient.id) == ["station-2", "station-3"])
      #expect(made.directive.courses.allSatisfy { $0.state == .issued })
      #expect(made.directive.origin.reissueOf == id)
      #expect(made.directive.text == made.previous.text)
      #expect(try hall.writer.directive(made.directive.id) == made.directive)
      #expect(try hall.writer.directive(id) == made.previous)
      #expect(refusal { _ = try again(id) } == "moveNotAllowed")
      try hall.move(.cancel, incident)
      #expect(refusal { _ = try again(made.directive.id) } == "incidentEnded")
    }
  }

  @Test func recipientsAreFoundByAreaAndKindWhenItIsIssued() async throws {
    try await bench.hall("select") { hall in
      let county: OrgUnitID = Sample.id("county")
      let stations: [OrgUnitID] = [Sample.id("s1"), Sample.id("s2")]
      let beat: OrgUnitID = Sample.id("b1")
      try hall.writer.save(county, under: nil)
      try hall.writer.save(county, as: nil)
      for station in stations {
        try hall.writer.save(station, under: county)
        try hall.writer.save(station, as: .station)
      }
      try hall.writer.save(beat, under: stations[0])
      try hall.writer.save(beat, as: .beat)
      for (number, kind) in [(1, 1), (2, 2), (3, 1)] {
        try hall.writer.save(Sample.unit(number), of: number == 3 ? stations[1] : beat)
        try hall.writer.save(Sample.unit(number), kind: kind)
      }
      var content = Sample.directive(recipients: 1)
      let named = Recipient(kind: .station, id: stations[0].description)
      content.recipients = [named]
      content.selectors = [
        .area(county, kinds: []), .units(stations[0], kinds: [1]), .seat("traffic"),
      ]
      let draft = try Directing().draft(
        content, at: Sample.time(1), in: hall.writer, now: hall.now)
      #expect(draft.courses.map(\.recipient) == [named])
      let issued = try Directing().issue(
        .draft(draft.id), at: Sample.time(2), in: hall.writer, now: hall.now)
      #expect(issued.courses.count == 5)
      #expect(issued.courses.allSatisfy { $0.state == .issued })
      #expect(Set(issued.courses.map(\.recipient)).count == 5)
      #expect(issued.selections.map(\.recipients.count) == [3, 1, 1])
      #expect(issued.selections[1].recipients == [Recipient(unit: Sample.unit(1))])
      #expect(try hall.writer.directive(issued.id) == issued)
      // Only selected: a draft of nobody is a draft still.
      content.recipients = []
      content.selectors = [.area(county, kinds: [.beat])]
      let selected = try Directing().draft(
        content, at: Sample.time(1), in: hall.writer, now: hall.now)
      #expect(selected.state == .draft && selected.courses.isEmpty)
      let sent = try Directing().issue(
        .draft(selected.id), at: Sample.time(2), in: hall.writer, now: hall.now)
      #expect(sent.courses.map(\.recipient.id) == [beat.description])
      content.selectors = [.seat("a"), .units(county, kinds: [5])]
      #expect(throws: CommandError.directives(.selectionEmpty(1))) { _ = try hall.issue(content) }
      content.selectors = []
      #expect(refusal { _ = try hall.issue(content) } == "required")
    }
  }

  /// 501 units in an area: refused as a whole.
  @Test func moreThanFiveHundredAreRefused() async throws {
    try await bench.hall("many") { hall in
      let station: OrgUnitID = Sample.id("s1")
      try hall.writer.save(station, under: nil)
      for number in 0...500 {
        try hall.writer.save(Sample.unit(number), of: station)
        try hall.writer.save(Sample.unit(number), kind: 1)
      }
      var content = Sample.directive()
      content.recipients = []
      content.selectors = [.units(station, kinds: [])]
      #expect(throws: CommandError.directives(.tooManyRecipients(0))) {
        _ = try hall.issue(content)
      }
    }
  }

  @Test func feedbackIsCheckedAgainstTheFormItWasIssuedWith() async throws {
    try await bench.hall("form") { hall in
      let keep = { (form: Form?) in
        try TemplateKeeping().put(
          DirectiveTemplate(
            code: "search", name: "查缉", directiveClass: .urgent, title: "查缉 {plate}", text: "",
            form: form), etag: "", in: hall.writer, now: hall.now)
      }
      _ = try keep(FormTests.form)
      var content = Sample.directive(recipients: 1)
      (content.title, content.text, content.directiveClass) = ("", "", nil)
      content.template = TemplateUse(code: "search", values: ["plate": "浙C1"])
      let id = try hall.issue(content).id
      // The template changes; the directive does not.
      #expect(try keep(nil).etag == "2")
      let directive: Directive = try hall.writer.existing(id)
      #expect(directive.title == "查缉 浙C1" && directive.directiveClass == .urgent)
      #expect(directive.origin.form == FormTests.form)
      for move in [CourseMove.deliver, .acknowledge, .start] { try hall.course(move, id, first) }
      let submit = { (answers: [FormAnswer]) in
        try Directing().submitFeedback(
          MoveCourse(directiveID: id, recipient: first, occurTime: Sample.time(100)), text: "已查",
          answers: answers, in: hall.writer, now: hall.now)
      }
      let before = try hall.writer.directive(id)
      #expect(refusal { _ = try submit([]) } == "directives")
      #expect(try hall.writer.directive(id) == before)
      let answers = [
        FormAnswer(fieldCode: "result", value: .choices(["none"])),
        FormAnswer(fieldCode: "note", value: .text("未见")),
      ]
      #expect(try submit(answers).courses[0].answers == answers)
      #expect(try (hall.writer.existing(id) as Directive).courses[0].answers == answers)
      // Without a form there is nothing to answer.
      let plain = try hall.issue(Sample.directive(recipients: 1)).id
      for move in [CourseMove.deliver, .acknowledge, .start] {
        try hall.course(move, plain, first)
      }
      #expect(
        refusal {
          _ = try Directing().submitFeedback(
            MoveCourse(directiveID: plain, recipient: first, occurTime: Sample.time(100)),
            text: "已查", answers: answers, in: hall.writer, now: hall.now)
        } == "directives")
      content.template?.code = "nowhere"
      #expect(throws: CommandError.directives(.templateUnknown("nowhere"))) {
        _ = try hall.issue(content)
      }
    }
  }

  @Test func anAttachmentIsCompleteWhenItIsWhatItsDigestSays() async throws {
    try await bench.hall("attachment") { hall in
      let id = try hall.issue(Sample.directive(recipients: 1)).id
      let total = FeedbackAttachment.pieceBytes + 10
      let digest = String(repeating: "a", count: 64)
      let attaching = Attaching { pieces in
        let isWhole = pieces.map(\.count) == [FeedbackAttachment.pieceBytes, 10]
        return isWhole && pieces[1].first == 7 ? digest : "?"
      }
      let put = { (piece: Int, data: [UInt8], kind: FeedbackAttachment.Kind) in
        try attaching.put(
          PutPiece(
            attachment: FeedbackAttachment(
              directiveID: id, recipient: first, digest: digest, kind: kind, totalBytes: total,
              isComplete: false), piece: piece, data: data), in: hall.writer, now: hall.now)
      }
      let big = [UInt8](repeating: 1, count: FeedbackAttachment.pieceBytes)
      let small = [UInt8](repeating: 7, count: 10)
      #expect(try put(1, big, .jpeg).storedCount == 1)
      #expect(throws: CommandError.directives(.attachmentDiffers)) { _ = try put(2, small, .png) }
      #expect(throws: CommandError.directives(.pieceOutOfRange)) { _ = try put(3, small, .jpeg) }
      #expect(throws: CommandError.directives(.pieceOutOfRange)) { _ = try put(2, big, .jpeg) }
      #expect(throws: CommandError.directives(.attachmentUnknown(digest))) {
        _ = try attaching.read(digest, piece: 1, of: id, in: hall.writer)
      }
      let done = try put(2, small, .jpeg)
      #expect(done.attachment.isComplete && done.storedCount == 2)
      #expect(try attaching.read(digest, piece: 2, of: id, in: hall.writer).data == small)
      #expect(throws: CommandError.directives(.pieceOutOfRange)) {
        _ = try attaching.read(digest, piece: 3, of: id, in: hall.writer)
      }
      // What is complete stays as it is.
      #expect(try put(2, [UInt8](repeating: 9, count: 10), .jpeg).attachment.isComplete)
      #expect(try attaching.read(digest, piece: 2, of: id, in: hall.writer).data == small)
    }
  }
}
