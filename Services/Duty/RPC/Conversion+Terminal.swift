// Terminals between wire and domain.
import DutyDomain
import Foundation
import Geography
import Identifiers
import QuintetAPI
import SwiftProtobuf
import Wire

extension TerminalKind {
  /// - Throws: `Failure` UNSPECIFIED.
  init(_ value: Quintet_Duty_V1_TerminalKind, field: String) throws {
    switch value {
    case .vehicle: self = .vehicle
    case .handheld: self = .handheld
    case .pillar: self = .pillar
    case .unspecified, .UNRECOGNIZED: throw Failure.unspecified(field)
    }
  }
}

extension Quintet_Duty_V1_TerminalKind {
  init(_ value: TerminalKind) {
    self =
      switch value {
      case .vehicle: .vehicle
      case .handheld: .handheld
      case .pillar: .pillar
      }
  }
}

extension Quintet_Duty_V1_Terminal {
  init(_ view: TerminalView) {
    let terminal = view.terminal
    self = .with {
      $0.id = terminal.id.description
      $0.code = terminal.code
      $0.kind = Quintet_Duty_V1_TerminalKind(terminal.kind)
      $0.unitID = terminal.unitID?.description ?? ""
      $0.orgUnitID = terminal.orgUnitID?.description ?? ""
      if let place = terminal.place { $0.location = Quintet_Type_V1_Location(place) }
      $0.plateCode = terminal.plateCode
      if let time = view.lastContact { $0.lastContactTime = time.timestamp }
      $0.lastSequence = view.lastSequence
    }
  }
}

extension PutTerminal {
  /// - Throws: `Failure`.
  init(_ request: Quintet_Duty_V1_PutTerminalRequest) throws {
    let kind = try TerminalKind(request.kind, field: "kind")
    let code = try Check.code(
      request.code, field: "code", max: 64, allowed: .lowercaseCodeCharacters, required: true)
    let unitID: UnitID? = try Check.optionalIdentifier(request.unitID, field: "unit_id")
    let orgUnitID: OrgUnitID? = try Check.optionalIdentifier(
      request.orgUnitID, field: "org_unit_id")
    let place =
      request.hasLocation ? try Check.place(request.location, field: "location") : nil
    let plateCode = try Check.text(request.plateCode, field: "plate_code", max: 32)
    let isPillar = kind == .pillar
    func onlyFor(_ allowed: Bool, _ isGiven: Bool, _ field: String) throws {
      guard allowed || !isGiven else {
        throw Failure.invalid(
          "NOT_ALLOWED", field: field,
          "此类终端（\(kind.rawValue)）没有 \(field)。"
            + "A terminal of this kind, \(kind.rawValue), has no \(field).")
      }
    }
    try onlyFor(!isPillar, unitID != nil, "unit_id")
    try onlyFor(isPillar, orgUnitID != nil, "org_unit_id")
    try onlyFor(isPillar, place != nil, "location")
    try onlyFor(isPillar, !plateCode.isEmpty, "plate_code")
    if isPillar, place?.coordinate == nil { throw Failure.required("location.point") }
    if !isPillar, unitID == nil { throw Failure.required("unit_id") }
    self.init(
      code: code, kind: kind, unitID: unitID, orgUnitID: orgUnitID, place: place,
      plateCode: plateCode)
  }
}

// MARK: - Frames

extension Quintet_Terminal_V1_Step {
  init(_ step: ReportedStep) {
    self =
      switch step {
      case .acknowledge: .acknowledge
      case .depart: .depart
      case .arrive: .arrive
      case .clear: .clear
      }
  }
}

extension TerminalReport {
  /// - Throws: `Failure`.
  init(_ report: Quintet_Terminal_V1_Report, now: Date) throws {
    let content: Content
    switch report.content {
    case .press:
      // A call for help is taken whatever the pillar's clock says.
      let told = try? Self.time(report.timeMs, now: now)
      self.init(
        sequence: Int64(clamping: report.sequence), occurTime: min(told ?? now, now),
        content: .press)
      return
    case .position(let position):
      guard position.hasPoint else { throw Failure.required("position.point") }
      let point = try Check.givenPoint(position.point, field: "position.point")
      content = .position(
        UnitPosition(
          coordinate: point.coordinate, fixTime: try Self.time(report.timeMs, now: now),
          speed: try Check.range(position.speedMps, field: "position.speed_mps", 0...350),
          heading: try Check.range(position.headingDeg, field: "position.heading_deg", 0...360)))
    case .step(let taken):
      content = .step(
        try Check.identifier(taken.assignmentID, field: "step.assignment_id"),
        try ReportedStep(taken.step))
    case .status(let status):
      content = .status(
        try Availability(status.availability), try UnitCondition.optional(status.condition))
    case nil: throw Failure.required("content")
    }
    self.init(
      sequence: Int64(clamping: report.sequence),
      occurTime: try Self.time(report.timeMs, now: now), content: content)
  }

  /// - Parameter milliseconds: since 1970; 0 for now.
  private static func time(_ milliseconds: Int64, now: Date) throws -> Date {
    guard milliseconds != 0 else { return now }
    let seconds = (Double(milliseconds) / 1000).rounded(.down)
    // Far outside of what a time can be, and so refused as one.
    let timestamp = Google_Protobuf_Timestamp.with {
      $0.seconds = Int64(seconds)
      $0.nanos = Int32((Double(milliseconds) - seconds * 1000) * 1_000_000)
    }
    return try Check.time(timestamp, field: "time_ms", now: now)
  }
}

extension ReportedStep {
  fileprivate init(_ step: Quintet_Terminal_V1_Step) throws {
    switch step {
    case .acknowledge: self = .acknowledge
    case .depart: self = .depart
    case .arrive: self = .arrive
    case .clear: self = .clear
    case .unspecified, .UNRECOGNIZED: throw Failure.unspecified("step.step")
    }
  }
}

extension Availability {
  fileprivate init(_ value: Quintet_Terminal_V1_Availability) throws {
    switch value {
    case .available: self = .available
    case .conditionallyAvailable: self = .conditionallyAvailable
    case .notAvailable: self = .notAvailable
    case .unspecified, .UNRECOGNIZED: throw Failure.unspecified("status.availability")
    }
  }
}

extension UnitCondition {
  fileprivate static func optional(
    _ value: Quintet_Terminal_V1_Condition
  ) throws -> UnitCondition? {
    switch value {
    case .unspecified: nil
    case .staging: .staging
    case .delayed: .delayed
    case .offDuty: .offDuty
    case .outOfService: .outOfService
    case .UNRECOGNIZED: throw Failure.unspecified("status.condition")
    }
  }
}

extension Quintet_Terminal_V1_Order {
  init(_ commitment: Commitment) {
    self = .with {
      $0.assignmentID = commitment.assignmentID.description
      $0.incidentID = commitment.incidentID.description
      $0.state =
        switch commitment.state {
        case .assigned: .assigned
        case .dispatched: .dispatched
        case .acknowledged: .acknowledged
        case .enRoute: .enRoute
        case .onScene: .onScene
        case .ended: .ended
        }
    }
  }
}

extension Quintet_Terminal_V1_Problem {
  /// - Parameter sequence: of the report; 0 for the connection.
  init(_ failure: Failure, sequence: UInt64 = 0) {
    self = .with {
      $0.sequence = sequence
      $0.reason = failure.reason
      $0.field = failure.field ?? ""
      $0.message = failure.message
    }
  }
}
