// 派警: one unit sent to one incident. Its times are only ever added, never inferred.
public import Foundation
public import Identifiers

/// Where an assignment stands.
public enum AssignmentState: String, Sendable, Codable, CaseIterable {
  case assigned, dispatched, acknowledged
  case enRoute = "en_route"
  case onScene = "on_scene"
  case cleared, cancelled

  /// The unit is still bound to the incident.
  public var isOpen: Bool { self != .cleared && self != .cancelled }

  /// A unit that has arrived is not called off: it clears.
  public var canBeCancelled: Bool { isOpen && self != .onScene }
}

/// The next step of an assignment.
public enum AssignmentStep: String, Sendable, Codable, CaseIterable {
  case dispatch, acknowledge, depart, arrive, clear

  public var source: AssignmentState {
    switch self {
    case .dispatch: .assigned
    case .acknowledge: .dispatched
    case .depart: .acknowledged
    case .arrive: .enRoute
    case .clear: .onScene
    }
  }

  public var target: AssignmentState {
    switch self {
    case .dispatch: .dispatched
    case .acknowledge: .acknowledged
    case .depart: .enRoute
    case .arrive: .onScene
    case .clear: .cleared
    }
  }
}

public struct Assignment: Sendable, Hashable, Codable {
  public let id: AssignmentID
  public let incidentID: IncidentID
  public let unitID: UnitID
  /// The dispatch directive that carries it.
  public let directiveID: DirectiveID
  /// The recommendation it was chosen from; nil when chosen by hand.
  public let recommendationID: RecommendationID?
  /// The rule by which the machine dispatched it; nil when a person did.
  public let dispatchRuleID: DispatchRuleID?
  public internal(set) var state: AssignmentState
  public let assignTime: Date
  public internal(set) var dispatchTime: Date?
  public internal(set) var acknowledgeTime: Date?
  public internal(set) var departTime: Date?
  public internal(set) var arriveTime: Date?
  public internal(set) var clearTime: Date?
  public internal(set) var cancelTime: Date?
  /// What it reported on clearing; may be empty.
  public internal(set) var disposalCode: String
  /// What it noted on clearing, or why it was called off.
  public internal(set) var note: String

  /// Puts an assignment together as it was stored.
  public init(
    id: AssignmentID, incidentID: IncidentID, unitID: UnitID, directiveID: DirectiveID,
    recommendationID: RecommendationID?, dispatchRuleID: DispatchRuleID? = nil,
    state: AssignmentState = .assigned, assignTime: Date,
    dispatchTime: Date? = nil, acknowledgeTime: Date? = nil, departTime: Date? = nil,
    arriveTime: Date? = nil, clearTime: Date? = nil, cancelTime: Date? = nil,
    disposalCode: String = "", note: String = ""
  ) {
    self.id = id
    self.incidentID = incidentID
    self.unitID = unitID
    self.directiveID = directiveID
    self.recommendationID = recommendationID
    self.dispatchRuleID = dispatchRuleID
    self.state = state
    self.assignTime = assignTime
    self.dispatchTime = dispatchTime
    self.acknowledgeTime = acknowledgeTime
    self.departTime = departTime
    self.arriveTime = arriveTime
    self.clearTime = clearTime
    self.cancelTime = cancelTime
    self.disposalCode = disposalCode
    self.note = note
  }

  /// Takes one step. Times may lie before those of earlier steps: terminals report late.
  ///
  /// - Parameters:
  ///   - time: when it took place; nil when nobody recorded it, and its time stays empty then.
  ///   - disposalCode, note: kept on clearing, without meaning in the other steps.
  /// - Returns: the state before.
  /// - Throws: `moveNotAllowed`. Nothing is changed then.
  @discardableResult
  public mutating func advance(
    _ step: AssignmentStep, at time: Date?, disposalCode: String = "", note: String = ""
  ) throws(CommandError) -> AssignmentState {
    guard state == step.source else {
      throw .moveNotAllowed(
        subject: id.description, from: state.rawValue, move: step.rawValue)
    }
    let from = state
    state = step.target
    switch step {
    case .dispatch: dispatchTime = time
    case .acknowledge: acknowledgeTime = time
    case .depart: departTime = time
    case .arrive: arriveTime = time
    case .clear:
      clearTime = time
      self.disposalCode = disposalCode
      self.note = note
    }
    return from
  }

  /// Calls the unit off.
  /// - Returns: the state before.
  /// - Throws: `moveNotAllowed` once it is on scene or done; `required` without a reason.
  @discardableResult
  public mutating func cancel(
    reason: String, at time: Date
  ) throws(CommandError) -> AssignmentState {
    guard !reason.isEmpty else { throw .required(field: "reason") }
    guard state.canBeCancelled else {
      throw .moveNotAllowed(subject: id.description, from: state.rawValue, move: "cancel")
    }
    let from = state
    state = .cancelled
    cancelTime = time
    note = reason
    return from
  }
}

/// Units that duty proposed for an incident, as it gave them.
public struct Recommendation: Sendable, Hashable, Codable {
  public let id: RecommendationID
  public let incidentID: IncidentID
  /// When it was asked for.
  public let occurTime: Date
  /// JSON of quintet.type.v1.UnitRecommendation, exactly as duty gave it.
  public let document: String
  /// The units proposed, best first.
  public let unitIDs: [UnitID]

  public init(
    id: RecommendationID, incidentID: IncidentID, occurTime: Date, document: String,
    unitIDs: [UnitID]
  ) {
    self.id = id
    self.incidentID = incidentID
    self.occurTime = occurTime
    self.document = document
    self.unitIDs = unitIDs
  }
}
