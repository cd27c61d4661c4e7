// Durable commands through the store: a state row and its event in one transaction.
import ArgumentParser
import EventLog
import Foundation
import Identifiers
import Persistence

struct WriteMeasurement: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "write")

  @Option(help: "A file, or postgresql://…") var store: String
  @Option var callers: Int
  @Option var seconds: Double = 5
  @Flag(help: "Write a row and nothing else, as the peers do.") var rowOnly = false

  private static let schema = Migration(
    "bench-0001",
    [
      """
      CREATE TABLE command (
        partition TEXT NOT NULL, id TEXT NOT NULL, state TEXT NOT NULL, body BLOB NOT NULL,
        PRIMARY KEY (partition, id)
      )
      """
    ])

  func run() async throws {
    let migrations = EventLog.migrations + [Self.schema]
    let database =
      store.hasPrefix("postgresql:")
      ? try PostgreSQL.open(url: store, schema: "bench", migrations: migrations)
      : try SQLite.open(path: store, migrations: migrations)
    let log = EventLog(service: "bench", partition: "main")
    let end = ContinuousClock.now + .seconds(seconds)
    let (rowOnly, run) = (rowOnly, UUID().uuidString)
    let measured = try await Load.run(callers: callers, until: end) { caller, number in
      try await database.write { tx in
        let id = "\(run)-\(caller)-\(number)"
        try tx.execute(
          "INSERT INTO command (partition, id, state, body) VALUES ('main', $1, 'new', $2)",
          [id, payload])
        if rowOnly { return }
        var mint = IdentifierMint(service: "bench", cause: "request/\(id)", now: Date())
        try log.append(
          [
            EventDraft(
              type: "quintet.bench.v1.Written", subject: id, incidentID: id, occurTime: Date(),
              payload: payload)
          ],
          provenance: Provenance(actor: "person/bench", cause: "request/\(id)", trace: ""),
          mint: &mint, now: Date(), in: tx)
      }
    }
    try await database.close()
    print(measured.json)
  }
}

/// As long as a usual event.
private let payload = [UInt8](repeating: 7, count: 300)
