// The roster in memory, brought up to date by what the store has that it has not seen. Because it
// reads nothing but committed rows, it cannot run ahead of the disk, and it does not matter who
// wrote them: a request, the subscription, or (with a shared database) another replica.
import Classification
import DutyDomain
import Foundation
import Geography
import Identifiers
import Persistence
import Synchronization

final class RosterMemory: Sendable {
  private struct State {
    var roster = Roster()
    /// The last change that `roster` has seen.
    var sequence: Int64 = 0
  }

  private let partition: String
  private let state = Mutex(State())

  init(partition: String) {
    self.partition = partition
  }

  /// - Parameter tx: of a read: rows that are not committed must not be seen.
  func consult<R: Sendable>(
    in tx: any Transaction, _ body: (Roster) throws -> R
  ) throws -> R {
    try state.withLock { state in
      let head = try RosterHead.current(partition, in: tx)
      // A snapshot older than the one that was read last has nothing new.
      if head > state.sequence {
        try Self.load(into: &state.roster, after: state.sequence, partition, tx)
        state.sequence = head
      }
      return try body(state.roster)
    }
  }

  /// Safe to be repeated after it failed half way: putting a row twice changes nothing.
  private static func load(
    into roster: inout Roster, after sequence: Int64, _ partition: String, _ tx: any Transaction
  ) throws {
    let changes: [any ValueConvertible] = [partition, sequence]
    let units = try tx.query(
      "SELECT \(DutyUnit.columns) FROM unit u WHERE u.partition = $1 AND u.sequence > $2", changes)
    for row in units { roster.put(try DutyUnit(row)) }
    // Retention takes positions away; a unit that has changed tells of it.
    let unplaced = try tx.query(
      """
      SELECT u.id FROM unit u
      WHERE u.partition = $1 AND u.sequence > $2 AND $2 > 0 AND NOT EXISTS (
        SELECT 1 FROM unit_position p WHERE p.partition = u.partition AND p.unit_id = u.id)
      """, changes)
    for row in unplaced { roster.removePosition(of: try row.get("id")) }
    let positions = try tx.query(
      """
      SELECT p.unit_id, \(UnitPosition.columns) FROM unit_position p
      WHERE p.partition = $1 AND p.sequence > $2
      """, changes)
    for row in positions { roster.put(try UnitPosition(row), of: try row.get("unit_id")) }
    // At the start the ended ones, which are most of them, are not worth reading.
    let commitments = try tx.query(
      """
      SELECT \(Commitment.columns) FROM unit_commitment c
      WHERE c.partition = $1 AND c.sequence > $2 \(sequence == 0 ? "AND c.state <> 'ended'" : "")
      """, changes)
    for row in commitments { roster.put(try Commitment(row)) }
    let model = try tx.query(
      """
      SELECT detour_factor, speed_mps, turnout_s FROM travel_model
      WHERE partition = $1 AND sequence > $2
      """, changes)
    if let row = model.first { roster.travelModel = try TravelModel(row) }
    let incidents = try tx.query(
      """
      SELECT incident_id, level, is_open FROM known_incident
      WHERE partition = $1 AND sequence > $2 \(sequence == 0 ? "AND is_open = 1" : "")
      """, changes)
    for row in incidents {
      let level = try row.get("level", as: Int?.self).flatMap(IncidentLevel.init)
      let isOpen = try row.get("is_open", as: Int.self) == 1
      roster.put(isOpen ? level : nil, of: try row.get("incident_id"))
    }
    let roads = try tx.query(
      """
      SELECT \(RoadNetworkFacts.columns) FROM road_network
      WHERE partition = $1 AND sequence > $2
      """, changes)
    if let row = roads.first {
      roster.roads = try RoadNetwork(try RoadNetworkFacts(row), partition, in: tx)
    }
  }
}
