// Cordon plans and sightings from the wire.

import CommandDomain
import Foundation
import Geography
import Identifiers
import QuintetAPI
import Wire

extension Check {
  static let cordonSpeeds = 0.5...60.0

  static func plan(_ plan: Quintet_Command_V1_CordonPlan) throws -> CordonPlan {
    let code = try code(plan.code, field: "plan.code", max: 64, required: true)
    let name = try text(plan.name, field: "plan.name", max: 120, required: true)
    let points = try list(plan.points, field: "plan.points", 1...100)
    var codes: Set<String> = []
    var known: Set<Recipient> = []
    let checked = try points.enumerated().map { index, point in
      let at = "plan.points[\(index)]"
      guard point.hasPost else { throw Failure.required("\(at).post") }
      let post = try Check.post(point.post, field: "\(at).post")
      guard codes.insert(post.code).inserted else { throw Failure.duplicate("\(at).post.code") }
      let recipients = try list(point.recipients, field: "\(at).recipients", 1...10)
      return CordonPoint(
        post: post,
        recipients: try recipients.enumerated().map { number, recipient in
          let field = "\(at).recipients[\(number)]"
          let checked = try Check.recipient(recipient, field: field)
          guard known.insert(checked).inserted else { throw Failure.duplicate(field) }
          return checked
        })
    }
    guard known.count <= Directive.recipientLimit else {
      throw Failure.invalid(
        "TOO_MANY", field: "plan.points",
        "预案最多 500 个接收方。A plan takes at most 500 recipients.")
    }
    return CordonPlan(
      code: code, name: name, points: checked,
      measure: RingMeasure(
        speed: try range(plan.speedMps, field: "plan.speed_mps", cordonSpeeds),
        sealTime: try range(Double(plan.sealTimeS), field: "plan.seal_time_s", 0...3_600),
        width: try range(plan.ringWidthM, field: "plan.ring_width_m", 1...100_000)))
  }

  private static func post(_ post: Quintet_Command_V1_Post, field: String) throws -> Post {
    let role: PostRole =
      switch post.role {
      case .roadblock: .roadblock
      case .checkpoint: .checkpoint
      case .camera: .camera
      case .patrol: .patrol
      case .unspecified, .UNRECOGNIZED: throw Failure.unspecified("\(field).role")
      }
    guard post.hasPoint else { throw Failure.required("\(field).point") }
    return Post(
      code: try code(post.code, field: "\(field).code", max: 64, required: true),
      name: try text(post.name, field: "\(field).name", max: 120, required: true), role: role,
      coordinate: try givenPoint(post.point, field: "\(field).point").coordinate)
  }

  static func sighting(_ sighting: Quintet_Command_V1_Sighting, now: Date) throws -> Sighting {
    guard sighting.hasPoint else { throw Failure.required("sighting.point") }
    guard sighting.hasTime else { throw Failure.required("sighting.time") }
    let certainty: SightingCertainty =
      switch sighting.certainty {
      case .possible: .possible
      case .probable: .probable
      case .confirmed: .confirmed
      case .unspecified, .UNRECOGNIZED: throw Failure.unspecified("sighting.certainty")
      }
    return Sighting(
      coordinate: try givenPoint(sighting.point, field: "sighting.point").coordinate,
      time: try time(sighting.time, field: "sighting.time", now: now),
      direction: sighting.hasDirectionDeg
        ? try range(sighting.directionDeg, field: "sighting.direction_deg", 0...360) : nil,
      certainty: certainty,
      uncertainty: try range(sighting.uncertaintyM, field: "sighting.uncertainty_m", 0...20_000),
      source: try code(
        sighting.source, field: "sighting.source", max: 64, allowed: .sourceCharacters),
      note: try text(sighting.note, field: "sighting.note", max: 500))
  }
}
