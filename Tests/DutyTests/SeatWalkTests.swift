// Seats against a simple model: who may sit down, when, and after reading what. Thousands of random
// moves over ten days, each answered by the store as the model says.
import Access
import EventLog
import Foundation
import Identifiers
import QuintetAPI
import Testing
import Wire

@testable import DutyDomain

/// What a seat is, told in a page: lists, and nothing that has to be fast.
private struct SeatModel {
  struct Taking {
    let officer: String
    let seat: String
    let shift: RosterShift
    let start: Date
    var left: Date?
    var hasNote = false

    var until: Date { shift.plan.end.addingTimeInterval(15 * 60) }
    func holds(_ time: Date) -> Bool {
      start <= time && time < until && left.map { time < $0 } ?? true
    }
  }

  struct Note {
    let id: HandoverNoteID
    let seat: String
    let shift: RosterShift
    let isEmpty: Bool
    var readers: [(officer: String, shift: ShiftID)] = []
  }

  var shifts: [RosterShift]
  var takings: [Taking] = []
  var notes: [Note] = []

  func shift(_ officer: String, _ seat: String, _ time: Date) -> RosterShift? {
    shifts.filter {
      $0.plan.seatCode == seat && $0.plan.members.contains { $0.officer == officer }
        && $0.plan.start.addingTimeInterval(-30 * 60) <= time && time < $0.plan.end
    }.max { $0.plan.start < $1.plan.start }
  }

  mutating func take(_ officer: String, _ seat: String, _ time: Date) -> RosterError? {
    if let other = takings.first(where: {
      $0.officer == officer && $0.holds(time) && $0.seat != seat
    }) {
      return .seatedElsewhere(other.seat)
    }
    guard let shift = shift(officer, seat, time) else { return .notOnShiftOfSeat(seat) }
    let held = takings.indices.filter { takings[$0].officer == officer && takings[$0].holds(time) }
    if held.contains(where: { takings[$0].shift.id == shift.id }) { return nil }
    let open = notes.filter { note in
      note.seat == seat && !note.isEmpty && note.shift.plan.start < shift.plan.start
        && !note.readers.contains { $0.shift != shift.id || $0.officer == officer }
    }
    if !open.isEmpty { return .handoverUnread(open.map(\.id)) }
    for index in held { takings[index].left = time }
    takings.append(Taking(officer: officer, seat: seat, shift: shift, start: time))
    return nil
  }

  func own(_ officer: String, _ seat: String, _ time: Date) -> Int? {
    takings.firstIndex { $0.officer == officer && $0.seat == seat && $0.holds(time) }
  }

  mutating func leave(_ officer: String, _ seat: String, _ time: Date) -> RosterError? {
    guard let index = own(officer, seat, time) else { return .notSeated(seat) }
    guard takings[index].hasNote else { return .handoverRequired }
    takings[index].left = time
    return nil
  }

  mutating func read(_ index: Int, _ officer: String, _ time: Date) -> RosterError? {
    guard let shift = shift(officer, notes[index].seat, time) else {
      return .notOnShiftOfSeat(notes[index].seat)
    }
    if !notes[index].readers.contains(where: { $0.officer == officer }) {
      notes[index].readers.append((officer, shift.id))
    }
    return nil
  }
}

