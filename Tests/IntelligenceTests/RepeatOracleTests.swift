// Thousands of random calls through the real store, against a search that looks at every call.

import Classification
import Foundation
import Geography
import Identifiers
import Persistence
import Testing

@testable import IntelligenceDomain
@testable import IntelligenceStore

/// What should be found, by looking at everything.
private struct Oracle {
  struct Known {
    var call: CallRecord
    var incident: IncidentID
  }

  let rules: [RepeatRule]
  var calls: [Known] = []
  var complaints: Set<IncidentID> = []
  var expected: [IncidentID: [RepeatLink: [CallReportID]]] = [:]

  func search(_ incident: IncidentID, _ link: RepeatLink) -> [CallReportID] {
    guard link == .nearby || !complaints.contains(incident) else { return [] }
    guard let rule = rules.first(where: { $0.link == link }) else { return [] }
    let citizens = calls.filter { !$0.call.isDiscovered }
    let mine = citizens.filter { $0.incident == incident }.map(\.call)
    let found = citizens.filter { other in
      other.incident != incident
        && (link == .nearby || !complaints.contains(other.incident))
        && mine.contains { tied(other.call, to: $0, rule) }
    }
    return found.map(\.call).sorted { $0.position > $1.position }.map(\.id)
  }

  private func tied(_ earlier: CallRecord, to call: CallRecord, _ rule: RepeatRule) -> Bool {
    let age = call.receiveTime.timeIntervalSince(earlier.receiveTime)
    guard earlier.position < call.position, age <= rule.lookbackSeconds else { return false }
    switch rule.link {
    case .samePhone: return earlier.phoneHash != nil && earlier.phoneHash == call.phoneHash
    case .sameAddress: return earlier.addressKey != nil && earlier.addressKey == call.addressKey
    case .nearby:
      guard let from = earlier.coordinate, let to = call.coordinate else { return false }
      return from.distance(to: to) <= rule.distanceMetres
    }
  }

  mutating func assess(_ incident: IncidentID, _ links: [RepeatLink] = RepeatLink.allCases) {
    for link in links { expected[incident, default: [:]][link] = search(incident, link) }
  }

  /// A class changed to or from complaint: those who called later from the same number or home are
  /// judged anew.
  mutating func flip(_ incident: IncidentID) {
    if complaints.remove(incident) == nil { complaints.insert(incident) }
    assess(incident)
    let citizens = calls.filter { !$0.call.isDiscovered }
    for mine in citizens.filter({ $0.incident == incident }).map(\.call) {
      let others = citizens.filter {
        let call = $0.call
        return
          (call.phoneHash != nil && call.phoneHash == mine.phoneHash
          || call.addressKey != nil && call.addressKey == mine.addressKey)
          && call.receiveTime >= mine.receiveTime
          && !complaints.contains($0.incident) && $0.incident != incident
      }
      for other in Set(others.map(\.incident)) { assess(other, [.samePhone, .sameAddress]) }
    }
  }
}

