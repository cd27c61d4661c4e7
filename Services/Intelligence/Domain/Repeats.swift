// 一人多警、一事多警: whether an incident repeats earlier ones, so that help comes again in time.
//
// Earlier means received earlier (`CallPosition`) and known when the search is made. A call that
// comes in late with an earlier time of receipt does not rewrite assessments made before it came.

import Foundation
public import Geography
public import Identifiers

/// One way of tying calls, and how far it reaches.
public struct RepeatRule: Sendable, Hashable {
  public var link: RepeatLink
  /// How long ago the earlier call may have come in, in seconds.
  public var lookbackSeconds: Double
  /// How far away it may be; 0 where distance does not matter.
  public var distanceMetres: Double
  /// How long the finding lives after the call it was made for, in seconds.
  public var lifeSeconds: Double

  public init(
    link: RepeatLink, lookbackSeconds: Double, distanceMetres: Double, lifeSeconds: Double
  ) {
    self.link = link
    self.lookbackSeconds = lookbackSeconds
    self.distanceMetres = distanceMetres
    self.lifeSeconds = lifeSeconds
  }

  /// The rule for people.
  public var text: String {
    let days = Int(lookbackSeconds / 86_400)
    switch link {
    case .samePhone: return "\(days) 天内同一号码 · same number within \(days) days"
    case .sameAddress: return "\(days) 天内同一地址 · same address within \(days) days"
    case .nearby:
      let (metres, minutes) = (Int(distanceMetres), Int(lookbackSeconds / 60))
      return "\(metres) 米 \(minutes) 分钟内 · within \(metres) m and \(minutes) min"
    }
  }
}

/// Calls that share a key: how many, and the newest of them.
public struct EarlierCalls: Sendable, Hashable {
  public var count: Int
  /// Newest first, at most `RepeatFinding.evidenceLimit`.
  public var newest: [CallRecord]

  public init(count: Int, newest: [CallRecord]) {
    self.count = count
    self.newest = newest
  }
}

/// What the search asks of the store; every question is answered from an index.
public protocol CallSearch {
  /// Calls with this number in the window, of other incidents. Like the others it finds only what
  /// citizens reported, and like the next no complaints.
  func calls(phoneHash: String, in window: CallWindow, notOf incident: IncidentID) throws
    -> EarlierCalls
  /// Calls with this address in the window, of other incidents.
  func calls(addressKey: String, in window: CallWindow, notOf incident: IncidentID) throws
    -> EarlierCalls
  /// Calls in the window whose point may be within `metres`, of other incidents, newest first; at
  /// least all that are, up to `limit`.
  func calls(
    near coordinate: Coordinate, metres: Double, in window: CallWindow,
    notOf incident: IncidentID, limit: Int
  ) throws -> [CallRecord]
}

/// Finds earlier calls of other incidents for the calls of one.
struct RepeatSearch {
  /// Most calls of one incident that are searched for, the newest; a mass event may have hundreds.
  static let callLimit = 100
  /// Most calls around one call that are looked at, the newest; more would all be of one matter.
  static let nearbyLimit = 500

  let rules: [RepeatRule]
  let source: any CallSearch

  /// - Parameters:
  ///   - calls: of `incident`.
  ///   - links: what to search for.
  func findings(
    for calls: [CallRecord], of incident: IncidentID, links: Set<RepeatLink>
  ) throws -> [RepeatFinding] {
    guard let newest = calls.map(\.receiveTime).max() else { return [] }
    return try RepeatLink.allCases.compactMap { link in
      guard links.contains(link), let rule = rules.first(where: { $0.link == link }) else {
        return nil
      }
      let found =
        switch link {
        case .samePhone:
          try byKey(calls, \.phoneHash, rule) {
            try source.calls(phoneHash: $0, in: $1, notOf: incident)
          }
        case .sameAddress:
          try byKey(calls, \.addressKey, rule) {
            try source.calls(addressKey: $0, in: $1, notOf: incident)
          }
        case .nearby: try nearby(calls, of: incident, rule)
        }
      guard found.count > 0 else { return nil }
      return RepeatFinding(
        link: link, count: found.count, evidence: Self.evidence(found.newest, for: calls),
        expireTime: newest.addingTimeInterval(rule.lifeSeconds), rule: rule.text)
    }
  }

  /// Windows of one key are merged and a call has one key, so nothing is counted twice.
  private func byKey(
    _ calls: [CallRecord], _ key: (CallRecord) -> String?, _ rule: RepeatRule,
    _ search: (String, CallWindow) throws -> EarlierCalls
  ) throws -> EarlierCalls {
    var windows: [String: [CallWindow]] = [:]
    for call in calls {
      guard let key = key(call) else { continue }
      windows[key, default: []].append(
        CallWindow(before: call.position, seconds: rule.lookbackSeconds))
    }
    var found = EarlierCalls(count: 0, newest: [])
    for (key, windows) in windows {
      for window in CallWindow.merged(windows) {
        let part = try search(key, window)
        found.count += part.count
        found.newest += part.newest
      }
    }
    found.newest = Self.newest(found.newest)
    return found
  }

  private func nearby(
    _ calls: [CallRecord], of incident: IncidentID, _ rule: RepeatRule
  ) throws -> EarlierCalls {
    var found: [CallReportID: CallRecord] = [:]
    for call in calls {
      guard let coordinate = call.coordinate else { continue }
      let window = CallWindow(before: call.position, seconds: rule.lookbackSeconds)
      let candidates = try source.calls(
        near: coordinate, metres: rule.distanceMetres, in: window, notOf: incident,
        limit: Self.nearbyLimit)
      for candidate in candidates {
        guard let point = candidate.coordinate,
          point.distance(to: coordinate) <= rule.distanceMetres
        else { continue }
        found[candidate.id] = candidate
      }
    }
    return EarlierCalls(count: found.count, newest: Self.newest(Array(found.values)))
  }

  private static func newest(_ calls: [CallRecord]) -> [CallRecord] {
    Array(calls.sorted { $0.position > $1.position }.prefix(RepeatFinding.evidenceLimit))
  }

  /// The distance is that to the nearest call of the incident.
  private static func evidence(
    _ earlier: [CallRecord], for calls: [CallRecord]
  ) -> [RepeatEvidence] {
    let points = calls.compactMap(\.coordinate)
    return earlier.map { call in
      let metres = call.coordinate.flatMap { from in points.map { from.distance(to: $0) }.min() }
      return RepeatEvidence(
        call: call.id, incident: call.incident, receiveTime: call.receiveTime,
        distanceMetres: metres.map { ($0 * 10).rounded() / 10 })
    }
  }
}
