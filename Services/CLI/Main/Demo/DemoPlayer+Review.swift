// From the scene cleared to the incident closed; and the incidents that go another way.

import DemoBureau
import Foundation
import QuintetAPI
import SwiftProtobuf
import Wire

extension DemoPlayer {
  func submitFeedback(_ key: String) async throws {
    let found = try known(key)
    let review = found.plan.review
    let weak = found.wasReturned ? nil : review.weakFeedback
    let round = "\(found.rounds).\(found.wasReturned ? 1 : 0)"
    let request = Quintet_Command_V1_SubmitIncidentFeedbackRequest.with {
      $0.requestID = self.request(key, "feedback/\(round)")
      $0.incidentID = found.id
      $0.text = weak ?? (found.wasReopened ? "已再次核对并当面交还，" : "") + review.feedback
      $0.disposalCode = review.disposalCode
      $0.occurTime = time.timestamp
    }
    _ = try await suite.ask("SubmitIncidentFeedback") { suite in
      try await suite.reviews.submitIncidentFeedback(
        request, metadata: DemoActor.recipient("feedback"), options: .item)
    }
    tell(key, "反馈 feedback：「\(request.text)」")
    guard weak != nil else { return plan(.close(key), in: review.closeSeconds) }
    guard try await isReturned(found.id) else {
      return note("「\(found.plan.title)」的弱反馈未被退回 / weak feedback was not returned")
    }
    cases[key]?.wasReturned = true
    plan(.submitFeedback(key), in: 480)
  }

  /// Supervision reads the feed and asks command: that takes real, not simulated time.
  private func isReturned(_ incident: String) async throws -> Bool {
    let start = ContinuousClock.now
    while start.duration(to: .now) < .seconds(20) {
      let state = try await suite.ask("GetIncident") { suite in
        try await suite.incidents.getIncident(
          .with { $0.incidentID = incident }, options: .item
        ).incident.state
      }
      if state == .awaitingFeedback { return true }
      try await Task.sleep(for: .milliseconds(20))
    }
    return false
  }

  func close(_ key: String) async throws {
    let found = try known(key)
    // Nothing is closed over the head of somebody who was ordered to answer.
    guard found.openCourses == 0 else { return plan(.close(key), in: 300) }
    let request = Quintet_Command_V1_CloseIncidentRequest.with {
      $0.requestID = self.request(key, "close/\(found.rounds)")
      $0.incidentID = found.id
      $0.reason = "反馈属实，同意办结"
      $0.occurTime = time.timestamp
    }
    _ = try await suite.ask("CloseIncident") { suite in
      try await suite.reviews.closeIncident(
        request, metadata: DemoActor.shiftLeader, options: .item)
    }
    closedCount += 1
    tell(key, "办结 closed \(found.number)")
    if !found.wasReopened, let reason = found.plan.review.reopenReason {
      plan(.reopen(key, reason: reason), in: 2_400)
    }
  }

  func reopen(_ key: String, _ reason: String) async throws {
    let found = try known(key)
    let request = Quintet_Command_V1_ReopenIncidentRequest.with {
      $0.requestID = self.request(key, "reopen")
      $0.incidentID = found.id
      $0.reason = reason
      $0.occurTime = time.timestamp
    }
    _ = try await suite.ask("ReopenIncident") { suite in
      try await suite.reviews.reopenIncident(
        request, metadata: DemoActor.shiftLeader, options: .item)
    }
    closedCount -= 1
    cases[key]?.wasReopened = true
    tell(key, "重新启动 reopened：\(reason)")
    plan(.send(key, attempt: 0), in: 30)
  }

  // MARK: - Other ways

  func divert(_ key: String, _ authority: String, _ isAccepted: Bool) async throws {
    let found = try known(key)
    let request = Quintet_Command_V1_DivertIncidentRequest.with {
      $0.requestID = self.request(key, "divert")
      $0.incidentID = found.id
      $0.authority = authority
      $0.reason = "非警务事项，转主管部门"
      $0.occurTime = time.timestamp
    }
    _ = try await suite.ask("DivertIncident") { suite in
      try await suite.incidents.divertIncident(
        request, metadata: DemoActor.dispatcher, options: .item)
    }
    tell(key, "分流至 diverted to \(authority)")
    plan(.resolveDiversion(key, isAccepted: isAccepted), in: isAccepted ? 1_500 : 420)
  }

  func resolve(_ key: String, _ isAccepted: Bool) async throws {
    let found = try known(key)
    let request = Quintet_Command_V1_ResolveDiversionRequest.with {
      $0.requestID = self.request(key, "resolve")
      $0.incidentID = found.id
      $0.accepted = isAccepted
      $0.reason = isAccepted ? "已受理并联系群众" : "涉及肢体冲突风险，建议公安先行处置"
      $0.occurTime = time.timestamp
    }
    _ = try await suite.ask("ResolveDiversion") { suite in
      try await suite.incidents.resolveDiversion(
        request, metadata: DemoActor.dispatcher, options: .item)
    }
    if isAccepted {
      closedCount += 1
    } else {
      tell(key, "对方拒绝，回到待派 refused, queued again：\(request.reason)")
      plan(.send(key, attempt: 0), in: 20)
    }
  }

  func monitor(_ key: String, _ reason: String, _ seconds: Int) async throws {
    let found = try known(key)
    let request = Quintet_Command_V1_MonitorIncidentRequest.with {
      $0.requestID = self.request(key, "monitor")
      $0.incidentID = found.id
      $0.reason = reason
      $0.occurTime = time.timestamp
    }
    _ = try await suite.ask("MonitorIncident") { suite in
      try await suite.incidents.monitorIncident(
        request, metadata: DemoActor.dispatcher, options: .item)
    }
    plan(.requestFeedback(key), in: seconds)
  }

  func requestFeedback(_ key: String) async throws {
    let found = try known(key)
    let request = Quintet_Command_V1_RequestFeedbackRequest.with {
      $0.requestID = self.request(key, "request-feedback")
      $0.incidentID = found.id
      $0.reason = "督察核查结束"
      $0.occurTime = time.timestamp
    }
    _ = try await suite.ask("RequestFeedback") { suite in
      try await suite.reviews.requestFeedback(
        request, metadata: DemoActor.dispatcher, options: .item)
    }
    plan(.submitFeedback(key), in: found.plan.review.feedbackSeconds)
  }

  func cancel(_ key: String, _ reason: String) async throws {
    let found = try known(key)
    let request = Quintet_Command_V1_CancelIncidentRequest.with {
      $0.requestID = self.request(key, "cancel")
      $0.incidentID = found.id
      $0.reason = reason
      $0.occurTime = time.timestamp
    }
    _ = try await suite.ask("CancelIncident") { suite in
      try await suite.incidents.cancelIncident(
        request, metadata: DemoActor.shiftLeader, options: .item)
    }
    closedCount += 1
  }

  func merge(_ key: String, _ target: String, _ reason: String) async throws {
    let (found, into) = (try known(key), try known(target))
    let request = Quintet_Command_V1_MergeIncidentRequest.with {
      $0.requestID = self.request(key, "merge")
      $0.incidentID = found.id
      $0.intoIncidentID = into.id
      $0.reason = reason
      $0.occurTime = time.timestamp
    }
    _ = try await suite.ask("MergeIncident") { suite in
      try await suite.incidents.mergeIncident(
        request, metadata: DemoActor.dispatcher, options: .item)
    }
    closedCount += 1
    narrator.line(now, "合并 merged：\(found.number)「\(found.plan.title)」→ \(into.number)，\(reason)")
  }
}
