// What lies outside a caller's reach is as if it were not there: by id, in lists, and for changes. On
// both engines, because the cut is made inside the query.
import Access
import Classification
import CommandDomain
import CommandRPC
import CommandStore
import EventLog
import Foundation
import Geography
import Identifiers
import Persistence
import Testing

@Suite struct ReachTests {
  /// A county with two stations, a beat and a unit each; one incident assessed into each station, and
  /// one into none.
  struct County {
    static let morning = Date(timeIntervalSince1970: 1_483_142_400)

    let store: CommandDatabaseStore
    let county: OrgUnitID = id("county")
    let stations: [OrgUnitID] = [id("station 0"), id("station 1")]
    let beats: [OrgUnitID] = [id("beat 0"), id("beat 1")]
    let units: [UnitID] = [id("unit 0"), id("unit 1")]
    var reports: [SubmittedReport] = []

    static func id<Tag: IdentifierTag>(_ text: String, _ tag: Tag.Type = Tag.self)
      -> Identifier<Tag>
    {
      var mint = IdentifierMint(service: "sample", cause: text, now: morning)
      return mint.next(tag)
    }

    init(_ engine: Engine, _ folder: StoreFolder) async throws {
      let database = try engine.open(folder, CommandSchema.migrations)
      store = CommandDatabaseStore(
        database: database, log: EventLog(service: "command", partition: "main"),
        encode: EventEncoder.encode)
      let (county, stations, beats, units) = (county, stations, beats, units)
      try await write("tree") { writer in
        try writer.save(county, under: nil)
        for index in stations.indices {
          try writer.save(stations[index], under: county)
          try writer.save(beats[index], under: stations[index])
          try writer.save(units[index], of: beats[index])
        }
        return true
      }
      for index in 0..<3 {
        reports.append(
          try await write("report \(index)") { try Self.submit(index, in: $0) })
      }
      let incidents = reports.map(\.incidentID)
      try await write("advice") { writer in
        for (incident, station) in zip(incidents, stations) {
          try NeighbourFacts().advise(
            IncidentAdvice(
              incidentID: incident, assessmentID: Self.id("\(incident)"), stationID: station,
              stationName: "所", suggestedClass: nil, suggestedLevel: nil, repeatCount: 0,
              occurTime: Self.morning), in: writer)
        }
        return true
      }
    }

    static func submit(
      _ number: Int, source: String? = nil, in writer: any CommandWriter
    ) throws -> SubmittedReport {
      let content = CallReportContent(
        channel: .partner, origin: .citizenReported, phoneHash: nil, maskedPhone: "",
        place: Place(
          given: try GivenPoint(latitude: 28, longitude: 120, datum: .wgs84), address: "路",
          description: "", uncertaintyMetres: 0),
        narrative: "事", occurTime: morning, receiveTime: morning,
        source: source ?? "partner-\(number)", externalReference: "")
      return try CallTaking().submit(
        SubmitReport(content: content, incidentClass: .dispute, level: .level4), in: writer,
        now: morning)
    }

    @discardableResult
    func write<R: Codable & Sendable>(
      _ request: String, within reach: Reach = .everywhere,
      _ body: @escaping @Sendable (any CommandWriter) throws -> R
    ) async throws -> R {
      try await store.write(
        RequestKey(id: request, method: "test", fingerprint: request),
        provenance: Provenance(actor: "person/test", cause: "request/\(request)", trace: ""),
        reach: reach, now: Self.morning, body)
    }

    /// Numbers of the incidents that are seen, in a list and one by one.
    func seen(within reach: Reach) async throws -> Set<Int> {
      let incidents = reports.map(\.incidentID)
      return try await store.read(within: reach) { reader in
        let listed = try reader.views(.init(), before: nil, limit: 9).map(\.incident.id)
        let calls = try reader.callReports(.init(), before: nil, limit: 9).compactMap(\.incidentID)
        var seen: Set<Int> = []
        for (index, incident) in incidents.enumerated() where try reader.incident(incident) != nil {
          seen.insert(index)
          let view = try reader.view(incident)
          #expect(view != nil)
        }
        #expect(Set(listed) == Set(seen.map { incidents[$0] }))
        #expect(Set(try reader.cards(of: incidents).map(\.incident.id)) == Set(listed))
        #expect(try reader.openCards(after: nil, limit: 9).map(\.incident.id) == listed.sorted())
        if !reach.areas.isEmpty || reach.isEverywhere { #expect(Set(calls) == Set(listed)) }
        return seen
      }
    }
  }

  let folder = try! StoreFolder()

  @Test(arguments: Engine.allCases)
  func anAreaStandsForAllBelowItAndForNothingElse(engine: Engine) async throws {
    let county = try await County(engine, folder)
    #expect(try await county.seen(within: .everywhere) == [0, 1, 2])
    #expect(try await county.seen(within: .nothing) == [])
    #expect(try await county.seen(within: Reach(areas: ["\(county.county)"])) == [0, 1])
    for index in 0..<2 {
      #expect(
        try await county.seen(within: Reach(areas: ["\(county.stations[index])"])) == [index])
      // What was assessed into a station is not yet the affair of each beat in it.
      #expect(try await county.seen(within: Reach(areas: ["\(county.beats[index])"])) == [])
    }
    #expect(try await county.seen(within: Reach(areas: ["org_unknown' OR 1 = 1 --"])) == [])
    #expect(try await county.seen(within: Reach(partner: "partner-2")) == [2])
  }

