// 机构: who stands above whom. The ranks keep the tree a tree: a rank strictly below its parent's can
// never close a circle.
public import Identifiers

/// Ranks of the organisation, from the top.
public enum OrgRank: String, Codable, Sendable, Hashable, CaseIterable, Comparable {
  /// 市局
  case city
  /// 分局、县局
  case county
  /// 派出所
  case station
  /// 责任区
  case beat

  private var depth: Int {
    switch self {
    case .city: 0
    case .county: 1
    case .station: 2
    case .beat: 3
    }
  }

  /// The lower rank is the lesser: beat < station < county < city.
  public static func < (left: OrgRank, right: OrgRank) -> Bool { left.depth > right.depth }
}

/// One organisation.
public struct OrgUnit: Codable, Sendable, Hashable {
  public let id: OrgUnitID
  /// Its natural key, 1 … 32 characters; never changes.
  public let code: String
  public var name: String
  public var rank: OrgRank
  /// Nil at the top.
  public var parentID: OrgUnitID?

  public init(id: OrgUnitID, code: String, name: String, rank: OrgRank, parentID: OrgUnitID?) {
    self.id = id
    self.code = code
    self.name = name
    self.rank = rank
    self.parentID = parentID
  }
}
