// Deployments between wire and domain.
import DutyDomain
import Foundation
import Geography
import Identifiers
import QuintetAPI
import SwiftProtobuf
import Wire

enum DeploymentCheck {
  /// Nil for the area itself.
  static func radius(_ metres: Double) throws -> Double? {
    metres == 0 ? nil : try Check.range(metres, field: "radius_m", 100...20_000)
  }
}

extension SuggestDeployment {
  /// Days ahead for which a suggestion may be asked.
  private static let daysAhead = 7

  /// - Throws: `Failure`.
  init(_ request: Quintet_Duty_V1_SuggestDeploymentRequest, now: Date) throws {
    let orgUnitID: OrgUnitID = try Check.identifier(request.orgUnitID, field: "org_unit_id")
    let day = try RosterCheck.day(request.date, field: "date")
    let first = try RosterCheck.number(request.startHour, field: "start_hour", 0...23)
    let count = try Check.count(
      request.hourCount, field: "hour_count", 1...24, standard: 24 - first)
    let asOf = try Check.time(
      request.hasAsOfTime ? request.asOfTime : nil, field: "as_of_time", now: now)
    guard day <= RosterDay(of: asOf).adding(Self.daysAhead) else {
      throw Failure.invalid(
        "DATE_TOO_FAR", field: "date",
        "日期最多提前 \(Self.daysAhead) 天。The day may be \(Self.daysAhead) days ahead at most.")
    }
    let start = day.start.addingTimeInterval(Double(first) * 3600)
    let units = try Check.list(
      request.unitIds, field: "unit_ids", 0...DeploymentPlanning.unitLimit
    ).enumerated().map { index, id in
      try Check.identifier(id, field: "unit_ids[\(index)]", as: UnitTag.self)
    }
    self.init(
      orgUnitID: orgUnitID, hours: start..<start.addingTimeInterval(Double(count) * 3600),
      windowHours: try Check.count(
        request.windowHours, field: "window_hours", 1...12, standard: 3),
      radius: try DeploymentCheck.radius(request.radiusM),
      days: try Check.count(request.days, field: "days", 7...90, standard: 28), unitIDs: units,
      asOf: asOf)
  }
}

extension ChosenPost {
  /// - Throws: `Failure`.
  init(_ post: Quintet_Duty_V1_ChosenPost, field: String) throws {
    let unitID: UnitID = try Check.identifier(post.unitID, field: "\(field).unit_id")
    guard post.hasPoint else { throw Failure.required("\(field).point") }
    guard post.hasStartTime else { throw Failure.required("\(field).start_time") }
    guard post.hasEndTime else { throw Failure.required("\(field).end_time") }
    let point = try Check.givenPoint(post.point, field: "\(field).point").coordinate
    let (start, end) = (post.startTime.microsecondDate, post.endTime.microsecondDate)
    guard start < end else {
      throw DeploymentError.hoursInvalid(field: "\(field).end_time").failure
    }
    self.init(unitID: unitID, point: point, hours: start..<end)
  }
}

extension PastCall {
  /// - Throws: `Failure`.
  init(_ call: Quintet_Duty_V1_PastCall, source: String, field: String, now: Date) throws {
    guard call.hasPoint else { throw Failure.required("\(field).point") }
    guard call.hasReceiveTime else { throw Failure.required("\(field).receive_time") }
    self.init(
      source: source,
      reference: try Check.text(
        call.reference, field: "\(field).reference", max: 64, required: true),
      origin: try Check.incidentOrigin(call.origin, field: "\(field).origin"),
      incidentClass: try Check.incidentClass(
        call.incidentClass, field: "\(field).incident_class"),
      point: try Check.givenPoint(call.point, field: "\(field).point").coordinate,
      receiveTime: try Check.time(call.receiveTime, field: "\(field).receive_time", now: now))
  }
}

extension Deployment.Standing {
  /// - Throws: `Failure` UNSPECIFIED.
  init(_ value: Quintet_Duty_V1_DeploymentState, field: String) throws {
    switch value {
    case .proposed: self = .proposed
    case .accepted: self = .accepted
    case .refused: self = .refused
    case .withdrawn: self = .withdrawn
    case .ended: self = .ended
    case .lapsed: self = .lapsed
    case .unspecified, .UNRECOGNIZED: throw Failure.unspecified(field)
    }
  }
}

// MARK: - Answers

extension Quintet_Duty_V1_DeploymentState {
  init(_ standing: Deployment.Standing) {
    self =
      switch standing {
      case .proposed: .proposed
      case .accepted: .accepted
      case .refused: .refused
      case .withdrawn: .withdrawn
      case .ended: .ended
      case .lapsed: .lapsed
      }
  }
}

