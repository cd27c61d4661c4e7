// Campaigns and musters on both engines: what is written is what is read, within each caller's reach.
import Access
import CommandDomain
import CommandRPC
import CommandStore
import EventLog
import Forms
import Foundation
import Geography
import Identifiers
import Persistence
import Testing

@Suite struct CampaignStoreTests {
  private static let now = Date(timeIntervalSince1970: 1_760_000_000)

  private static func id<Tag: IdentifierTag>(
    _ text: String, _ tag: Tag.Type = Tag.self
  ) -> Identifier<Tag> {
    var mint = IdentifierMint(service: "sample", cause: text, now: now)
    return mint.next(tag)
  }

  private static func write<R: Codable & Sendable>(
    _ store: CommandDatabaseStore, _ request: String, reach: Reach = .everywhere,
    _ body: @escaping @Sendable (any CommandWriter) throws -> R
  ) async throws -> R {
    try await store.write(
      RequestKey(id: request, method: "test", fingerprint: ""),
      provenance: Provenance(actor: "person/li.na", cause: "request/\(request)", trace: ""),
      reach: reach, now: now, body)
  }

  private static func open(_ engine: Engine, _ folder: StoreFolder) throws -> CommandDatabaseStore {
    CommandDatabaseStore(
      database: try engine.open(folder, CommandSchema.migrations),
      log: EventLog(service: "command", partition: "main"), encode: EventEncoder.encode)
  }

  private static let content = CampaignContent(
    name: "排查", basis: "预案", incidentID: nil,
    columns: [
      CampaignColumn(
        field: FormField(code: "no", label: "编号", kind: .text, isRequired: true), use: .plain,
        isKey: true)
    ],
    form: Form(fields: [
      FormField(code: "count", label: "数量", kind: .number, isRequired: true)
    ]), isDoubleCheck: true, dueTime: now.addingTimeInterval(86_400), directiveClass: .general)

