// Every state × every move of support requests, consultations and series, against tables written by hand.
import Foundation
import Identifiers
import Testing

@testable import CommandDomain

private let partTable: [SupportPartMove: String] = [
  .take: "offered→taken",
  .answer: "taken→answered",
  .giveBack: "offered→given_back taken→given_back",
  .release: "offered→released taken→released",
]

private let consultationTable: [ConsultationMove: String] = [
  .open: "planned→open",
  .cancel: "planned→cancelled",
  .close: "open→closed",
  .putItem: "planned→planned open→open",
  .link: "planned→planned open→open",
  .attend: "open→open",
  .decide: "open→open",
  .withdrawDecision: "open→open",
  .issueDecision: "open→open",
  .amend: "closed→closed",
]

private let seriesTable: [SeriesMove: String] = [
  .confirm: "proposed→confirmed",
  .reject: "proposed→rejected",
  .dissolve: "confirmed→dissolved",
]

extension Sample {
  static func support(_ seats: String...) throws -> SupportRequest {
    var request = SupportRequest(
      id: id("support"), incidentID: id("incident"),
      asker: Recipient(kind: .station, id: "station-1"), title: "高速寻人", text: "", parts: [],
      askTime: morning, recordTime: morning)
    for seat in seats { _ = try request.add(seat: seat, task: "", at: morning) }
    return request
  }

  static func consultation() -> Consultation {
    Consultation(
      id: id("consultation"), title: "早会商", startTime: morning, convenedBy: "person/li",
      participants: [
        Participant(recipient: Recipient(kind: .seat, id: "hall.shift-leader"), name: "值班长"),
        Participant(recipient: Recipient(kind: .station, id: "station-1"), name: "青云所"),
      ], recordTime: morning)
  }

  static func judgement(_ reason: String = "手法相同") -> Judgement {
    Judgement(by: "person/li", time: time(9), reason: reason)
  }

  static func series(_ count: Int = 3) throws -> Series {
    try Series(
      id: id("series"), title: "撬锁入室", proposed: judgement(),
      members: (0..<count).map {
        SeriesMember(incidentID: id("incident \($0)"), added: judgement())
      })
  }
}

struct JointMoveTableTests {
  @Test func aPartMakesExactlyTheMovesOfItsTable() {
    for move in SupportPartMove.allCases {
      let allowed = moves(partTable[move])
      for state in SupportPartState.allCases {
        var part = SupportPart(
          number: 1, seatCode: "video", task: "", state: state, offerTime: Sample.morning)
        let before = part
        let refused = refusal {
          try part.move(move, at: Sample.time(9), text: "原因", result: .found)
        }
        if let target = allowed[state.rawValue] {
          #expect(refused == nil)
          #expect(part.state.rawValue == target)
          #expect(part.revision == before.revision + 1)
        } else {
          #expect(refused == "moveNotAllowed", "\(move) from \(state)")
          #expect(part == before)
        }
      }
    }
  }

  @Test func aPartNeedsAnAnswerWithItsResultAndAReasonToBeGivenBack() {
    var part = SupportPart(
      number: 1, seatCode: "video", task: "", state: .taken, offerTime: Sample.morning)
    let before = part
    #expect(refusal { try part.move(.answer, at: Sample.morning, result: .found) } == "required")
    #expect(refusal { try part.move(.answer, at: Sample.morning, text: "见") } == "required")
    #expect(refusal { try part.move(.giveBack, at: Sample.morning) } == "required")
    #expect(part == before)
  }

  /// All combinations of three parts, against the sentence of the proto.
  @Test func aRequestStandsWhereItsPartsSay() throws {
    for states in SupportPartState.allCases.flatMap({ first in
      SupportPartState.allCases.flatMap { second in
        SupportPartState.allCases.map { [first, second, $0] }
      }
    }) {
      var request = try Sample.support("a", "b", "c")
      for index in states.indices { request.parts[index].state = states[index] }
      let held = states.filter { $0 != .givenBack && $0 != .released }
      let expected: SupportState =
        if !held.isEmpty && Set(held) == [.answered] {
          .answered
        } else if held.contains(.taken) || held.contains(.answered) {
          .underway
        } else { .asked }
      #expect(request.state == expected, "\(states)")
    }
  }

