// 布卡: plans, and the cordons that people call, move and release. Each is one directive whose recipients
// come and go.
public import Foundation
public import Identifiers

public struct ActivateCordon: Sendable, Hashable {
  public var planCode: String
  public var incidentID: IncidentID
  public var directiveClass: DirectiveClass
  public var title: String
  public var text: String
  /// Nil to man every point.
  public var sighting: Sighting?
  public var occurTime: Date

  public init(
    planCode: String, incidentID: IncidentID, directiveClass: DirectiveClass, title: String,
    text: String, sighting: Sighting?, occurTime: Date
  ) {
    self.planCode = planCode
    self.incidentID = incidentID
    self.directiveClass = directiveClass
    self.title = title
    self.text = text
    self.sighting = sighting
    self.occurTime = occurTime
  }
}

public struct MoveCordon: Sendable, Hashable {
  public var cordonID: CordonID
  /// Of the cordon; empty to accept any.
  public var etag: String
  public var sighting: Sighting
  /// Metres per second from now on; nil to keep the cordon's.
  public var speed: Double?
  public var occurTime: Date

  public init(
    cordonID: CordonID, etag: String = "", sighting: Sighting, speed: Double? = nil,
    occurTime: Date
  ) {
    self.cordonID = cordonID
    self.etag = etag
    self.sighting = sighting
    self.speed = speed
    self.occurTime = occurTime
  }
}

/// A cordon with its one directive.
public struct MannedCordon: Sendable, Hashable, Codable {
  public let cordon: Cordon
  public let directive: Directive
}

public struct Cordoning: Sendable {
  public init() {}

  /// Adds a plan, or replaces the one of the same code.
  /// - Parameter etag: of the one that is replaced; empty to accept any.
  /// - Throws: `etagMismatch`.
  public func put(
    _ plan: CordonPlan, etag: String, in writer: any CommandWriter, now: Date
  ) throws -> CordonPlan {
    var plan = plan
    let known = try writer.cordonPlan(plan.code)
    if !etag.isEmpty, etag != known?.etag {
      throw CommandError.etagMismatch(current: known?.etag ?? "")
    }
    plan.revision = (known?.revision ?? 0) + 1
    try writer.save(plan, now: now)
    writer.record(.directiveFact(.cordonPlanDefined(plan)), incident: nil, occurTime: now)
    return plan
  }

  /// - Throws: `incidentUnknown`, `incidentEnded`; `planUnknown`; `dispatchClassReserved`;
  ///   `ringEmpty`; `recipientOutsideReach`.
  public func activate(
    _ command: ActivateCordon, in writer: any CommandWriter, now: Date
  ) throws -> MannedCordon {
    let incident: Incident = try writer.existing(command.incidentID)
    try incident.checkNotEnded()
    guard let plan = try writer.cordonPlan(command.planCode) else {
      throw CommandError.directives(.planUnknown(command.planCode))
    }
    guard command.directiveClass != .dispatch else { throw CommandError.dispatchClassReserved }
    let ring =
      command.sighting.map {
        CordonRing(
          number: 1, around: $0, points: plan.points, manned: [], measure: plan.measure,
          at: command.occurTime)
      } ?? CordonRing(manningAll: plan.points, measure: plan.measure, at: command.occurTime)
    guard !ring.manned.isEmpty else { throw Self.empty(ring) }
    let posted = plan.points.filter { ring.manned.contains($0.post.code) }.flatMap { point in
      point.recipients.map { RecipientCourse(recipient: $0, state: .issued, post: point.post) }
    }
    let directive = Directive(
      id: writer.mint(DirectiveTag.self), revision: 1, directiveClass: command.directiveClass,
      incidentID: incident.id, title: command.title, text: command.text, courses: posted,
      issueTime: command.occurTime, recordTime: now)
    try writer.insert(directive)
    let cordon = Cordon(
      id: writer.mint(CordonTag.self), incidentID: incident.id, directiveID: directive.id,
      planCode: plan.code, measure: plan.measure, points: plan.points, rings: [ring],
      activateTime: command.occurTime)
    try writer.insert(cordon)
    writer.record(.directiveIssued(directive), incident: incident.id, occurTime: command.occurTime)
    writer.record(
      .directiveFact(.cordonActivated(cordon)), incident: incident.id,
      occurTime: command.occurTime)
    return MannedCordon(cordon: cordon, directive: directive)
  }

