// Files that are imported.
import Datasets
import Foundation

enum Datasets {
  static func decode(_ bytes: [UInt8]) -> Bool {
    let file = DataFile(bytes: bytes)
    // A campaign's list takes any columns: it is read in both encodings, beside the profiles.
    for encoding in TextEncoding.allCases {
      var count = 0
      (try? CampaignFile(file, encoding: encoding))?.readRows { row in
        count += row.values.count + row.problem.utf8.count
      }
    }
    if let calls = try? PartnerFile(file, now: moment).calls { return !calls.isEmpty }
    if let places = try? PlaceFile(file).places { return !places.isEmpty }
    if let roads = try? RoadFile(file) { return !roads.edges.isEmpty }
    guard let responses = try? FireFile(file, now: moment).responses else { return false }
    return !FireCall.group(responses).isEmpty
  }
}
