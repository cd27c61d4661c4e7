// 催办、撤回、重发 and cordons over the wire: what recipients see, and what is refused.
import CommandDomain
import Foundation
import GRPCCore
import Identifiers
import QuintetAPI
import SwiftProtobuf
import Testing
import Wire

extension Quintet_Command_V1_RemindDirectiveRequest: TimedMutation {}
extension Quintet_Command_V1_RecallDirectiveRequest: TimedMutation {}
extension Quintet_Command_V1_ReissueDirectiveRequest: TimedMutation {}
extension Quintet_Command_V1_ConfirmRecallRequest: FilledCourseMove {}
extension Quintet_Command_V1_PutCordonPlanRequest: Mutation {}
extension Quintet_Command_V1_ActivateCordonRequest: TimedMutation {}
extension Quintet_Command_V1_MoveCordonRequest: TimedMutation {}
extension Quintet_Command_V1_ReleaseCordonRequest: TimedMutation {}

@Suite struct RPCUrgingTests {
  @Test func aReminderAndARecallReachTheRecipientsStream() async throws {
    try await Desk.with { desk in
      let id = try await desk.directive(in: .acknowledged)
      let seen = try await desk.directives.watchDirectives(.with { $0.recipient = watchedSeat }) {
        response -> [Quintet_Command_V1_RecipientCourse] in
        var seen: [Quintet_Command_V1_RecipientCourse] = []
        for try await message in response.messages where message.hasDirective {
          seen.append(message.directive.recipients[0])
          switch seen.count {
          case 1:
            _ = try await desk.directives.remindDirective(
              .with {
                $0.requestID = newRequestID()
                $0.directiveID = id
                $0.text = "请尽快反馈"
              })
          case 2:
            _ = try await desk.directives.recallDirective(
              .with {
                $0.requestID = newRequestID()
                $0.directiveID = id
                $0.reason = "已抓获"
              })
          case 3:
            _ = try await desk.directives.confirmRecall(
              .with {
                $0.requestID = newRequestID()
                $0.directiveID = id
                $0.recipient = watchedSeat
              })
          default: return seen
          }
        }
        return seen
      }
      #expect(seen.map(\.state) == [.acknowledged, .acknowledged, .cancelled, .cancelled])
      #expect(seen.map(\.reminderCount) == [0, 1, 1, 1])
      #expect(seen.map(\.recallUnconfirmed) == [false, false, true, false])
      #expect(seen[3].hasRecallConfirmTime && seen[3].reason == "已抓获")
    }
  }

  @Test func remindAndRecallRefuseWhatTheCourseForbids() async throws {
    try await Desk.with { desk in
      try await desk.useRequestID()
      let (id, accepted) = (
        try await desk.directive(in: .issued), try await desk.directive(in: .accepted)
      )
      let dispatch = try await desk.dispatch(try await desk.submit()).directive.id
      let remind = Quintet_Command_V1_RemindDirectiveRequest.with {
        $0.requestID = newRequestID()
        $0.directiveID = id
        $0.recipients = [watchedSeat]
      }
      try await desk.refuses(
        "RemindDirective", remind,
        Quintet_Command_V1_RemindDirectiveRequest.badRequestIDs
          + Quintet_Command_V1_RemindDirectiveRequest.badTimes + [
            Bad("REQUIRED", "directive_id") { $0.directiveID = "" },
            Bad("DIRECTIVE_UNKNOWN", "directive_id", .notFound) {
              $0.directiveID = BadValue.unknownDirective
            },
            Bad("DUPLICATE", "recipients[1]") { $0.recipients = [watchedSeat, watchedSeat] },
            Bad("RECIPIENT_UNKNOWN", "recipients", .notFound) {
              $0.recipients = [recipient(.seat, "nobody")]
            },
            Bad("TOO_LONG", "text") { $0.text = BadValue.text(501) },
            Bad("MOVE_NOT_ALLOWED", nil, .failedPrecondition) { $0.directiveID = accepted },
            Bad("COURSE_FOLLOWS_ASSIGNMENT", nil, .failedPrecondition) {
              $0.directiveID = dispatch
            },
          ]
      ) { try await desk.directives.remindDirective($0) }
      let recall = Quintet_Command_V1_RecallDirectiveRequest.with {
        $0.requestID = newRequestID()
        $0.directiveID = id
        $0.reason = "已抓获"
      }
      try await desk.refuses(
        "RecallDirective", recall,
        [
          Bad("REQUIRED", "reason") { $0.reason = "" },
          Bad("TOO_LONG", "reason") { $0.reason = BadValue.text(501) },
          Bad("MOVE_NOT_ALLOWED", nil, .failedPrecondition) { $0.directiveID = accepted },
          Bad("COURSE_FOLLOWS_ASSIGNMENT", nil, .failedPrecondition) {
            $0.directiveID = dispatch
          },
        ]
      ) { try await desk.directives.recallDirective($0) }
    }
  }

