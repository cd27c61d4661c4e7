// What duty keeps of command's incidents: where, of which class, when, and who brought it to notice.
// No words, no numbers, no names; a point only to some 50 m, which is near enough for a patrol.
public import Classification
public import Foundation
public import Geography
public import Identifiers

/// Why an incident is not counted.
public enum DemandExclusion: String, Codable, Sendable, Hashable, CaseIterable {
  /// 民警发现: it says where patrols were. A suggestion that counted it would send them there again,
  /// where they would find more (the feedback loop of Lum and Isaac, "To predict and serve?", 2016).
  case officerDiscovered = "officer_discovered"
  case merged, cancelled, diverted
  /// 投诉监督: no matter for a patrol.
  case aboutPolice = "about_police"
}

/// An incident as far as it counts.
public struct DemandIncident: Codable, Sendable, Hashable {
  /// Where it stands, as far as it matters.
  public enum Standing: String, Sendable, Hashable {
    case counts, merged, cancelled, diverted
  }

  public let id: IncidentID
  public let incidentClass: IncidentClass?
  /// Rounded; nil while no point is known.
  public let point: Coordinate?
  public let receiveTime: Date
  /// Nil when it counts.
  public let exclusion: DemandExclusion?
  /// Command's count of its changes: an event that is applied late must not take it back.
  public let revision: Int

  public init(
    id: IncidentID, origin: IncidentOrigin, incidentClass: IncidentClass?, point: Coordinate?,
    receiveTime: Date, standing: Standing, revision: Int
  ) {
    self.id = id
    self.incidentClass = incidentClass
    self.point = point.map(Demand.rounded)
    self.receiveTime = receiveTime
    self.exclusion = Demand.exclusion(origin, incidentClass, standing)
    self.revision = revision
  }
}

/// What one assignment tells of how soon somebody was at an incident.
public struct DemandArrival: Codable, Sendable, Hashable {
  public let incidentID: IncidentID
  public let orderTime: Date
  /// Nil while nobody recorded it.
  public let arriveTime: Date?

  public init(incidentID: IncidentID, orderTime: Date, arriveTime: Date?) {
    self.incidentID = incidentID
    self.orderTime = orderTime
    self.arriveTime = arriveTime
  }
}

/// A call of before the suite was there.
public struct PastCall: Codable, Sendable, Hashable {
  public let source: String
  /// Its number in that system.
  public let reference: String
  public let incidentClass: IncidentClass?
  /// Rounded.
  public let point: Coordinate
  public let receiveTime: Date
  public let exclusion: DemandExclusion?

  public init(
    source: String, reference: String, origin: IncidentOrigin, incidentClass: IncidentClass?,
    point: Coordinate, receiveTime: Date
  ) {
    self.source = source
    self.reference = reference
    self.incidentClass = incidentClass
    self.point = Demand.rounded(point)
    self.receiveTime = receiveTime
    self.exclusion = Demand.exclusion(origin, incidentClass, .counts)
  }
}

/// What is read of either.
public struct DemandRecord: Sendable, Hashable {
  public let point: Coordinate
  public let receiveTime: Date
  public let exclusion: DemandExclusion?
  /// From the first order to the first arrival; nil when either is not known.
  public let arrivalSeconds: Double?

  public init(
    point: Coordinate, receiveTime: Date, exclusion: DemandExclusion?, arrivalSeconds: Double? = nil
  ) {
    self.point = point
    self.receiveTime = receiveTime
    self.exclusion = exclusion
    self.arrivalSeconds = arrivalSeconds
  }
}

/// How many were left out for one reason.
public struct DemandLeftOut: Codable, Sendable, Hashable {
  public let reason: DemandExclusion
  public let count: Int

  /// One for each reason that there is, in the order of the reasons.
  public static func counted(_ records: [DemandRecord]) -> [DemandLeftOut] {
    let counts = records.reduce(into: [DemandExclusion: Int]()) { counts, record in
      if let reason = record.exclusion { counts[reason, default: 0] += 1 }
    }
    return DemandExclusion.allCases.compactMap { reason in
      counts[reason].map { DemandLeftOut(reason: reason, count: $0) }
    }
  }
}

/// A citizen's call that counts: nothing else can be made into one, so nothing else can move a patrol.
public struct DemandCall: Sendable, Hashable {
  public let point: Coordinate
  public let time: Date
  /// Seconds of driving: the target of the most urgent area that holds the point.
  public let target: Double
  public let arrivalSeconds: Double?

  /// Nil for what does not count.
  public init?(_ record: DemandRecord, target: Double) {
    guard record.exclusion == nil else { return nil }
    point = record.point
    time = record.receiveTime
    self.target = target
    arrivalSeconds = record.arrivalSeconds
  }
}

enum Demand {
  /// Half a thousandth of a degree: some 50 m.
  static func rounded(_ point: Coordinate) -> Coordinate {
    func near(_ degrees: Double) -> Double { (degrees * 2000).rounded() / 2000 }
    let rounded = try? Coordinate(
      latitude: near(point.latitude), longitude: near(point.longitude))
    return rounded ?? point
  }

  /// The first reason that holds.
  static func exclusion(
    _ origin: IncidentOrigin, _ incidentClass: IncidentClass?, _ standing: DemandIncident.Standing
  ) -> DemandExclusion? {
    if origin == .officerDiscovered { return .officerDiscovered }
    switch standing {
    case .merged: return .merged
    case .cancelled: return .cancelled
    case .diverted: return .diverted
    case .counts: return incidentClass == .complaint ? .aboutPolice : nil
    }
  }
}

/// Takes over what command tells, in whatever order it comes.
public struct DemandKeeping: Sendable {
  public init() {}

  public func follow(_ incident: DemandIncident, in writer: any DutyWriter) throws {
    try writer.save(incident)
  }

  public func follow(_ arrival: DemandArrival, in writer: any DutyWriter) throws {
    try writer.save(arrival)
  }

  /// - Returns: how many.
  public func take(_ calls: [PastCall], in writer: any DutyWriter) throws -> Int {
    for call in calls { try writer.save(call) }
    return calls.count
  }
}
