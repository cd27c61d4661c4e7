// 专班: a list of checks with columns of its own, split among stations. What becomes of one row is in
// CampaignRow.
public import Forms
public import Foundation
public import Identifiers

/// What a column holds, where that matters.
public enum CampaignColumnUse: String, Sendable, Codable, CaseIterable {
  case plain
  case orgUnit = "org_unit"
  case latitude, longitude, address
  case personName = "person_name"
  case phone, document

  /// Stored sealed and shown masked.
  public var isPersonal: Bool {
    switch self {
    case .personName, .phone, .document: true
    case .plain, .orgUnit, .latitude, .longitude, .address: false
    }
  }
}

public struct CampaignColumn: Sendable, Hashable, Codable {
  public let field: FormField
  public let use: CampaignColumnUse
  /// Its value names the row.
  public let isKey: Bool

  public init(field: FormField, use: CampaignColumnUse, isKey: Bool) {
    self.field = field
    self.use = use
    self.isKey = isKey
  }
}

public struct CampaignContent: Sendable, Hashable, Codable {
  public let name: String
  /// On what the checks rest.
  public let basis: String
  public let incidentID: IncidentID?
  public let columns: [CampaignColumn]
  /// What a check answers.
  public let form: Form
  public let isDoubleCheck: Bool
  public let dueTime: Date
  /// Of the directive that hands a part out.
  public let directiveClass: DirectiveClass

  public static let columnLimit = 40
  /// Seconds.
  public static let longest: TimeInterval = 400 * 86_400

  public init(
    name: String, basis: String, incidentID: IncidentID?, columns: [CampaignColumn], form: Form,
    isDoubleCheck: Bool, dueTime: Date, directiveClass: DirectiveClass
  ) {
    self.name = name
    self.basis = basis
    self.incidentID = incidentID
    self.columns = columns
    self.form = form
    self.isDoubleCheck = isDoubleCheck
    self.dueTime = dueTime
    self.directiveClass = directiveClass
  }

  public func index(of use: CampaignColumnUse) -> Int? { columns.firstIndex { $0.use == use } }
  public var keyIndex: Int? { columns.firstIndex(where: \.isKey) }

  /// - Throws: `CampaignRefusal` for columns and fields that a campaign may not have.
  public func check() throws {
    for (index, column) in columns.enumerated() {
      try check(column.field, at: "content.columns[\(index)].field")
      let at = "content.columns[\(index)]"
      let isNumber = column.use == .latitude || column.use == .longitude
      if isNumber != (column.field.kind == .number), column.use != .plain {
        throw CommandError.campaign(.kindNotAllowed(field: "\(at).field.kind"))
      }
      if !isNumber, column.use != .plain, column.field.kind != .text {
        throw CommandError.campaign(.kindNotAllowed(field: "\(at).field.kind"))
      }
      if column.isKey {
        guard column.field.kind == .text || column.field.kind == .number else {
          throw CommandError.campaign(.kindNotAllowed(field: "\(at).field.kind"))
        }
        guard index == keyIndex else { throw CommandError.campaign(.duplicate(field: "\(at).key")) }
      }
      let isOnlyOne = column.use == .plain || column.use.isPersonal
      guard isOnlyOne || self.index(of: column.use) == index else {
        throw CommandError.campaign(.duplicate(field: "\(at).use"))
      }
      if !column.use.isPersonal, ForbiddenMatter.speaksOfPersons(column.field) {
        throw CommandError.campaign(.personalUndeclared(field: "\(at).use"))
      }
    }
    guard (index(of: .latitude) == nil) == (index(of: .longitude) == nil) else {
      throw CommandError.campaign(.columnMissing(field: "content.columns"))
    }
    for (index, field) in form.fields.enumerated() {
      try check(field, at: "content.form.fields[\(index)]")
    }
  }

  private func check(_ field: FormField, at path: String) throws {
    guard field.kind != .photo, field.kind != .signature else {
      throw CommandError.campaign(.kindNotAllowed(field: "\(path).kind"))
    }
    guard !ForbiddenMatter.isSpoken(of: field) else {
      throw CommandError.campaign(.columnNotAllowed(field: "\(path).label"))
    }
  }
}

/// What no list of persons may hold (护栏 2), and what must be declared, as far as names can tell.
enum ForbiddenMatter {
  private static let forbidden = [
    "民族", "族别", "宗教", "信仰", "教派", "政治面貌", "政治倾向", "党派", "党员", "健康", "病史", "疾病", "患病",
    "病情", "诊断", "残疾", "精神障碍", "艾滋", "ethnic", "nationality", "race", "religio", "faith",
    "politic", "party", "ideolog", "health", "disease", "diagnos", "medical", "disab", "mental",
  ]
  private static let personal = [
    "姓名", "户主", "联系人", "电话", "手机", "联系方式", "身份证", "证件号", "护照", "phone", "mobile",
    "telephone", "passport", "id_card", "idcard", "id number", "full name", "surname",
  ]

