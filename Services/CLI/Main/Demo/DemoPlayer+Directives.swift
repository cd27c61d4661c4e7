// 指令: one order to many, each signing, doing and answering on its own.

import DemoBureau
import Foundation
import GRPCCore
import QuintetAPI
import SwiftProtobuf
import Wire

extension DemoPlayer {
  func issue(_ key: String, _ index: Int) async throws {
    let found = try known(key)
    let directive = found.plan.directives[index]
    let recipients = directive.recipients.map { address($0.recipient) }
    let request = Quintet_Command_V1_IssueDirectiveRequest.with {
      $0.requestID = self.request(key, "issue/\(index)")
      $0.content.directiveClass = Quintet_Command_V1_DirectiveClass(directive.urgency)
      $0.content.incidentID = found.id
      $0.content.title = directive.title
      $0.content.text = directive.text
      $0.content.recipients = recipients.map(\.recipient)
      $0.occurTime = time.timestamp
    }
    let issued = try await suite.ask("IssueDirective") { suite in
      try await suite.directives.issueDirective(
        request, metadata: DemoActor.shiftLeader, options: .item
      ).directive
    }
    tell(
      key,
      "指令 directive「\(directive.title)」→ \(recipients.map(\.name).joined(separator: "、"))")
    for (plan, recipient) in zip(directive.recipients, recipients) {
      begin(plan, recipient, of: issued.id, key)
      cases[key]?.openCourses += 1
    }
  }

  private struct Address {
    let recipient: Quintet_Command_V1_Recipient
    let name: String
    let actor: Metadata
  }

  private func address(_ recipient: DemoRecipient) -> Address {
    func made(
      _ kind: Quintet_Command_V1_RecipientKind, _ id: String, _ name: String, _ code: String
    ) -> Address {
      Address(
        recipient: .with {
          $0.kind = kind
          $0.id = id
        }, name: name, actor: DemoActor.recipient(code))
    }
    switch recipient {
    case .station(let index):
      let station = bureau.stations[index]
      return made(.station, fleet.stationIDs[index], station.name, station.code)
    case .beat(let index):
      let beat = bureau.beats[index]
      return made(.beat, fleet.beatIDs[index], beat.name, beat.code)
    case .seat(let code, let name): return made(.seat, code, name, code)
    }
  }

  private func begin(
    _ plan: RecipientPlan, _ address: Address, of directive: String, _ key: String
  ) {
    courses.append(
      Course(
        key: key, directive: directive, plan: plan, recipient: address.recipient,
        name: address.name, actor: address.actor))
    self.plan(.course(courses.count - 1, .deliver), in: 2)
  }

  func move(_ index: Int, _ step: DemoCourseStep) async throws {
    let course = courses[index]
    switch step {
    case .deliver:
      try await deliver(course, index)
      if let handOver = course.plan.handOver {
        plan(.course(index, .handOver), in: handOver.seconds - 2)
      } else {
        plan(.course(index, .sign), in: course.plan.signSeconds - 2)
      }
    case .sign:
      try await sign(course, index)
      plan(.course(index, .start), in: 30)
    case .start:
      try await start(course, index)
      plan(
        .course(index, .feedBack),
        in: max(60, course.plan.feedbackSeconds - course.plan.signSeconds - 30))
    case .feedBack:
      try await feedBack(course, index)
      plan(.course(index, .accept), in: 240)
    case .accept:
      try await accept(course, index)
      cases[course.key]?.openCourses -= 1
    case .handOver: try await handOver(course, index)
    }
  }

  private func id(_ index: Int, _ act: String) -> String { "demo/course/\(index)/\(act)" }

  private func deliver(_ course: Course, _ index: Int) async throws {
    let request = Quintet_Command_V1_ConfirmDeliveryRequest.with {
      $0.requestID = id(index, "deliver")
      $0.directiveID = course.directive
      $0.recipient = course.recipient
      $0.occurTime = time.timestamp
    }
    _ = try await suite.ask("ConfirmDelivery") { suite in
      try await suite.directives.confirmDelivery(
        request, metadata: course.actor, options: .item)
    }
  }

  private func sign(_ course: Course, _ index: Int) async throws {
    let request = Quintet_Command_V1_AcknowledgeDirectiveRequest.with {
      $0.requestID = id(index, "sign")
      $0.directiveID = course.directive
      $0.recipient = course.recipient
      $0.occurTime = time.timestamp
    }
    _ = try await suite.ask("AcknowledgeDirective") { suite in
      try await suite.directives.acknowledgeDirective(
        request, metadata: course.actor, options: .item)
    }
    tell(course.key, "签收 signed：\(course.name)")
  }

  private func start(_ course: Course, _ index: Int) async throws {
    let request = Quintet_Command_V1_StartDirectiveRequest.with {
      $0.requestID = id(index, "start")
      $0.directiveID = course.directive
      $0.recipient = course.recipient
      $0.occurTime = time.timestamp
    }
    _ = try await suite.ask("StartDirective") { suite in
      try await suite.directives.startDirective(
        request, metadata: course.actor, options: .item)
    }
  }

  private func feedBack(_ course: Course, _ index: Int) async throws {
    let request = Quintet_Command_V1_SubmitDirectiveFeedbackRequest.with {
      $0.requestID = id(index, "feedback")
      $0.directiveID = course.directive
      $0.recipient = course.recipient
      $0.text = course.plan.feedback
      $0.occurTime = time.timestamp
    }
    _ = try await suite.ask("SubmitDirectiveFeedback") { suite in
      try await suite.directives.submitDirectiveFeedback(
        request, metadata: course.actor, options: .item)
    }
    tell(course.key, "\(course.name) 反馈 fed back：\(course.plan.feedback)")
  }

  private func accept(_ course: Course, _ index: Int) async throws {
    let request = Quintet_Command_V1_AcceptDirectiveFeedbackRequest.with {
      $0.requestID = id(index, "accept")
      $0.directiveID = course.directive
      $0.recipient = course.recipient
      $0.occurTime = time.timestamp
    }
    _ = try await suite.ask("AcceptDirectiveFeedback") { suite in
      try await suite.directives.acceptDirectiveFeedback(
        request, metadata: DemoActor.shiftLeader, options: .item)
    }
  }

  /// The cordon moves: someone else takes the part over, and begins from the start.
  private func handOver(_ course: Course, _ index: Int) async throws {
    guard let handOver = course.plan.handOver else { return }
    let next = address(handOver.to)
    let request = Quintet_Command_V1_ReassignDirectiveRequest.with {
      $0.requestID = id(index, "reassign")
      $0.directiveID = course.directive
      $0.recipient = course.recipient
      $0.to = next.recipient
      $0.reason = handOver.reason
      $0.occurTime = time.timestamp
    }
    _ = try await suite.ask("ReassignDirective") { suite in
      try await suite.directives.reassignDirective(
        request, metadata: DemoActor.shiftLeader, options: .item)
    }
    tell(course.key, "转派 reassigned：\(course.name) → \(next.name)，\(handOver.reason)")
    var plan = course.plan
    plan.handOver = nil
    begin(plan, next, of: course.directive, course.key)
  }
}
