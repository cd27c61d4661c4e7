// A token says exactly what its principal is, and no token makes a service of anybody.
import Access
import Foundation
import JWTKit
import Testing

@testable import Credentials

@Suite struct TokenClaimsTests {
  let now = Date(timeIntervalSince1970: 1_800_000_000)

  @Test func aPrincipalComesBackFromItsClaims() throws {
    var principal = try Principal(kind: .partner, name: "icbc.futian")
    principal.roles = [.partner]
    principal.partnerKind = .bank
    principal.areas = ["org_2", "org_1"]
    principal.seat = "unit_7"
    principal.callRate = 900
    principal.duty = now..<now.addingTimeInterval(3_600)
    let claims = TokenClaims(
      principal, issuer: "bureau", id: "1", from: now, until: now.addingTimeInterval(900))
    let text = try JSONEncoder().encode(claims)
    #expect(try JSONDecoder().decode(TokenClaims.self, from: text).principal() == principal)
  }

  @Test func onlyAServiceHasTheRoleOfOne() throws {
    var person = try Principal(kind: .person, name: "li")
    person.roles = [.service, .officer]
    let claims = TokenClaims(
      person, issuer: "bureau", id: "1", from: now, until: now.addingTimeInterval(900))
    #expect(try claims.principal().roles == [.officer])
    let duty = try Principal(kind: .service, name: "duty")
    let own = TokenClaims(
      duty, issuer: "service/duty", id: "1", from: now, until: now.addingTimeInterval(900))
    #expect(try own.principal().roles == [.service])
  }
}
