// 拆分与办结: every row to one station, and closed only when nothing is left.
import Forms
import Foundation
import Geography
import Identifiers
import Testing

@testable import CommandDomain
@testable import CommandStore

struct CampaignSplittingTests {
  private static let south: OrgUnitID = Sample.id("south")
  private static let north: OrgUnitID = Sample.id("north")

  private static func square(_ latitude: Double) throws -> Polygon {
    try Polygon(
      corners: [
        (latitude, 120.6), (latitude, 120.7), (latitude + 0.1, 120.7), (latitude + 0.1, 120.6),
      ].map { try Coordinate(latitude: $0.0, longitude: $0.1) })
  }

  private static func stations() throws -> [KnownStation] {
    [
      KnownStation(id: south, name: "青云派出所", areas: [try square(27.9)]),
      KnownStation(id: north, name: "北山派出所", areas: [try square(28.0)]),
    ]
  }

  private static func campaign(_ hall: Hall, rows: Int) throws -> Campaign {
    let columns = [
      CampaignColumn(
        field: CampaignTests.text("org", "单位"), use: .orgUnit, isKey: false),
      CampaignColumn(
        field: CampaignTests.text("addr", "住址"), use: .address, isKey: false),
      CampaignColumn(field: CampaignTests.number("lat"), use: .latitude, isKey: false),
      CampaignColumn(field: CampaignTests.number("lon"), use: .longitude, isKey: false),
    ]
    let campaign = try CampaignKeeping().create(
      CampaignTests.content(columns: columns), by: "person/li.na", in: hall.writer, now: hall.now)
    let given = try (1...rows).map { number in
      let isSouth = number % 3 == 0
      let latitude = number == rows ? 40 : isSouth ? 27.95 : 28.05
      return GivenCampaignRow.row(
        CampaignRowDraft(
          number: number, key: String(number), digest: "d\(number)",
          values: [
            isSouth ? "青云派出所" : "北山", isSouth ? "南门街 \(number) 号" : "北山镇", "\(latitude)",
            "120.65",
          ], sealed: nil, point: try Coordinate(latitude: latitude, longitude: 120.65)))
    }
    _ = try CampaignKeeping().take(
      given, of: String(repeating: "a", count: 64), into: campaign.id, in: hall.writer,
      now: hall.now)
    return campaign
  }

  private static func split(
    _ hall: Hall, _ campaign: Campaign, _ method: SplitMethod
  ) throws -> [String: Int] {
    let splitting = CampaignSplitting(method, among: try stations())
    var after: Int? = 0
    while let from = after {
      after = try splitting.step(campaign.id, after: from, in: hall.writer).next
    }
    let (parts, unassigned) = try hall.writer.campaignParts(campaign.id)
    var counts = Dictionary(
      uniqueKeysWithValues: parts.map { ($0.orgUnitID.description, $0.counts.total) })
    if unassigned.total > 0 { counts[""] = unassigned.total }
    return counts
  }

  @Test func rowsAreSplitByAreaByColumnByAddressAndEvenly() async throws {
    let bench = try Bench()
    try await bench.hall("split") { hall in
      let (south, north) = (Self.south.description, Self.north.description)
      let byArea = try Self.campaign(hall, rows: 30)
      // The last one lies in nobody's area.
      #expect(try Self.split(hall, byArea, .area) == [south: 9, north: 20, "": 1])
      // What is left over goes to whoever has least by then.
      #expect(
        try Self.split(hall, byArea, .evenly([Self.north, Self.south])) == [south: 10, north: 20])
      let byColumn = try Self.campaign(hall, rows: 30)
      #expect(try Self.split(hall, byColumn, .column([])) == [south: 10, "": 20])
      let words = [SplitWord(text: "北山", orgUnitID: Self.north)]
      #expect(try Self.split(hall, byColumn, .column(words)) == [south: 10, north: 20])
      let byAddress = try Self.campaign(hall, rows: 30)
      #expect(
        try Self.split(
          hall, byAddress, .address(words + [SplitWord(text: "南门", orgUnitID: Self.south)]))
          == [south: 10, north: 20])
      let evenly = try Self.campaign(hall, rows: 31)
      #expect(
        try Self.split(hall, evenly, .evenly([Self.north, Self.south])) == [south: 15, north: 16])
    }
  }

  @Test func partsAreHandedOutCheckedAndClosed() async throws {
    let bench = try Bench()
    try await bench.hall("close") { hall in
      let keeping = CampaignKeeping()
      let campaign = try Self.campaign(hall, rows: 3)
      func handOut(_ ids: [OrgUnitID] = []) throws -> [CampaignPart] {
        try keeping.handOut(
          HandOutParts(
            campaignID: campaign.id, etag: "", orgUnitIDs: ids, occurTime: Sample.time(10)),
          in: hall.writer, now: hall.now)
      }
      func refusal(_ body: () throws -> Void) -> CommandError? {
        do {
          try body()
          return nil
        } catch { return error as? CommandError }
      }
      func check(_ key: String) throws {
        _ = try CampaignChecking().check(
          MoveCampaignRow(
            campaignID: campaign.id, key: key, etag: "", actor: "person/wang"),
          answers: CampaignTests.answers("yes"), in: hall.writer, now: hall.now)
      }
      #expect(refusal { _ = try handOut() } == .campaign(.nothingToHandOut))
      _ = try Self.split(hall, campaign, .evenly([Self.north, Self.south]))
      #expect(refusal { try check("1") } == .campaign(.notHandedOut))
      let parts = try handOut([Self.north])
      #expect(parts.map(\.counts.total) == [2])
      let directive = try hall.writer.existing(try #require(parts[0].directiveID))
      #expect(directive.courses.map(\.recipient.id) == [Self.north.description])
      #expect(try handOut().map(\.orgUnitID) == [Self.south])
      #expect(refusal { _ = try handOut() } == .campaign(.nothingToHandOut))
      try check("1")
      #expect(
        refusal {
          _ = try keeping.close(
            campaign.id, etag: "", by: "person/li.na", in: hall.writer, now: hall.now)
        } == .campaign(.rowsOpen(2)))
      // All of them or none.
      #expect(
        refusal {
          _ = try CampaignChecking().writeOff(
            ["1", "2"], of: campaign.id, reason: "拆迁", by: "person/li.na", in: hall.writer,
            now: hall.now)
        } == .moveNotAllowed(subject: "1", from: "done", move: "write_off"))
    }
    try await bench.hall("close 2") { hall in
      let campaign = try #require(try hall.writer.campaigns(before: nil, limit: 1).first)
      _ = try CampaignChecking().writeOff(
        ["2", "3"], of: campaign.id, reason: "拆迁", by: "person/li.na", in: hall.writer,
        now: hall.now)
      let closed = try CampaignKeeping().close(
        campaign.id, etag: "", by: "person/li.na", in: hall.writer, now: hall.now)
      #expect(closed.state == .closed)
      #expect(throws: CommandError.campaign(.closed(campaign.id))) {
        _ = try CampaignKeeping().take(
          [CampaignTests.draft(9, "z")], of: String(repeating: "c", count: 64),
          into: campaign.id, in: hall.writer, now: hall.now)
      }
    }
  }
}
