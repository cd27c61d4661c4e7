// The hall of the demo bureau: 53 officers, 28 of them with high privilege in rotation, seven seats, and
// five crews in four turns. At each change of turn the seats are handed over as the roster says.
import Foundation
import GRPCCore
import QuintetAPI
import ServiceHost
import SwiftProtobuf
import Wire

struct DemoRoster: Sendable {
  let suite: SuiteCalls
  let midnight: Date

  /// Seconds after midnight at which turns change: dawn, morning, afternoon, night.
  static let changes = [2, 8, 14, 20].map { $0 * 3600 }
  /// A change begins so long before: notes are written and read.
  static let ahead = 600

  private struct HallSeat: Sendable {
    let code: String
    let name: String
    let kind: Quintet_Duty_V1_SeatKind
    let role: String
    let pattern: String
    /// One officer of each crew, or more.
    let crewSize: Int
    let isPrivileged: Bool

    var crewCount: Int { pattern == "8x24" ? 8 : 5 }
  }

  private static let seats = [
    HallSeat(
      code: "hall.bureau-leader", name: "带班局领导. Bureau leader", kind: .bureauLeader,
      role: "shift-leader", pattern: "8x24", crewSize: 1, isPrivileged: true),
    HallSeat(
      code: "hall.duty-director", name: "值班主任. Duty director", kind: .dutyDirector,
      role: "shift-leader", pattern: "5c4t", crewSize: 1, isPrivileged: true),
    HallSeat(
      code: "hall.shift-leader", name: "值班长. Shift leader", kind: .shiftLeader,
      role: "shift-leader", pattern: "5c4t", crewSize: 1, isPrivileged: true),
    HallSeat(
      code: "hall.warning", name: "预警席. Warning", kind: .warning, role: "analyst",
      pattern: "5c4t", crewSize: 1, isPrivileged: true),
    HallSeat(
      code: "hall.joint-operations", name: "合成作战席. Joint operations", kind: .jointOperations,
      role: "dispatcher", pattern: "5c4t", crewSize: 1, isPrivileged: true),
    HallSeat(
      code: "hall.call-taker", name: "接警席. Call-takers", kind: .callTaker, role: "call-taker",
      pattern: "5c4t", crewSize: 3, isPrivileged: false),
    HallSeat(
      code: "hall.dispatcher", name: "派警席. Dispatchers", kind: .dispatcher, role: "dispatcher",
      pattern: "5c4t", crewSize: 2, isPrivileged: false),
  ]

  /// Those whose change of turn is played: one officer in each.
  private static let played = seats.filter { $0.pattern == "5c4t" && $0.crewSize == 1 }
  private static let crewNames = ["一班", "二班", "三班", "四班", "五班", "六班", "七班", "八班"]
  private static let surnames = Array("陈林黄周吴郑徐叶潘谢蔡项章夏朱金胡孙何方施倪邵戴尤")
  private static let givenNames = ["文涛", "晓岚", "建平", "雨桐", "志远", "海燕", "立新", "思源", "国栋"]

  private static func actor(_ number: String) -> Metadata {
    var metadata = Metadata()
    metadata.addString("person/\(number.lowercased())", forKey: Connection.actorKey)
    return metadata
  }

  private static func leader() -> Metadata {
    var metadata = Metadata()
    metadata.addString("person/roster-leader", forKey: Connection.actorKey)
    return metadata
  }

  // MARK: - Before the day

  /// Staff, seats and shifts from the evening before; the first night's crew sits down.
  /// - Parameter orgUnit: the bureau, `org_…`.
  func prepare(at orgUnit: String) async throws {
    let evening = midnight.addingTimeInterval(-5 * 3600)
    var next = 0
    for seat in Self.seats {
      var crews: [[String]] = []
      for _ in 0..<seat.crewCount {
        var crew: [String] = []
        for _ in 0..<seat.crewSize {
          next += 1
          crew.append(try await putOfficer(next, seat, orgUnit, at: evening))
        }
        crews.append(crew)
      }
      try await put(seat, at: evening)
      try await publish(seat, crews, at: evening)
    }
    for shift in try await shifts(beginningAt: midnight.addingTimeInterval(-4 * 3600)) {
      try await take(shift, at: shift.startTime.microsecondDate)
    }
  }

  private func putOfficer(
    _ index: Int, _ seat: HallSeat, _ orgUnit: String, at time: Date
  ) async throws -> String {
    let number = String(format: "QL%03d", index)
    let surname = Self.surnames[index % Self.surnames.count]
    let request = Quintet_Duty_V1_PutOfficerRequest.with {
      $0.requestID = "demo/officer/\(number)"
      $0.officer = .with {
        $0.number = number
        $0.name = "\(surname)\(Self.givenNames[index % Self.givenNames.count])"
        $0.actor = "person/\(number.lowercased())"
        $0.orgUnitID = orgUnit
        $0.qualifications = seat.isPrivileged ? ["high-privilege"] : []
      }
      $0.occurTime = time.timestamp
    }
    _ = try await suite.call("PutOfficer \(number)") {
      try await suite.rosters.putOfficer(request, options: .item)
    }
    return number
  }

  private func put(_ seat: HallSeat, at time: Date) async throws {
    let request = Quintet_Duty_V1_PutSeatRequest.with {
      $0.requestID = "demo/seat/\(seat.code)"
      $0.seat = .with {
        $0.code = seat.code
        $0.name = seat.name
        $0.kind = seat.kind
        $0.role = seat.role
        $0.minimumManning = Int32(seat.crewSize)
        $0.qualifications = seat.isPrivileged ? ["high-privilege"] : []
      }
      $0.occurTime = time.timestamp
    }
    _ = try await suite.call("PutSeat \(seat.code)") {
      try await suite.rosters.putSeat(request, options: .item)
    }
  }

