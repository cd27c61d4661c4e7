// Reading rosters and seats.
import DutyDomain
import Foundation
import Identifiers
import Persistence
import Territory

extension StoreReader {
  // MARK: The organisation's history

  private static let periods = """
    SELECT \(OrgUnitPeriod.columns) FROM org_unit_period p
    JOIN org_unit o ON o.partition = p.partition AND o.id = p.org_unit_id
    """

  func orgUnitPeriods(of id: OrgUnitID) throws -> [OrgUnitPeriod] {
    try tx.query(
      "\(Self.periods) WHERE p.partition = $1 AND p.org_unit_id = $2 ORDER BY p.from_time",
      [partition, id]
    ).map(OrgUnitPeriod.init)
  }

  func orgUnitPeriods(below id: OrgUnitID) throws -> [OrgUnitPeriod] {
    try tx.query(
      """
      \(Self.periods) WHERE p.partition = $1 AND p.parent_id = $2
      ORDER BY p.org_unit_id, p.from_time
      """, [partition, id]
    ).map(OrgUnitPeriod.init)
  }

  func orgUnits(asOf time: Date?, after code: String?, limit: Int) throws -> [OrgUnitPeriod] {
    let keys: [any ValueConvertible] = [partition, code ?? "", limit]
    guard let time else {
      return try tx.query(
        """
        \(Self.periods) WHERE p.partition = $1 AND o.code > $2 AND p.until_time IS NULL
        ORDER BY o.code LIMIT $3
        """, keys
      ).map(OrgUnitPeriod.init)
    }
    return try tx.query(
      """
      \(Self.periods) WHERE p.partition = $1 AND o.code > $2 AND p.from_time <= $4
        AND (p.until_time IS NULL OR p.until_time > $4)
      ORDER BY o.code LIMIT $3
      """, keys + [time]
    ).map(OrgUnitPeriod.init)
  }

  // MARK: Staff

  func officer(number: String) throws -> Officer? {
    try tx.query(
      "SELECT \(Officer.columns) FROM officer o WHERE o.partition = $1 AND o.number = $2",
      [partition, number]
    ).first.map(Officer.init)
  }

  func officer(actor: String) throws -> Officer? {
    try tx.query(
      "SELECT \(Officer.columns) FROM officer o WHERE o.partition = $1 AND o.actor = $2",
      [partition, actor]
    ).first.map(Officer.init)
  }

  func officers(numbers: Set<String>) throws -> [Officer] {
    guard !numbers.isEmpty else { return [] }
    var bindings = Bindings([partition])
    let among = bindings.number(Self.list(numbers.count), numbers.sorted())
    return try tx.query(
      """
      SELECT \(Officer.columns) FROM officer o
      WHERE o.partition = $1 AND o.number IN \(among) ORDER BY o.number
      """, bindings.arguments
    ).map(Officer.init)
  }

  func officers(after number: String?, limit: Int) throws -> [Officer] {
    var bindings = Bindings([partition, number ?? "", limit])
    return try tx.query(
      """
      SELECT \(Officer.columns) FROM officer o
      WHERE o.partition = $1 AND o.number > $2\(cutOfficers(nil, &bindings))
      ORDER BY o.number LIMIT $3
      """, bindings.arguments
    ).map(Officer.init)
  }

  /// Leaves out those whose affairs are not the caller's, but for the caller's own.
  private func cutOfficers(_ actor: String?, _ bindings: inout Bindings) -> String {
    if reached.isEverywhere { return "" }
    let own = reached.any(["o.org_unit_id IN (#)"])
    let text = bindings.number(own.text, own.values)
    guard let actor else { return " AND \(text)" }
    return " AND (\(text) OR \(bindings.number("o.actor = ?", [actor])))"
  }

  private static func list(_ count: Int) -> String {
    "(" + Array(repeating: "?", count: count).joined(separator: ", ") + ")"
  }

  func seat(code: String) throws -> Seat? {
    try tx.query(
      "SELECT \(Seat.columns) FROM seat WHERE partition = $1 AND code = $2", [partition, code]
    ).first.map(Seat.init)
  }

  func seats() throws -> [Seat] {
    try tx.query(
      "SELECT \(Seat.columns) FROM seat WHERE partition = $1 ORDER BY code", [partition]
    ).map(Seat.init)
  }

  func patterns() throws -> [RosterPattern] {
    try tx.query(
      "SELECT document FROM roster_pattern WHERE partition = $1 ORDER BY code", [partition]
    ).map { try Document.decode(try $0.get("document")) }
  }

  // MARK: Shifts

