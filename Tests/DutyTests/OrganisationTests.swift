// The tree of the organisation, and who answers for a point.
import DutyDomain
import DutyRPC
import EventLog
import Foundation
import GRPCCore
import QuintetAPI
import SwiftProtobuf
import Testing
import Wire

@Suite struct OrganisationTests {
  static let ranks: [Quintet_Duty_V1_OrgRank] = [.city, .county, .station, .beat]

  @Test func onlyAStrictlyLowerRankStandsBelow() async throws {
    try await Station.with { station in
      for (parentDepth, parentRank) in Self.ranks.enumerated() {
        let parent = try await station.putOrgUnit("P\(parentDepth)", parentRank)
        for (depth, rank) in Self.ranks.enumerated() {
          let code = "P\(parentDepth)C\(depth)"
          let failure = await refusal {
            try await station.putOrgUnit(code, rank, under: parent.id)
          }
          #expect((failure == nil) == (depth > parentDepth), "\(rank) under \(parentRank)")
          if let failure {
            #expect(failure.code == .failedPrecondition)
            #expect(failure.reason == "RANK_NOT_BELOW_PARENT")
          }
        }
      }
    }
  }

  @Test func anOrganisationCannotBeLoweredToItsChildrenOrMovedUnderItself() async throws {
    try await Station.with { station in
      let county = try await station.putOrgUnit("C", .county)
      let station1 = try await station.putOrgUnit("S", .station, under: county.id)
      try await station.putOrgUnit("B", .beat, under: county.id)
      let before = try await station.rows()
      for (code, rank, parent) in [
        ("C", Quintet_Duty_V1_OrgRank.station, ""), ("C", .beat, ""), ("C", .county, county.id),
        ("C", .county, station1.id), ("S", .county, county.id),
      ] {
        let failure = await refusal { try await station.putOrgUnit(code, rank, under: parent) }
        #expect(failure?.reason == "RANK_NOT_BELOW_PARENT", "\(code) \(rank) \(parent)")
      }
      #expect(try await station.rows() == before)
      #expect(try await station.putOrgUnit("C", .city).id == county.id)
    }
  }

  @Test func theIdOfTheFirstRequestStaysAndSayingTheSameAgainTellsNothing() async throws {
    try await Station.with { station in
      let first = try await station.putOrgUnit("C", .county, name: "瓯海分局")
      let again = try await station.putOrgUnit("C", .county, name: "瓯海分局")
      let renamed = try await station.putOrgUnit("C", .county, name: "鹿城分局")
      #expect(again == first)
      #expect(renamed.id == first.id)
      let area = [(0.0, 0.0), (0, 1), (1, 1)]
      let drawn = try await station.putJurisdiction(first.id, .centre, area)
      #expect(try await station.putJurisdiction(first.id, .centre, area) == drawn)
      let redrawn = try await station.putJurisdiction(first.id, .centre, area + [(1, 0)])
      #expect(redrawn.id == drawn.id)
      #expect(try await station.putJurisdiction(first.id, .other, area).id != drawn.id)
      let types = try await station.events().map { $0.type.split(separator: ".").last ?? "" }
      #expect(
        types == [
          "OrgUnitDefined", "OrgUnitDefined", "JurisdictionDefined", "JurisdictionDefined",
          "JurisdictionDefined",
        ])
    }
  }

  @Test func aPointOnABorderBelongsToExactlyOneNeighbour() async throws {
    try await Station.with { station in
      let county = try await station.putOrgUnit("C", .county)
      for row in 0..<2 {
        for column in 0..<2 {
          let beat = try await station.putOrgUnit("B\(row)\(column)", .beat, under: county.id)
          let (south, west) = (Double(row), Double(column))
          try await station.putJurisdiction(
            beat.id, .other,
            [(south, west), (south, west + 1), (south + 1, west + 1), (south + 1, west)])
        }
      }
      // The corner of all four, and the middle of every inner side.
      for (latitude, longitude) in [(1, 1), (1, 0.5), (1, 1.5), (0.5, 1), (1.5, 1)] {
        #expect(try await station.locate(latitude, longitude).count == 1)
      }
      #expect(try await station.locate(1, 1).map(\.orgUnitName) == ["机构 B11"])
      #expect(try await station.locate(0, 0).map(\.orgUnitName) == ["机构 B00"])
      #expect(try await station.locate(2, 2).isEmpty)
      #expect(try await station.locate(-0.001, 0.5).isEmpty)
    }
  }

  @Test func whoAnswersForAPointIsToldSmallestRankFirst() async throws {
    try await Station.with { station in
      let square = [(0.0, 0.0), (0, 1), (1, 1), (1, 0)]
      let city = try await station.putOrgUnit("1", .city)
      let county = try await station.putOrgUnit("2", .county, under: city.id)
      let police = try await station.putOrgUnit("3", .station, under: county.id)
      let beat = try await station.putOrgUnit("4", .beat, under: police.id)
      for orgUnit in [city, beat, county] {
        try await station.putJurisdiction(orgUnit.id, .other, square)
      }
      for areaClass in [Quintet_Duty_V1_AreaClass.other, .keyPlace, .centre] {
        try await station.putJurisdiction(police.id, areaClass, square)
      }
      // Holds another point only, though its bounding box holds this one.
      let other = try await station.putOrgUnit("5", .beat)
      try await station.putJurisdiction(other.id, .other, [(0, 0), (1, 1), (0, 1)])
      let found = try await station.locate(0.6, 0.5)
      #expect(
        found.map { "\($0.rank) \($0.areaClass)" } == [
          "beat other", "station keyPlace", "station centre", "station other", "county other",
          "city other",
        ])
    }
  }

  @Test func areasTooLargeForOneAnswerComeInShorterPages() async throws {
    try await Station.with { station in
      let corners = (0..<2000).map { index in
        let angle = Double(index) / 2000 * 2 * .pi
        return (28 + sin(angle), 120 + cos(angle))
      }
      for number in 10..<30 {
        let orgUnit = try await station.putOrgUnit("S\(number)", .station)
        try await station.putJurisdiction(orgUnit.id, .other, corners)
      }
      var names: [String] = []
      var token = ""
      repeat {
        let page = try await call("ListJurisdictions", of: "OrganisationService") { [token] in
          try await station.organisation.listJurisdictions(
            request: .with {
              $0.pageSize = 500
              $0.pageToken = token
            }, context: $0)
        }
        let bytes: [UInt8] = try page.serializedBytes()
        #expect(bytes.count < 1 << 20)
        names += page.jurisdictions.map(\.orgUnitName)
        token = page.nextPageToken
      } while !token.isEmpty
      #expect(names == (10..<30).map { "机构 S\($0)" })
    }
  }
}
