// What the disk has changed in a store's file is never believed.
import Foundation
import Testing

@testable import Persistence

@Suite struct CheckedPagesTests {
  let folder = try! StoreFolder()

  /// A store of several pages, closed, so that all of it is in the one file.
  private func filled() async throws -> Data {
    let database = try SQLite.open(path: folder.path, migrations: [.things])
    let filling = String(repeating: "x", count: 100)
    let results = await database.writeEach(
      (0..<1000).map { index in { try $0.insertThing("thing \(index) \(filling)") } })
    #expect(results.allSatisfy { $0.error == nil })
    try await database.close()
    return try Data(contentsOf: URL(fileURLWithPath: folder.path))
  }

  private func names() async throws -> [String] {
    let database = try SQLite.open(path: folder.path, migrations: [.things])
    do {
      let names = try await database.read { try $0.things() }
      try await database.close()
      return names
    } catch {
      try await database.close()
      throw error
    }
  }

  @Test func noBitThatIsTurnedOverIsServed() async throws {
    let whole = try await filled()
    let expected = try await names()
    var refused = 0
    for page in 0..<whole.count / 4096 {
      var spoilt = whole
      spoilt[page * 4096 + (page * 997) % 4096] ^= UInt8(1 << (page % 8))
      try spoilt.write(to: URL(fileURLWithPath: folder.path))
      do {
        // A page that this question need not read does no harm.
        #expect(try await names() == expected)
      } catch is DatabaseError {
        refused += 1
      }
    }
    #expect(refused > whole.count / 4096 / 3)
  }

  @Test func aPageInAnothersPlaceIsNotServed() async throws {
    var data = try await filled()
    let expected = try await names()
    // The pages of rows, each whole in itself, exchanged with one another.
    for (one, other) in [(20, 21), (22, 23), (24, 25)] {
      let (first, second) = (one * 4096..<(one + 1) * 4096, other * 4096..<(other + 1) * 4096)
      let kept = Data(data[first])
      data.replaceSubrange(first, with: Data(data[second]))
      data.replaceSubrange(second, with: kept)
    }
    try data.write(to: URL(fileURLWithPath: folder.path))
    let found = try? await names()
    #expect(found == nil || found == expected)
    let error = await #expect(throws: DatabaseError.self) {
      let database = try SQLite.open(path: folder.path, migrations: [.things])
      _ = try await database.read { try $0.query("PRAGMA quick_check") }
    }
    guard case .corrupt? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }
}
