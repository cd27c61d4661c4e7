// Documents inside rows: texts with sorted keys, so that equal contents are equal texts.

import Foundation
import Identifiers
import IntelligenceDomain
import Persistence

enum StoredJSON {
  static func encode(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }

  static func decode<T: Decodable>(_ type: T.Type, _ text: String) throws -> T {
    try JSONDecoder().decode(type, from: Data(text.utf8))
  }
}

extension Row {
  /// A word or number of an enumeration; nil for NULL.
  func named<T: RawRepresentable>(_ column: String, as type: T.Type = T.self) throws -> T?
  where T.RawValue: ValueConvertible {
    guard let raw = try get(column, as: T.RawValue?.self) else { return nil }
    guard let value = T(rawValue: raw) else {
      throw DatabaseError.unexpectedValue("column \(column): no \(T.self) is \(raw)")
    }
    return value
  }

  /// The same where the column is NOT NULL.
  func value<T: RawRepresentable>(_ column: String, as type: T.Type = T.self) throws -> T
  where T.RawValue: ValueConvertible {
    guard let value = try named(column, as: type) else {
      throw DatabaseError.unexpectedValue("column \(column) is NULL")
    }
    return value
  }
}

/// An earlier call as a finding keeps it: times in microseconds, like everywhere in the store.
struct StoredEvidence: Codable {
  let call: CallReportID
  let incident: IncidentID
  let receiveTime: Int64
  let distanceMetres: Double?

  init(_ evidence: RepeatEvidence) {
    call = evidence.call
    incident = evidence.incident
    receiveTime = Int64((evidence.receiveTime.timeIntervalSince1970 * 1_000_000).rounded())
    distanceMetres = evidence.distanceMetres
  }

  var evidence: RepeatEvidence {
    RepeatEvidence(
      call: call, incident: incident,
      receiveTime: Date(timeIntervalSince1970: Double(receiveTime) / 1_000_000),
      distanceMetres: distanceMetres)
  }
}
