// 支撑请求、会商、串并案 on both engines: what is written is what is read, and each sees its own.
import Access
import EventLog
import Foundation
import Identifiers
import Persistence
import Testing

@testable import CommandDomain
@testable import CommandStore

private typealias County = ReachTests.County

extension County {
  fileprivate func station(_ index: Int) -> Recipient {
    Recipient(kind: .station, id: "\(stations[index])")
  }

  fileprivate func area(_ index: Int) -> Reach { Reach(areas: ["\(stations[index])"]) }

  fileprivate func ask(
    _ request: String, station index: Int, seats: [String], within reach: Reach = .everywhere
  ) async throws -> SupportRequest {
    let command = AskSupport(
      incidentID: reports[index].incidentID, asker: station(index), title: "寻人", text: "白色面包车",
      tasks: seats.map { SupportTask(seatCode: $0, task: "查") }, occurTime: Self.morning)
    return try await write(request, within: reach) {
      try Supporting().ask(command, in: $0, now: Self.morning)
    }
  }
}

@Suite struct JointWorkStoreTests {
  let folder = try! StoreFolder()
  private static let morning = ReachTests.County.morning
  private static let video = Reach(seat: "video")

  @Test(arguments: Engine.allCases)
  func aStationSeesItsOwnASeatItsPartsAndTheHallAll(engine: Engine) async throws {
    let county = try await ReachTests.County(engine, folder)
    let asked = try await county.ask(
      "north", station: 0, seats: ["video", "traffic"], within: county.area(0))
    let other = try await county.ask(
      "south", station: 1, seats: ["traffic"], within: county.area(1))
    // In another's name, and on what is not one's own.
    await #expect(throws: CommandError.self) {
      _ = try await county.ask("foreign", station: 1, seats: ["video"], within: county.area(0))
    }
    for (reach, expected) in [
      (Reach.everywhere, [other, asked]), (county.area(0), [asked]), (county.area(1), [other]),
      (Self.video, [asked]), (Reach(seat: "traffic"), [other, asked]), (.nothing, []),
      (Reach(areas: ["\(county.county)"]), [other, asked]),
    ] {
      let (listed, single, count) = try await county.store.read(within: reach) { reader in
        (
          try reader.supportRequests(.init(), before: nil, limit: 9),
          try [asked, other].compactMap { try reader.supportRequest($0.id) },
          try reader.supportCount(Self.morning..<Self.morning.addingTimeInterval(1))
        )
      }
      #expect(Set(listed) == Set(expected) && Set(single) == Set(expected))
      #expect(count.requests.requests == expected.count)
      #expect(count.parts.parts == expected.reduce(0) { $0 + $1.parts.count })
    }
    // A seat sees what its part is about, and nothing else.
    let incident = county.reports[0].incidentID
    for (reach, isSeen) in [(Self.video, true), (Reach(seat: "drones"), false)] {
      let seen = try await county.store.read(within: reach) { try $0.incident(incident) }
      #expect((seen != nil) == isSeen)
    }
  }

  @Test(arguments: Engine.allCases)
  func eachSeatAnswersForItselfAndTheAskerEnds(engine: Engine) async throws {
    let county = try await ReachTests.County(engine, folder)
    let asked = try await county.ask("ask", station: 0, seats: ["video", "traffic"])
    let change = ChangeSupport(supportRequestID: asked.id, occurTime: Self.morning)
    @Sendable func move(
      _ move: SupportPartMove, _ number: Int, _ writer: any CommandWriter
    ) throws -> SupportRequest {
      try Supporting().move(
        MoveSupportPart(
          change: change, number: number, move: move, text: "见", result: .found), in: writer,
        now: Self.morning)
    }
    await #expect(throws: CommandError.self) {
      try await county.write("another's", within: Self.video) { try move(.take, 2, $0) }
    }
    // The asker asks; it does not take the seats' parts.
    await #expect(throws: CommandError.self) {
      try await county.write("asker takes", within: county.area(0)) { try move(.take, 1, $0) }
    }
    try await county.write("take", within: Self.video) { try move(.take, 1, $0) }
    let answered = try await county.write("answer", within: Self.video) {
      try move(.answer, 1, $0)
    }
    let read = try await county.store.read(within: Self.video) {
      try $0.supportRequest(asked.id)
    }
    #expect(read == answered && answered.parts[0].state == .answered)
    await #expect(throws: CommandError.self) {
      try await county.write("a seat closes", within: Self.video) {
        try Supporting().end(.solved, reason: "x", change, in: $0, now: Self.morning)
      }
    }
    let closed = try await county.write("close", within: county.area(0)) {
      try Supporting().end(.solved, reason: "已找到", change, in: $0, now: Self.morning)
    }
    #expect(closed.state == .closed && closed.parts[1].state == .released)
  }

  @Test(arguments: Engine.allCases)
  func whoeverTakesPartSeesTheConsultation(engine: Engine) async throws {
    let county = try await ReachTests.County(engine, folder)
    let participants = [
      Participant(recipient: Recipient(kind: .seat, id: "hall.shift-leader"), name: "值班长"),
      Participant(recipient: county.station(0), name: "北所"),
    ]
    let planned = try await county.write("plan") {
      try Consulting().plan(
        title: "早会商", startTime: Self.morning, participants: participants, by: "person/li", in: $0,
        now: Self.morning)
    }
    let (own, foreign) = (county.reports[0].incidentID, county.reports[1].incidentID)
    let change = ChangeConsultation(consultationID: planned.id, occurTime: Self.morning)
    @Sendable func putting(
      _ incident: IncidentID, _ writer: any CommandWriter
    ) throws -> Consultation {
      try Consulting().put(
        PutAgendaItem(
          title: "盗窃", text: "", subject: .incident(incident), putBy: participants[1].recipient),
        change, in: writer, now: Self.morning)
    }
    let put = try await county.write("put", within: county.area(0)) { try putting(own, $0) }
    await #expect(throws: CommandError.incidentUnknown(foreign)) {
      try await county.write("foreign", within: county.area(0)) { try putting(foreign, $0) }
    }
    await #expect(throws: CommandError.joint(.consultationUnknown(planned.id))) {
      try await county.write("stranger", within: county.area(1)) { try putting(foreign, $0) }
    }
    for (reach, isSeen) in [
      (Reach.everywhere, true), (county.area(0), true), (county.area(1), false),
      (Reach(seat: "hall.shift-leader"), true), (.nothing, false),
    ] {
      let (one, all) = try await county.store.read(within: reach) {
        (try $0.consultation(planned.id), try $0.consultations(before: nil, limit: 9))
      }
      #expect(one == (isSeen ? put : nil) && all.count == (isSeen ? 1 : 0))
    }
  }

  @Test(arguments: Engine.allCases)
  func ofAMemberOutsideItsAreaAStationSeesThatThereIsOneAndWhomToAsk(
    engine: Engine
  ) async throws {
    let county = try await ReachTests.County(engine, folder)
    let incidents = county.reports.map(\.incidentID)
    let judgement = Judgement(by: "person/li", time: Self.morning, reason: "手法相同")
    let proposed = try await county.write("propose") {
      try SeriesJudging().propose(
        title: "撬锁", judgement, members: incidents.prefix(2).map { ($0, "撬锁入室") }, in: $0,
        now: Self.morning)
    }
    let id = proposed.series.id
    let seen = try await county.store.read(within: county.area(0)) { reader in
      (
        try reader.series(id).map(reader.seen), try reader.view(incidents[0])?.series,
        try reader.series(SeriesFilter(incidentID: incidents[1]), before: nil, limit: 9)
      )
    }
    #expect(seen.0?.members.map(\.isOutside) == [false, true])
    #expect(seen.0?.members[1].stationID == county.stations[1])
    #expect(seen.1 == [proposed.series.reference])
    // Nobody finds a series by an incident that is not theirs.
    #expect(seen.2.isEmpty)
    let outside = try await county.store.read(within: Reach(areas: ["\(county.beats[0])"])) {
      (try $0.series(id), try $0.series(.init(), before: nil, limit: 9))
    }
    #expect(outside.0 == nil && outside.1.isEmpty)
    await #expect(throws: CommandError.incidentUnknown(incidents[1])) {
      try await county.write("drop", within: county.area(0)) {
        try SeriesJudging().drop(
          incidents[1], ChangeSeries(seriesID: id, judgement: judgement), in: $0,
          now: Self.morning)
      }
    }
    let confirmed = try await county.write("confirm") {
      try SeriesJudging().move(
        .confirm, ChangeSeries(seriesID: id, judgement: judgement), in: $0, now: Self.morning)
    }
    let read = try await county.store.read(within: .everywhere) { try $0.series(id) }
    #expect(read == confirmed.series && confirmed.series.decided == judgement)
  }
}
