// 布卡预案、布控圈: points that can be manned, and the cordon that is made of them.
public import Foundation
public import Geography
public import Identifiers

/// What is done at a point.
public enum PostRole: String, Sendable, Codable, CaseIterable {
  case roadblock, checkpoint, camera, patrol
}

/// Where a recipient stands.
public struct Post: Sendable, Hashable, Codable {
  /// Unique in a plan; 1 … 64 characters of [A-Za-z0-9_.-].
  public let code: String
  public let name: String
  public let role: PostRole
  public let coordinate: Coordinate

  public init(code: String, name: String, role: PostRole, coordinate: Coordinate) {
    self.code = code
    self.name = name
    self.role = role
    self.coordinate = coordinate
  }
}

/// A point, and who mans it.
public struct CordonPoint: Sendable, Hashable, Codable {
  public let post: Post
  /// At least one; each stands at one point of a plan.
  public let recipients: [Recipient]

  public init(post: Post, recipients: [Recipient]) {
    self.post = post
    self.recipients = recipients
  }
}

/// How a ring is drawn.
public struct RingMeasure: Sendable, Hashable, Codable {
  /// Metres per second that whoever is sought is taken to travel, above 0.
  public var speed: Double
  /// Seconds from the call until a point is manned, 0 and above.
  public var sealTime: Double
  /// Metres beyond the reach within which points are manned, above 0.
  public var width: Double

  public init(speed: Double, sealTime: Double, width: Double) {
    self.speed = speed
    self.sealTime = sealTime
    self.width = width
  }
}

public struct CordonPlan: Sendable, Hashable, Codable {
  /// Unique; 1 … 64 characters of [A-Za-z0-9_.-].
  public let code: String
  public let name: String
  public let points: [CordonPoint]
  public let measure: RingMeasure
  /// 1 when written, one more with every change.
  public internal(set) var revision: Int

  public var etag: String { String(revision) }

  public init(
    code: String, name: String, points: [CordonPoint], measure: RingMeasure, revision: Int = 1
  ) {
    self.code = code
    self.name = name
    self.points = points
    self.measure = measure
    self.revision = revision
  }
}

public enum CordonState: String, Sendable, Codable, CaseIterable {
  case active, released
}

/// A plan at work for an incident. One directive tells everybody; its courses are who is told.
public struct Cordon: Sendable, Hashable, Codable {
  public let id: CordonID
  /// 1 when activated, one more with every change.
  public internal(set) var revision: Int
  public let incidentID: IncidentID
  public let directiveID: DirectiveID
  public let planCode: String
  /// As in the plan when it was activated, with the speed of the last ring.
  public internal(set) var measure: RingMeasure
  public let points: [CordonPoint]
  public internal(set) var state: CordonState
  public internal(set) var rings: [CordonRing]
  public let activateTime: Date
  public internal(set) var releaseTime: Date?
  /// Why it was released.
  public internal(set) var reason: String

  public static let ringLimit = 100

  public var etag: String { String(revision) }

  public init(
    id: CordonID, revision: Int = 1, incidentID: IncidentID, directiveID: DirectiveID,
    planCode: String, measure: RingMeasure, points: [CordonPoint],
    state: CordonState = .active, rings: [CordonRing], activateTime: Date,
    releaseTime: Date? = nil, reason: String = ""
  ) {
    self.id = id
    self.revision = revision
    self.incidentID = incidentID
    self.directiveID = directiveID
    self.planCode = planCode
    self.measure = measure
    self.points = points
    self.state = state
    self.rings = rings
    self.activateTime = activateTime
    self.releaseTime = releaseTime
    self.reason = reason
  }

  /// - Throws: `etagMismatch`; `cordonReleased`.
  func check(etag: String) throws(CommandError) {
    guard etag.isEmpty || etag == self.etag else { throw .etagMismatch(current: self.etag) }
    guard state == .active else { throw .directives(.cordonReleased(id)) }
  }
}
