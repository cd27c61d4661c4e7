// Reading terminals: of one's own units, and the pillars that one looks after.
import DutyDomain
import Foundation
import Geography
import Identifiers
import Persistence
import Territory

extension StoreReader {
  private static let terminalsWithUnits = """
    SELECT t.id, t.code, t.kind, t.unit_id, t.org_unit_id, t.place, t.plate_code, t.last_sequence,
      t.last_contact_time
    FROM terminal t LEFT JOIN unit u ON u.partition = t.partition AND u.id = t.unit_id
    """

  func terminal(code: String) throws -> TerminalView? {
    var bindings = Bindings([partition, code])
    return try tx.query(
      "\(Self.terminalsWithUnits) WHERE t.partition = $1 AND t.code = $2"
        + cutTerminals(&bindings), bindings.arguments
    ).first.map(TerminalView.init)
  }

  /// Whosever it is.
  func anyTerminal(code: String) throws -> TerminalView? {
    try tx.query(
      "\(Self.terminalsWithUnits) WHERE t.partition = $1 AND t.code = $2", [partition, code]
    ).first.map(TerminalView.init)
  }

  func terminals(after code: String?, limit: Int) throws -> [TerminalView] {
    var bindings = Bindings([partition, code ?? "", limit])
    let cut = cutTerminals(&bindings)
    return try tx.query(
      """
      \(Self.terminalsWithUnits)
      WHERE t.partition = $1 AND t.code > $2\(cut) ORDER BY t.code LIMIT $3
      """, bindings.arguments
    ).map(TerminalView.init)
  }

  func reaches(_ terminal: DutyTerminal) throws -> Bool {
    if reached.isEverywhere { return true }
    if let unit = terminal.unitID { return try self.unit(unit) != nil }
    return terminal.orgUnitID.map { reached.reaches($0.description) } ?? false
  }

  func commitment(_ id: AssignmentID) throws -> Commitment? {
    try tx.query(
      """
      SELECT \(Commitment.columns) FROM unit_commitment c
      WHERE c.partition = $1 AND c.assignment_id = $2
      """, [partition, id]
    ).first.map(Commitment.init)
  }

  private func cutTerminals(_ bindings: inout Bindings) -> String {
    if reached.isEverywhere { return "" }
    let own = reached.any(["t.org_unit_id IN (#)", "t.unit_id IN (#)", "u.org_unit_id IN (#)"])
    return " AND (" + bindings.number(own.text, own.values) + ")"
  }
}

extension TerminalView {
  fileprivate init(_ row: Row) throws {
    let place = try row.get("place", as: String?.self)
    self.init(
      terminal: DutyTerminal(
        id: try row.get("id"), code: try row.get("code"), kind: try row.get("kind"),
        unitID: try row.get("unit_id"), orgUnitID: try row.get("org_unit_id"),
        place: try place.map { try Document.decode($0) }, plateCode: try row.get("plate_code")),
      lastContact: try row.get("last_contact_time"), lastSequence: try row.get("last_sequence"))
  }
}
