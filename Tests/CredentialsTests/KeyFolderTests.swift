// Keys on the disk, and the tokens that services make of them.
import Access
import Foundation
import Synchronization
import Testing

@testable import Credentials

@Suite struct KeyFolderTests {
  private func mode(_ path: String) throws -> Int {
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    return try #require(attributes[.posixPermissions] as? Int)
  }

  @Test func privateKeysAreForTheirOwnerAloneAndPublicOnesHoldNoSecret() throws {
    let ring = try Keyring()
    #expect(try mode(ring.folder.path + "/private") == 0o700)
    for owner in ["issuer", "command", "duty"] {
      #expect(try mode(ring.folder.privateKeyPath(of: owner)) == 0o600)
    }
    let published = try String(contentsOfFile: ring.folder.publicKeysPath, encoding: .utf8)
    #expect(!published.contains("\"d\""))
    #expect(published.contains("\"quintet_sub\":\"service/command\""))
  }

  @Test func keysThatAreThereAreLeftAlone() throws {
    let ring = try Keyring()
    let id = try ring.key().id
    #expect(try !ring.folder.make(services: ["command"], at: ring.now))
    #expect(try ring.key().id == id)
  }

  @Test func withoutKeysNothingIsRotatedSignedOrRevoked() throws {
    let nowhere = KeyFolder(path: NSTemporaryDirectory() + UUID().uuidString)
    let now = Date(timeIntervalSince1970: 1_800_000_000)
    #expect(throws: KeyFolderError.self) { try nowhere.rotate(at: now) }
    #expect(throws: KeyFolderError.self) { try nowhere.issuer() }
    #expect(throws: KeyFolderError.self) { try nowhere.revoke("t", expires: nil, at: now) }
    #expect(throws: KeyFolderError.self) {
      try ServiceTokens(of: "command", keys: nowhere, clock: { now })
    }
    #expect(!FileManager.default.fileExists(atPath: nowhere.path))
  }

  @Test func revocationsGoWhenTheirTokensHaveRunOut() throws {
    let ring = try Keyring()
    let later = ring.now.addingTimeInterval(3600)
    try ring.folder.revoke("a", expires: ring.now.addingTimeInterval(60), at: ring.now)
    try ring.folder.revoke("b", expires: ring.now.addingTimeInterval(7200), at: ring.now)
    try ring.folder.revoke("c", expires: nil, at: later)
    let data = try Data(contentsOf: URL(fileURLWithPath: ring.folder.revocationsPath))
    #expect(Revocation.ids(data) == ["b", "c"])
    #expect(Revocation.ids(data.dropLast(5)) == ["b"])
    #expect(throws: KeyFolderError.badTokenID) {
      try ring.folder.revoke("", expires: nil, at: ring.now)
    }
  }

  @Test func aServiceRenewsItsTokenBeforeItRunsOutAndWithTheNewKey() async throws {
    let ring = try Keyring()
    let clock = Clock(ring.now)
    let tokens = try ServiceTokens(of: "command", keys: ring.folder, clock: { clock.now })
    let verifier = try ring.verifier()
    let first = try await tokens.token()
    #expect(try verifier.verify(first, at: clock.now).principal.actor == "service/command")
    #expect(try await tokens.token() == first)
    _ = try ring.folder.rotate(at: ring.now)
    clock.advance(by: 181)
    let second = try await tokens.token()
    #expect(second != first)
    let expires = try verifier.verify(second, at: clock.now).expires
    #expect(expires > clock.now.addingTimeInterval(120))
    // A clock that was set back must not keep a token from the future.
    clock.advance(by: -7200)
    #expect(try await tokens.token() != second)
  }
}

private final class Clock: Sendable {
  private let time: Mutex<Date>

  init(_ start: Date) { time = Mutex(start) }

  var now: Date { time.withLock { $0 } }

  func advance(by seconds: TimeInterval) {
    time.withLock { $0 = $0.addingTimeInterval(seconds) }
  }
}