extension Quintet_Duty_V1_Deployment {
  /// - Parameters:
  ///   - time: the moment that it stands so.
  ///   - isBrief: without the posts and standing units of what was suggested.
  init(_ deployment: Deployment, at time: Date, isBrief: Bool = false) {
    self = .with {
      $0.id = deployment.id.description
      $0.etag = deployment.etag
      $0.state = Quintet_Duty_V1_DeploymentState(deployment.standing(at: time))
      $0.orgUnitID = deployment.orgUnitID.description
      $0.orgUnitName = deployment.orgUnitName
      $0.startTime = deployment.start.timestamp
      $0.endTime = deployment.end.timestamp
      $0.suggestion = Quintet_Duty_V1_DeploymentSuggestion(
        deployment.suggestion, isBrief: isBrief)
      $0.posts = deployment.posts.map(Quintet_Duty_V1_DeployedPost.init)
      $0.isChanged = deployment.isChanged
      $0.gains = deployment.gains.map(Quintet_Duty_V1_DeploymentGain.init)
      $0.reason = deployment.reason
      $0.suggestedBy = deployment.suggestedBy
      $0.suggestTime = deployment.suggestTime.timestamp
      $0.decidedBy = deployment.decidedBy
      if let time = deployment.decideTime { $0.decideTime = time.timestamp }
      if let outcome = deployment.outcome {
        $0.outcome = Quintet_Duty_V1_DeploymentOutcome(outcome)
      }
    }
  }
}

extension Quintet_Duty_V1_DeploymentSuggestion {
  fileprivate init(_ suggestion: DeploymentSuggestion, isBrief: Bool) {
    self = .with {
      if !isBrief {
        $0.posts = suggestion.posts.map(Quintet_Duty_V1_DeployedPost.init)
        $0.standing = suggestion.standing.map(Quintet_Duty_V1_StandingUnit.init)
      }
      $0.gains = suggestion.gains.map(Quintet_Duty_V1_DeploymentGain.init)
      $0.basis = Quintet_Duty_V1_DemandBasis(suggestion.basis)
      $0.estimator = suggestion.estimator
      $0.method = suggestion.method
      $0.summary = suggestion.summary
    }
  }
}

extension Quintet_Duty_V1_DeployedPost {
  fileprivate init(_ post: DeployedPost) {
    self = .with {
      $0.unitID = post.unitID.description
      $0.callSign = post.callSign
      $0.point = Quintet_Type_V1_GeoPoint(post.point)
      $0.placeName = post.placeName
      $0.startTime = post.start.timestamp
      $0.endTime = post.end.timestamp
      $0.isMoved = post.isMoved
      $0.reason = post.reason
    }
  }
}

extension Quintet_Duty_V1_StandingUnit {
  fileprivate init(_ unit: StandingUnit) {
    self = .with {
      $0.unitID = unit.unitID.description
      $0.callSign = unit.callSign
      $0.point = Quintet_Type_V1_GeoPoint(unit.point)
      $0.isAssumed = unit.isAssumed
    }
  }
}

extension Quintet_Duty_V1_DeploymentGain {
  fileprivate init(_ gain: DeploymentGain) {
    self = .with {
      $0.startTime = gain.start.timestamp
      $0.endTime = gain.end.timestamp
      $0.callCount = Int64(gain.calls)
      $0.beforeCount = Int64(gain.before)
      $0.afterCount = Int64(gain.after)
      $0.expectedCalls = gain.expected
      $0.expectedBefore = gain.expectedBefore
      $0.expectedAfter = gain.expectedAfter
    }
  }
}

extension Quintet_Duty_V1_DemandBasis {
  init(_ basis: DemandBasis) {
    self = .with {
      $0.fromTime = basis.from.timestamp
      $0.toTime = basis.until.timestamp
      $0.countedCount = Int64(basis.counted)
      $0.leftOut = basis.leftOut.map(Quintet_Duty_V1_DemandLeftOut.init)
      $0.beyondLimitCount = Int64(basis.beyondLimit)
      $0.radiusM = basis.radius ?? 0
    }
  }
}

extension Quintet_Duty_V1_DemandLeftOut {
  fileprivate init(_ leftOut: DemandLeftOut) {
    self = .with {
      $0.reason =
        switch leftOut.reason {
        case .officerDiscovered: .officerDiscovered
        case .merged: .merged
        case .cancelled: .cancelled
        case .diverted: .diverted
        case .aboutPolice: .aboutPolice
        }
      $0.count = Int64(leftOut.count)
    }
  }
}

extension Quintet_Duty_V1_DemandPlace {
  init(_ place: DemandPlace) {
    self = .with {
      $0.point = Quintet_Type_V1_GeoPoint(place.point)
      $0.citizenHours = place.citizens.map(Int32.init)
      $0.discoveredHours = place.discovered.map(Int32.init)
    }
  }
}

extension Quintet_Duty_V1_DeploymentOutcome {
  fileprivate init(_ outcome: DeploymentOutcome) {
    self = .with {
      $0.compareTime = outcome.time.timestamp
      $0.callCount = Int64(outcome.calls)
      $0.withCount = Int64(outcome.with)
      $0.withoutCount = Int64(outcome.without)
      $0.arrivedCount = Int64(outcome.arrived)
      $0.arrivedWithinCount = Int64(outcome.arrivedWithin)
      $0.leftOut = outcome.leftOut.map(Quintet_Duty_V1_DemandLeftOut.init)
      $0.summary = outcome.summary
    }
  }
}