  @Test(arguments: Engine.allCases)
  func rowsAreReadAsTheyWereWrittenAndWithinReach(_ engine: Engine) async throws {
    let folder = try StoreFolder()
    let store = try Self.open(engine, folder)
    let stations: [OrgUnitID] = [Self.id("a"), Self.id("b")]
    let campaign = try await Self.write(store, "create") { writer in
      for station in stations { try writer.save(station, under: nil) }
      return try CampaignKeeping().create(
        Self.content, by: "person/li.na", in: writer, now: Self.now)
    }
    // More than one statement, more than one batch.
    let file = String(repeating: "a", count: 64)
    for first in [1, 131] {
      let rows = (first..<first + 130).map { number in
        GivenCampaignRow.row(
          CampaignRowDraft(
            number: number, key: "k\(number)", digest: "d\(number)", values: ["k\(number)"],
            sealed: number % 2 == 0 ? [UInt8(number % 256), 0, 255] : nil,
            point: number % 3 == 0 ? try? Coordinate(latitude: 28.5, longitude: 120.25) : nil))
      }
      let progress = try await Self.write(store, "rows \(first)") { writer in
        try CampaignKeeping().take(rows, of: file, into: campaign.id, in: writer, now: Self.now)
      }
      #expect(progress.through == first + 129 && progress.stored == progress.through)
    }
    let splitting = CampaignSplitting(.evenly(stations), among: [])
    _ = try await Self.write(store, "split") { writer in
      try splitting.step(campaign.id, after: 0, in: writer)
    }
    try await store.read(within: .everywhere) { reader throws in
      let (parts, unassigned) = try reader.campaignParts(campaign.id)
      #expect(parts.map(\.counts.total) == [130, 130] && unassigned.total == 0)
      #expect(try reader.existing(campaign.id).rowCount == 260)
      let rows = try reader.campaignRows(
        CampaignRowFilter(), of: campaign.id, after: 128, limit: 3)
      #expect(rows.map(\.key) == ["k129", "k130", "k131"])
      #expect(try reader.sealedCampaignRow("k130", of: campaign.id) == [130, 0, 255])
      #expect(try reader.sealedCampaignRow("k131", of: campaign.id) == nil)
      #expect(
        try reader.campaignRowDigests(["k7", "none", "k260"], of: campaign.id)
          == ["k7": "d7", "k260": "d260"])
    }
    _ = try await Self.write(store, "hand out") { writer in
      try CampaignKeeping().handOut(
        HandOutParts(campaignID: campaign.id, etag: "", orgUnitIDs: [], occurTime: Self.now),
        in: writer, now: Self.now)
    }
    let reach = Reach(areas: [stations[0].description])
    let mine = try await store.read(within: reach) { reader throws in
      #expect(try reader.campaigns(before: nil, limit: 9).map(\.id) == [campaign.id])
      #expect(try reader.campaignParts(campaign.id).parts.map(\.orgUnitID) == [stations[0]])
      return try reader.campaignRows(
        CampaignRowFilter(states: [.open]), of: campaign.id, after: 0, limit: 500)
    }
    #expect(mine.count == 130 && mine.allSatisfy { $0.orgUnitID == stations[0] })
    for (actor, count) in [("person/a", 3.0), ("person/b", 4.0)] {
      _ = try await Self.write(store, actor, reach: reach) { writer in
        try CampaignChecking().check(
          MoveCampaignRow(
            campaignID: campaign.id, key: mine[0].key, etag: "", actor: actor),
          answers: [FormAnswer(fieldCode: "count", value: .number(count))], in: writer,
          now: Self.now)
      }
    }
    try await store.read(within: reach) { reader throws in
      let row = try reader.existing(mine[0].key, of: campaign.id)
      #expect(row.state == .differing && row.checks.map(\.actor) == ["person/a", "person/b"])
      #expect(row.differences(Self.content.form) == ["count"])
    }
    let nobody = Reach(areas: [Self.id("elsewhere", OrgUnitTag.self).description])
    try await store.read(within: nobody) { reader throws in
      #expect(try reader.campaign(campaign.id) == nil)
      #expect(try reader.campaignRow(mine[0].key, of: campaign.id) == nil)
    }
  }

  @Test(arguments: Engine.allCases)
  func aMusterIsReadAsItWasWritten(_ engine: Engine) async throws {
    let folder = try StoreFolder()
    let store = try Self.open(engine, folder)
    let plan = ModePlan(
      code: "p", name: "预案",
      levels: [
        ModeLevel(level: 1, name: "一级", musterLimit: 60),
        ModeLevel(level: 2, name: "二级", musterLimit: 90),
      ],
      members: (1...24).map { number in
        ModeMember(
          code: "m\(number)", name: "单位 \(number)",
          contact: Recipient(kind: .seat, id: "c\(number)"), seats: ["s\(number)"],
          fromLevel: number > 20 ? 1 : 2)
      })
    _ = try await Self.write(store, "plan") { writer in
      try Mustering().put(plan, etag: "", in: writer, now: Self.now)
    }
    func war(_ level: Int, _ request: String) async throws -> Muster {
      try await Self.write(store, request) { writer in
        try Mustering().switchToWar(
          SwitchToWar(
            planCode: "p", level: level, reason: "r", incidentID: nil, actor: "person/li.na",
            occurTime: Self.now), in: writer, now: Self.now)
      }
    }
    let first = try await war(2, "war")
    #expect(first.members.count == 20)
    let raised = try await war(1, "raise")
    #expect(raised.members.count == 24)
    let come = try await Self.write(store, "come") { writer in
      try Mustering().report(
        MoveMember(
          musterID: first.id, code: "m24", occurTime: Self.now.addingTimeInterval(61)), seats: [],
        in: writer)
    }
    #expect(come.isLate)
    try await store.read(within: .everywhere) { reader throws in
      let running = try #require(try reader.runningMuster())
      #expect(try running.member("m24") == come)
      #expect(running.members.dropLast() == raised.members.dropLast())
      #expect(running.escalations == raised.escalations && running.plan == raised.plan)
    }
    let ended = try await Self.write(store, "peace") { writer in
      try Mustering().standDown(
        etag: "", reason: "r", actor: "person/li.na", at: Self.now.addingTimeInterval(70),
        in: writer, now: Self.now)
    }
    try await store.read(within: .everywhere) { reader throws in
      #expect(try reader.runningMuster() == nil)
      #expect(try reader.musters(before: nil, limit: 9) == [ended])
    }
  }
}