@Test(arguments: [1, 2] as [UInt64])
func repeatsAreWhatASearchThroughEverythingFinds(seed: UInt64) async throws {
  let desk = try Desk()
  try await desk.database.write { [store = desk.store] tx in
    var random = SeededGenerator(state: seed)
    var counter = 0
    func writer() -> IntelligenceDatabaseWriter {
      counter += 1
      let cause = Named.event("random/\(counter)").description
      return store.writer(
        in: tx,
        provenance: Provenance(
          actor: "service/intelligence", cause: "event/\(cause)", trace: ""), now: midnight)
    }
    var oracle = Oracle(rules: try writer().rules().repeats)
    var incidents: [IncidentReport] = []
    let centre = try townHall.coordinate

    func call(_ number: Int, of incident: IncidentID) -> CallTold {
      // Mostly forward in time, sometimes late, often at the very same second.
      let minute = Double(number * 2 / 3) - (Bool.random(using: &random) ? 0 : 45)
      return CallTold(
        id: Named.call("\(seed)/\(number)"), incident: incident,
        receiveTime: midnight.addingTimeInterval(minute * 60),
        phoneHash: Int.random(in: 0..<5, using: &random) == 0
          ? "" : "hash\(Int.random(in: 0..<120, using: &random))",
        address: Int.random(in: 0..<4, using: &random) == 0
          ? "" : "Ｒoad  \(Int.random(in: 100..<160, using: &random))",
        coordinate: Int.random(in: 0..<6, using: &random) == 0
          ? nil
          : centre.offset(
            northMetres: Double.random(in: 0...2_500, using: &random),
            eastMetres: Double.random(in: 0...2_500, using: &random)),
        narrative: "", isDiscovered: Int.random(in: 0..<8, using: &random) == 0)
    }
    func know(_ told: CallTold) {
      oracle.calls.append(
        .init(
          call: CallRecord(
            id: told.id, incident: told.incident, receiveTime: told.receiveTime,
            phoneHash: told.phoneHash.isEmpty ? nil : told.phoneHash,
            addressKey: TextFolding.addressKey(told.address, generic: []),
            coordinate: told.coordinate, isDiscovered: told.isDiscovered),
          incident: told.incident))
    }

    for number in 0..<1_500 {
      let writer = writer()
      let dice = Int.random(in: 0..<100, using: &random)
      if dice < 80 || incidents.isEmpty {
        let report = IncidentReport(
          id: Named.incident("\(seed)/\(number)"), source: "",
          incidentClass: dice < 5 ? .complaint : nil, coordinate: nil, text: "")
        let told = call(number, of: report.id)
        if report.incidentClass == .complaint { oracle.complaints.insert(report.id) }
        know(told)
        oracle.assess(report.id)
        incidents.append(report)
        try Assessing().opened(report, by: told, occurTime: told.receiveTime, in: writer)
      } else if dice < 95 {
        guard let report = incidents.suffix(40).randomElement(using: &random) else { continue }
        let told = call(number, of: report.id)
        know(told)
        oracle.assess(report.id)
        try Assessing().attached(told, occurTime: told.receiveTime, in: writer)
      } else {
        let index = incidents.indices.randomElement(using: &random) ?? 0
        let isComplaint = incidents[index].incidentClass == .complaint
        incidents[index].incidentClass = isComplaint ? nil : .complaint
        oracle.flip(incidents[index].id)
        try Assessing().classified(incidents[index], occurTime: midnight, in: writer)
      }
      try writer.flush()
    }

    let reader = writer()
    var found: [RepeatLink: Int] = [:]
    for report in incidents {
      let incident = try #require(try reader.incident(report.id))
      for link in RepeatLink.allCases {
        let expected = oracle.expected[report.id]?[link] ?? []
        let finding = incident.assessment.repeats.first { $0.link == link }
        #expect(finding?.count ?? 0 == expected.count, "\(report.id) \(link)")
        #expect(finding?.evidence.map(\.call) ?? [] == Array(expected.prefix(20)))
        found[link, default: 0] += expected.count
      }
      #expect(incident.foundRepeat == !incident.assessment.repeats.isEmpty)
    }
    // The tables must have been worth comparing.
    for link in RepeatLink.allCases { #expect(found[link] ?? 0 > 300, "\(link)") }
  }
}

@Test func everySearchGoesThroughItsIndex() async throws {
  let desk = try Desk()
  let phone = "INDEX known_call_phone (partition=? AND phone_hash=? AND receive_time>?"
  let address = "INDEX known_call_address (partition=? AND address_key=? AND receive_time>?"
  let cases = [
    (CallQueries.count(CallQueries.phone), "COVERING " + phone),
    (CallQueries.newest(CallQueries.phone), phone),
    (CallQueries.count(CallQueries.address), "COVERING " + address),
    (CallQueries.newest(CallQueries.address), address),
    (
      CallQueries.near(cells: 4),
      "INDEX known_call_cell (partition=? AND cell=? AND receive_time>?"
    ),
  ]
  for (sql, index) in cases {
    let plan = try await desk.database.read { tx in
      // Ten are enough for the longest of them.
      try tx.query("EXPLAIN QUERY PLAN " + sql, Array(repeating: "x", count: 10)).map {
        try $0.get("detail", as: String.self)
      }
    }
    #expect(plan.contains { $0.contains(index) }, "\(plan)")
    #expect(!plan.contains { $0.contains("SCAN") }, "\(plan)")
  }
}

@Test func theGridHoldsEveryPointWithinReach() throws {
  var random = SeededGenerator(state: 3)
  for _ in 0..<20_000 {
    let point = try Coordinate(
      latitude: Double.random(in: -80...80, using: &random),
      longitude: ([-179.9995, 179.9995, 0, 120.62] as [Double]).randomElement(using: &random) ?? 0)
    let metres = ([10, 150, 900] as [Double]).randomElement(using: &random) ?? 150
    let angle = Double.random(in: 0..<(2 * .pi), using: &random)
    let reach = Double.random(in: 0...(metres * 0.999), using: &random)
    let other = point.offset(northMetres: reach * cos(angle), eastMetres: reach * sin(angle))
    #expect(MapGrid.cells(around: point, metres: metres).contains(MapGrid.cell(of: other)))
  }
}