@Suite struct SeatWalkTests {
  @Test(arguments: [UInt64(1), 2, 3])
  func everyMoveIsAnsweredAsTheModelSays(_ seed: UInt64) async throws {
    try await Station.with { station in
      let hall = try await RosterHall(station)
      let crews = (0..<5).map { ["P\($0)"] }
      let pairs = (0..<3).map { ["Q\($0)0", "Q\($0)1"] }
      let officers = (crews + pairs).flatMap { $0 } + ["X"]
      for officer in officers { try await hall.officer(officer) }
      try await hall.seat("hall.a")
      try await hall.seat("hall.b", manning: 2)
      try await hall.publish("hall.a", "5c4t", crews, days: 10)
      try await hall.publish("hall.b", "3c2t", pairs, days: 10)
      var model = SeatModel(shifts: try await hall.shifts())
      var chance = Seeded(seed)
      var time = RosterHall.monday.start
      var answers: [String: Int] = [:]
      for step in 0..<1_500 {
        time += Double.random(in: 1...1_100, using: &chance).rounded()
        // Mostly those who are on: refusals come by themselves.
        let on = model.shifts.filter {
          $0.plan.start.addingTimeInterval(-1800) <= time && time < $0.plan.end
        }.flatMap { $0.plan.members.map(\.officer) }
        let officer =
          (Int.random(in: 0..<8, using: &chance) == 0 ? officers : on)
          .randomElement(using: &chance) ?? "X"
        let seat =
          Int.random(in: 0..<8, using: &chance) == 0
          ? ["hall.a", "hall.b"].randomElement(using: &chance)!
          : officer.hasPrefix("Q") ? "hall.b" : "hall.a"
        let keeping = hall.seats(officer, at: time)
        let move = ["take", "take", "leave", "note", "nothing", "read", "read"]
          .randomElement(using: &chance)!
        let expected: RosterError?
        var told: RosterError?
        switch move {
        case "take":
          expected = model.take(officer, seat, time)
          told = try await rosterError { try await hall.write { try keeping.take(seat, in: $0) } }
        case "leave":
          expected = model.leave(officer, seat, time)
          told = try await rosterError { try await hall.write { try keeping.leave(seat, in: $0) } }
        case "note", "nothing":
          let index = model.own(officer, seat, time)
          expected = index == nil ? .notSeated(seat) : nil
          let text = move == "note" ? "第 \(step) 条" : ""
          var written: HandoverNote?
          told = try await rosterError {
            written = try await hall.write { try keeping.write(text, at: seat, in: $0) }
          }
          if let index, let written {
            model.takings[index].hasNote = true
            model.notes.append(
              .init(
                id: written.id, seat: seat, shift: model.takings[index].shift,
                isEmpty: text.isEmpty))
          }
        default:
          guard !model.notes.isEmpty else { continue }
          let recent = max(0, model.notes.count - 4)
          let index = Int.random(in: recent..<model.notes.count, using: &chance)
          expected = model.read(index, officer, time)
          let note = model.notes[index].id
          told = try await rosterError { try await hall.write { try keeping.read(note, in: $0) } }
        }
        #expect(told == expected, "seed \(seed) step \(step): \(officer) \(move) \(seat)")
        answers[
          expected.map { "\($0)".prefix { $0 != "(" } }.map(String.init) ?? move, default: 0] += 1
        if told != expected { return }
        if step % 100 == 0 { try await compare(model, hall, time) }
      }
      for answer in [
        "take", "leave", "note", "read", "handoverUnread", "notOnShiftOfSeat", "notSeated",
        "handoverRequired",
      ] {
        #expect(answers[answer, default: 0] > 1, "\(answers)")
      }
    }
  }

  /// Who sits where, now and at an hour ago.
  private func compare(_ model: SeatModel, _ hall: RosterHall, _ time: Date) async throws {
    for moment in [time, time.addingTimeInterval(-3600)] {
      let views = try await hall.read { try SeatView.all(at: moment, in: $0) }
      for view in views {
        let expected = model.takings.filter { $0.seat == view.seat.code && $0.holds(moment) }
        #expect(view.holders.map(\.taking.officer).sorted() == expected.map(\.officer).sorted())
        #expect(view.holders.allSatisfy { $0.name == "姓名 \($0.taking.officer)" })
        let running = model.shifts.filter {
          $0.plan.seatCode == view.seat.code && $0.plan.start <= moment && moment < $0.plan.end
        }
        #expect(view.shifts.map(\.id) == running.map(\.id))
      }
    }
  }
}
