// A store of one service with old and new records in it, and the sweep over it.
import Audit
import CommandStore
import DutyStore
import EventLog
import Foundation
import Identifiers
import IntelligenceStore
import PublicOpinionStore
import QuintetAPI
import SupervisionStore
import SwiftProtobuf
import Testing

@testable import Persistence
@testable import Retention

enum Keeper: String, CaseIterable, Sendable {
  case command, duty, intelligence, publicopinion, supervision

  var migrations: [Migration] {
    switch self {
    case .command: CommandSchema.migrations
    case .duty: DutyDatabaseStore.migrations
    case .intelligence: IntelligenceDatabaseStore.migrations
    case .publicopinion: OpinionDatabaseStore.migrations
    case .supervision: SupervisionSchema.all
    }
  }

  var kinds: [RetentionKind] {
    switch self {
    case .command: CommandSchema.retention
    case .duty: DutySchema.retention
    case .intelligence: IntelligenceSchema.retention
    case .publicopinion: PublicOpinionSchema.retention
    case .supervision: SupervisionSchema.retention
    }
  }
}

struct Archive {
  static let now = Date(timeIntervalSince1970: 1_800_000_000)

  static let asker = Provenance(actor: "person/a", cause: "request/sweep", trace: "")

  let keeper: Keeper
  var audit: AuditLog { AuditLog(service: keeper.rawValue, partition: "main") }
  let folder: StoreFolder
  let database: any Database
  /// The same, on which the process can be made to die.
  let faulty: FaultyDatabase

  init(_ engine: Engine, _ keeper: Keeper) throws {
    self.keeper = keeper
    folder = try StoreFolder()
    database = try engine.open(folder, keeper.migrations)
    faulty = FaultyDatabase(database, in: folder, engine)
  }

  /// A time so many days before now.
  static func ago(_ days: Double) -> Date { now.addingTimeInterval(-86_400 * days) }

  @discardableResult
  func sweep(
    isDry: Bool = false, open: Set<String> = [], faultily: Bool = false
  ) async throws -> [String: Int] {
    let sweep = RetentionSweep(
      database: faultily ? faulty : database, audit: audit, kinds: keeper.kinds,
      openIncidents: { open })
    let results = try await sweep.run(for: Self.asker, now: Self.now, isDry: isDry)
    return Dictionary(uniqueKeysWithValues: results.map { ($0.period.kind, $0.count) })
      .filter { $0.value > 0 }
  }

  func insert(_ table: String, _ columns: [String: any ValueConvertible]) async throws {
    let names = columns.keys.sorted()
    let places = names.indices.map { "$\($0 + 2)" }.joined(separator: ", ")
    let sql = """
      INSERT INTO \(table) (partition, \(names.joined(separator: ", "))) VALUES ($1, \(places))
      """
    let values = names.compactMap { columns[$0]?.value }
    try await database.write { try $0.execute(sql, ["main"] + values) }
  }

  func event(
    _ number: Int, _ payload: any SwiftProtobuf.Message, subject: String, incident: String?
  ) async throws {
    let bytes: [UInt8] = try payload.serializedBytes()
    try await insert(
      "event",
      [
        "sequence": number, "id": "evt_\(number)", "type": Swift.type(of: payload).protoMessageName,
        "subject": subject, "incident_id": incident, "occur_time": Self.ago(0),
        "record_time": Self.ago(0), "actor": "person/a", "cause": "request/a", "trace": "",
        "service": keeper.rawValue, "payload": bytes,
      ])
  }

  /// Everything, as lines of text.
  func dump() async throws -> [String] {
    try await database.read { tx in
      try StoreDump.full(in: tx) { type, payload in
        try? QuintetMessages.type(named: type)?.init(serializedBytes: payload).jsonString()
      }
    }
  }

  func keys(_ table: String, _ column: String) async throws -> Set<String> {
    try await database.read { tx in
      Set(try tx.query("SELECT \(column) AS key FROM \(table)").map { try $0.get("key") })
    }
  }
}