  static func isSpoken(of field: FormField) -> Bool {
    words(of: field).contains { word in forbidden.contains { matches(word, $0) } }
  }

  static func speaksOfPersons(_ field: FormField) -> Bool {
    field.kind == .text
      && words(of: field).contains { word in personal.contains { word.contains($0) } }
  }

  private static func words(of field: FormField) -> [String] {
    [field.code, field.label].map { $0.lowercased() }
  }

  /// Latin words count from their beginning: trace is no race.
  private static func matches(_ text: String, _ word: String) -> Bool {
    guard word.utf8.allSatisfy({ $0 < 0x80 }) else { return text.contains(word) }
    return text.split { !$0.isLetter }.contains { $0.hasPrefix(word) }
  }
}

public enum CampaignState: String, Sendable, Codable, CaseIterable {
  case open, closed
}

public struct Campaign: Sendable, Hashable, Codable {
  public let id: CampaignID
  /// 1 when created, one more with every change of it; rows do not count.
  public internal(set) var revision: Int
  public let content: CampaignContent
  public internal(set) var state: CampaignState
  public let createdBy: String
  public let createTime: Date
  public internal(set) var closeTime: Date?
  public internal(set) var closedBy: String
  /// Rows that ever came.
  public internal(set) var rowCount: Int

  public static let rowLimit = 200_000

  public var etag: String { String(revision) }

  public init(
    id: CampaignID, revision: Int = 1, content: CampaignContent, state: CampaignState = .open,
    createdBy: String, createTime: Date, closeTime: Date? = nil, closedBy: String = "",
    rowCount: Int = 0
  ) {
    self.id = id
    self.revision = revision
    self.content = content
    self.state = state
    self.createdBy = createdBy
    self.createTime = createTime
    self.closeTime = closeTime
    self.closedBy = closedBy
    self.rowCount = rowCount
  }

  func checkOpen() throws {
    guard state == .open else { throw CommandError.campaign(.closed(id)) }
  }

  func check(etag: String) throws {
    guard etag.isEmpty || etag == self.etag else {
      throw CommandError.etagMismatch(current: self.etag)
    }
  }
}

/// How many rows stand where.
public struct CampaignCounts: Sendable, Hashable, Codable {
  public var byState: [CampaignRowState: Int]

  public init(_ byState: [CampaignRowState: Int] = [:]) {
    self.byState = byState
  }

  public subscript(_ state: CampaignRowState) -> Int { byState[state] ?? 0 }
  public var total: Int { byState.values.reduce(0, +) }
  /// Neither done nor written off.
  public var unfinished: Int { total - self[.done] - self[.writtenOff] }

  public mutating func add(_ other: CampaignCounts) {
    byState.merge(other.byState, uniquingKeysWith: +)
  }
}

/// What one station checks.
public struct CampaignPart: Sendable, Hashable, Codable {
  public let orgUnitID: OrgUnitID
  public internal(set) var orgUnitName: String
  public internal(set) var handOutTime: Date?
  public internal(set) var directiveID: DirectiveID?
  public var counts: CampaignCounts

  public init(
    orgUnitID: OrgUnitID, orgUnitName: String, handOutTime: Date? = nil,
    directiveID: DirectiveID? = nil, counts: CampaignCounts = CampaignCounts()
  ) {
    self.orgUnitID = orgUnitID
    self.orgUnitName = orgUnitName
    self.handOutTime = handOutTime
    self.directiveID = directiveID
    self.counts = counts
  }
}

/// How command says no about campaigns.
public enum CampaignRefusal: Error, Hashable, Sendable {
  case campaignUnknown(CampaignID)
  case rowUnknown(String)
  case partUnknown(OrgUnitID)

  // What was asked makes no sense by itself; `field` as in the request message.
  case columnNotAllowed(field: String)
  case personalUndeclared(field: String)
  case kindNotAllowed(field: String)
  case duplicate(field: String)
  case columnMissing(field: String)
  case columnUnknown(field: String)
  case dueTimeOutOfRange
  case numberOrder(field: String)
  case formViolated([FormViolation])

  // The states do not allow it.
  case closed(CampaignID)
  case tooManyRows
  case nothingToHandOut
  case notHandedOut
  case rowsOpen(Int)

  /// Somebody who is not a person said what was found.
  case notAPerson
  /// Whoever checked a row does not check it again, nor settle it.
  case samePerson
}
