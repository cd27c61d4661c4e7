// 支撑请求、会商、串并案 on a real store: what is written is what is read, and what is refused changes
// nothing.
import Foundation
import Identifiers
import Testing

@testable import CommandDomain
@testable import CommandStore

extension Hall {
  static let station = Recipient(kind: .station, id: "station-1")
  static let leader = Recipient(kind: .seat, id: "hall.shift-leader")

  func ask(_ incident: IncidentID, _ seats: String...) throws -> SupportRequest {
    try Supporting().ask(
      AskSupport(
        incidentID: incident, asker: Self.station, title: "高速寻人", text: "男子欲轻生",
        tasks: seats.map { SupportTask(seatCode: $0, task: "查 \($0)") },
        occurTime: Sample.time(100)), in: writer, now: now)
  }

  func change(_ id: SupportRequestID, etag: String = "", at seconds: Double) -> ChangeSupport {
    ChangeSupport(supportRequestID: id, etag: etag, occurTime: Sample.time(seconds))
  }

  func part(
    _ move: SupportPartMove, _ number: Int, of id: SupportRequestID, etag: String = "",
    at seconds: Double = 200, result: SupportResult? = .found
  ) throws -> SupportRequest {
    try Supporting().move(
      MoveSupportPart(
        change: change(id, etag: etag, at: seconds), number: number, move: move, text: "岔口可见",
        result: move == .answer ? result : nil), in: writer, now: now)
  }

  func plan() throws -> Consultation {
    try Consulting().plan(
      title: "早会商", startTime: Sample.time(600),
      participants: [
        Participant(recipient: Self.leader, name: "值班长"),
        Participant(recipient: Self.station, name: "青云所"),
      ], by: "person/li", in: writer, now: now)
  }

  func change(
    _ id: ConsultationID, etag: String = "", at seconds: Double = 700
  ) -> ChangeConsultation {
    ChangeConsultation(consultationID: id, etag: etag, occurTime: Sample.time(seconds))
  }

  /// Two who came, one item about the incident, and one decision about it.
  func held(_ incident: IncidentID) throws -> Consultation {
    let id = try plan().id
    _ = try Consulting().put(
      PutAgendaItem(title: "入室盗窃", text: "三起", subject: .incident(incident), putBy: Self.station),
      change(id), in: writer, now: now)
    _ = try Consulting().open(change(id), in: writer, now: now)
    for recipient in [Self.leader, Self.station] {
      _ = try Consulting().attend(
        recipient, .present, reason: "", change(id), in: writer, now: now)
    }
    return try Consulting().decide(
      RecordDecision(
        itemNumber: 1, text: "夜间加巡", responsible: Self.station, dueTime: Sample.time(90_000)),
      change(id), in: writer, now: now)
  }

  func propose(_ incidents: IncidentID...) throws -> SeenSeries {
    try SeriesJudging().propose(
      title: "撬锁入室", Sample.judgement(), members: incidents.map { ($0, "手法相同") }, in: writer,
      now: now)
  }

  func judge(_ id: SeriesID, etag: String = "", _ reason: String = "现场痕迹一致") -> ChangeSeries {
    ChangeSeries(seriesID: id, etag: etag, judgement: Sample.judgement(reason))
  }
}

