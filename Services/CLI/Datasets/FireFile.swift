// Profile `sf-fire`: calls for service of a fire and ambulance department, one row for each unit's
// response, as San Francisco publishes them.
public import Foundation
public import Geography

/// One unit's response to one call.
public struct FireResponse: Sendable, Hashable {
  /// Line of the file, from 1.
  public let line: Int
  public let callNumber: String
  public let unitID: String
  /// Such as `ENGINE`, `RESCUE CAPTAIN`; may be empty.
  public let unitType: String
  public let callType: String
  public let callTypeGroup: String
  /// `Final Priority`; `unknown` when the row has none.
  public let priority: String
  public let battalion: String
  public let stationArea: String
  public let disposition: String
  public let address: String
  public let city: String
  public let point: Coordinate
  public let received: Date
  /// Times that nobody recorded are nil, and stay so.
  public let dispatch: Date?
  public let response: Date?
  public let onScene: Date?
  public let transport: Date?
  public let hospital: Date?
  public let available: Date?

  /// All times after the call was received, in the order they should have.
  public var laterTimes: [Date] {
    [dispatch, response, onScene, transport, hospital, available].compactMap { $0 }
  }

  /// Code of the unit's type as a capability, such as `rescue_captain`; empty when it has none.
  public var capability: String { Code.underscored(unitType) }
}

/// A whole file of the profile.
public struct FireFile: Sendable {
  /// Must be there; every other column of the profile may be missing.
  static let requiredColumns = [
    "Call Number", "Unit ID", "Received DtTm", "Dispatch DtTm", "Response DtTm", "On Scene DtTm",
    "Available DtTm", "Final Priority", "lat", "lon",
  ]

  public let fingerprint: String
  /// All rows, good and bad.
  public let rowCount: Int
  /// Good rows in the order of the file.
  public let responses: [FireResponse]
  public let quarantine: Quarantine

  /// - Parameter now: rows with later times are quarantined.
  /// - Throws: `DatasetError` when the file is not of this profile.
  public init(_ file: DataFile, now: Date) throws(DatasetError) {
    var table = try Table(file, required: Self.requiredColumns)
    var quarantine = Quarantine()
    var responses: [FireResponse] = []
    var rowIDs: Set<String> = []
    var pairs: Set<Pair> = []
    rowCount = table.forEach(&quarantine) { row throws(Rejection) in
      let response = try FireResponse(row, now: now)
      let rowID = try row.text("RowID")
      guard rowID.isEmpty || !rowIDs.contains(rowID) else { throw Rejection(.duplicateRowID) }
      let pair = Pair(call: response.callNumber, unit: response.unitID)
      guard pairs.insert(pair).inserted else { throw Rejection(.duplicateCallUnit) }
      rowIDs.insert(rowID)
      responses.append(response)
    }
    self.quarantine = quarantine
    self.responses = responses
    fingerprint = file.fingerprint
  }

  private struct Pair: Hashable {
    let call: String
    let unit: String
  }
}

extension FireResponse {
  fileprivate init(_ row: TableRow, now: Date) throws(Rejection) {
    line = row.line
    callNumber = try row.text("Call Number")
    guard !callNumber.isEmpty else { throw Rejection(.callNumberMissing) }
    guard Code.isIdentifier(callNumber) else { throw Rejection(.callNumberInvalid) }
    unitID = try row.text("Unit ID")
    guard !unitID.isEmpty else { throw Rejection(.unitMissing) }
    guard Code.isIdentifier(unitID) else { throw Rejection(.unitInvalid) }
    guard let received = try row.time("Received DtTm", now: now, unreadable: .receivedUnreadable)
    else { throw Rejection(.receivedMissing) }
    self.received = received
    dispatch = try row.time("Dispatch DtTm", now: now)
    response = try row.time("Response DtTm", now: now)
    onScene = try row.time("On Scene DtTm", now: now)
    transport = try row.time("Transport DtTm", now: now)
    hospital = try row.time("Hospital DtTm", now: now)
    available = try row.time("Available DtTm", now: now)
    point = try row.point(latitude: "lat", longitude: "lon")
    unitType = try row.text("Unit Type")
    callType = try row.text("Call Type")
    callTypeGroup = try row.text("Call Type Group")
    let priority = try row.text("Final Priority")
    self.priority = priority.isEmpty ? "unknown" : priority
    battalion = try row.text("Battalion")
    stationArea = try row.text("Station Area")
    disposition = try row.text("Call Final Disposition")
    address = try row.text("Address")
    city = try row.text("City")
    // What command takes as an address and as a title.
    guard address.count + city.count <= 250, callType.count <= 80, unitType.count <= 64 else {
      throw Rejection(.textTooLong)
    }
  }
}

/// Codes made from the words of a file.
public enum Code {
  /// Whether a text can stand in a request id and as a call sign: 1 … 32 printable ASCII characters.
  static func isIdentifier(_ text: String) -> Bool {
    (1...32).contains(text.utf8.count) && text.utf8.allSatisfy { (0x21...0x7e).contains($0) }
  }

  /// Lowercase, everything but `a-z 0-9` made one underscore: `Code 2 Transport` →
  /// `code_2_transport`. At most 64 characters.
  public static func underscored(_ text: String) -> String {
    let words = text.lowercased().split { !("a"..."z").contains($0) && !("0"..."9").contains($0) }
    return String(words.joined(separator: "_").prefix(64))
  }

  /// Only the characters of an organisation's code, `A-Z a-z 0-9 . -`; at most 24.
  public static func organisation(_ text: String) -> String {
    let kept = text.utf8.filter { byte in
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
        || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-")
    }
    return String(decoding: kept.prefix(24), as: UTF8.self)
  }
}