  /// - Throws: `cordonUnknown`; `etagMismatch`; `cordonReleased`; `incidentEnded`; `sightingOlder`;
  ///   `tooManyRings`; `ringEmpty`; `recipientOutsideReach`.
  public func move(
    _ command: MoveCordon, in writer: any CommandWriter, now: Date
  ) throws -> MannedCordon {
    var (cordon, directive) = try found(command.cordonID, etag: command.etag, in: writer)
    try (writer.existing(cordon.incidentID) as Incident).checkNotEnded()
    guard cordon.rings.count < Cordon.ringLimit else {
      throw CommandError.directives(.tooManyRings(limit: Cordon.ringLimit))
    }
    if let last = cordon.rings.last(where: { $0.sighting != nil })?.sighting,
      command.sighting.time < last.time
    {
      throw CommandError.directives(.sightingOlder)
    }
    if let speed = command.speed { cordon.measure.speed = speed }
    let ring = CordonRing(
      number: cordon.rings.count + 1, around: command.sighting, points: cordon.points,
      manned: directive.mannedPosts, measure: cordon.measure, at: command.occurTime)
    guard !ring.manned.isEmpty else { throw Self.empty(ring) }
    let moved = try directive.follow(ring, points: cordon.points, in: writer)
    cordon.rings.append(ring)
    cordon.revision += 1
    try writer.update(directive, courses: moved.map(\.course.recipient))
    try writer.update(cordon)
    for (course, from) in moved {
      writer.record(
        .directiveMoved(directive, course: course, from: from), incident: cordon.incidentID,
        occurTime: command.occurTime)
    }
    writer.record(
      .directiveFact(.cordonMoved(cordon, ring)), incident: cordon.incidentID,
      occurTime: command.occurTime)
    return MannedCordon(cordon: cordon, directive: directive)
  }

  /// Whoever owes an account is recalled; what was fed back stays.
  /// - Throws: `required` without a reason; `cordonUnknown`; `etagMismatch`; `cordonReleased`.
  public func release(
    _ id: CordonID, etag: String, reason: String, at time: Date, in writer: any CommandWriter,
    now: Date
  ) throws -> MannedCordon {
    guard !reason.isEmpty else { throw CommandError.required(field: "reason") }
    var (cordon, directive) = try found(id, etag: etag, in: writer)
    let moved = try directive.changeEach(directive.recipients(where: \.isUnanswered)) {
      course throws(CommandError) in
      try course.recall(at: time, reason: reason)
    }
    cordon.state = .released
    cordon.releaseTime = time
    cordon.reason = reason
    cordon.revision += 1
    try writer.update(directive, courses: moved.map(\.course.recipient))
    try writer.update(cordon)
    writer.record(moved, of: directive, at: time)
    writer.record(
      .directiveFact(.cordonReleased(cordon)), incident: cordon.incidentID, occurTime: time)
    return MannedCordon(cordon: cordon, directive: directive)
  }

  private func found(
    _ id: CordonID, etag: String, in writer: any CommandWriter
  ) throws -> (Cordon, Directive) {
    guard let cordon = try writer.cordon(id) else {
      throw CommandError.directives(.cordonUnknown(id))
    }
    try cordon.check(etag: etag)
    return (cordon, try writer.existing(cordon.directiveID))
  }

  private static func empty(_ ring: CordonRing) -> CommandError {
    .directives(
      .ringEmpty(inner: Int(ring.sealedReach.rounded()), outer: Int(ring.outer.rounded())))
  }
}

extension Directive {
  /// Codes of points where somebody stands or is on the way.
  var mannedPosts: Set<String> {
    Set(courses.filter(\.state.isUnanswered).compactMap(\.post?.code))
  }

  /// Recalls whoever stands where nobody is needed, and begins the courses of whoever is needed.
  /// - Returns: the courses that changed, each with its state before; nil for one that was begun.
  /// - Throws: `recipientOutsideReach`.
  fileprivate mutating func follow(
    _ ring: CordonRing, points: [CordonPoint], in reader: any CommandReader
  ) throws -> [(course: RecipientCourse, from: DirectiveState?)] {
    var moved: [(course: RecipientCourse, from: DirectiveState?)] = []
    let decisions = Dictionary(uniqueKeysWithValues: ring.decisions.map { ($0.postCode, $0) })
    for index in courses.indices where courses[index].state.isUnanswered {
      guard let decision = courses[index].post.flatMap({ decisions[$0.code] }),
        decision.decision == .stoodDown
      else { continue }
      let from = courses[index].state
      try courses[index].recall(at: ring.time, reason: decision.explanation)
      moved.append((courses[index], from))
    }
    for point in points where decisions[point.post.code]?.decision == .added {
      for recipient in point.recipients {
        guard try reader.reaches(recipient) else {
          throw CommandError.recipientOutsideReach(recipient, field: "cordon_id")
        }
        if let index = courses.firstIndex(where: { $0.recipient == recipient }) {
          // Still at work here, or its account waits to be accepted: it has the order already.
          guard !courses[index].state.isOpen else { continue }
          courses[index] = courses[index].begunAgain(at: point.post)
          moved.append((courses[index], nil))
        } else {
          moved.append((try begin(recipient, at: point.post), nil))
        }
      }
    }
    if !moved.isEmpty { revision += 1 }
    return moved
  }
}
