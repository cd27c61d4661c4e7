// What terminals do to the store: reports and the number of the last one go into one transaction, so
// that a report that is sent again is known.
import Access
import Audit
public import DutyDomain
import EventLog
public import Foundation
public import Identifiers
import Persistence

extension DutyDatabaseStore: TerminalStore {
  public func connect(
    terminal code: String, origin: String, now: Date
  ) async throws -> TerminalLink {
    let (log, audit) = (log, audit)
    return try await database.write { tx in
      let reader = try StoreReader(tx: tx, partition: log.partition, reach: .everywhere)
      guard let terminal = try reader.terminal(code: code)?.terminal else {
        throw DutyError.terminalUnknown(code)
      }
      let rows = try tx.query(
        """
        UPDATE terminal SET epoch = epoch + 1, last_contact_time = $3
        WHERE partition = $1 AND id = $2 RETURNING epoch, last_sequence
        """, [log.partition, terminal.id, now])
      guard let row = rows.first else { throw DutyError.terminalUnknown(code) }
      let link = TerminalLink(
        terminal: terminal, epoch: try row.get("epoch"),
        lastSequence: try row.get("last_sequence"))
      let provenance = Provenance(
        actor: "terminal/\(code)", cause: "terminal/\(code)", trace: "", origin: origin)
      try audit.append(
        change: "quintet.terminal.v1/Hello", to: [terminal.id.description],
        provenance: provenance, now: now, in: tx)
      return link
    }
  }

  public func take(
    _ reports: [TerminalReport], from link: TerminalLink, now: Date
  ) async throws -> [TerminalOutcome] {
    let (log, audit) = (log, audit)
    let (outcomes, events) = try await database.write { tx in
      let key: [any ValueConvertible] = [log.partition, link.terminal.id]
      // The row stays locked until the commit: two connections are not heard at once.
      let rows = try tx.query(
        """
        UPDATE terminal SET last_contact_time = $3 WHERE partition = $1 AND id = $2 AND epoch = $4
        RETURNING last_sequence
        """, key + [now, link.epoch])
      guard var last = try rows.first?.get("last_sequence", as: Int64.self) else {
        throw DutyError.terminalSuperseded
      }
      let code = link.terminal.code
      let provenance = Provenance(
        actor: "terminal/\(code)", cause: "terminal/\(code)/\(last + 1)", trace: "")
      let writer = try writer(in: tx, provenance: provenance, now: now)
      // As it is registered now, which may have changed since it connected.
      let terminal = try writer.terminal(code: code)?.terminal ?? link.terminal
      var outcomes: [TerminalOutcome] = []
      for report in reports {
        guard report.sequence > last else {
          outcomes.append(.repeated)
          continue
        }
        last = report.sequence
        do {
          try TerminalKeeping().take(report, of: terminal, in: writer)
          outcomes.append(.taken)
        } catch let error as DutyError {
          outcomes.append(.refused(error))
        }
      }
      try tx.execute(
        "UPDATE terminal SET last_sequence = $3 WHERE partition = $1 AND id = $2", key + [last])
      let before = try log.head(in: tx)
      let events = try writer.flush()
      // Positions alone change nothing that anybody would be asked about.
      if !events.isEmpty {
        let told = (before + 1)...(try log.head(in: tx))
        try audit.append(
          change: "quintet.terminal.v1/Report", to: [terminal.id.description], events: told,
          provenance: provenance, now: now, in: tx)
      }
      return (outcomes, events)
    }
    if !events.isEmpty { committed(events) }
    return outcomes
  }

  public func openCommitments(of units: [UnitID]) async throws -> [Commitment] {
    let partition = log.partition
    return try await database.read { tx in
      try units.flatMap { unit in
        try tx.query(
          """
          SELECT \(Commitment.columns) FROM unit_commitment c
          WHERE c.partition = $1 AND c.unit_id = $2 AND c.state <> 'ended'
          ORDER BY c.assignment_id
          """, [partition, unit]
        ).map(Commitment.init)
      }
    }
  }

  public func commitments(
    after change: Int64
  ) async throws -> (moved: [Commitment], change: Int64) {
    let partition = log.partition
    return try await database.read { tx in
      let head = try RosterHead.current(partition, in: tx)
      let moved = try tx.query(
        """
        SELECT \(Commitment.columns) FROM unit_commitment c
        WHERE c.partition = $1 AND c.sequence > $2 ORDER BY c.sequence
        """, [partition, change]
      ).map(Commitment.init)
      return (moved, head)
    }
  }

  public func commits() -> AsyncStream<Void> { database.commits() }
}
