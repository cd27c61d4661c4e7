// Writing terminals, and the positions that they report.
import Access
public import DutyDomain
import Foundation
public import Identifiers
import Persistence

extension StoreWriter {
  public func ownTerminal(code: String) throws -> TerminalView? {
    guard let held = try reader.anyTerminal(code: code) else { return nil }
    guard try reader.reaches(held.terminal) else { throw DutyError.unitOutsideReach }
    return held
  }

  public func save(_ terminal: DutyTerminal) throws {
    guard try reader.reaches(terminal) else { throw DutyError.unitOutsideReach }
    try tx.execute(
      """
      INSERT INTO terminal (
        partition, id, code, kind, unit_id, org_unit_id, place, plate_code, epoch, last_sequence,
        last_contact_time, record_time)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, 0, NULL, $9)
      ON CONFLICT (partition, id) DO UPDATE SET
        kind = excluded.kind, unit_id = excluded.unit_id, org_unit_id = excluded.org_unit_id,
        place = excluded.place, plate_code = excluded.plate_code,
        record_time = excluded.record_time
      """,
      [
        partition, terminal.id, terminal.code, terminal.kind, terminal.unitID,
        terminal.orgUnitID, try terminal.place.map { try Document.encode($0) },
        terminal.plateCode, now,
      ])
  }

  public func keep(_ report: PositionReport) throws -> PositionOutcome {
    try PositionKeeping.keep(
      report, partition, sequence: try RosterHead.advance(partition, in: tx), now: now, in: tx)
  }

  public func commitment(_ id: AssignmentID) throws -> Commitment? {
    try reader.commitment(id)
  }

  public func terminal(code: String) throws -> TerminalView? { try reader.terminal(code: code) }

  public func terminals(after code: String?, limit: Int) throws -> [TerminalView] {
    try reader.terminals(after: code, limit: limit)
  }
}
