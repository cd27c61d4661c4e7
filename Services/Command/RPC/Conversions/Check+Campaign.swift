// Campaigns from the wire.

import CommandDomain
import Forms
import Foundation
import Geography
import Identifiers
import QuintetAPI
import SwiftProtobuf
import Wire

extension Check {
  static func campaign(
    _ content: Quintet_Command_V1_CampaignContent
  ) throws -> CampaignContent {
    var known: Set<String> = []
    let columns = try list(
      content.columns, field: "content.columns", 1...CampaignContent.columnLimit
    ).enumerated().map { index, column in
      let at = "content.columns[\(index)]"
      guard column.hasField else { throw Failure.required("\(at).field") }
      let field = try formField(column.field, field: "\(at).field")
      guard known.insert(field.code).inserted else {
        throw Failure.duplicate("\(at).field.code")
      }
      return CampaignColumn(
        field: field, use: try columnUse(column.use, field: "\(at).use"), isKey: column.key)
    }
    guard content.hasForm else { throw Failure.required("content.form") }
    guard content.hasDueTime else { throw Failure.required("content.due_time") }
    let due = content.dueTime
    guard (0..<253_402_300_800).contains(due.seconds), (0..<1_000_000_000).contains(due.nanos)
    else { throw CampaignRefusal.dueTimeOutOfRange.failure }
    return CampaignContent(
      name: try text(content.name, field: "content.name", max: 120, required: true),
      basis: try text(content.basis, field: "content.basis", max: 500, required: true),
      incidentID: try optionalIdentifier(content.incidentID, field: "content.incident_id"),
      columns: columns, form: try form(content.form, field: "content.form"),
      isDoubleCheck: content.doubleCheck, dueTime: due.microsecondDate,
      directiveClass: try directiveClass(
        content.directiveClass, field: "content.directive_class"))
  }

  private static func columnUse(
    _ use: Quintet_Command_V1_CampaignColumnUse, field: String
  ) throws -> CampaignColumnUse {
    switch use {
    case .unspecified: .plain
    case .orgUnit: .orgUnit
    case .latitude: .latitude
    case .longitude: .longitude
    case .address: .address
    case .personName: .personName
    case .phone: .phone
    case .document: .document
    case .UNRECOGNIZED: throw Failure.unspecified(field)
    }
  }

  static func split(_ request: Quintet_Command_V1_SplitCampaignRequest) throws -> SplitMethod {
    switch request.method {
    case .area: .area
    case .column(let column):
      .column(try splitWords(column.words, field: "column.words", 0...500))
    case .address(let address):
      .address(try splitWords(address.words, field: "address.words", 1...500))
    case .evenly(let evenly):
      .evenly(try orgUnits(evenly.orgUnitIds, field: "evenly.org_unit_ids", 1...100))
    case nil: throw Failure.required("method")
    }
  }

  private static func splitWords(
    _ words: [Quintet_Command_V1_SplitWord], field: String, _ bounds: ClosedRange<Int>
  ) throws -> [SplitWord] {
    try list(words, field: field, bounds).enumerated().map { index, word in
      let at = "\(field)[\(index)]"
      return SplitWord(
        text: try text(word.text, field: "\(at).text", max: 120, required: true),
        orgUnitID: try identifier(word.orgUnitID, field: "\(at).org_unit_id"))
    }
  }

  static func orgUnits(
    _ ids: [String], field: String, _ bounds: ClosedRange<Int>
  ) throws -> [OrgUnitID] {
    var known: Set<OrgUnitID> = []
    return try list(ids, field: field, bounds).enumerated().map { index, id in
      let id: OrgUnitID = try identifier(id, field: "\(field)[\(index)]")
      guard known.insert(id).inserted else { throw Failure.duplicate("\(field)[\(index)]") }
      return id
    }
  }

  static func rowKey(_ key: String, field: String = "key") throws -> String {
    try text(key, field: field, max: 4_000, required: true)
  }

  static func rowState(
    _ state: Quintet_Command_V1_CampaignRowState, field: String
  ) throws -> CampaignRowState {
    switch state {
    case .open: .open
    case .checkedOnce: .checkedOnce
    case .differing: .differing
    case .done: .done
    case .writtenOff: .writtenOff
    case .unspecified, .UNRECOGNIZED: throw Failure.unspecified(field)
    }
  }

  /// Unspecified is allowed where there are no points.
  static func datum(
    _ datum: Quintet_Type_V1_Datum, hasPoints: Bool, field: String
  ) throws -> Datum {
    switch datum {
    case .wgs84: .wgs84
    case .cgcs2000: .cgcs2000
    case .gcj02: .gcj02
    case .unspecified:
      if hasPoints {
        throw Failure.invalid(
          "DATUM_REQUIRED", field: field, "坐标必须说明基准。A coordinate must name its datum.")
      } else {
        .wgs84
      }
    case .UNRECOGNIZED: throw Failure.unspecified(field)
    }
  }
}
