// What a service lets go after a time, as data: which records, when they are over, and what happens
// to them. How long that time is stands in the store (`RetentionSchema`).
public import Foundation
public import Persistence

/// One kind of record with a period of its own.
public struct RetentionKind: Sendable {
  public enum Action: Sendable {
    case delete
    /// The record stays for the figures; what it says of people goes.
    case anonymise
  }

  /// One record that is past its period.
  public struct Due: Sendable {
    public let partition: String
    public let key: String
    /// What ended before it is past its period.
    public let cutoff: Date
    /// When this happens.
    public let now: Date
  }

  /// Lets one record go, with all that goes with it. It is past its period still.
  public typealias Release = @Sendable (Due, any Transaction) throws -> Void

  /// Such as `call_report`; its row in `retention_period` has the same name.
  public let code: String
  /// For people, Chinese first.
  public let name: String
  public let action: Action
  let table: String
  let key: String
  let incident: String?
  let condition: String
  let release: Release

  /// - Parameters:
  ///   - key: an SQL expression over the table's columns, unique within a partition, of type text.
  ///   - incident: an expression for the incident that a record belongs to. While that is not over,
  ///     the record stays. Nil when it belongs to none, or `condition` looks itself.
  ///   - condition: what must hold for a record to be past its period, with `$1` for the partition
  ///     and `$2` for the time before which it must have ended. False once it was let go.
  public init(
    _ code: String, _ name: String, _ action: Action, table: String, key: String,
    incident: String? = nil, condition: String, release: @escaping Release
  ) {
    self.code = code
    self.name = name
    self.action = action
    self.table = table
    self.key = key
    self.incident = incident
    self.condition = condition
    self.release = release
  }

  /// A kind whose rows are simply removed.
  public static func deleting(
    _ code: String, _ name: String, table: String, key: String, incident: String? = nil,
    condition: String
  ) -> RetentionKind {
    RetentionKind(
      code, name, .delete, table: table, key: key, incident: incident, condition: condition
    ) { due, tx in
      try tx.execute(
        "DELETE FROM \(table) WHERE partition = $1 AND \(key) = $2", [due.partition, due.key])
    }
  }
}

extension RetentionKind {
  /// What was answered under a request id. The same id is new again afterwards.
  public static let requestLedger = deleting(
    "request_ledger", "请求应答 remembered answers", table: "request_ledger", key: "request_id",
    condition: "record_time < $2")

  /// What an operator has given up. The row stays: it says which event was never applied.
  public static let parkedEvent = RetentionKind(
    "parked_event", "放弃的事件 events given up", .anonymise, table: "parked_event",
    key: "source || '/' || sequence",
    condition: "skip_time < $2 AND error <> ''"
  ) { due, tx in
    try tx.execute(
      """
      UPDATE parked_event SET error = '', payload = $3
      WHERE partition = $1 AND source || '/' || sequence = $2
      """, [due.partition, due.key, [UInt8]()])
  }
}
