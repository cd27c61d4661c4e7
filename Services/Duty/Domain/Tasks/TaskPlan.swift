// What a beat does regularly: which standard work, about which places.
import Foundation
public import Identifiers

/// What a task is about.
public struct TaskPlace: Codable, Sendable, Hashable {
  public let code: String
  public let name: String
  public let address: String

  public init(code: String, name: String, address: String = "") {
    self.code = code
    self.name = name
    self.address = address
  }
}

public struct TaskPlan: Codable, Sendable, Hashable {
  public struct Entry: Codable, Sendable, Hashable {
    public let templateCode: String
    public let place: TaskPlace

    public init(templateCode: String, place: TaskPlace) {
      self.templateCode = templateCode
      self.place = place
    }
  }

  public let beat: OrgUnitID
  public var revision: Int
  public let entries: [Entry]
  public let first: RosterDay
  /// Nil for no end.
  public let last: RosterDay?
  /// Nil where no roster says who is on.
  public let seatCode: String?

  public init(
    beat: OrgUnitID, revision: Int = 0, entries: [Entry], first: RosterDay,
    last: RosterDay? = nil, seatCode: String? = nil
  ) {
    self.beat = beat
    self.revision = revision
    self.entries = entries
    self.first = first
    self.last = last
    self.seatCode = seatCode
  }
}

/// The time of one period.
struct TaskWindow: Hashable {
  /// The first day of the period: names it.
  let first: RosterDay
  let start: Date
  let due: Date

  /// The period of `template` that `day` is in, as far as a plan from `earliest` on has it; nil when it
  /// would be late before it begins.
  init?(of template: TaskTemplate, on day: RosterDay, notBefore earliest: RosterDay) {
    let (first, days) = Self.period(template.timing.period, day)
    self.first = first
    start = max(first, earliest).start
    due = first.start.addingTimeInterval(
      Double(template.timing.limitMinutes ?? days * 1_440) * 60)
    if due <= start { return nil }
  }

  private static func period(_ period: TaskPeriod, _ day: RosterDay) -> (RosterDay, Int) {
    switch period {
    case .daily, .once: (day, 1)
    case .weekly: (day.adding(1 - day.weekday), 7)
    case .monthly: (day.firstOfMonth, day.firstOfMonth.daysOfMonth)
    }
  }
}

extension RosterDay {
  /// 1 for Monday … 7 for Sunday.
  public var weekday: Int { (number + 3) % 7 + 1 }

  /// The first day of its month.
  var firstOfMonth: RosterDay {
    let dayOfMonth = Int(description.suffix(2)) ?? 1
    return adding(1 - dayOfMonth)
  }

  /// Of the month that begins with this day.
  fileprivate var daysOfMonth: Int { adding(31).firstOfMonth.number - number }
}
