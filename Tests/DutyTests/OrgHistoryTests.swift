// The organisation over time: what stood when, and that at no moment anybody stands below itself.
import Access
import EventLog
import Foundation
import Identifiers
import QuintetAPI
import Testing
import Wire

@testable import DutyDomain

@Suite struct OrgHistoryTests {
  private static func at(_ hours: Int) -> Date {
    noon.addingTimeInterval(Double(hours - 1000) * 3600)
  }

  @Test func whatStoodStaysToBeSeen() async throws {
    try await Station.with { station in
      let hall = try await RosterHall(station)
      func put(
        _ code: String, _ name: String, _ rank: OrgRank, under parent: OrgUnitID?, _ hours: Int
      ) async throws -> OrgUnitID {
        try await hall.write {
          try Organisation().put(
            PutOrgUnit(
              code: code, name: name, rank: rank, parentID: parent, occurTime: Self.at(hours)),
            in: $0
          ).orgUnit.id
        }
      }
      let one = try await put("C1", "一分局", .county, under: nil, 10)
      let two = try await put("C2", "二分局", .county, under: nil, 10)
      let post = try await put("S", "甲所", .station, under: one, 20)
      _ = try await put("S", "甲所", .station, under: two, 30)
      _ = try await put("S", "乙所", .station, under: two, 40)
      // Said again it begins no new period.
      _ = try await put("S", "乙所", .station, under: two, 45)
      try await station.putJurisdiction(post.description, .centre, [(0, 0), (0, 1), (1, 1)])
      #expect(try await station.locate(0.5, 0.6).map(\.orgUnitName) == ["乙所"])
      _ = try await hall.write { try Organisation().dissolve(post, at: Self.at(50), in: $0) }
      #expect(try await station.locate(0.5, 0.6).isEmpty)

      func stood(_ hours: Int?) async throws -> [String] {
        try await hall.read { reader in
          try reader.orgUnits(asOf: hours.map(Self.at), after: nil, limit: 100)
            .filter { $0.orgUnit.code != "C" }
            .map {
              "\($0.orgUnit.name)<\($0.orgUnit.parentID == one ? "1" : $0.orgUnit.parentID == two ? "2" : "")"
            }
        }
      }
      #expect(try await stood(9) == [])
      #expect(try await stood(10) == ["一分局<", "二分局<"])
      #expect(try await stood(20) == ["一分局<", "二分局<", "甲所<1"])
      #expect(try await stood(30) == ["一分局<", "二分局<", "甲所<2"])
      #expect(try await stood(45) == ["一分局<", "二分局<", "乙所<2"])
      #expect(try await stood(50) == ["一分局<", "二分局<"])
      #expect(try await stood(nil) == ["一分局<", "二分局<"])

      // Only the end can be written on; an ended one may be founded anew, with its id.
      let early = await refusal { try await put("S", "丙所", .station, under: one, 49) }
      #expect(early?.reason == "TIME_BEFORE_LAST_CHANGE")
      #expect(try await put("S", "丙所", .station, under: one, 60) == post)
      // It answers for its area again, and the others are told.
      #expect(try await station.locate(0.5, 0.6).map(\.orgUnitName) == ["丙所"])
      let last = try #require(try await station.events().last)
      #expect(last.type.hasSuffix("JurisdictionDefined"))
      #expect(try await stood(55) == ["一分局<", "二分局<"])
      #expect(try await stood(nil) == ["一分局<", "二分局<", "丙所<1"])
      let full = await refusal {
        try await hall.write { try Organisation().dissolve(one, at: Self.at(70), in: $0) }
      }
      #expect(full?.reason == "ORG_UNIT_NOT_EMPTY")
      let again = try await hall.write {
        try Organisation().dissolve(post, at: Self.at(70), in: $0)
      }
      let repeated = try await hall.write {
        try Organisation().dissolve(post, at: Self.at(80), in: $0)
      }
      #expect(again == repeated && again.until == Self.at(70))
    }
  }

  /// Two thousand random changes, told in any order of time; at every moment the ranks fall, so
  /// nobody stands below itself.
  @Test func atNoMomentDoesAnybodyStandBelowItself() async throws {
    try await Station.with { station in
      let hall = try await RosterHall(station)
      var chance = Seeded(0x0126)
      var ids: [OrgUnitID] = []
      var (accepted, refused) = (0, 0)
      for step in 0..<2_000 {
        let time = Self.at(step / 8 + Int.random(in: 0..<40, using: &chance))
        let code = "N\(Int.random(in: 0..<12, using: &chance))"
        let rank = OrgRank.allCases.randomElement(using: &chance)!
        let parent = Bool.random(using: &chance) ? ids.randomElement(using: &chance) : nil
        let ends = Int.random(in: 0..<8, using: &chance) == 0
        let failure = await refusal {
          let id = try await hall.write { writer -> OrgUnitID? in
            if ends {
              guard let held = try writer.orgUnit(code: code) else { return nil }
              return try Organisation().dissolve(held.id, at: time, in: writer).orgUnit.id
            }
            return try Organisation().put(
              PutOrgUnit(
                code: code, name: "机构 \(step)", rank: rank, parentID: parent, occurTime: time),
              in: writer
            ).orgUnit.id
          }
          if let id, !ids.contains(id) { ids.append(id) }
        }
        if failure == nil { accepted += 1 } else { refused += 1 }
      }
      #expect(accepted > 150 && refused > 150, "\(accepted) \(refused)")
      for hours in stride(from: 0, through: 300, by: 1) {
        let units = try await hall.read {
          try $0.orgUnits(asOf: Self.at(hours), after: nil, limit: 500).map(\.orgUnit)
        }
        let byID = Dictionary(uniqueKeysWithValues: units.map { ($0.id, $0) })
        for unit in units {
          guard let parent = unit.parentID.flatMap({ byID[$0] }) else { continue }
          #expect(unit.rank < parent.rank, "\(hours): \(unit.code) under \(parent.code)")
        }
      }
      // Each history is one line without overlaps.
      for id in ids {
        let periods = try await hall.read { try $0.orgUnitPeriods(of: id) }
        for (one, next) in zip(periods, periods.dropFirst()) {
          #expect(one.until! <= next.from!)
        }
      }
    }
  }
}
