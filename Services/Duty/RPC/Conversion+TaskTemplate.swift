// Standard work between wire and domain.
import DutyDomain
import Forms
import Foundation
import Identifiers
import QuintetAPI
import SwiftProtobuf
import Wire

/// Checks that requests about tasks share.
enum TaskCheck {
  /// A revision as an etag; nil for an empty one.
  static func optionalRevision(_ etag: String, field: String) throws -> Int? {
    guard !etag.isEmpty else { return nil }
    guard try Check.text(etag, field: field, max: 32).utf8.count <= 9, let revision = Int(etag),
      revision >= 0
    else {
      throw Failure.stale(field: field)
    }
    return revision
  }

  static func revision(_ etag: String, field: String) throws -> Int {
    guard let revision = try optionalRevision(etag, field: field) else {
      throw Failure.required(field)
    }
    return revision
  }

  static func word(_ text: String, field: String) throws -> String {
    try Check.code(text, field: field, max: 32, allowed: .lowercaseCodeCharacters, required: true)
  }

  /// Codes, each once.
  static func codes(
    _ codes: [String], field: String, _ bounds: ClosedRange<Int>,
    _ check: (String, String) throws -> String
  ) throws -> [String] {
    var known: Set<String> = []
    return try Check.list(codes, field: field, bounds).enumerated().map { index, code in
      let at = "\(field)[\(index)]"
      let checked = try check(code, at)
      guard known.insert(checked).inserted else { throw Failure.duplicate(at) }
      return checked
    }
  }
}

extension TaskPeriod {
  init(_ period: Quintet_Duty_V1_TaskPeriod, field: String) throws {
    switch period {
    case .daily: self = .daily
    case .weekly: self = .weekly
    case .monthly: self = .monthly
    case .once: self = .once
    case .unspecified, .UNRECOGNIZED: throw Failure.unspecified(field)
    }
  }
}

extension Quintet_Duty_V1_TaskPeriod {
  init(_ period: TaskPeriod) {
    self =
      switch period {
      case .daily: .daily
      case .weekly: .weekly
      case .monthly: .monthly
      case .once: .once
      }
  }
}

extension TaskTemplate {
  init(_ template: Quintet_Duty_V1_TaskTemplate) throws {
    let at = "template"
    guard template.hasForm else { throw Failure.required("\(at).form") }
    let factDays = try Check.count(
      template.factDays, field: "\(at).fact_days", 1...366, standard: 30)
    self.init(
      code: try RosterCheck.code(template.code, field: "\(at).code"),
      category: try TaskCheck.word(template.category, field: "\(at).category"),
      words: try Words(template), timing: try Timing(template),
      placeKind: try TaskCheck.word(template.placeKind, field: "\(at).place_kind"),
      contentCodes: try TaskCheck.codes(
        template.contentCodes, field: "\(at).content_codes", 1...10,
        { try TaskCheck.word($0, field: $1) }),
      form: try Check.form(template.form, field: "\(at).form"),
      factCodes: try TaskCheck.codes(
        template.factCodes, field: "\(at).fact_codes", 0...40,
        { try Check.code($0, field: $1, max: 64, required: true) }),
      factDays: factDays, isRetired: template.retired)
  }
}

extension TaskTemplate.Words {
  fileprivate init(_ template: Quintet_Duty_V1_TaskTemplate) throws {
    func words(_ text: String, _ name: String, _ limit: Int) throws -> String {
      try Check.text(text, field: "template.\(name)", max: limit, required: true)
    }
    self.init(
      name: try words(template.name, "name", 60),
      englishName: try words(template.englishName, "english_name", 120),
      leadDepartment: try words(template.leadDepartment, "lead_department", 60),
      basis: try words(template.basis, "basis", 300),
      measures: try words(template.measures, "measures", 500),
      standard: try words(template.standard, "standard", 300))
  }
}

extension TaskTemplate.Timing {
  fileprivate init(_ template: Quintet_Duty_V1_TaskTemplate) throws {
    let period = try TaskPeriod(template.period, field: "template.period")
    let limit = try RosterCheck.number(
      template.limitMinutes, field: "template.limit_minutes", 0...period.longestLimit)
    var known: Set<Int> = []
    let weekdays = try Check.list(template.weekdays, field: "template.weekdays", 0...7)
      .enumerated().map { index, day in
        let at = "template.weekdays[\(index)]"
        guard period == .daily else {
          throw Failure.invalid(
            "OUT_OF_RANGE", field: at,
            "只有每日任务可以限定星期。Only daily work has days of the week.")
        }
        let day = try RosterCheck.number(day, field: at, 1...7)
        guard known.insert(day).inserted else { throw Failure.duplicate(at) }
        return day
      }
    self.init(
      period: period, limitMinutes: limit == 0 ? nil : limit,
      standardMinutes: try RosterCheck.number(
        template.standardMinutes, field: "template.standard_minutes", 1...480),
      weekdays: weekdays.sorted())
  }
}

extension Quintet_Duty_V1_TaskTemplate {
  init(_ template: TaskTemplate) {
    let (words, timing) = (template.words, template.timing)
    self = .with {
      $0.code = template.code
      $0.version = Int32(clamping: template.version)
      $0.name = words.name
      $0.englishName = words.englishName
      $0.category = template.category
      $0.leadDepartment = words.leadDepartment
      $0.basis = words.basis
      $0.measures = words.measures
      $0.standard = words.standard
      $0.period = Quintet_Duty_V1_TaskPeriod(timing.period)
      $0.limitMinutes = Int32(clamping: timing.limitMinutes ?? 0)
      $0.standardMinutes = Int32(clamping: timing.standardMinutes)
      $0.weekdays = timing.weekdays.map { Int32(clamping: $0) }
      $0.placeKind = template.placeKind
      $0.contentCodes = template.contentCodes
      $0.form = Quintet_Type_V1_Form(template.form)
      $0.factCodes = template.factCodes
      $0.factDays = Int32(clamping: template.factDays)
      $0.retired = template.isRetired
    }
  }
}
