// 支撑请求月计: requests and parts of a month, each figure with what it is counted from.
public import Foundation

/// A month in Asia/Shanghai, which has had no summer time since 1991.
public struct SupportMonth: Sendable, Hashable {
  public let times: Range<Date>

  /// - Parameter text: `yyyy-mm`; nil for anything else.
  public init?(_ text: String) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard text.utf8.count == 7, parts.count == 2, parts[0].utf8.count == 4,
      text.utf8.allSatisfy({ $0 == UInt8(ascii: "-") || (48...57).contains($0) }),
      let year = Int(parts[0]), let month = Int(parts[1]), (1970...9998).contains(year),
      (1...12).contains(month),
      let start = Self.first(year, month),
      let end = month == 12 ? Self.first(year + 1, 1) : Self.first(year, month + 1)
    else { return nil }
    times = start..<end
  }

  private static func first(_ year: Int, _ month: Int) -> Date? {
    let months = month < 10 ? "0\(month)" : "\(month)"
    return try? Date("\(year)-\(months)-01T00:00:00+08:00", strategy: .iso8601)
  }
}

/// Requests, and what became of them.
public struct SupportRequestTally: Sendable, Hashable {
  public var requests = 0
  public var solved = 0
  public var unsolved = 0
  public var withdrawn = 0

  public var open: Int { requests - solved - unsolved - withdrawn }

  public init(requests: Int = 0, solved: Int = 0, unsolved: Int = 0, withdrawn: Int = 0) {
    self.requests = requests
    self.solved = solved
    self.unsolved = unsolved
    self.withdrawn = withdrawn
  }
}

/// Parts, and what became of them.
public struct SupportPartTally: Sendable, Hashable {
  public var parts = 0
  /// At some time.
  public var taken = 0
  public var answered = 0
  /// Of the answered.
  public var found = 0
  public var givenBack = 0
  public var released = 0

  public var open: Int { parts - answered - givenBack - released }

  public init(
    parts: Int = 0, taken: Int = 0, answered: Int = 0, found: Int = 0, givenBack: Int = 0,
    released: Int = 0
  ) {
    self.parts = parts
    self.taken = taken
    self.answered = answered
    self.found = found
    self.givenBack = givenBack
    self.released = released
  }
}

/// One asker's requests.
public struct SupportAskerTally: Sendable, Hashable {
  public let asker: Recipient
  public let requests: SupportRequestTally

  public init(asker: Recipient, requests: SupportRequestTally) {
    self.asker = asker
    self.requests = requests
  }
}

/// One seat's parts.
public struct SupportSeatTally: Sendable, Hashable {
  public let seatCode: String
  public let parts: SupportPartTally

  public init(seatCode: String, parts: SupportPartTally) {
    self.seatCode = seatCode
    self.parts = parts
  }
}

public struct SupportCount: Sendable, Hashable {
  public let requests: SupportRequestTally
  public let parts: SupportPartTally
  /// By kind and id; at most 500.
  public let askers: [SupportAskerTally]
  /// By code; at most 200.
  public let seats: [SupportSeatTally]

  public static let askerLimit = 500
  public static let seatLimit = 200

  public init(
    requests: SupportRequestTally, parts: SupportPartTally, askers: [SupportAskerTally],
    seats: [SupportSeatTally]
  ) {
    self.requests = requests
    self.parts = parts
    self.askers = askers
    self.seats = seats
  }
}