  /// No shift is longer than two days: how far back one can begin that touches a time.
  private static let longestShift: TimeInterval = 2880 * 60

  private func shifts(_ condition: String, _ arguments: [any ValueConvertible]) throws
    -> [RosterShift]
  {
    let rows = try tx.query(
      "SELECT \(RosterShift.columns) FROM shift s WHERE s.partition = $1 AND \(condition)",
      arguments)
    guard !rows.isEmpty else { return [] }
    let members = try tx.query(
      """
      SELECT m.shift_id, m.officer_number, m.standing, m.substitute FROM shift_officer m
      WHERE m.partition = $1 AND m.shift_id IN (
        SELECT s.id FROM shift s WHERE s.partition = $1 AND \(condition))
      """, arguments)
    var byShift: [ShiftID: [ShiftMember]] = [:]
    for row in members { byShift[try row.get("shift_id"), default: []].append(try .init(row)) }
    return try rows.map { try RosterShift($0, members: byShift[try $0.get("id")] ?? []) }
  }

  func shift(_ id: ShiftID) throws -> RosterShift? {
    try shifts("s.id = $2", [partition, id]).first
  }

  func shifts(
    touching time: Range<Date>, seat: String?, onlyGaps: Bool, after key: TimeKey?, limit: Int
  ) throws -> [RosterShift] {
    var arguments: [any ValueConvertible] = [
      partition, time.lowerBound.addingTimeInterval(-Self.longestShift), time.upperBound,
      time.lowerBound, limit,
    ]
    var condition = "s.start_time >= $2 AND s.start_time < $3 AND s.end_time > $4"
    if onlyGaps { condition += " AND s.missing_count > 0" }
    if let seat {
      arguments.append(seat)
      condition += " AND s.seat_code = $\(arguments.count)"
    }
    if let key {
      arguments += [key.time, key.id]
      condition += " AND (s.start_time, s.id) > ($\(arguments.count - 1), $\(arguments.count))"
    }
    return try shifts("\(condition) ORDER BY s.start_time, s.id LIMIT $5", arguments)
  }

  func shifts(ofAnyOf officers: Set<String>, touching time: Range<Date>) throws -> [RosterShift] {
    guard !officers.isEmpty else { return [] }
    var bindings = Bindings([
      partition, time.lowerBound.addingTimeInterval(-Self.longestShift), time.upperBound,
      time.lowerBound,
    ])
    let among = bindings.number(Self.list(officers.count), officers.sorted())
    return try shifts(
      """
      s.id IN (
        SELECT o.shift_id FROM shift_officer o
        WHERE o.partition = $1 AND o.officer_number IN \(among) AND o.standing = 'on'
          AND o.start_time >= $2 AND o.start_time < $3 AND o.end_time > $4)
      ORDER BY s.start_time, s.id
      """, bindings.arguments)
  }

  func unflaggedGaps(beginningBy time: Date, now: Date, limit: Int) throws -> [RosterShift] {
    try shifts(
      """
      s.missing_count > 0 AND s.flag_time IS NULL AND s.start_time >= $2 AND s.start_time <= $3
        AND s.end_time > $4
      ORDER BY s.start_time, s.id LIMIT $5
      """, [partition, now.addingTimeInterval(-Self.longestShift), time, now, limit])
  }

  // MARK: Swaps and leave

  func swap(_ id: SwapID) throws -> Swap? {
    try tx.query(
      "SELECT \(Swap.columns) FROM shift_swap s WHERE s.partition = $1 AND s.id = $2",
      [partition, id]
    ).first.map(Swap.init)
  }

  func swaps(of actor: String, before key: TimeKey?, limit: Int) throws -> [Swap] {
    try asked(
      Swap.columns, "shift_swap", "o.number IN (s.officer_number, s.other_officer_number)",
      actor, key, limit
    ).map(Swap.init)
  }

  func leave(_ id: LeaveID) throws -> Leave? {
    try tx.query(
      "SELECT \(Leave.columns) FROM officer_leave s WHERE s.partition = $1 AND s.id = $2",
      [partition, id]
    ).first.map(Leave.init)
  }

  func leaves(of actor: String, before key: TimeKey?, limit: Int) throws -> [Leave] {
    try asked(
      Leave.columns, "officer_leave", "o.number = s.officer_number", actor, key, limit
    ).map(Leave.init)
  }

