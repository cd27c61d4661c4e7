// Grants of seats: believed when duty signed them, and never a token themselves.
import Access
import Foundation
import Testing

@testable import Credentials

@Suite struct SeatGrantTests {
  private func grant(_ ring: Keyring, until seconds: TimeInterval = 3600) -> SeatGrant {
    SeatGrant(
      id: "taking_1", actor: "person/li.si", seat: "hall.duty-director", role: "shift-leader",
      area: "*", from: ring.now, until: ring.now.addingTimeInterval(seconds))
  }

  @Test func aTokenMadeOfAGrantSaysWhatTheGrantSaysAndNoMore() async throws {
    let ring = try Keyring()
    let given = grant(ring)
    let text = try await ring.folder.sign(given, ofService: "duty", at: ring.now)
    let read = try ring.folder.grant(text, at: ring.now)
    #expect(read == given)
    let principal = try read.principal()
    let token = try await ring.folder.issuer().sign(
      principal, id: read.id, at: ring.now, lifetime: 600)
    let verified = try ring.verifier().verify(token, at: ring.now)
    #expect(verified.id == "taking_1" && verified.principal == principal)
    #expect(principal.roles == [.shiftLeader, .member] && principal.areas == ["*"])
    #expect(principal.seat == "hall.duty-director")
    #expect(principal.isOnDuty(at: given.until.addingTimeInterval(-1)))
    #expect(!principal.isOnDuty(at: given.until))
    // And when the seat is left, all is over at once.
    try ring.folder.revoke("taking_1", expires: given.until, at: ring.now)
    #expect(throws: TokenError.revoked) { try ring.verifier().verify(token, at: ring.now) }
    #expect(throws: SeatGrantError.left) { try ring.folder.grant(text, at: ring.now) }
  }

  @Test func aGrantIsNoToken() async throws {
    let ring = try Keyring()
    let text = try await ring.folder.sign(grant(ring), ofService: "duty", at: ring.now)
    #expect(throws: TokenError.self) { try ring.verifier().verify(text, at: ring.now) }
  }

  @Test func onlyDutysSignatureCountsAndOnlyWhileTheShiftLasts() async throws {
    let ring = try Keyring()
    let text = try await ring.folder.sign(grant(ring), ofService: "duty", at: ring.now)
    #expect(throws: SeatGrantError.over) {
      try ring.folder.grant(text, at: ring.now.addingTimeInterval(3600))
    }
    let other = try await ring.folder.sign(grant(ring), ofService: "command", at: ring.now)
    #expect(throws: SeatGrantError.signature) { try ring.folder.grant(other, at: ring.now) }
    // The issuer's own key, and a token of duty's, are no grants either.
    let claims: [String: Any?] = [
      "aud": "quintet-seat-grant", "seat": "hall.duty-director", "role": "shift-leader",
      "area": "*", "duty_from": ring.now.timeIntervalSince1970,
    ]
    let issued = try ring.token(claims)
    #expect(throws: SeatGrantError.signature) { try ring.folder.grant(issued, at: ring.now) }
    let token = try ring.token(["sub": "service/duty", "iss": "service/duty"], owner: "duty")
    #expect(throws: SeatGrantError.malformed) { try ring.folder.grant(token, at: ring.now) }
    // One bit, or one part, changed.
    let parts = text.split(separator: ".").map(String.init)
    let payload = try #require(Base64URL.decode(Substring(parts[1])))
    let changed = String(decoding: payload, as: UTF8.self).replacing("li.si", with: "wang")
    let forged = [parts[0], Data(changed.utf8).base64EncodedString(), parts[2]].joined(
      separator: ".")
    for bad in [forged, parts[0] + ".." + parts[2], "", "x", String(repeating: "a", count: 9000)] {
      #expect(throws: SeatGrantError.signature) { try ring.folder.grant(bad, at: ring.now) }
    }
  }

  @Test func aGrantMakesNobodyAServiceOrAnUnknownPart() throws {
    let ring = try Keyring()
    for (actor, role) in [
      ("service/duty", "shift-leader"), ("partner/x", "shift-leader"), ("person/x", "service"),
      ("person/x", "king"),
    ] {
      let bad = SeatGrant(
        id: "t", actor: actor, seat: "s", role: role, area: "*", from: ring.now,
        until: ring.now.addingTimeInterval(60))
      #expect(throws: SeatGrantError.malformed) { try bad.principal() }
    }
  }
}
