// A unit that is said to have moved faster than it can is marked, and kept where it was said to be.
import DutyDomain
import Foundation
import Geography
import QuintetAPI
import Testing

@Suite struct PositionJumpTests {
  private func position(_ north: Double, after seconds: Double) throws -> UnitPosition {
    UnitPosition(
      coordinate: try Coordinate(latitude: 28, longitude: 120.6)
        .offset(northMetres: north, eastMetres: 0),
      fixTime: noon.addingTimeInterval(seconds))
  }

  @Test(arguments: UnitKind.allCases)
  func whatAKindCanMoveIsNoJump(_ kind: UnitKind) throws {
    let first = try position(0, after: 0)
    let reach = 150 + kind.topSpeed * 10
    #expect(try position(reach - 2, after: 10).following(first, of: kind).jumps == nil)
    #expect(
      try position(reach + 2, after: 10).following(first, of: kind).jumps
        == PositionJumps(isLatest: true, count: 1))
  }

  @Test func theMarkGoesWithTheNextAndTheCountStays() throws {
    let far = try position(50_000, after: 10).following(try position(0, after: 0), of: .car)
    let next = try position(50_100, after: 20).following(far, of: .car)
    #expect(next.jumps == PositionJumps(isLatest: false, count: 1))
    let back = try position(0, after: 30).following(next, of: .car)
    #expect(back.jumps == PositionJumps(isLatest: true, count: 2))
    #expect(far.following(nil, of: .car).jumps == far.jumps)
  }

  @Test func jumpsAreCountedKeptAndShown() async throws {
    try await Station.with { station in
      let unit = try await station.putUnit("U1", kind: .foot).id
      let answer = try await station.report([
        DutyTests.position(unit, 28, at: noon.addingTimeInterval(-30)),
        DutyTests.position(unit, 28.3, at: noon.addingTimeInterval(-20)),
        DutyTests.position(unit, 28.3001, at: noon.addingTimeInterval(-10)),
      ])
      #expect(answer.acceptedCount == 3 && answer.implausibleCount == 1)
      var held = try await station.getUnit("U1").position
      #expect(!held.isImplausible && held.implausibleCount == 1)
      #expect(held.point.latitude == 28.3001)
      try await station.report([DutyTests.position(unit, 29)])
      held = try await station.getUnit("U1").position
      #expect(held.isImplausible && held.implausibleCount == 2)
    }
  }
}
