// 班制: how crews take turns, as data. A pattern is a cycle of days; each crew is some days ahead in
// it. What it promises (who is on when, how long they rest) is a pure function of it.
import Foundation

/// One turn of a day, such as 08:00 to 14:00.
public struct Turn: Codable, Sendable, Hashable {
  public let code: String
  public let name: String
  /// Minutes from midnight, 0 … 1439.
  public let startMinute: Int
  /// Minutes, 1 … 2880.
  public let length: Int

  public init(code: String, name: String, startMinute: Int, length: Int) {
    self.code = code
    self.name = name
    self.startMinute = startMinute
    self.length = length
  }
}

/// How crews take turns.
public struct RosterPattern: Codable, Sendable, Hashable {
  public let code: String
  public let name: String
  public let turns: [Turn]
  /// The cycle of one crew: an index into `turns`, or nil for a day of rest.
  public let cycle: [Int?]
  /// How many days ahead each crew is.
  public let crewOffsets: [Int]
  /// Minutes between two shifts of one officer.
  public let minimumRest: Int
  /// Day 0 of the cycle.
  public let anchor: RosterDay

  /// - Throws: `RosterError.patternOverlaps` when a crew would stand in two turns at once.
  public init(
    code: String, name: String, turns: [Turn], cycle: [Int?], crewOffsets: [Int],
    minimumRest: Int, anchor: RosterDay = .anchor
  ) throws {
    self.init(
      checked: code, name: name, turns: turns, cycle: cycle, crewOffsets: crewOffsets,
      minimumRest: minimumRest, anchor: anchor)
    if let rest = shortestRest, rest < 0 { throw RosterError.patternOverlaps(code) }
  }

  private init(
    checked code: String, name: String, turns: [Turn], cycle: [Int?], crewOffsets: [Int],
    minimumRest: Int, anchor: RosterDay
  ) {
    self.code = code
    self.name = name
    self.turns = turns
    self.cycle = cycle
    self.crewOffsets = crewOffsets
    self.minimumRest = minimumRest
    self.anchor = anchor
  }

  /// What a crew does on a day; nil for rest.
  public func turn(ofCrew crew: Int, on day: RosterDay) -> Turn? {
    let position = day.number - anchor.number + crewOffsets[crew]
    let count = cycle.count
    return cycle[(position % count + count) % count].map { turns[$0] }
  }

  /// Minutes between two turns of a crew that follow each other, over one whole cycle; nil when it
  /// never comes back. Negative where they overlap.
  var shortestRest: Int? {
    let starts = (0..<cycle.count * 2).compactMap { day in
      cycle[day % cycle.count].map { index in
        let start = day * 1440 + turns[index].startMinute
        return (start: start, end: start + turns[index].length)
      }
    }
    return zip(starts, starts.dropFirst()).map { $1.start - $0.end }.min()
  }

  /// Whether some crew is on in every minute of every day.
  public var coversEveryHour: Bool {
    // Turns reach two days ahead at most; one cycle in the middle shows all that can happen.
    var covered: [Range<Int>] = []
    for day in -2..<cycle.count {
      for crew in crewOffsets.indices {
        let position = ((day + crewOffsets[crew]) % cycle.count + cycle.count) % cycle.count
        guard let turn = cycle[position].map({ turns[$0] }) else { continue }
        let start = day * 1440 + turn.startMinute
        covered.append(start..<start + turn.length)
      }
    }
    var reached = 0
    for range in covered.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      guard range.lowerBound <= reached else { return false }
      reached = max(reached, range.upperBound)
      if reached >= cycle.count * 1440 { return true }
    }
    return false
  }
}

// MARK: - Those that come with the suite

extension RosterPattern {
  /// By code.
  public static let standard: [RosterPattern] = [
    RosterPattern(
      checked: "24-48", name: "上一休二（24 小时）. 24 h on, 48 h off",
      turns: [Turn(code: "full", name: "全天班 Whole day", startMinute: 480, length: 1440)],
      cycle: [0, nil, nil], crewOffsets: [0, 2, 1], minimumRest: 2880, anchor: .anchor),
    RosterPattern(
      checked: "3c2t", name: "三班两运转. Three crews in two turns",
      turns: [
        Turn(code: "day", name: "白班 Day", startMinute: 480, length: 720),
        Turn(code: "night", name: "夜班 Night", startMinute: 1200, length: 720),
      ],
      cycle: [0, 1, nil], crewOffsets: [0, 2, 1], minimumRest: 1440, anchor: .anchor),
    // Each next turn begins where the last ended, a day later: whole days of rest between.
    RosterPattern(
      checked: "4c3t", name: "四班三运转. Four crews in three turns",
      turns: [
        Turn(code: "early", name: "零点班 Early", startMinute: 0, length: 480),
        Turn(code: "day", name: "白班 Day", startMinute: 480, length: 480),
        Turn(code: "late", name: "小夜班 Late", startMinute: 960, length: 480),
      ],
      cycle: [0, 1, 2, nil], crewOffsets: [0, 3, 2, 1], minimumRest: 1440, anchor: .anchor),
    RosterPattern(
      checked: "5c4t", name: "五班四运转. Five crews in four turns",
      turns: [
        Turn(code: "dawn", name: "凌晨班 Dawn", startMinute: 120, length: 360),
        Turn(code: "morning", name: "早班 Morning", startMinute: 480, length: 360),
        Turn(code: "afternoon", name: "中班 Afternoon", startMinute: 840, length: 360),
        Turn(code: "night", name: "晚班 Night", startMinute: 1200, length: 360),
      ],
      cycle: [0, 1, 2, 3, nil], crewOffsets: [0, 4, 3, 2, 1], minimumRest: 1440,
      anchor: .anchor),
    RosterPattern(
      checked: "8x24", name: "八人轮值全天. Eight in turn, a day each",
      turns: [Turn(code: "full", name: "全天班 Whole day", startMinute: 480, length: 1440)],
      cycle: [0, nil, nil, nil, nil, nil, nil, nil], crewOffsets: [0, 7, 6, 5, 4, 3, 2, 1],
      minimumRest: 2880, anchor: .anchor),
    RosterPattern(
      checked: "day", name: "日勤. Working days",
      turns: [Turn(code: "day", name: "白班 Day", startMinute: 510, length: 540)],
      cycle: [0, 0, 0, 0, 0, nil, nil], crewOffsets: [0], minimumRest: 600, anchor: .anchor),
  ]
}
