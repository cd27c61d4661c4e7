// Profile `montco`: a county's emergency calls, one row a call, as Montgomery County (PA) publishes
// them.
public import Foundation
public import Geography

/// One call of the file.
public struct PartnerCall: Sendable, Hashable {
  /// Line of the file, from 1.
  public let line: Int
  /// Names the call for good: a hash of the row and its number among identical rows. It does not
  /// depend on the file or on where in it the row stands, so that the same row is the same call in
  /// any extract.
  public let reference: String
  /// Raw value of an incident class.
  public let classCode: String
  /// Such as `EMS: DIABETIC EMERGENCY`.
  public let title: String
  public let narrative: String
  public let address: String
  public let point: Coordinate
  public let received: Date
}

/// A whole file of the profile.
public struct PartnerFile: Sendable {
  static let requiredColumns = ["lat", "lng", "title", "timeStamp", "twp", "addr"]

  /// What a row is told from another by.
  private static let identity = ["lat", "lng", "desc", "zip", "title", "timeStamp", "twp", "addr"]

  /// Title prefix → raw value of an incident class.
  private static let classes = ["EMS": "help", "Fire": "disaster", "Traffic": "traffic"]

  /// All rows, good and bad.
  public let rowCount: Int
  /// In the order of the file. Identical rows are calls of their own.
  public let calls: [PartnerCall]
  public let quarantine: Quarantine

  /// - Parameter now: rows with later times are quarantined.
  /// - Throws: `DatasetError` when the file is not of this profile.
  public init(_ file: DataFile, now: Date) throws(DatasetError) {
    var table = try Table(file, required: Self.requiredColumns)
    var quarantine = Quarantine()
    var calls: [PartnerCall] = []
    var seen: [String: Int] = [:]
    rowCount = table.forEach(&quarantine) { row throws(Rejection) in
      let (title, classCode) = try Self.title(row)
      guard
        let received = try row.time("timeStamp", now: now, unreadable: .receivedUnreadable)
      else { throw Rejection(.receivedMissing) }
      let point = try row.point(latitude: "lat", longitude: "lng")
      let address = try [row.text("addr"), row.text("twp")].filter { !$0.isEmpty }
        .joined(separator: ", ")
      guard address.count <= 300, title.count <= 120 else { throw Rejection(.textTooLong) }
      let narrative = try row.text("desc")
      // Last, so that a row set aside does not number those that follow it.
      let hash = try Self.hash(row)
      let ordinal = seen[hash, default: 0] + 1
      seen[hash] = ordinal
      calls.append(
        PartnerCall(
          line: row.line, reference: "\(hash)-\(ordinal)", classCode: classCode, title: title,
          narrative: narrative.isEmpty ? title : narrative, address: address, point: point,
          received: received))
    }
    self.quarantine = quarantine
    self.calls = calls
  }

  private static func title(
    _ row: TableRow
  ) throws(Rejection) -> (title: String, classCode: String) {
    let title = try row.text("title")
    guard !title.isEmpty else { throw Rejection(.titleMissing) }
    let parts = title.split(separator: ":", maxSplits: 1)
    guard parts.count == 2, let classCode = classes[String(parts[0])],
      parts[1].contains(where: { $0 != " " })
    else { throw Rejection(.titleUnknown) }
    return (title, classCode)
  }

  private static func hash(_ row: TableRow) throws(Rejection) -> String {
    var bytes: [UInt8] = []
    for column in identity {
      bytes += Array(try row.text(column).utf8)
      bytes.append(0x1f)
    }
    return Fingerprint.hex(bytes)
  }
}
