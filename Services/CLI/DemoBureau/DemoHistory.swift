// The weeks before the demo's day, as far as a deployment rests on them: where and when calls came, and who
// brought them to notice.
public import Classification
public import Geography

/// A call of a day before.
public struct DemoPastCall: Sendable, Hashable {
  /// Days before the demo's day, from 1.
  public let daysAgo: Int
  /// Unique in its day.
  public let number: Int
  public let receiveSecond: Int
  public let origin: IncidentOrigin
  public let incidentClass: IncidentClass
  public let point: Coordinate
}

public struct DemoHistory: Sendable {
  /// Newest day first.
  public let calls: [DemoPastCall]

  /// Days like the demo's own, without its stories; the same seed has the same history.
  public init(of bureau: Bureau, days: Int) {
    calls = (1...days).flatMap { daysAgo -> [DemoPastCall] in
      var ordinary = OrdinaryCalls(bureau: bureau, part: "history \(daysAgo)")
      return ordinary.all().enumerated().compactMap { number, draft -> DemoPastCall? in
        guard case .opens(let plan) = draft.ending else { return nil }
        return DemoPastCall(
          daysAgo: daysAgo, number: number, receiveSecond: draft.receiveSecond,
          origin: draft.origin, incidentClass: plan.incidentClass, point: draft.spot.point)
      }
    }
  }
}