  /// From the evening before the day to the second day after it.
  private func publish(_ seat: HallSeat, _ crews: [[String]], at time: Date) async throws {
    let request = Quintet_Duty_V1_PublishRosterRequest.with {
      $0.requestID = "demo/roster/\(seat.code)"
      $0.plan = .with {
        $0.seatCode = seat.code
        $0.patternCode = seat.pattern
        $0.crews = crews.enumerated().map { index, crew in
          .with {
            $0.name = Self.crewNames[index]
            $0.officerNumbers = crew
          }
        }
        $0.fromDate = Self.date(midnight.addingTimeInterval(-86_400))
        $0.toDate = Self.date(midnight.addingTimeInterval(2 * 86_400))
      }
      $0.occurTime = time.timestamp
    }
    _ = try await suite.call("PublishRoster \(seat.code)") {
      try await suite.rosters.publishRoster(request, metadata: Self.leader(), options: .item)
    }
  }

  private static func date(_ time: Date) -> String { String(LocalTime.text(time).prefix(10)) }

  // MARK: - During the day

  /// Hands the seats over at the next change of turn.
  /// - Parameter second: after midnight; the change itself.
  /// - Returns: what to tell, or nil when nobody changed.
  func change(at second: Int) async throws -> String? {
    let moment = midnight.addingTimeInterval(Double(second))
    let held = try await suite.call("ListSeats") {
      try await suite.seats.listSeats(
        .with { $0.asOfTime = moment.addingTimeInterval(-Double(Self.ahead)).timestamp },
        metadata: Self.leader(), options: .item
      ).seats
    }
    let coming = try await shifts(beginningAt: moment)
    for shift in coming {
      let holders = held.first { $0.seat.code == shift.seatCode }?.holders ?? []
      let taking = holders.first?.taking
      var note: String?
      if let taking { note = try await write(taking, at: moment) }
      for officer in shift.officers where officer.standing == .on {
        if let note { try await read(note, by: officer.officerNumber, at: moment) }
      }
      try await take(shift, at: moment.addingTimeInterval(-300))
      if let taking { try await leave(taking, at: moment.addingTimeInterval(120)) }
    }
    guard let crew = coming.first?.crew else { return nil }
    return
      "交接班：\(crew)接班，\(coming.count) 个席位就位 / a change of turn: \(coming.count) seats handed over"
  }

  private func shifts(beginningAt time: Date) async throws -> [Quintet_Duty_V1_Shift] {
    let request = Quintet_Duty_V1_ListShiftsRequest.with {
      $0.startTime = time.timestamp
      $0.endTime = time.addingTimeInterval(1).timestamp
      $0.pageSize = 500
    }
    let shifts = try await suite.call("ListShifts") {
      try await suite.rosters.listShifts(request, metadata: Self.leader(), options: .item).shifts
    }
    let codes = Set(Self.played.map(\.code))
    return shifts.filter {
      codes.contains($0.seatCode) && $0.startTime.microsecondDate == time
    }
  }

  private func write(
    _ taking: Quintet_Duty_V1_SeatTaking, at moment: Date
  ) async throws -> String {
    let request = Quintet_Duty_V1_WriteHandoverNoteRequest.with {
      $0.requestID = "demo/note/\(taking.id)"
      $0.seatCode = taking.seatCode
      $0.text = "本班警情已逐一交代，未结的见列表。All is told; open incidents are in the list."
      $0.occurTime = moment.addingTimeInterval(-540).timestamp
    }
    return try await suite.call("WriteHandoverNote") {
      try await suite.seats.writeHandoverNote(
        request, metadata: Self.actor(taking.officerNumber), options: .item
      ).note.id
    }
  }

  private func read(_ note: String, by officer: String, at moment: Date) async throws {
    let request = Quintet_Duty_V1_MarkHandoverNoteReadRequest.with {
      $0.requestID = "demo/read/\(note)/\(officer)"
      $0.noteID = note
      $0.occurTime = moment.addingTimeInterval(-360).timestamp
    }
    _ = try await suite.call("MarkHandoverNoteRead") {
      try await suite.seats.markHandoverNoteRead(
        request, metadata: Self.actor(officer), options: .item)
    }
  }

  private func take(_ shift: Quintet_Duty_V1_Shift, at time: Date) async throws {
    for officer in shift.officers where officer.standing == .on {
      let request = Quintet_Duty_V1_TakeSeatRequest.with {
        $0.requestID = "demo/take/\(shift.id)/\(officer.officerNumber)"
        $0.seatCode = shift.seatCode
        $0.occurTime = time.timestamp
      }
      _ = try await suite.call("TakeSeat \(shift.seatCode)") {
        try await suite.seats.takeSeat(
          request, metadata: Self.actor(officer.officerNumber), options: .item)
      }
    }
  }

  private func leave(_ taking: Quintet_Duty_V1_SeatTaking, at time: Date) async throws {
    let request = Quintet_Duty_V1_LeaveSeatRequest.with {
      $0.requestID = "demo/leave/\(taking.id)"
      $0.seatCode = taking.seatCode
      $0.occurTime = time.timestamp
    }
    _ = try await suite.call("LeaveSeat \(taking.seatCode)") {
      try await suite.seats.leaveSeat(
        request, metadata: Self.actor(taking.officerNumber), options: .item)
    }
  }
}

extension SuiteCalls {
  var rosters: some Quintet_Duty_V1_RosterService.ClientProtocol {
    Quintet_Duty_V1_RosterService.Client(wrapping: client)
  }
  var seats: some Quintet_Duty_V1_SeatService.ClientProtocol {
    Quintet_Duty_V1_SeatService.Client(wrapping: client)
  }
}
