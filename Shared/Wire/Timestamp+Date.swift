// Times on the wire and in the domain, to the microsecond: what the stores keep.

public import Foundation
public import SwiftProtobuf

extension Google_Protobuf_Timestamp {
  /// The time rounded to microseconds.
  public init(microsecondsOf date: Date) {
    let total = Int64((date.timeIntervalSince1970 * 1_000_000).rounded())
    let seconds = total >= 0 ? total / 1_000_000 : -((-total + 999_999) / 1_000_000)
    self.init(seconds: seconds, nanos: Int32(total - seconds * 1_000_000) * 1_000)
  }

  /// The time rounded to microseconds.
  public var microsecondDate: Date {
    Date(timeIntervalSince1970: Double(seconds) + Double(nanos / 1_000) / 1_000_000)
  }
}

extension Date {
  /// For the wire, to the microsecond.
  public var timestamp: Google_Protobuf_Timestamp {
    Google_Protobuf_Timestamp(microsecondsOf: self)
  }
}
