// Random days as neighbours tell them: incidents in and out of areas, units that are corrected later,
// calls with and without a time. Each fact has the sequence of its event.
import Classification
import Foundation
import Geography
import Identifiers
import SupervisionDomain

struct ToldFact: Sendable {
  let fact: ActivityFact
  let sequence: Int64
}

struct FigureScript {
  static let start = Date(timeIntervalSince1970: 1_483_142_400)

  var told: [ToldFact] = []
  var areas: [Area] = []
  let stations: [OrgUnitID]
  let beat: OrgUnitID
  private(set) var units: [UnitID] = []
  private var random: FigureRandom
  private var mint: IdentifierMint
  private var sequence: Int64 = 0

  init(seed: UInt64, incidents: Int) throws {
    random = FigureRandom(state: seed)
    var mint = IdentifierMint(service: "sample", cause: "figures \(seed)", now: Self.start)
    stations = [mint.next(OrgUnitTag.self), mint.next(OrgUnitTag.self)]
    beat = mint.next(OrgUnitTag.self)
    self.mint = mint
    try makePlaces()
    for _ in 0..<20 { makeUnit() }
    for _ in 0..<incidents { try makeIncident() }
  }

  private mutating func tell(_ fact: ActivityFact) {
    sequence += 1
    told.append(ToldFact(fact: fact, sequence: sequence))
  }

  private mutating func makePlaces() throws {
    for (index, station) in stations.enumerated() {
      tell(
        .orgUnit(
          OrgUnitActivity(
            id: station, code: "S\(index)", name: "所 \(index)", rank: .station, parent: nil)))
    }
    // Renamed once: the later word counts.
    for name in ["旧", "新"] {
      tell(
        .orgUnit(
          OrgUnitActivity(
            id: beat, code: "B", name: name, rank: .beat, parent: stations[0])))
    }
    let places: [(OrgUnitID, AreaClass, ClosedRange<Double>)] = [
      (stations[0], .centre, 0.0...0.1), (stations[1], .other, 0.1...0.2),
      (beat, .keyPlace, 0.04...0.06),
    ]
    for (holder, areaClass, range) in places {
      let corners = try [
        (range.lowerBound, 0.0), (range.lowerBound, 0.1), (range.upperBound, 0.1),
        (range.upperBound, 0.0),
      ].map { try Coordinate(latitude: $0.0, longitude: $0.1) }
      let area = Area(
        id: mint.next(JurisdictionTag.self), areaClass: areaClass,
        polygon: try Polygon(corners: corners))
      areas.append(area)
      tell(.area(area.id, of: holder))
    }
  }

  private mutating func makeUnit() {
    let unit = mint.next(UnitTag.self)
    units.append(unit)
    let home = units.count % 3 == 0 ? beat : stations[units.count % 2]
    tell(.unit(UnitActivity(id: unit, kind: "foot", orgUnit: home)))
    tell(.unit(UnitActivity(id: unit, kind: "car", orgUnit: home)))
    var time = Self.start.addingTimeInterval(-86_400)
    var isOn = true
    for _ in 0..<Int.random(in: 1...5, using: &random) {
      tell(.unitStatus(UnitStatusActivity(unit: unit, time: time, isOnDuty: isOn)))
      // Whole minutes: the model counts minutes.
      time += Double(Int.random(in: 1...2_000, using: &random) * 60)
      isOn.toggle()
    }
  }

  private mutating func maybe(_ time: Date) -> Date? {
    Int.random(in: 0..<5, using: &random) == 0 ? nil : time
  }

  private mutating func makeIncident() throws {
    let id = mint.next(IncidentTag.self)
    let received = Self.start.addingTimeInterval(
      Double(Int.random(in: -600..<3_000, using: &random) * 60))
    var incident = IncidentActivity(
      id: id, origin: IncidentOrigin.allCases.randomElement(using: &random)!,
      incidentClass: IncidentClass.allCases.randomElement(using: &random),
      point: Int.random(in: 0..<8, using: &random) == 0
        ? nil
        : try Coordinate(
          latitude: Double.random(in: 0.001...0.25, using: &random), longitude: 0.05),
      receiveTime: received, state: .new)
    tell(.incident(incident))
    let call = CallActivity(
      id: mint.next(CallReportTag.self), origin: incident.origin,
      isByVoice: Int.random(in: 0..<4, using: &random) > 0, point: incident.point,
      receiveTime: received, answerTime: nil, incident: nil, isFirst: false)
    tell(.call(call))
    var ended = call
    ended.answerTime = maybe(
      received.addingTimeInterval(Double(Int.random(in: 0...20, using: &random))))
    ended.incident = id
    ended.isFirst = true
    tell(.call(ended))
    var time = received
    for _ in 0..<Int.random(in: 0...5, using: &random) {
      time += Double(Int.random(in: 0...900, using: &random))
      incident.state = IncidentMove.State.allCases.randomElement(using: &random)!
      tell(.incident(incident))
      tell(.move(SupervisionDomain.IncidentStep(incident: id, to: incident.state, time: time)))
    }
    if Bool.random(using: &random) {
      // Located anew, later.
      incident.point = try Coordinate(
        latitude: Double.random(in: 0.001...0.25, using: &random), longitude: 0.05)
      tell(.incident(incident))
    }
    for _ in 0..<Int.random(in: 0...3, using: &random) { makeAssignment(id, received) }
  }

  private mutating func makeAssignment(_ incident: IncidentID, _ received: Date) {
    let id = mint.next(AssignmentTag.self)
    let unit = units.randomElement(using: &random)!
    let last = Int.random(in: 0...6, using: &random)
    var time = received
    var times = AssignmentActivity.Times(assign: received)
    for number in 0...last {
      let state = AssignmentMove.State.allCases[number]
      // Now and then times run backwards, as people record them.
      time += Double(Int.random(in: -1...12, using: &random) * 60)
      switch state {
      case .assigned: break
      case .dispatched: times.dispatch = maybe(time)
      case .acknowledged: times.acknowledge = maybe(time)
      case .enRoute: times.depart = maybe(time)
      case .onScene: times.arrive = maybe(time)
      case .cleared:
        guard last == 5 else { continue }
        times.clear = maybe(time)
      case .cancelled:
        (times.arrive, times.cancel) = (nil, maybe(time))
      }
      tell(
        .assignment(
          AssignmentActivity(
            id: id, incident: incident, unit: unit, state: state, times: times)))
    }
    if Int.random(in: 0..<4, using: &random) == 0, times.dispatch != nil {
      times.dispatch = received.addingTimeInterval(60)
      tell(
        .assignment(
          AssignmentActivity(
            id: id, incident: incident, unit: unit,
            state: AssignmentMove.State.allCases[last], times: times)))
    }
  }
}

/// SplitMix64: the same day for the same seed.
struct FigureRandom: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