  @Test func aRequestEndsOnceAndReleasesWhatIsOpen() throws {
    for outcome in [SupportOutcome.solved, .unsolved, nil] {
      for isAnswered in [false, true] {
        var request = try Sample.support("video", "traffic", "networks")
        _ = try request.move(part: 1, .take, at: Sample.time(1), text: "", result: nil)
        if isAnswered {
          _ = try request.move(part: 1, .answer, at: Sample.time(2), text: "见", result: .found)
        }
        let before = request
        #expect(refusal { try request.end(outcome, reason: "", at: Sample.time(3)) } == "required")
        let refused = refusal { try request.end(outcome, reason: "已找到", at: Sample.time(3)) }
        if outcome == .solved && !isAnswered {
          #expect(refused == "joint")
          #expect(request == before)
          continue
        }
        #expect(refused == nil)
        #expect(request.state == (outcome == nil ? .withdrawn : .closed))
        #expect(
          request.parts.map(\.state) == [isAnswered ? .answered : .released, .released, .released])
        let ended = request
        #expect(
          refusal { try request.end(.unsolved, reason: "再", at: Sample.time(4)) }
            == "moveNotAllowed")
        #expect(
          refusal { _ = try request.add(seat: "z", task: "", at: Sample.time(4)) }
            == "moveNotAllowed")
        #expect(
          refusal {
            _ = try request.move(part: 2, .take, at: Sample.time(4), text: "", result: nil)
          } == "moveNotAllowed")
        #expect(request == ended)
      }
    }
  }

  @Test func aSeatHasOnePartAtATimeAndARequestTwenty() throws {
    var request = try Sample.support("video")
    #expect(throws: CommandError.joint(.partOpen(seat: "video"))) {
      _ = try request.add(seat: "video", task: "", at: Sample.morning)
    }
    _ = try request.move(part: 1, .giveBack, at: Sample.time(1), text: "无权限", result: nil)
    #expect(try request.add(seat: "video", task: "再查", at: Sample.time(2)).number == 2)
    for number in 3...SupportRequest.partLimit {
      _ = try request.add(seat: "seat-\(number)", task: "", at: Sample.morning)
    }
    #expect(throws: CommandError.joint(.tooManyParts(limit: 20))) {
      _ = try request.add(seat: "one-more", task: "", at: Sample.morning)
    }
  }

  @Test func aConsultationMakesExactlyTheMovesOfItsTable() {
    for move in ConsultationMove.allCases {
      let allowed = moves(consultationTable[move])
      for state in ConsultationState.allCases {
        var consultation = Sample.consultation()
        consultation.state = state
        let before = consultation
        let refused = refusal { try consultation.take(move) }
        if let target = allowed[state.rawValue] {
          #expect(refused == nil)
          #expect(consultation.state.rawValue == target)
          #expect(consultation.revision == before.revision + 1)
        } else {
          #expect(refused == "moveNotAllowed", "\(move) from \(state)")
          #expect(consultation == before)
        }
      }
    }
  }

  @Test func aDecisionIsIssuedOrWithdrawnOnce() {
    for move in DecisionMove.allCases {
      for state in DecisionState.allCases {
        var decision = Decision(
          number: 1, itemNumber: nil, text: "巡", responsible: Recipient(kind: .seat, id: "s"),
          dueTime: Sample.time(9), state: state, time: Sample.morning)
        let refused = refusal { try decision.move(move) }
        #expect(refused == (state == .recorded ? nil : "moveNotAllowed"))
        #expect(decision.state == (state == .recorded ? move.target : state))
      }
    }
  }

  @Test func aSeriesMakesExactlyTheMovesOfItsTable() throws {
    for move in SeriesMove.allCases {
      let allowed = moves(seriesTable[move])
      for state in SeriesState.allCases {
        var series = try Sample.series()
        series.state = state
        let before = series
        #expect(refusal { try series.move(move, Sample.judgement("")) } == "required")
        let refused = refusal { try series.move(move, Sample.judgement()) }
        if let target = allowed[state.rawValue] {
          #expect(refused == nil)
          #expect(series.state.rawValue == target)
          #expect(series.revision == before.revision + 1)
        } else {
          #expect(refused == "moveNotAllowed", "\(move) from \(state)")
          #expect(series == before)
        }
      }
    }
  }

  @Test func membersComeAndGoWhileASeriesIsOpen() throws {
    for state in SeriesState.allCases {
      var series = try Sample.series()
      series.state = state
      let added = refusal { _ = try series.add(Sample.id("new"), Sample.judgement()) }
      let dropped = refusal { _ = try series.drop(Sample.id("incident 0"), Sample.judgement()) }
      let expected = state == .proposed || state == .confirmed ? nil : "moveNotAllowed"
      #expect(added == expected && dropped == expected)
      #expect(series.current.count == 3)
    }
  }

  @Test func aSeriesKeepsTwoAndKnowsEachOnce() throws {
    #expect(throws: CommandError.joint(.seriesTooSmall)) { _ = try Sample.series(1) }
    #expect(throws: CommandError.joint(.tooManyMembers(limit: 100))) {
      _ = try Sample.series(101)
    }
    var series = try Sample.series()
    let first: IncidentID = Sample.id("incident 0")
    #expect(throws: CommandError.joint(.seriesMemberKnown(first))) {
      _ = try series.add(first, Sample.judgement())
    }
    _ = try series.drop(first, Sample.judgement("另案"))
    #expect(throws: CommandError.joint(.seriesMemberUnknown(first))) {
      _ = try series.drop(first, Sample.judgement())
    }
    #expect(throws: CommandError.joint(.seriesWouldEnd(series.id))) {
      _ = try series.drop(Sample.id("incident 1"), Sample.judgement())
    }
    // Back in its old place, as added now.
    _ = try series.add(first, Sample.judgement("还是同案"))
    #expect(series.members.count == 3 && series.members[0].dropped == nil)
    #expect(series.members[0].added.reason == "还是同案")
  }

  @Test(arguments: [
    ("2016-12", "2016-11-30T16:00:00Z", "2016-12-31T16:00:00Z"),
    ("2016-02", "2016-01-31T16:00:00Z", "2016-02-29T16:00:00Z"),
  ])
  func aMonthIsThatOfTheBureau(text: String, start: String, end: String) throws {
    let month = try #require(SupportMonth(text))
    #expect(month.times.lowerBound.formatted(.iso8601) == start)
    #expect(month.times.upperBound.formatted(.iso8601) == end)
  }

  @Test(arguments: [
    "", "2016", "2016-13", "2016-00", "2016-1", "16-12", "2016/12", "2016-12-01", "２016-12",
  ])
  func whatIsNoMonthIsNone(text: String) {
    #expect(SupportMonth(text) == nil)
  }
}
