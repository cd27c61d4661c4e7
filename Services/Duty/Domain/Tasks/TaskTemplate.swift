// 标准件: one piece of standard work, as data: what it rests on, what is to be done, when it is done well,
// and what is to be filled in.
public import Forms
public import Foundation

/// How often a piece of standard work is due.
public enum TaskPeriod: String, Codable, Sendable, Hashable, CaseIterable {
  case daily, weekly, monthly
  /// When somebody asks for it.
  case once

  /// Minutes of the longest time of one period: the last 44 640 for what is asked for once.
  public var longestLimit: Int {
    switch self {
    case .daily: 1_440
    case .weekly: 10_080
    case .monthly, .once: 44_640
    }
  }

  /// Minutes until it is late where a template says nothing; nil for all of its time.
  var standardLimit: Int? { self == .once ? 1_440 : nil }
}

/// Names a version of a template; tasks keep the one that they were made from.
public struct TaskTemplateKey: Codable, Sendable, Hashable, Comparable {
  public let code: String
  public let version: Int

  public init(code: String, version: Int) {
    self.code = code
    self.version = version
  }

  public static func < (left: TaskTemplateKey, right: TaskTemplateKey) -> Bool {
    (left.code, left.version) < (right.code, right.version)
  }
}

public struct TaskTemplate: Codable, Sendable, Hashable {
  /// What people read.
  public struct Words: Codable, Sendable, Hashable {
    public let name: String
    public let englishName: String
    /// 牵头部门
    public let leadDepartment: String
    /// 依据
    public let basis: String
    /// 措施
    public let measures: String
    /// 标准
    public let standard: String

    public init(
      name: String, englishName: String, leadDepartment: String, basis: String, measures: String,
      standard: String
    ) {
      self.name = name
      self.englishName = englishName
      self.leadDepartment = leadDepartment
      self.basis = basis
      self.measures = measures
      self.standard = standard
    }
  }

  /// When it is due.
  public struct Timing: Codable, Sendable, Hashable {
    public let period: TaskPeriod
    /// Minutes until it is late; nil for what the period says.
    public let limitMinutes: Int?
    /// Minutes of work.
    public let standardMinutes: Int
    /// 1 for Monday … 7 for Sunday; empty for every day. Of daily ones.
    public let weekdays: [Int]

    public init(
      period: TaskPeriod, limitMinutes: Int?, standardMinutes: Int, weekdays: [Int] = []
    ) {
      self.period = period
      self.limitMinutes = limitMinutes
      self.standardMinutes = standardMinutes
      self.weekdays = weekdays
    }
  }

  public let code: String
  public var version: Int
  public let category: String
  public let words: Words
  public let timing: Timing
  public let placeKind: String
  /// What it looks at.
  public let contentCodes: [String]
  public let form: Form
  /// Fields that tell a fact about the place.
  public let factCodes: [String]
  /// Days for which a fact holds.
  public let factDays: Int
  public let isRetired: Bool

  public init(
    code: String, version: Int = 0, category: String, words: Words, timing: Timing,
    placeKind: String, contentCodes: [String], form: Form, factCodes: [String] = [],
    factDays: Int = 30, isRetired: Bool = false
  ) {
    self.code = code
    self.version = version
    self.category = category
    self.words = words
    self.timing = timing
    self.placeKind = placeKind
    self.contentCodes = contentCodes
    self.form = form
    self.factCodes = factCodes
    self.factDays = factDays
    self.isRetired = isRetired
  }

  public var key: TaskTemplateKey { TaskTemplateKey(code: code, version: version) }
}

/// Adds templates to the catalogue and changes them.
public struct TaskCatalogue: Sendable {
  public init() {}

  /// What changes nothing is answered and not told.
  /// - Parameter version: the one that is changed; nil for whichever it is.
  /// - Throws: `TaskError.changed`, `.peopleNotAsked`, `.factNotAField`, `.factKind`.
  public func put(
    _ template: TaskTemplate, replacing version: Int?, at time: Date, in writer: any DutyWriter
  ) throws -> TaskTemplate {
    try TaskGuard.check(template)
    try Self.checkFacts(of: template)
    let held = try writer.taskTemplate(code: template.code, version: nil)
    if let version, version != held?.version ?? 0 { throw TaskError.changed }
    var put = template
    put.version = held?.version ?? 0
    if let held, held == put { return held }
    put.version += 1
    try writer.save(put)
    writer.record(.taskTemplateSet(put), incident: nil, occurTime: time)
    return put
  }

  private static func checkFacts(of template: TaskTemplate) throws {
    for code in template.factCodes {
      guard let field = template.form.fields.first(where: { $0.code == code }) else {
        throw TaskError.factNotAField(code)
      }
      switch field.kind {
      case .chooseOne, .chooseMany, .text, .number: continue
      // What is seen or signed today says nothing about tomorrow.
      case .time, .photo, .signature: throw TaskError.factKind(code)
      }
    }
  }
}
