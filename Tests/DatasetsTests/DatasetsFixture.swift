// Small files of both profiles, written by the tests: a good row, and what a test changes in it.
import Datasets
import Foundation

/// Rows of profile `sf-fire`.
enum FireRows {
  static let columns = [
    "Call Number", "Unit ID", "Call Type", "Received DtTm", "Dispatch DtTm", "Response DtTm",
    "On Scene DtTm", "Transport DtTm", "Hospital DtTm", "Call Final Disposition", "Available DtTm",
    "Address", "City", "Battalion", "Station Area", "Final Priority", "Call Type Group",
    "Unit Type", "RowID", "lat", "lon",
  ]

  static let good = [
    "Call Number": "163660008", "Unit ID": "E41", "Call Type": "Gas Leak",
    "Received DtTm": "2016-12-31T00:01:04", "Dispatch DtTm": "2016-12-31T00:02:54",
    "Response DtTm": "2016-12-31T00:05:53", "On Scene DtTm": "2016-12-31T00:06:36",
    "Call Final Disposition": "Fire", "Available DtTm": "2016-12-31T00:13:54",
    "Address": "1600 Block of CLAY ST", "City": "San Francisco", "Battalion": "B04",
    "Station Area": "41", "Final Priority": "3", "Call Type Group": "Alarm",
    "Unit Type": "ENGINE", "RowID": "163660008-E41", "lat": "37.79254", "lon": "-122.42023",
  ]

  /// The good row with some columns changed.
  static func row(_ changes: [String: String] = [:]) -> String {
    let values = good.merging(changes) { $1 }
    return columns.map { quoted(values[$0] ?? "") }.joined(separator: ",")
  }

  /// A row of its own call and unit.
  static func row(call: String, unit: String, _ changes: [String: String] = [:]) -> String {
    row(
      ["Call Number": call, "Unit ID": unit, "RowID": "\(call)-\(unit)"].merging(changes) { $1 })
  }

  static func file(_ rows: [String]) throws -> FireFile {
    let text = ([columns.joined(separator: ",")] + rows).joined(separator: "\n")
    return try FireFile(DataFile(bytes: Array(text.utf8)), now: now)
  }

  private static func quoted(_ value: String) -> String {
    value.contains(",") || value.contains("\n") ? "\"\(value)\"" : value
  }
}

/// Rows of profile `montco`.
enum PartnerRows {
  static let header = "lat,lng,desc,zip,title,timeStamp,twp,addr,e"
  static let good =
    "40.29,-75.58,REINDEER CT; NEW HANOVER,19525.0,EMS: BACK PAINS/INJURY,2015-12-10 17:40:00,"
    + "NEW HANOVER,REINDEER CT & DEAD END,1"

  static func file(_ rows: [String], header: String = header) throws -> PartnerFile {
    let text = ([header] + rows).joined(separator: "\n")
    return try PartnerFile(DataFile(bytes: Array(text.utf8)), now: now)
  }
}

/// The present of these tests: 2026-01-01.
let now = Date(timeIntervalSince1970: 1_767_225_600)

/// A wall time of 2016-12-31, such as `00:01:04`.
func at(_ time: String) -> Date {
  guard let date = WallTime.parse("2016-12-31T\(time)") else { return .distantPast }
  return date
}
