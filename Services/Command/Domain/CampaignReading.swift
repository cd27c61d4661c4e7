// Reading the rows of a file into a campaign's columns: what a row says, or which field breaks which rule.
import Forms
import Foundation
public import Geography

/// Why a row of a file was set aside.
public struct CampaignRowFault: Error, Sendable, Hashable, Codable {
  /// Code of the column; empty when the row as a whole is no good.
  public let field: String
  public let rule: String

  public init(field: String, rule: String) {
    self.field = field
    self.rule = rule
  }
}

/// A row of a file, read.
public struct ReadCampaignRow: Sendable, Hashable {
  /// In the order of the campaign's columns, whole.
  public let values: [String]
  /// WGS 84.
  public let point: Coordinate?

  public init(values: [String], point: Coordinate?) {
    self.values = values
    self.point = point
  }
}

/// Which column of a file is which of a campaign's.
public struct CampaignReadingPlan: Sendable {
  private let columns: [CampaignColumn]
  /// For each of the campaign's columns its place in the file; nil when the file lacks it.
  private let places: [Int?]
  private let width: Int
  private let datum: Datum
  private let latitude: Int?
  private let longitude: Int?

  static let valueLimit = 4_000

  /// - Parameter header: codes or labels.
  /// - Throws: `columnUnknown`, `duplicate`, `columnMissing`.
  public init(_ content: CampaignContent, header: [String], datum: Datum) throws {
    columns = content.columns
    width = header.count
    self.datum = datum
    latitude = content.index(of: .latitude)
    longitude = content.index(of: .longitude)
    var places = [Int?](repeating: nil, count: columns.count)
    for (place, name) in header.enumerated() {
      let name = name.trimmingCharacters(in: .whitespaces)
      guard
        let index = columns.firstIndex(where: { $0.field.code == name })
          ?? columns.firstIndex(where: { $0.field.label == name })
      else { throw CommandError.campaign(.columnUnknown(field: "header.columns[\(place)]")) }
      guard places[index] == nil else {
        throw CommandError.campaign(.duplicate(field: "header.columns[\(place)]"))
      }
      places[index] = place
    }
    for (index, column) in columns.enumerated()
    where (column.field.isRequired || column.isKey) && places[index] == nil {
      throw CommandError.campaign(.columnMissing(field: "header.columns"))
    }
    self.places = places
  }

  /// - Parameter values: as they stand in the file.
  /// - Throws: `CampaignRowFault` for the first field that breaks a rule.
  public func read(_ values: [String]) throws(CampaignRowFault) -> ReadCampaignRow {
    guard values.count == width else { throw CampaignRowFault(field: "", rule: "FIELD_COUNT") }
    var read: [String] = []
    read.reserveCapacity(columns.count)
    for (index, column) in columns.enumerated() {
      let text = places[index].map { values[$0].trimmingCharacters(in: .whitespaces) } ?? ""
      read.append(try column.read(text))
    }
    return ReadCampaignRow(values: read, point: try point(of: read))
  }

  private func point(of read: [String]) throws(CampaignRowFault) -> Coordinate? {
    guard let latitude, let longitude else { return nil }
    if read[latitude].isEmpty, read[longitude].isEmpty { return nil }
    let fault = CampaignRowFault(field: columns[latitude].field.code, rule: "OUT_OF_RANGE")
    guard let north = Double(read[latitude]), let east = Double(read[longitude]),
      // What many systems write for a place that is not known.
      north != 0 || east != 0,
      let point = try? Coordinate(latitude: north, longitude: east, datum: datum)
    else { throw fault }
    return point
  }
}