  private func asked(
    _ columns: String, _ table: String, _ concerned: String, _ actor: String, _ key: TimeKey?,
    _ limit: Int
  ) throws -> [Row] {
    var bindings = Bindings([partition, limit])
    let cut = cutOfficers(actor, &bindings)
    let page =
      key.map {
        bindings.number(" AND (s.ask_time, s.id) < (?, ?)", [$0.time, $0.id])
      } ?? ""
    return try tx.query(
      """
      SELECT \(columns) FROM \(table) s
      WHERE s.partition = $1 AND EXISTS (
        SELECT 1 FROM officer o WHERE o.partition = s.partition AND \(concerned)\(cut))\(page)
      ORDER BY s.ask_time DESC, s.id DESC LIMIT $2
      """, bindings.arguments)
  }

  func leaves(ofAnyOf officers: Set<String>, touching time: Range<Date>) throws -> [Leave] {
    guard !officers.isEmpty else { return [] }
    var bindings = Bindings([partition, time.lowerBound, time.upperBound])
    let among = bindings.number(Self.list(officers.count), officers.sorted())
    return try tx.query(
      """
      SELECT \(Leave.columns) FROM officer_leave s
      WHERE s.partition = $1 AND s.officer_number IN \(among) AND s.state = 'approved'
        AND s.end_time > $2 AND s.start_time < $3
      ORDER BY s.start_time, s.id
      """, bindings.arguments
    ).map(Leave.init)
  }

  // MARK: Seats

  private static let held = """
    until_time > $2 AND start_time <= $2 AND (leave_time IS NULL OR leave_time > $2)
    """

  func takings(heldAt time: Date) throws -> [SeatTaking] {
    try tx.query(
      """
      SELECT \(SeatTaking.columns) FROM seat_taking WHERE partition = $1 AND \(Self.held)
      ORDER BY seat_code, start_time, id
      """, [partition, time]
    ).map(SeatTaking.init)
  }

  func takings(of officer: String, heldAt time: Date) throws -> [SeatTaking] {
    try tx.query(
      """
      SELECT \(SeatTaking.columns) FROM seat_taking
      WHERE partition = $1 AND \(Self.held) AND officer_number = $3
      ORDER BY seat_code, start_time, id
      """, [partition, time, officer]
    ).map(SeatTaking.init)
  }

  func takingsToRevoke(now: Date, limit: Int) throws -> [SeatTaking] {
    try tx.query(
      """
      SELECT \(SeatTaking.columns) FROM seat_taking
      WHERE partition = $1 AND leave_time IS NOT NULL AND revoked = 0 AND until_time > $2
      ORDER BY until_time, id LIMIT $3
      """, [partition, now, limit]
    ).map(SeatTaking.init)
  }

  // MARK: Handover

  private func notes(_ condition: String, _ arguments: [any ValueConvertible]) throws
    -> [HandoverNote]
  {
    let rows = try tx.query(
      "SELECT \(HandoverNote.columns) FROM handover_note WHERE partition = $1 AND \(condition)",
      arguments)
    guard !rows.isEmpty else { return [] }
    let readings = try tx.query(
      """
      SELECT note_id, officer_number, shift_id, read_time FROM handover_reading
      WHERE partition = $1 AND note_id IN (
        SELECT id FROM handover_note WHERE partition = $1 AND \(condition))
      ORDER BY read_time, officer_number
      """, arguments)
    var byNote: [HandoverNoteID: [HandoverNote.Reading]] = [:]
    for row in readings { byNote[try row.get("note_id"), default: []].append(try .init(row)) }
    return try rows.map { try HandoverNote($0, readings: byNote[try $0.get("id")] ?? []) }
  }

  func note(_ id: HandoverNoteID) throws -> HandoverNote? {
    try notes("id = $2", [partition, id]).first
  }

  func notes(ofSeat code: String, before key: TimeKey?, limit: Int) throws -> [HandoverNote] {
    let order = "ORDER BY write_time DESC, id DESC LIMIT $3"
    guard let key else { return try notes("seat_code = $2 \(order)", [partition, code, limit]) }
    return try notes(
      "seat_code = $2 AND (write_time, id) < ($4, $5) \(order)",
      [partition, code, limit, key.time, key.id])
  }

  func hasNote(of taking: SeatTakingID) throws -> Bool {
    try !tx.query(
      "SELECT 1 AS found FROM handover_note WHERE partition = $1 AND taking_id = $2 LIMIT 1",
      [partition, taking]
    ).isEmpty
  }

  func notes(
    ofSeat code: String, writtenByShiftsBeginning time: Range<Date>
  ) throws -> [HandoverNote] {
    try notes(
      """
      seat_code = $2 AND shift_start_time >= $3 AND shift_start_time < $4 AND text <> ''
      ORDER BY write_time, id
      """, [partition, code, time.lowerBound, time.upperBound])
  }
}
