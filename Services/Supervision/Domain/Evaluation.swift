// 评估: how well an incident was handled, from its deadlines and returned feedback. It judges the
// handling of an incident, never a person.
public import Foundation
public import Identifiers

/// How the deadlines of an incident ended.
public struct Tally: Sendable, Hashable, Codable {
  public var met: Int
  /// Stopped too late, or past due and still awaited.
  public var missed: Int
  /// Cancelled, or still running.
  public var excluded: Int

  public init(met: Int, missed: Int, excluded: Int) {
    self.met = met
    self.missed = missed
    self.excluded = excluded
  }
}

public enum Grade: String, Sendable, Hashable, Codable, CaseIterable {
  /// Nothing to judge by.
  case none
  /// 优
  case good
  /// 良
  case fair
  /// 差
  case poor

  /// Good: every deadline met, no feedback returned. Fair: at least 80 % met, feedback returned at
  /// most once. Poor: less. None: no deadline was met or missed.
  public init(_ tally: Tally, returnCount: Int) {
    let judged = tally.met + tally.missed
    if judged == 0 {
      self = .none
    } else if tally.missed == 0 && returnCount == 0 {
      self = .good
    } else if tally.met * 100 >= judged * 80 && returnCount <= 1 {
      self = .fair
    } else {
      self = .poor
    }
  }
}

/// How an incident was handled, as judged when it was closed.
public struct Evaluation: Sendable, Hashable, Codable {
  public let id: EvaluationID
  public let incidentID: IncidentID
  /// 1 for the first closing; reopened and closed again, an incident is judged anew.
  public let ordinal: Int
  public let grade: Grade
  public let tally: Tally
  /// How often feedback, the incident's or its directives', was returned.
  public let returnCount: Int
  public let closeTime: Date

  public init(
    id: EvaluationID, incidentID: IncidentID, ordinal: Int, grade: Grade, tally: Tally,
    returnCount: Int, closeTime: Date
  ) {
    self.id = id
    self.incidentID = incidentID
    self.ordinal = ordinal
    self.grade = grade
    self.tally = tally
    self.returnCount = returnCount
    self.closeTime = closeTime
  }
}

/// What is kept of an incident between its facts.
public struct FollowedIncident: Sendable, Hashable, Codable {
  public let id: IncidentID
  /// Degrees, WGS 84; nil while no point is known.
  public var latitude: Double?
  public var longitude: Double?
  /// Who owes the account: the unit that cleared last, else the dispatcher's seat.
  public var responsible: String
  public var returnCount: Int

  public static let dispatchSeat = "seat/dispatch"

  public init(
    id: IncidentID, latitude: Double? = nil, longitude: Double? = nil,
    responsible: String = FollowedIncident.dispatchSeat, returnCount: Int = 0
  ) {
    self.id = id
    self.latitude = latitude
    self.longitude = longitude
    self.responsible = responsible
    self.returnCount = returnCount
  }
}