  @Test func confirmRecallRefusesWhatWasNotRecalled() async throws {
    try await Desk.with { desk in
      try await desk.useRequestID()
      let id = try await desk.directive(in: .acknowledged)
      let wrong = try await desk.directive(in: .acknowledged)
      let dispatch = try await desk.dispatch(try await desk.submit()).directive.id
      _ = try await desk.directives.recallDirective(
        .with {
          $0.requestID = newRequestID()
          $0.directiveID = id
          $0.reason = "已抓获"
        })
      let good = Quintet_Command_V1_ConfirmRecallRequest.with {
        $0.requestID = newRequestID()
        $0.directiveID = id
        $0.recipient = watchedSeat
      }
      try await desk.refuses(
        "ConfirmRecall", good,
        Quintet_Command_V1_ConfirmRecallRequest.badMoves(wrong: wrong, dispatch: dispatch)
      ) { try await desk.directives.confirmRecall($0) }
    }
  }

  @Test func aDirectiveIsIssuedAgainUnderANewKey() async throws {
    try await Desk.with { desk in
      try await desk.useRequestID()
      let signed = try await desk.directive(in: .acknowledged)
      let id = try await desk.directive(in: .delivered)
      let good = Quintet_Command_V1_ReissueDirectiveRequest.with {
        $0.requestID = newRequestID()
        $0.directiveID = id
        $0.reason = "无人签收"
      }
      try await desk.refuses(
        "ReissueDirective", good,
        Quintet_Command_V1_ReissueDirectiveRequest.badRequestIDs
          + Quintet_Command_V1_ReissueDirectiveRequest.badTimes + [
            Bad("REQUIRED", "reason") { $0.reason = "" },
            Bad("MOVE_NOT_ALLOWED", nil, .failedPrecondition) { $0.directiveID = signed },
          ]
      ) { try await desk.directives.reissueDirective($0) }
      let listed = try await desk.directives.listDirectives(.init()).directives
      let new = try #require(listed.first { $0.reissueOf == id })
      #expect(new.recipients.map(\.recipient) == [watchedSeat] && new.state == .issued)
      #expect(listed.first { $0.id == id }?.recipients[0].state == .reassigned)
    }
  }
}

func cordonPlan() -> Quintet_Command_V1_CordonPlan {
  .with {
    $0.code = "ring"
    $0.name = "环城"
    $0.speedMps = 10
    $0.sealTimeS = 60
    $0.ringWidthM = 2_000
    $0.points = [("near", 0.01), ("far", 0.05)].map { name, north in
      .with {
        $0.post.code = name
        $0.post.name = "卡口 \(name)"
        $0.post.role = .roadblock
        $0.post.point = .with {
          $0.latitude = 28 + north
          $0.longitude = 120.6
          $0.datum = .wgs84
        }
        $0.recipients = [recipient(.seat, name)]
      }
    }
  }
}

@Suite struct RPCCordonTests {
  private static func sighting(
    north: Double = 0, at seconds: Double = 3_000
  ) -> Quintet_Command_V1_Sighting {
    .with {
      $0.point = .with {
        $0.latitude = 28 + north
        $0.longitude = 120.6
        $0.datum = .wgs84
      }
      $0.time = Sample.time(seconds).timestamp
      $0.certainty = .confirmed
      $0.source = "camera.12"
    }
  }

