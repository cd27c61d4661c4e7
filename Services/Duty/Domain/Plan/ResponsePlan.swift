// 响应预案: how many of which units go to an incident of a class and level. Data that a bureau sets;
// until it does, the standard plans hold.
public import Classification
public import Identifiers

/// One line of a plan.
public struct ResponseLine: Codable, Sendable, Hashable {
  public let title: String
  /// 1 … 20.
  public let count: Int
  /// Empty for any but volunteers, guards and partners.
  public let kinds: Set<UnitKind>
  /// Sorted, each once.
  public let capabilities: [String]
  /// Seconds of driving; nil for the target of the area.
  public let within: Double?
  /// They wait near the scene.
  public let isStaging: Bool

  public init(
    title: String, count: Int, kinds: Set<UnitKind> = [], capabilities: [String] = [],
    within: Double? = nil, isStaging: Bool = false
  ) {
    self.title = title
    self.count = count
    self.kinds = kinds
    self.capabilities = Set(capabilities).sorted()
    self.within = within
    self.isStaging = isStaging
  }

  /// Those who go only where a plan names them.
  private static let askedByName: Set<UnitKind> = [.volunteer, .securityGuard, .partner]

  func takes(_ kind: UnitKind) -> Bool {
    kinds.isEmpty ? !Self.askedByName.contains(kind) : kinds.contains(kind)
  }

  private enum CodingKeys: String, CodingKey {
    case title, count, kinds, capabilities, within, isStaging
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      title: try container.decode(String.self, forKey: .title),
      count: try container.decode(Int.self, forKey: .count),
      kinds: Set(try container.decode([UnitKind].self, forKey: .kinds)),
      capabilities: try container.decode([String].self, forKey: .capabilities),
      within: try container.decodeIfPresent(Double.self, forKey: .within),
      isStaging: try container.decode(Bool.self, forKey: .isStaging))
  }

  /// A set has no order of its own, and equal lines must be equal texts.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(title, forKey: .title)
    try container.encode(count, forKey: .count)
    try container.encode(sortedKinds, forKey: .kinds)
    try container.encode(capabilities, forKey: .capabilities)
    try container.encodeIfPresent(within, forKey: .within)
    try container.encode(isStaging, forKey: .isStaging)
  }

  public var sortedKinds: [UnitKind] { UnitKind.allCases.filter(kinds.contains) }
}

/// What is asked for; who it is for stands beside it.
public struct ResponseTerms: Codable, Sendable, Hashable {
  public var name: String
  /// 1 … 10, most needed first; 32 units in all at most.
  public var lines: [ResponseLine]
  /// Units may be taken from incidents of a lower level, before they are on scene there.
  public var takesFromLowerLevels: Bool
  /// They may be taken even from the scene.
  public var takesFromScene: Bool
  /// The last unit that reaches a key place in time stays there.
  public var keepsCoverage: Bool

  public init(
    name: String, lines: [ResponseLine], takesFromLowerLevels: Bool = false,
    takesFromScene: Bool = false, keepsCoverage: Bool = true
  ) {
    self.name = name
    self.lines = lines
    self.takesFromLowerLevels = takesFromLowerLevels
    self.takesFromScene = takesFromScene
    self.keepsCoverage = keepsCoverage
  }

  public static let lineLimit = 10
  public static let unitLimit = 32
}

/// Which incidents a plan is for: the natural key.
public struct ResponseKey: Codable, Sendable, Hashable {
  /// Nil for any.
  public let incidentClass: IncidentClass?
  public let level: IncidentLevel

  public init(incidentClass: IncidentClass?, level: IncidentLevel) {
    self.incidentClass = incidentClass
    self.level = level
  }

  /// The order of lists: by level, then by class, any class first.
  public var order: String { "\(level.rawValue) \(incidentClass?.rawValue ?? "")" }
}

public struct ResponsePlan: Codable, Sendable, Hashable {
  /// Nil for a standard plan.
  public let id: ResponsePlanID?
  public let key: ResponseKey
  public var terms: ResponseTerms
  /// Counts changes, from 1; 0 for a standard plan.
  public var revision: Int

  public init(id: ResponsePlanID?, key: ResponseKey, terms: ResponseTerms, revision: Int) {
    self.id = id
    self.key = key
    self.terms = terms
    self.revision = revision
  }

  /// Empty for a standard plan.
  public var etag: String { revision == 0 ? "" : String(revision) }

  /// The one that applies: the bureau's for class and level, else its own for any class, else the
  /// standard for class and level, else that for any class.
  public static func applying(
    to key: ResponseKey, among own: [ResponsePlan]
  ) -> ResponsePlan? {
    let anyClass = ResponseKey(incidentClass: nil, level: key.level)
    for plans in [own, standard] {
      if let plan = plans.first(where: { $0.key == key }) { return plan }
      if let plan = plans.first(where: { $0.key == anyClass }) { return plan }
    }
    return nil
  }

  /// Those of the bureau and the standard ones that they do not replace, in the order of their keys.
  public static func all(with own: [ResponsePlan]) -> [ResponsePlan] {
    let replaced = Set(own.map(\.key))
    return (own + standard.filter { !replaced.contains($0.key) }).sorted {
      $0.key.order < $1.key.order
    }
  }
}

extension ResponsePlan {
  /// In force until the bureau sets its own.
  public static let standard: [ResponsePlan] = [
    plan(.level4, "一般警情 Routine", [first(1)]),
    plan(.level3, "较大警情 Serious", [first(2)]),
    plan(
      .level2, "重大警情 Major",
      [first(2), support(2, within: 600), staging(1)], takes: true),
    plan(
      .level1, "特别重大警情 Critical",
      [
        first(3), support(4, within: 600),
        ResponseLine(title: "现场管控 Cordon", count: 2, kinds: [.foot, .motorcycle], within: 900),
        ResponseLine(title: "空中视角 Eyes above", count: 1, kinds: [.drone], within: 600),
        staging(2),
      ], takes: true),
    plan(
      .level3, "较大交通警情 Serious traffic",
      [
        ResponseLine(title: "先期到达 First response", count: 1, kinds: [.motorcycle, .car]),
        support(1, within: 600),
      ], of: .traffic),
  ]

  private static func plan(
    _ level: IncidentLevel, _ name: String, _ lines: [ResponseLine],
    of incidentClass: IncidentClass? = nil, takes: Bool = false
  ) -> ResponsePlan {
    ResponsePlan(
      id: nil, key: ResponseKey(incidentClass: incidentClass, level: level),
      terms: ResponseTerms(name: name, lines: lines, takesFromLowerLevels: takes), revision: 0)
  }

  private static func first(_ count: Int) -> ResponseLine {
    ResponseLine(
      title: "先期到达 First response", count: count, kinds: [.car, .motorcycle, .foot])
  }

  private static func support(_ count: Int, within: Double) -> ResponseLine {
    ResponseLine(title: "增援 Support", count: count, kinds: [.car], within: within)
  }

  private static func staging(_ count: Int) -> ResponseLine {
    ResponseLine(
      title: "就近待命 Staging", count: count, kinds: [.car], within: 900, isStaging: true)
  }
}
