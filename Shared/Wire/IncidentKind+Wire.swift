// Classes, levels and origins between wire and domain.

public import Classification
public import QuintetAPI

extension Check {
  /// A class that may be left out; an unknown number is refused.
  public static func incidentClass(
    _ value: Quintet_Type_V1_IncidentClass, field: String = "incident_class"
  ) throws -> IncidentClass? {
    switch value {
    case .unspecified: nil
    case .criminal: .criminal
    case .publicOrder: .publicOrder
    case .traffic: .traffic
    case .massEvent: .massEvent
    case .disaster: .disaster
    case .help: .help
    case .dispute: .dispute
    case .complaint: .complaint
    case .other: .other
    case .UNRECOGNIZED: throw Failure.unspecified(field)
    }
  }

  /// A level that may be left out; an unknown number is refused.
  public static func incidentLevel(
    _ value: Quintet_Type_V1_IncidentLevel, field: String = "level"
  ) throws -> IncidentLevel? {
    switch value {
    case .unspecified: nil
    case .incidentLevel1: .level1
    case .incidentLevel2: .level2
    case .incidentLevel3: .level3
    case .incidentLevel4: .level4
    case .UNRECOGNIZED: throw Failure.unspecified(field)
    }
  }

  /// Required.
  public static func incidentOrigin(
    _ value: Quintet_Type_V1_IncidentOrigin, field: String
  ) throws -> IncidentOrigin {
    switch value {
    case .citizenReported: .citizenReported
    case .officerDiscovered: .officerDiscovered
    case .unspecified, .UNRECOGNIZED: throw Failure.unspecified(field)
    }
  }
}

extension Quintet_Type_V1_IncidentClass {
  public init(_ value: IncidentClass?) {
    self =
      switch value {
      case nil: .unspecified
      case .criminal: .criminal
      case .publicOrder: .publicOrder
      case .traffic: .traffic
      case .massEvent: .massEvent
      case .disaster: .disaster
      case .help: .help
      case .dispute: .dispute
      case .complaint: .complaint
      case .other: .other
      }
  }
}

extension Quintet_Type_V1_IncidentLevel {
  public init(_ value: IncidentLevel?) {
    self =
      switch value {
      case nil: .unspecified
      case .level1: .incidentLevel1
      case .level2: .incidentLevel2
      case .level3: .incidentLevel3
      case .level4: .incidentLevel4
      }
  }
}

extension Quintet_Type_V1_IncidentOrigin {
  public init(_ value: IncidentOrigin) {
    self =
      switch value {
      case .citizenReported: .citizenReported
      case .officerDiscovered: .officerDiscovered
      }
  }
}
