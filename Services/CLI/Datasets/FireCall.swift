// The rows of one call, taken together.
public import Foundation
public import Geography

/// A call and everyone sent to it.
public struct FireCall: Sendable, Hashable {
  public let number: String
  /// The earliest `Received` of its rows.
  public let received: Date
  /// In the order of the file, at least one.
  public let responses: [FireResponse]

  /// What the first row says stands for the call: place, type, priority, disposition.
  public var first: FireResponse { responses[0] }
  public var priority: String { first.priority }
  public var point: Coordinate { first.point }

  /// The earliest recorded dispatch.
  public var dispatch: Date? { responses.compactMap(\.dispatch).min() }
  /// The first unit on scene.
  public var onScene: Date? { responses.compactMap(\.onScene).min() }
  /// The last time recorded for anyone on it.
  public var end: Date {
    responses.flatMap(\.laterTimes).max().map { max($0, received) } ?? received
  }

  /// One line for the queue.
  public var title: String {
    [first.callType, first.address].filter { !$0.isEmpty }.joined(separator: " · ")
      .prefix(120).description
  }

  public var address: String {
    [first.address, first.city].filter { !$0.isEmpty }.joined(separator: ", ")
  }

  public var kind: FireCallKind {
    FireCallKind(
      callTypeGroup: first.callTypeGroup, callType: first.callType, priority: first.priority)
  }

  /// - Returns: calls in the order they were received; those of the same moment in the order of the
  ///   file.
  public static func group(_ responses: [FireResponse]) -> [FireCall] {
    var order: [String] = []
    var byNumber: [String: [FireResponse]] = [:]
    for response in responses {
      if byNumber[response.callNumber] == nil { order.append(response.callNumber) }
      byNumber[response.callNumber, default: []].append(response)
    }
    let calls = order.map { number in
      let responses = byNumber[number] ?? []
      let received = responses.map(\.received).min() ?? .distantPast
      return FireCall(number: number, received: received, responses: responses)
    }
    // The standard sort is stable only by implementation: the place in the file decides for sure.
    return calls.enumerated()
      .sorted { ($0.element.received, $0.offset) < ($1.element.received, $1.offset) }
      .map(\.element)
  }
}

/// What a call is in the suite's own terms.
public struct FireCallKind: Sendable, Hashable {
  /// Raw value of an incident class, such as `help`.
  public let classCode: String
  /// 1 … 4, 1 the gravest.
  public let level: Int

  /// The table. Call types that name a class come before the group they are filed under; priority 3
  /// and E (`emergency`, lights and siren) raises the level by one.
  init(callTypeGroup: String, callType: String, priority: String) {
    let isUrgent = ["3", "E"].contains(priority)
    switch (callType, callTypeGroup) {
    case ("Traffic Collision", _), ("Vehicle Fire", _):
      (classCode, level) = ("traffic", isUrgent ? 3 : 4)
    case ("Structure Fire", _), ("Outside Fire", _), (_, "Fire"):
      (classCode, level) = ("disaster", isUrgent ? 2 : 3)
    case (_, "Alarm"):
      (classCode, level) = ("disaster", isUrgent ? 3 : 4)
    case (_, "Potentially Life-Threatening"):
      (classCode, level) = ("help", isUrgent ? 2 : 3)
    case (_, "Non Life-threatening"):
      (classCode, level) = ("help", isUrgent ? 3 : 4)
    default:
      (classCode, level) = ("other", isUrgent ? 3 : 4)
    }
  }
}