extension CampaignColumn {
  /// - Returns: the text as it is kept.
  fileprivate func read(_ text: String) throws(CampaignRowFault) -> String {
    if text.isEmpty {
      if field.isRequired || isKey { throw fault("REQUIRED") }
      return ""
    }
    guard text.utf8.count <= CampaignReadingPlan.valueLimit * 4,
      text.unicodeScalars.count <= min(field.maxLength, CampaignReadingPlan.valueLimit)
    else { throw fault("TOO_LONG") }
    guard !text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) else {
      throw fault("CHARACTERS_NOT_ALLOWED")
    }
    switch field.kind {
    case .text: return try readText(text)
    case .number:
      guard let number = Double(text), number.isFinite else { throw fault("KIND_MISMATCH") }
      guard (field.minNumber ?? -.infinity) <= number, number <= (field.maxNumber ?? .infinity)
      else { throw fault("OUT_OF_RANGE") }
      return text
    case .time:
      guard CampaignTime.isTime(text) else { throw fault("KIND_MISMATCH") }
      return text
    case .chooseOne, .chooseMany: return try readChoices(text)
    case .photo, .signature: throw fault("KIND_MISMATCH")
    }
  }

  private func readText(_ text: String) throws(CampaignRowFault) -> String {
    switch use {
    case .phone:
      let digits = text.filter { !" -()（）".contains($0) }
      let bare = digits.hasPrefix("+") ? digits.dropFirst() : digits[...]
      guard (3...20).contains(bare.utf8.count),
        bare.utf8.allSatisfy({ (0x30...0x39).contains($0) })
      else { throw fault("KIND_MISMATCH") }
      return String(digits)
    case .document:
      let code = text.uppercased()
      guard (4...40).contains(code.unicodeScalars.count) else { throw fault("KIND_MISMATCH") }
      return code
    case .plain, .address, .orgUnit:
      if PersonalNumber.stands(in: text) { throw fault("PERSONAL_UNDECLARED") }
      return text
    case .personName, .latitude, .longitude: return text
    }
  }

  private func readChoices(_ text: String) throws(CampaignRowFault) -> String {
    var words = [text]
    if field.kind == .chooseMany {
      let parts = text.split { (character: Character) -> Bool in ";；|".contains(character) }
      words = parts.map { $0.trimmingCharacters(in: .whitespaces) }
    }
    var codes: [String] = []
    for word in words {
      guard let option = field.options.first(where: { $0.code == word || $0.label == word }) else {
        throw fault("OPTION_UNKNOWN")
      }
      guard !codes.contains(option.code) else { throw fault("DUPLICATE") }
      codes.append(option.code)
    }
    guard codes.count <= field.maxCount else { throw fault("TOO_MANY") }
    return codes.joined(separator: ";")
  }

  private func fault(_ rule: String) -> CampaignRowFault {
    CampaignRowFault(field: field.code, rule: rule)
  }
}

/// Times as people write them in lists: `2026-11-30`, `2026/11/30 08:05`, `2026-11-30T08:05:00`.
enum CampaignTime {
  static func isTime(_ text: String) -> Bool {
    let parts = text.split { $0 == "T" || $0 == " " }
    guard (1...2).contains(parts.count) else { return false }
    let date = parts[0].split(omittingEmptySubsequences: false) { $0 == "-" || $0 == "/" }
      .map { Int($0) }
    guard date.count == 3, let year = date[0], let month = date[1], let day = date[2],
      (1900...2200).contains(year), (1...12).contains(month),
      (1...days(of: month, year)).contains(day)
    else { return false }
    guard parts.count == 2 else { return true }
    let clock = parts[1].split(separator: ":", omittingEmptySubsequences: false).map { Int($0) }
    guard (2...3).contains(clock.count), let hour = clock[0], let minute = clock[1] else {
      return false
    }
    guard (0...23).contains(hour), (0...59).contains(minute) else { return false }
    guard clock.count == 3 else { return true }
    guard let second = clock[2] else { return false }
    return (0...59).contains(second)
  }

  private static func days(of month: Int, _ year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }
}

/// Numbers that lead to one person and have no place in a column that was not declared to hold them.
enum PersonalNumber {
  /// A mobile number of mainland China, or an identity number whose check digit is right, that stands
  /// for itself.
  static func stands(in text: String) -> Bool {
    var run: [UInt8] = []
    for byte in text.utf8 + [0x20] {
      let isDigit = (0x30...0x39).contains(byte)
      let isX = (byte == 0x58 || byte == 0x78) && run.count == 17
      if isDigit || isX {
        run.append(byte)
        continue
      }
      if isMobile(run) || isIdentity(run) { return true }
      run = []
    }
    return false
  }

  private static func isMobile(_ run: [UInt8]) -> Bool {
    run.count == 11 && run[0] == 0x31 && (0x33...0x39).contains(run[1])
  }

  /// GB 11643: the check digit by ISO 7064, MOD 11-2.
  private static func isIdentity(_ run: [UInt8]) -> Bool {
    guard run.count == 18 else { return false }
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
    let sum = zip(run, weights).reduce(0) { $0 + Int($1.0 - 0x30) * $1.1 }
    let expected = Array("10X98765432".utf8)[sum % 11]
    return run[17] == expected || (expected == 0x58 && run[17] == 0x78)
  }
}
