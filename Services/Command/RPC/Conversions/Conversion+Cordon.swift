// 布卡 as callers see it: plans, cordons and their rings.

import CommandDomain
import Foundation
import Geography
import Identifiers
import QuintetAPI
import SwiftProtobuf
import Wire

extension Quintet_Command_V1_Post {
  init(_ post: Post) {
    self = .with {
      $0.code = post.code
      $0.name = post.name
      $0.role =
        switch post.role {
        case .roadblock: .roadblock
        case .checkpoint: .checkpoint
        case .camera: .camera
        case .patrol: .patrol
        }
      $0.point = Quintet_Type_V1_GeoPoint(post.coordinate)
    }
  }
}

extension Quintet_Command_V1_CordonPoint {
  init(_ point: CordonPoint) {
    self = .with {
      $0.post = Quintet_Command_V1_Post(point.post)
      $0.recipients = point.recipients.map(Quintet_Command_V1_Recipient.init)
    }
  }
}

extension Quintet_Command_V1_CordonPlan {
  init(_ plan: CordonPlan) {
    self = .with {
      $0.code = plan.code
      $0.etag = plan.etag
      $0.name = plan.name
      $0.points = plan.points.map(Quintet_Command_V1_CordonPoint.init)
      $0.speedMps = plan.measure.speed
      $0.sealTimeS = Int32(plan.measure.sealTime)
      $0.ringWidthM = plan.measure.width
    }
  }
}

extension Quintet_Command_V1_Sighting {
  init(_ sighting: Sighting) {
    self = .with {
      $0.point = Quintet_Type_V1_GeoPoint(sighting.coordinate)
      $0.time = sighting.time.timestamp
      if let direction = sighting.direction { $0.directionDeg = direction }
      $0.certainty =
        switch sighting.certainty {
        case .possible: .possible
        case .probable: .probable
        case .confirmed: .confirmed
        }
      $0.uncertaintyM = sighting.uncertainty
      $0.source = sighting.source
      $0.note = sighting.note
    }
  }
}

extension Quintet_Command_V1_CordonRing {
  init(_ ring: CordonRing) {
    self = .with {
      $0.number = Int32(clamping: ring.number)
      $0.time = ring.time.timestamp
      if let sighting = ring.sighting { $0.sighting = Quintet_Command_V1_Sighting(sighting) }
      $0.speedMps = ring.speed
      $0.elapsedS = ring.elapsed
      $0.reachM = ring.reach
      $0.sealedReachM = ring.sealedReach
      $0.outerM = ring.outer
      $0.decisions = ring.decisions.map(Quintet_Command_V1_CordonDecision.init)
    }
  }
}

extension Quintet_Command_V1_CordonDecision {
  init(_ decision: CordonDecision) {
    self = .with {
      $0.postCode = decision.postCode
      $0.decision =
        switch decision.decision {
        case .added: .added
        case .kept: .kept
        case .stoodDown: .stoodDown
        case .left: .left
        }
      $0.distanceM = decision.distance
      $0.explanation = decision.explanation
    }
  }
}

extension Quintet_Command_V1_Cordon {
  init(_ cordon: Cordon) {
    self = .with {
      $0.id = cordon.id.description
      $0.etag = cordon.etag
      $0.incidentID = cordon.incidentID.description
      $0.directiveID = cordon.directiveID.description
      $0.planCode = cordon.planCode
      $0.state =
        switch cordon.state {
        case .active: .active
        case .released: .released
        }
      $0.points = cordon.points.map(Quintet_Command_V1_CordonPoint.init)
      $0.speedMps = cordon.measure.speed
      $0.sealTimeS = Int32(cordon.measure.sealTime)
      $0.ringWidthM = cordon.measure.width
      $0.rings = cordon.rings.map(Quintet_Command_V1_CordonRing.init)
      $0.reason = cordon.reason
      $0.activateTime = cordon.activateTime.timestamp
      if let time = cordon.releaseTime { $0.releaseTime = time.timestamp }
    }
  }
}
