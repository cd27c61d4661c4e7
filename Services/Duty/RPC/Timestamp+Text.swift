// A time inside a sentence for people.
import Foundation
import SwiftProtobuf

extension Google_Protobuf_Timestamp {
  /// RFC 3339 in Beijing time, to the second, such as `2016-12-31T08:00:00+08:00`.
  var text: String {
    let time = Date(timeIntervalSince1970: Double(seconds) + 8 * 3600)
    return time.formatted(
      .iso8601.year().month().day().time(includingFractionalSeconds: false)) + "+08:00"
  }
}