  @Test func aCordonIsPlannedActivatedMovedAndReleased() async throws {
    try await Desk.with { desk in
      try await desk.useRequestID()
      let incident = try await desk.submit()
      let put = Quintet_Command_V1_PutCordonPlanRequest.with {
        $0.requestID = newRequestID()
        $0.plan = cordonPlan()
      }
      try await desk.refuses(
        "PutCordonPlan", put,
        Quintet_Command_V1_PutCordonPlanRequest.badRequestIDs + [
          Bad("REQUIRED", "plan") { $0.clearPlan() },
          Bad("ETAG_MISMATCH", "etag", .aborted) { $0.etag = "1" },
          Bad("REQUIRED", "plan.code") { $0.plan.code = "" },
          Bad("REQUIRED", "plan.points") { $0.plan.points = [] },
          Bad("DUPLICATE", "plan.points[1].post.code") { $0.plan.points[1].post.code = "near" },
          Bad("UNSPECIFIED", "plan.points[0].post.role") {
            $0.plan.points[0].post.role = .unspecified
          },
          Bad("DATUM_REQUIRED", "plan.points[0].post.point.datum") {
            $0.plan.points[0].post.point.datum = .unspecified
          },
          Bad("REQUIRED", "plan.points[0].recipients") { $0.plan.points[0].recipients = [] },
          Bad("DUPLICATE", "plan.points[1].recipients[0]") {
            $0.plan.points[1].recipients = $0.plan.points[0].recipients
          },
          Bad("OUT_OF_RANGE", "plan.speed_mps") { $0.plan.speedMps = 0.4 },
          Bad("OUT_OF_RANGE", "plan.speed_mps") { $0.plan.speedMps = .nan },
          Bad("OUT_OF_RANGE", "plan.seal_time_s") { $0.plan.sealTimeS = 3_601 },
          Bad("OUT_OF_RANGE", "plan.ring_width_m") { $0.plan.ringWidthM = 0 },
        ]
      ) { try await desk.cordons.putCordonPlan($0) }

      let activate = Quintet_Command_V1_ActivateCordonRequest.with {
        $0.requestID = newRequestID()
        $0.planCode = "ring"
        $0.incidentID = incident
        $0.directiveClass = .urgent
        $0.title = "设卡"
        $0.sighting = Self.sighting()
        $0.occurTime = Sample.time(3_010).timestamp
      }
      let closed = try await desk.incident(in: .closed)
      try await desk.refuses(
        "ActivateCordon", activate,
        Quintet_Command_V1_ActivateCordonRequest.badRequestIDs
          + Quintet_Command_V1_ActivateCordonRequest.badTimes + [
            Bad("CORDON_PLAN_UNKNOWN", "plan_code", .notFound) { $0.planCode = "none" },
            Bad("INCIDENT_UNKNOWN", "incident_id", .notFound) {
              $0.incidentID = BadValue.unknownIncident
            },
            Bad("INCIDENT_ENDED", nil, .failedPrecondition) { $0.incidentID = closed },
            Bad("DISPATCH_CLASS_RESERVED", "directive_class") { $0.directiveClass = .dispatch },
            Bad("REQUIRED", "title") { $0.title = "" },
            Bad("UNSPECIFIED", "sighting.certainty") { $0.sighting.certainty = .unspecified },
            Bad("REQUIRED", "sighting.time") { $0.sighting.clearTime() },
            Bad("OUT_OF_RANGE", "sighting.direction_deg") { $0.sighting.directionDeg = 361 },
            Bad("RING_EMPTY", nil, .failedPrecondition) {
              $0.sighting.time = Sample.time(0).timestamp
            },
          ]
      ) { try await desk.cordons.activateCordon($0) }
      let made = try await desk.cordons.activateCordon(activate)
      #expect(made.directive.recipients.map(\.post.name) == ["卡口 near"])
      #expect(made.cordon.directiveID == made.directive.id)

      let move = Quintet_Command_V1_MoveCordonRequest.with {
        $0.requestID = newRequestID()
        $0.cordonID = made.cordon.id
        $0.etag = made.cordon.etag
        $0.sighting = Self.sighting(north: 0.04, at: 3_100)
        $0.occurTime = Sample.time(3_110).timestamp
      }
      try await desk.refuses(
        "MoveCordon", move,
        Quintet_Command_V1_MoveCordonRequest.badRequestIDs
          + Quintet_Command_V1_MoveCordonRequest.badTimes + [
            Bad("CORDON_UNKNOWN", "cordon_id", .notFound) {
              $0.cordonID = Sample.id("nobody", CordonTag.self).description
            },
            Bad("ETAG_MISMATCH", "etag", .aborted) { $0.etag = "9" },
            Bad("REQUIRED", "sighting") { $0.clearSighting() },
            Bad("OUT_OF_RANGE", "speed_mps") { $0.speedMps = 61 },
            Bad("SIGHTING_OLDER", nil, .failedPrecondition) {
              $0.sighting.time = Sample.time(2_999).timestamp
            },
          ]
      ) { try await desk.cordons.moveCordon($0) }
      let moved = try await desk.cordons.getCordon(.with { $0.cordonID = made.cordon.id }).cordon
      #expect(moved.rings[1].decisions.map(\.decision) == [.stoodDown, .added])
      #expect(moved.rings[1].reachM == 100 && moved.rings[1].elapsedS == 10)
      let directive = try await desk.directives.getDirective(
        .with { $0.directiveID = made.directive.id }
      ).directive
      #expect(directive.recipients.map(\.state) == [.cancelled, .issued])

      let release = Quintet_Command_V1_ReleaseCordonRequest.with {
        $0.requestID = newRequestID()
        $0.cordonID = made.cordon.id
        $0.reason = "已抓获"
      }
      try await desk.refuses(
        "ReleaseCordon", release,
        Quintet_Command_V1_ReleaseCordonRequest.badRequestIDs
          + Quintet_Command_V1_ReleaseCordonRequest.badTimes + [
            Bad("REQUIRED", "reason") { $0.reason = "" },
            Bad("ETAG_MISMATCH", "etag", .aborted) { $0.etag = "1" },
          ]
      ) { try await desk.cordons.releaseCordon($0) }
      let listed = try await desk.cordons.listCordons(.with { $0.incidentID = incident }).cordons
      #expect(listed.map(\.state) == [.released] && listed[0].reason == "已抓获")
      let seen = try await refusal {
        try await desk.cordons.moveCordon(
          .with {
            $0.requestID = newRequestID()
            $0.cordonID = made.cordon.id
            $0.sighting = Self.sighting(at: 3_200)
          })
      }
      #expect(seen == Refusal(.failedPrecondition, "CORDON_RELEASED", nil))
      let plans = try await desk.cordons.listCordonPlans(.init()).plans
      #expect(plans.map(\.code) == ["ring"])
      let plan = try await desk.cordons.getCordonPlan(.with { $0.planCode = "ring" }).plan
      #expect(plan.points[0].post.name == "卡口 near")
    }
  }
}