  @Test(arguments: Engine.allCases)
  func whoeverIsSentSeesWhereTo(engine: Engine) async throws {
    let county = try await County(engine, folder)
    let (third, unit) = (county.reports[2].incidentID, county.units[1])
    try await county.write("classify") {
      _ = try IncidentHandling().queue(
        MoveIncident(incidentID: third, etag: "", reason: "", occurTime: County.morning), in: $0,
        now: County.morning)
      return true
    }
    let dispatched = try await county.write("dispatch") {
      try Dispatching().dispatch(
        DispatchUnits(incidentID: third, unitIDs: [unit], occurTime: County.morning), in: $0,
        now: County.morning)
    }
    #expect(try await county.seen(within: Reach(seat: "\(unit)")) == [2])
    #expect(try await county.seen(within: Reach(seat: "\(county.units[0])")) == [])
    #expect(try await county.seen(within: Reach(areas: ["\(county.stations[1])"])) == [1, 2])
    let (directive, assignment) = (dispatched.directive.id, dispatched.assignments[0].id)
    for (reach, isSeen) in [
      (Reach(seat: "\(unit)"), true), (Reach(areas: ["\(county.beats[1])"]), true),
      (Reach(seat: "\(county.units[0])"), false),
      (Reach(areas: ["\(county.stations[0])"]), false), (.nothing, false),
    ] {
      try await county.store.read(within: reach) { reader in
        let order = try reader.directive(directive)
        let errand = try reader.assignment(assignment)
        #expect((order != nil) == isSeen && (errand != nil) == isSeen)
        let listed = try reader.directives(.init(), before: nil, limit: 9)
        let isReached = try reader.reaches(Recipient(kind: .unit, id: "\(unit)"))
        #expect(listed.isEmpty == !isSeen && isReached == isSeen)
      }
    }
  }

  @Test(arguments: Engine.allCases)
  func aStationOrdersItsOwnAndNobodyElse(engine: Engine) async throws {
    let county = try await County(engine, folder)
    let reach = Reach(areas: ["\(county.stations[0])"])
    let order: @Sendable (OrgUnitID) -> DirectiveSource = { beat in
      .content(
        DirectiveContent(
          directiveClass: .routine, incidentID: nil, title: "巡", text: "",
          recipients: [Recipient(kind: .beat, id: "\(beat)")]))
    }
    let (own, other) = (county.beats[0], county.beats[1])
    let issued = try await county.write("own", within: reach) {
      try Directing().issue(order(own), at: County.morning, in: $0, now: County.morning)
    }
    #expect(issued.courses.count == 1)
    await #expect(
      throws: CommandError.recipientOutsideReach(
        Recipient(kind: .beat, id: "\(other)"), field: "content.recipients")
    ) {
      try await county.write("other", within: reach) {
        try Directing().issue(order(other), at: County.morning, in: $0, now: County.morning)
      }
    }
    let (mine, theirs) = (county.reports[0].incidentID, county.units[1])
    await #expect(
      throws: CommandError.recipientOutsideReach(
        Recipient(kind: .unit, id: "\(theirs)"), field: "content.recipients")
    ) {
      try await county.write("unit", within: reach) {
        _ = try IncidentHandling().queue(
          MoveIncident(incidentID: mine, etag: "", reason: "", occurTime: County.morning), in: $0,
          now: County.morning)
        return try Dispatching().dispatch(
          DispatchUnits(incidentID: mine, unitIDs: [theirs], occurTime: County.morning), in: $0,
          now: County.morning)
      }
    }
    await #expect(throws: CommandError.incidentUnknown(county.reports[1].incidentID)) {
      try await county.write("foreign", within: reach) { [id = county.reports[1].incidentID] in
        try IncidentHandling().queue(
          MoveIncident(incidentID: id, etag: "", reason: "", occurTime: County.morning), in: $0,
          now: County.morning)
      }
    }
  }

  @Test(arguments: Engine.allCases)
  func aPartnerReportsInItsOwnNameOnly(engine: Engine) async throws {
    let county = try await County(engine, folder)
    let reach = Reach(partner: "bank")
    await #expect(throws: CommandError.sourceOutsideReach("other")) {
      try await county.write("as another", within: reach) {
        try County.submit(9, source: "other", in: $0)
      }
    }
    let own = try await county.write("as itself", within: reach) {
      try County.submit(9, source: "bank", in: $0)
    }
    let seen = try await county.store.read(within: reach) { reader in
      (try reader.callReport(own.callReportID) != nil, try reader.incident(own.incidentID) != nil)
    }
    #expect(seen == (true, true))
  }
}
