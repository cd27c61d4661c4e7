// Selectors and templates that a directive is written with, from the wire.

import CommandDomain
import Foundation
import Identifiers
import QuintetAPI
import Wire

extension Check {
  static func templateUse(
    _ use: Quintet_Command_V1_TemplateUse, field: String
  ) throws -> TemplateUse {
    let code = try code(use.templateCode, field: "\(field).template_code", max: 64, required: true)
    var values: [String: String] = [:]
    for (index, value) in try list(use.values, field: "\(field).values", 0...50).enumerated() {
      let at = "\(field).values[\(index)]"
      let name = try Check.code(
        value.placeholder, field: "\(at).placeholder", max: 32,
        allowed: .lowercaseCodeCharacters, required: true)
      guard values[name] == nil else { throw Failure.duplicate("\(at).placeholder") }
      values[name] = try text(value.value, field: "\(at).value", max: 200, required: true)
    }
    return TemplateUse(code: code, values: values)
  }

  static func selectors(
    _ selectors: [Quintet_Command_V1_RecipientSelector], field: String
  ) throws -> [RecipientSelector] {
    try list(selectors, field: field, 0...20).enumerated().map { index, selector in
      try Check.selector(selector, field: "\(field)[\(index)]")
    }
  }

  private static func selector(
    _ selector: Quintet_Command_V1_RecipientSelector, field: String
  ) throws -> RecipientSelector {
    switch selector.selected {
    case .area(let area):
      let kinds = try list(area.kinds, field: "\(field).area.kinds", 0...2).map { kind in
        let kind = try recipientKind(kind, field: "\(field).area.kinds")
        guard kind == .station || kind == .beat else {
          throw Failure.unspecified("\(field).area.kinds")
        }
        return kind
      }
      return .area(try identifier(area.areaID, field: "\(field).area.area_id"), kinds: kinds)
    case .units(let units):
      let kinds = try list(units.unitKinds, field: "\(field).units.unit_kinds", 0...20).map {
        if case .UNRECOGNIZED = $0 { throw Failure.unspecified("\(field).units.unit_kinds") }
        if $0 == .unspecified { throw Failure.unspecified("\(field).units.unit_kinds") }
        return $0.rawValue
      }
      return .units(try identifier(units.areaID, field: "\(field).units.area_id"), kinds: kinds)
    case .seat(let seat):
      return .seat(try code(seat, field: "\(field).seat", max: 64, required: true))
    case .named(let recipient):
      return .named(try Check.recipient(recipient, field: "\(field).named"))
    case nil: throw Failure.required("\(field).selected")
    }
  }

  /// Some of a directive's recipients, each once; empty for all that are meant.
  static func someRecipients(
    _ recipients: [Quintet_Command_V1_Recipient]
  ) throws -> [Recipient] {
    var known: Set<Recipient> = []
    return try list(recipients, field: "recipients", 0...Directive.recipientLimit).enumerated()
      .map { index, recipient in
        let checked = try Check.recipient(recipient, field: "recipients[\(index)]")
        guard known.insert(checked).inserted else {
          throw Failure.duplicate("recipients[\(index)]")
        }
        return checked
      }
  }
}
