// What the audit log costs a write, and how long it takes to compute all of it again.
import ArgumentParser
import Audit
import EventLog
import Foundation
import Identifiers
import Persistence
import QuintetAPI

struct AuditMeasurement: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "audit")

  @Option(help: "Folder for a store and its exported checkpoints; must not exist.") var folder:
    String
  @Option var callers = 32
  @Option(help: "Seconds of each of the turns, half of them with an entry.") var seconds = 2.0
  @Option var turns = 6
  @Option(help: "Entries of the log that is verified.") var entries = 1_000_000

  private static let batch = 1000
  private static let log = AuditLog(service: "bench", partition: "main")

  func run() async throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    let database = try SQLite.open(
      path: "\(folder)/bench.sqlite",
      migrations: EventLog.migrations + [RequestLedger.migration] + AuditLog.migrations)
    var costs: [Bool: [Cost]] = [:]
    for turn in 0..<turns {
      costs[turn % 2 == 1, default: []].append(try await cost(turn, database))
    }
    try await fill(database)
    try await database.close()
    let start = ContinuousClock.now
    let before = Self.cpu()
    let reports = AuditCheck(service: "bench", directory: "\(folder)/audit")
      .reports(on: .file("\(folder)/bench.sqlite"))
    let elapsed = start.duration(to: .now).milliseconds / 1000
    let without = Cost.mean(costs[false] ?? [])
    let with = Cost.mean(costs[true] ?? [])
    print(
      """
      {"without_audit": \(without.json), "with_audit": \(with.json), \
      "audit_cpu_us_per_write": \(with.microseconds - without.microseconds), \
      "verified_entries": \(reports.first?.entries ?? 0), \
      "findings": \(reports.flatMap(\.findings).count), "verify_s": \(elapsed), \
      "verify_cpu_s": \(Self.cpu() - before)}
      """)
  }

  private struct Cost {
    let perSecond: Double
    /// Of CPU time, for one write.
    let microseconds: Double

    static func mean(_ costs: [Cost]) -> Cost {
      let count = Double(max(1, costs.count))
      return Cost(
        perSecond: costs.map(\.perSecond).reduce(0, +) / count,
        microseconds: costs.map(\.microseconds).reduce(0, +) / count)
    }

    var json: String { "{\"per_s\": \(perSecond), \"cpu_us\": \(microseconds)}" }
  }

  /// Changes with one event each, made once by their request ids; in odd turns with an audit entry.
  private func cost(_ turn: Int, _ database: any Database) async throws -> Cost {
    let (log, isAudited) = (Self.log, turn % 2 == 1)
    let before = Self.cpu()
    let end = ContinuousClock.now + .seconds(seconds)
    let load = try await Load.run(callers: callers, until: end) { caller, number in
      let id = "\(turn)-\(caller)-\(number)"
      let key = RequestKey(id: id, method: "quintet.bench.v1.Bench/Write", fingerprint: id)
      let provenance = Provenance(
        actor: "person/p\(caller)", cause: "request/\(id)", trace: id, origin: "socket")
      try await database.write { tx in
        let body = {
          var mint = IdentifierMint(service: "bench", cause: provenance.cause, now: Date())
          try EventLog(service: "bench", partition: "main").append(
            [
              EventDraft(
                type: "quintet.bench.v1.Written", subject: id, incidentID: "inc_\(caller)",
                occurTime: Date(), payload: [UInt8](repeating: 7, count: 300))
            ], provenance: provenance, mint: &mint, now: Date(), in: tx)
          return id
        }
        _ =
          isAudited
          ? try log.once(key, provenance: provenance, now: Date(), in: tx, body)
          : try RequestLedger.once(key, partition: "main", now: Date(), in: tx, body)
      }
    }
    let writes = load.perSecond * seconds
    return Cost(
      perSecond: load.perSecond, microseconds: (Self.cpu() - before) * 1_000_000 / writes)
  }

  private func fill(_ database: any Database) async throws {
    let log = Self.log
    let key = try AuditKey(file: "\(folder)/audit-bench.key", name: log.origin)
    let exported = CheckpointFolder(
      directory: "\(folder)/audit", service: "bench", partition: "main")
    try exported.announce(key.verifier)
    var size = try await database.read { try log.head(in: $0).size }
    while size < entries {
      let count = min(Self.batch, entries - Int(size))
      let first = Int(size)
      try await database.write { tx in
        for number in first..<(first + count) {
          var entry = Quintet_Audit_V1_AuditEntry(
            kind: .read,
            Provenance(
              actor: "person/p\(number % 300)", cause: "", trace: "\(number)", origin: "socket"),
            now: Date())
          entry.method = "quintet.command.v1.IncidentService/GetIncident"
          entry.incidentID = "inc_\(number / 20)"
          entry.add(subjects: ["call_\(number)"])
          try log.append(entry, in: tx)
        }
      }
      size += Int64(count)
    }
    if let checkpoint = try await database.write({ try log.makeCheckpoint(key, in: $0) }) {
      try exported.export(size: checkpoint.size, checkpoint.note)
    }
  }

  /// Seconds of CPU time of this process so far.
  private static func cpu() -> Double {
    Double(clock()) / 1_000_000
  }
}
