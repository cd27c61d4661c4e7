// Rows that cannot be taken, set aside with a reason that a machine can count and a line that a
// person can find. One broken row stops nothing.

/// Why a row was set aside. Raw values are part of the reports' interface.
public enum QuarantineReason: String, Sendable, Codable, CaseIterable {
  case wrongFieldCount = "wrong_field_count"
  case unbalancedQuote = "unbalanced_quote"
  case malformedQuote = "malformed_quote"
  case invalidUTF8 = "invalid_utf8"
  case controlCharacter = "control_character"
  case textTooLong = "text_too_long"
  case callNumberMissing = "call_number_missing"
  case callNumberInvalid = "call_number_invalid"
  case unitMissing = "unit_missing"
  case unitInvalid = "unit_invalid"
  case receivedMissing = "received_missing"
  case receivedUnreadable = "received_unreadable"
  case timeUnreadable = "time_unreadable"
  case timeInFuture = "time_in_future"
  case locationMissing = "location_missing"
  case locationUnreadable = "location_unreadable"
  case locationOutOfRange = "location_out_of_range"
  case locationZero = "location_zero"
  case titleMissing = "title_missing"
  case titleUnknown = "title_unknown"
  case kindUnknown = "kind_unknown"
  case nameMissing = "name_missing"
  case numberMissing = "number_missing"
  case radiusInvalid = "radius_invalid"
  case duplicateRowID = "duplicate_row_id"
  case duplicateCallUnit = "duplicate_call_unit"
}

/// One row set aside.
public struct QuarantinedRow: Sendable, Hashable {
  /// Line of the file at which it begins, from 1; the header is line 1.
  public let line: Int
  public let reason: QuarantineReason

  public init(line: Int, reason: QuarantineReason) {
    self.line = line
    self.reason = reason
  }
}

/// All rows set aside, in the order of the file.
public struct Quarantine: Sendable, Hashable {
  /// How many of the rows `Report` names.
  static let reportedRows = 20

  public private(set) var rows: [QuarantinedRow] = []

  public init() {}

  public var count: Int { rows.count }

  public var counts: [QuarantineReason: Int] {
    rows.reduce(into: [:]) { $0[$1.reason, default: 0] += 1 }
  }

  mutating func add(_ reason: QuarantineReason, line: Int) {
    rows.append(QuarantinedRow(line: line, reason: reason))
  }

  /// As it stands in a report.
  public var report: Report {
    Report(
      count: count,
      reasons: counts.reduce(into: [:]) { $0[$1.key.rawValue] = $1.value },
      firstLines: rows.prefix(Self.reportedRows).map {
        Report.Line(line: $0.line, reason: $0.reason.rawValue)
      })
  }

  public struct Report: Sendable, Codable, Hashable {
    public let count: Int
    public let reasons: [String: Int]
    public let firstLines: [Line]

    public struct Line: Sendable, Codable, Hashable {
      public let line: Int
      public let reason: String
    }

    enum CodingKeys: String, CodingKey {
      case count, reasons
      case firstLines = "first_lines"
    }
  }
}

/// Ends the reading of one row.
struct Rejection: Error {
  let reason: QuarantineReason

  init(_ reason: QuarantineReason) {
    self.reason = reason
  }
}
