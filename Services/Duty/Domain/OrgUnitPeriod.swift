// 机构沿革: how an organisation stood between two moments. The last period of each is how it stands;
// changes only ever end it and begin the next, so that what was true stays true.
public import Foundation
import Identifiers

/// One organisation as it stood from a moment on.
public struct OrgUnitPeriod: Codable, Sendable, Hashable {
  public let orgUnit: OrgUnit
  /// Nil where it was not recorded: before histories were kept.
  public let from: Date?
  /// Nil while it stands so.
  public var until: Date?

  public init(orgUnit: OrgUnit, from: Date?, until: Date? = nil) {
    self.orgUnit = orgUnit
    self.from = from
    self.until = until
  }

  /// Whether it stands so at any moment from `time` on.
  func lasts(beyond time: Date) -> Bool { until.map { time.isEarlier(than: $0) } ?? true }
}

extension Date {
  /// Microseconds since 1970: what stores keep. Two ways to the same microsecond may differ in the
  /// last bit of a `Date`.
  var microseconds: Int64 { Int64((timeIntervalSince1970 * 1_000_000).rounded()) }

  func isEarlier(than other: Date) -> Bool { microseconds < other.microseconds }
}
