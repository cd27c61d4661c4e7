// How incidents are classed: the words that command, intelligence and the tools share.

/// What kind of matter an incident is. Raw values are stored; never rename one.
public enum IncidentClass: String, Sendable, Codable, CaseIterable {
  case criminal
  case publicOrder = "public_order"
  case traffic
  case massEvent = "mass_event"
  case disaster
  case help
  case dispute
  case complaint
  case other

  /// The term on the screen.
  public var chineseName: String {
    switch self {
    case .criminal: "刑事"
    case .publicOrder: "治安"
    case .traffic: "交通"
    case .massEvent: "群体性"
    case .disaster: "灾害事故"
    case .help: "求助"
    case .dispute: "纠纷"
    case .complaint: "投诉监督"
    case .other: "其他"
    }
  }
}

/// How grave an incident is: 1 is the gravest.
public enum IncidentLevel: Int, Sendable, Codable, CaseIterable, Comparable {
  case level1 = 1
  case level2 = 2
  case level3 = 3
  case level4 = 4

  public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

  /// The term on the screen.
  public var chineseName: String {
    switch self {
    case .level1: "特别重大"
    case .level2: "重大"
    case .level3: "较大"
    case .level4: "一般"
    }
  }
}

/// Who brought an incident to notice. Kept apart in every statistic.
public enum IncidentOrigin: String, Sendable, Codable, CaseIterable {
  case citizenReported = "citizen_reported"
  case officerDiscovered = "officer_discovered"
}
