// A moment on a server has a name, and whoever is told it sees that moment.
import EventLog
import Foundation
import Testing

@testable import Persistence

@Suite(.timeLimit(.minutes(1))) struct PostgreSQLSnapshotTests {
  let folder = try! StoreFolder()

  @Test func allWhoAreToldOfAMomentSeeItAndNothingLater() async throws {
    let url = try TestServer.shared.get()
    let schema = folder.folder.lastPathComponent
    let database = try Engine.postgresql.open(folder, EventLog.migrations + [.things])
    // More than are fetched at a time.
    for index in 0..<1201 {
      try await database.write { try $0.insertThing("\(index)", size: index) }
    }
    let holder = try PostgreSQLSnapshot(url: url, schema: "test")
    try await database.write { try $0.insertThing("later") }
    let place = StorePlace.server(url: url, snapshot: holder.identifier)
    let store = try #require(try place.snapshot(of: schema))
    #expect(try store.read { try $0.things() }.count == 1201)
    var sizes: [Int] = []
    try store.forEachRow("SELECT size FROM thing WHERE size >= $1 ORDER BY number", [1]) { row in
      sizes.append(try row.get("size"))
    }
    #expect(sizes == Array(1...1200))
    #expect(try store.appliedMigrations().last == "test-0001-things")
    #expect(try place.snapshot(of: "nobody") == nil)
    #expect(throws: DatabaseError.self) { try store.read { try $0.insertThing("not here") } }
    try store.close()
    try holder.close()
    #expect(throws: DatabaseError.self) { try place.snapshot(of: schema) }
    try await database.close()
  }

  @Test func aPasswordIsLeftOutOfWhatAllMayRead() throws {
    let parts = try PostgreSQLParts(
      url: "postgresql://me:it%27s%5C@db.example:5433/quintet?sslmode=require&sslpassword=other")
    #expect(
      parts.openAddress
        == "dbname='quintet' host='db.example' port='5433' sslmode='require' user='me'")
    #expect(parts.environment == ["PGPASSWORD": "it's\\"])
    #expect(parts.of(database: "two").address.contains("dbname='two'"))
    // What is written is read again as it was.
    #expect(try PostgreSQLParts(url: parts.address).environment == parts.environment)
    #expect(throws: DatabaseError.self) { try PostgreSQLParts(url: "postgresql://[") }
  }
}