struct JointWorkTests {
  @Test func supportGoesFromAskingToSolved() async throws {
    let bench = try Bench()
    try await bench.hall("support") { hall in
      let incident = try hall.submit().incidentID
      let asked = try hall.ask(incident, "video", "traffic", "networks")
      #expect(asked.state == .asked && asked.revision == 1)
      _ = try hall.part(.take, 1, of: asked.id)
      _ = try hall.part(.take, 2, of: asked.id)
      _ = try hall.part(.giveBack, 3, of: asked.id)
      let more = try Supporting().add(
        SupportTask(seatCode: "networks", task: "再查"), hall.change(asked.id, at: 250),
        in: hall.writer, now: hall.now)
      #expect(more.parts.map(\.state) == [.taken, .taken, .givenBack, .offered])
      _ = try hall.part(.answer, 1, of: asked.id, result: .nothing)
      let answered = try hall.part(.answer, 2, of: asked.id)
      #expect(answered.state == .underway)
      let closed = try Supporting().end(
        .solved, reason: "已劝离", hall.change(asked.id, etag: answered.etag, at: 900),
        in: hall.writer, now: hall.now)
      #expect(closed.state == .closed)
      #expect(closed.parts.map(\.state) == [.answered, .answered, .givenBack, .released])
      #expect(try hall.writer.supportRequest(asked.id) == closed)
      #expect(try hall.writer.supportRequests(.init(), before: nil, limit: 9) == [closed])
      for (filter, isFound) in [
        (SupportFilter(seatCode: "traffic"), true), (SupportFilter(seatCode: "drones"), false),
        (SupportFilter(isOpen: true), false), (SupportFilter(incidentID: incident), true),
      ] {
        let found = try hall.writer.supportRequests(filter, before: nil, limit: 9)
        #expect(found.isEmpty != isFound)
      }
    }
    #expect(
      try await bench.eventNames().suffix(8)
        == ["support_asked"] + Array(repeating: "support_part_moved", count: 6)
        + ["support_ended"])
  }

  @Test func anIncidentIsNotClosedOverSupportThatNobodyEnded() async throws {
    let bench = try Bench()
    try await bench.hall("open") { hall in
      let incident = try hall.submit().incidentID
      let asked = try hall.ask(incident, "video")
      try hall.move(.activate, incident)
      try hall.move(.requestFeedback, incident)
      try hall.move(.submitFeedback, incident)
      let open = CommandError.joint(.supportOpen(incident, [asked.id]))
      #expect(throws: open) { try hall.move(.close, incident) }
      _ = try hall.part(.take, 1, of: asked.id)
      _ = try hall.part(.answer, 1, of: asked.id)
      #expect(throws: open) { try hall.move(.close, incident) }
      _ = try Supporting().end(
        .solved, reason: "已劝离", hall.change(asked.id, at: 900), in: hall.writer, now: hall.now)
      #expect(try hall.move(.close, incident).incident.state == .closed)
    }
  }

  @Test func whatSupportRefusesChangesNothing() async throws {
    let bench = try Bench()
    try await bench.hall("refused") { hall in
      let incident = try hall.submit().incidentID
      #expect(throws: CommandError.joint(.partOpen(seat: "video"))) {
        _ = try hall.ask(incident, "video", "video")
      }
      let asked = try hall.ask(incident, "video")
      for (refused, body) in [
        ("joint", { _ = try hall.part(.take, 9, of: asked.id) }),
        ("moveNotAllowed", { _ = try hall.part(.answer, 1, of: asked.id) }),
        ("etagMismatch", { _ = try hall.part(.take, 1, of: asked.id, etag: "9") }),
        (
          "joint",
          {
            _ = try Supporting().end(
              .solved, reason: "x", hall.change(asked.id, at: 300), in: hall.writer,
              now: hall.now)
          }
        ),
        ("joint", { _ = try hall.part(.take, 1, of: Sample.id("nowhere")) }),
      ] as [(String, () throws -> Void)] {
        #expect(refusal(body) == refused)
      }
      #expect(try hall.writer.supportRequest(asked.id) == asked)
      try hall.move(.cancel, incident)
      #expect(refusal { _ = try hall.ask(incident, "video") } == "incidentEnded")
      // What was asked before may still be answered.
      _ = try hall.part(.take, 1, of: asked.id)
    }
  }

  @Test func theMonthCountsWithItsDenominators() async throws {
    let bench = try Bench()
    try await bench.hall("count") { hall in
      let incident = try hall.submit().incidentID
      for ending in [SupportOutcome.solved, .unsolved, nil] {
        let asked = try hall.ask(incident, "video", "traffic")
        _ = try hall.part(.take, 1, of: asked.id)
        _ = try hall.part(.answer, 1, of: asked.id, result: ending == .solved ? .found : .nothing)
        _ = try Supporting().end(
          ending, reason: "完", hall.change(asked.id, at: 900), in: hall.writer, now: hall.now)
      }
      _ = try hall.part(.giveBack, 2, of: try hall.ask(incident, "video", "traffic").id)
      let month = try #require(SupportMonth("2016-12"))
      let count = try hall.writer.supportCount(month.times)
      #expect(
        count.requests
          == SupportRequestTally(requests: 4, solved: 1, unsolved: 1, withdrawn: 1))
      #expect(count.requests.open == 1)
      #expect(
        count.parts
          == SupportPartTally(
            parts: 8, taken: 3, answered: 3, found: 1, givenBack: 1, released: 3))
      #expect(count.parts.open == 1)
      #expect(count.askers.map(\.asker) == [Hall.station])
      #expect(count.askers[0].requests == count.requests)
      #expect(count.seats.map(\.seatCode) == ["traffic", "video"])
      #expect(count.seats[1].parts.answered == 3 && count.seats[1].parts.parts == 4)
      let next = try #require(SupportMonth("2017-01"))
      #expect(try hall.writer.supportCount(next.times).requests == SupportRequestTally())
    }
  }

  @Test func aDecisionBecomesADirectiveAndEachNamesTheOther() async throws {
    let bench = try Bench()
    try await bench.hall("consultation") { hall in
      let incident = try hall.submit().incidentID
      let held = try hall.held(incident)
      let id = held.id
      #expect(throws: CommandError.joint(.decisionsNotIssued([1]))) {
        _ = try Consulting().close(hall.change(id), in: hall.writer, now: hall.now)
      }
      #expect(
        refusal {
          _ = try Consulting().issue(
            decision: 1, title: "夜巡", .dispatch, hall.change(id), in: hall.writer, now: hall.now)
        } == "dispatchClassReserved")
      let issued = try Consulting().issue(
        decision: 1, title: "夜巡", .routine, hall.change(id), in: hall.writer, now: hall.now)
      #expect(issued.directive.incidentID == incident)
      #expect(issued.directive.courses.map(\.recipient) == [Hall.station])
      #expect(issued.directive.text == "夜间加巡")
      #expect(
        issued.directive.origin.decision
          == DecisionReference(consultationID: id, number: 1, dueTime: Sample.time(90_000)))
      #expect(issued.consultation.decisions[0].directiveID == issued.directive.id)
      #expect(try hall.writer.directive(issued.directive.id) == issued.directive)
      #expect(
        refusal {
          _ = try Consulting().issue(
            decision: 1, title: "夜巡", .routine, hall.change(id), in: hall.writer, now: hall.now)
        } == "moveNotAllowed")
      _ = try Consulting().link(
        item: 1, .directive(issued.directive.id), reason: "落实", hall.change(id), in: hall.writer,
        now: hall.now)
      let closed = try Consulting().close(
        hall.change(id, at: 3_600), in: hall.writer, now: hall.now)
      #expect(try hall.writer.consultation(id) == closed)
      for move in ["put", "decide", "attend", "close"] {
        #expect(refusal { try Self.change(move, id, hall) } == "moveNotAllowed", "\(move)")
      }
      let amended = try Consulting().amend(
        decision: 1, text: "应为两个夜晚", by: "person/li", hall.change(id, at: 9_000),
        in: hall.writer, now: hall.now)
      #expect(amended.decisions == closed.decisions && amended.amendments.count == 1)
      #expect(try hall.writer.consultation(id) == amended)
      let heads = try hall.writer.consultations(before: nil, limit: 9)
      #expect(heads.map(\.id) == [id] && heads[0].items.isEmpty)
      #expect(heads[0].participants == amended.participants)
    }
  }

  private static func change(_ move: String, _ id: ConsultationID, _ hall: Hall) throws {
    let (consulting, change) = (Consulting(), hall.change(id))
    switch move {
    case "put":
      _ = try consulting.put(
        PutAgendaItem(title: "再议", text: "", subject: nil, putBy: Hall.station), change,
        in: hall.writer, now: hall.now)
    case "decide":
      _ = try consulting.decide(
        RecordDecision(
          itemNumber: nil, text: "加巡", responsible: Hall.station, dueTime: Sample.time(90_000)),
        change, in: hall.writer, now: hall.now)
    case "attend":
      _ = try consulting.attend(
        Hall.station, .absent, reason: "出警", change, in: hall.writer, now: hall.now)
    default: _ = try consulting.close(change, in: hall.writer, now: hall.now)
    }
  }

  @Test func whatAConsultationRefusesChangesNothing() async throws {
    let bench = try Bench()
    try await bench.hall("refused") { hall in
      let held = try hall.held(try hall.submit().incidentID)
      let (id, consulting, writer, now) = (held.id, Consulting(), hall.writer, hall.now)
      let change = hall.change(id)
      func decide(_ item: Int?, due: Double) throws {
        _ = try consulting.decide(
          RecordDecision(
            itemNumber: item, text: "巡", responsible: Hall.leader, dueTime: Sample.time(due)),
          change, in: writer, now: now)
      }
      #expect(throws: CommandError.joint(.itemUnknown(7))) { try decide(7, due: 90_000) }
      for due in [700, 0, 700 + Consultation.dueLimit + 1] {
        #expect(throws: CommandError.joint(.dueNotAhead)) { try decide(nil, due: due) }
      }
      #expect(throws: CommandError.joint(.decisionUnknown(2))) {
        _ = try consulting.withdraw(decision: 2, reason: "x", change, in: writer, now: now)
      }
      let stranger = Recipient(kind: .station, id: "station-9")
      #expect(throws: CommandError.joint(.participantUnknown(stranger))) {
        _ = try consulting.attend(stranger, .present, reason: "", change, in: writer, now: now)
      }
      #expect(
        refusal {
          _ = try consulting.attend(
            Hall.station, .absent, reason: "", change, in: writer, now: now)
        } == "required")
      #expect(
        refusal {
          _ = try consulting.put(
            PutAgendaItem(
              title: "不存在", text: "", subject: .series(Sample.id("none")), putBy: Hall.leader),
            change, in: writer, now: now)
        } == "joint")
      #expect(
        refusal { _ = try consulting.close(hall.change(id, etag: "1"), in: writer, now: now) }
          == "etagMismatch")
      #expect(try hall.writer.consultation(id) == held)
    }
  }

  @Test func theMinutesSayTheWholeInBothLanguages() async throws {
    let bench = try Bench()
    try await bench.hall("minutes") { hall in
      let incident = try hall.submit().incidentID
      let id = try hall.held(incident).id
      let issued = try Consulting().issue(
        decision: 1, title: "夜巡", .routine, hall.change(id), in: hall.writer, now: hall.now)
      let closed = try Consulting().close(
        hall.change(id, at: 3_600), in: hall.writer, now: hall.now)
      let text = Minutes(
        consultation: closed, progress: [issued.directive.id: .acknowledged]
      ).lines.joined(separator: "\n")
      for expected in [
        "会商纪要 Minutes：早会商", "2016-12-31 08:11 – 2016-12-31 09:00", "到会 present 2，应到 invited 2",
        "1. 入室盗窃（警情 incident \(incident)），青云所 提出", "1. 夜间加巡（议题 item 1）",
        "责任 responsible：青云所，期限 due：2017-01-01 09:00",
        "指令 directive：\(issued.directive.id)，签收 signed",
      ] { #expect(text.contains(expected), "\(expected)") }
    }
  }

  @Test func anIncidentShowsTheSeriesThatItBelongsTo() async throws {
    let bench = try Bench()
    try await bench.hall("series") { hall in
      let incidents = try (0..<3).map { _ in try hall.submit().incidentID }
      let id = try hall.propose(incidents[0], incidents[1]).series.id
      let confirmed = try SeriesJudging().move(
        .confirm, hall.judge(id), in: hall.writer, now: hall.now)
      _ = try SeriesJudging().add(
        incidents[2], hall.judge(id, etag: confirmed.series.etag), in: hall.writer,
        now: hall.now)
      let reference = SeriesReference(id: id, title: "撬锁入室", state: .confirmed)
      #expect(try hall.writer.view(incidents[2])?.series == [reference])
      let listed = try hall.writer.views(.init(), before: nil, limit: 9)
      #expect(listed.allSatisfy { $0.series == [reference] })
      let dropped = try SeriesJudging().drop(
        incidents[0], hall.judge(id, "另案"), in: hall.writer, now: hall.now)
      #expect(try hall.writer.series(id) == dropped.series)
      #expect(dropped.members.count == 3 && dropped.series.current.count == 2)
      #expect(try hall.writer.view(incidents[0])?.series == [])
      for (filter, count) in [
        (SeriesFilter(incidentID: incidents[0]), 1), (SeriesFilter(states: [.proposed]), 0),
        (SeriesFilter(states: [.confirmed, .rejected]), 1),
      ] {
        #expect(try hall.writer.series(filter, before: nil, limit: 9).count == count)
      }
      _ = try SeriesJudging().move(.dissolve, hall.judge(id), in: hall.writer, now: hall.now)
      #expect(try hall.writer.view(incidents[2])?.series == [])
    }
    // Each member's own timeline tells it.
    #expect(
      try await bench.eventNames().suffix(8)
        == Array(repeating: "series_moved", count: 4)
        + Array(repeating: "series_member_moved", count: 2)
        + Array(repeating: "series_moved", count: 2))
  }
}
