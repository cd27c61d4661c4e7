// 接警: calls are answered, and become incidents, parts of incidents, or neither.
import Classification
import DemoBureau
import Foundation
import QuintetAPI
import SwiftProtobuf
import Wire

extension DemoPlayer {
  func answer(_ index: Int) async throws {
    let call = day.calls[index]
    callCount += 1
    let request = Quintet_Command_V1_AnswerCallRequest.with {
      $0.requestID = self.request(call.key, "answer")
      $0.content = content(of: call)
    }
    // Pillars and partners' systems report by themselves; their incident opens at once.
    if !call.source.isEmpty, case .opens(let plan) = call.ending {
      return try await submit(call, plan, request.content)
    }
    let report = try await suite.ask("AnswerCall") { suite in
      try await suite.reports.answerCall(
        request, metadata: DemoActor.callTaker(index), options: .item
      ).callReport
    }
    reports[index] = report.id
    plan(.settle(index), in: call.ringSeconds + call.talkSeconds)
    guard case .opens(let plan) = call.ending, let story = plan.story else { return }
    narrator.story(
      now, story, "接警 call \(report.maskedPhone)：\(call.narrative)（\(call.spot.address)）")
  }

  private func content(of call: DemoCall) -> Quintet_Command_V1_CallReportContent {
    .with {
      $0.channel = Quintet_Command_V1_CallChannel(call.channel)
      $0.origin = Quintet_Type_V1_IncidentOrigin(call.origin)
      $0.phone = call.phone
      $0.location = Quintet_Type_V1_Location(call.spot)
      $0.narrative = call.narrative
      $0.receiveTime = time.timestamp
      if call.source.isEmpty {
        $0.answerTime = time.addingTimeInterval(Double(call.ringSeconds)).timestamp
      } else {
        $0.source = call.source
        $0.externalReference = call.key
      }
    }
  }

  private func submit(
    _ call: DemoCall, _ plan: IncidentPlan, _ content: Quintet_Command_V1_CallReportContent
  ) async throws {
    let request = Quintet_Command_V1_SubmitReportRequest.with {
      $0.requestID = self.request(call.key, "submit")
      $0.content = content
      $0.incidentClass = Quintet_Type_V1_IncidentClass(plan.incidentClass)
      $0.level = Quintet_Type_V1_IncidentLevel(plan.level)
      $0.title = plan.title
    }
    let opened = try await suite.ask("SubmitReport") { suite in
      try await suite.reports.submitReport(
        request, metadata: DemoActor.partner(request.content.source), options: .item)
    }
    var classed = plan
    classed.isClassedAtOnce = true
    begin(call, classed, opened.incidentID, opened.incidentNumber)
    tell(call.key, "\(call.spot.address)：\(call.narrative) → 直接立警 opened \(opened.incidentNumber)")
  }

  func settle(_ index: Int) async throws {
    let call = day.calls[index]
    guard let report = reports[index] else { return }
    switch call.ending {
    case .opens(let plan): try await open(call, index, report, plan)
    case .attaches(let key): try await attach(call, index, report, to: key)
    case .advised(let reason): try await end(call, index, report, .advised, reason)
    case .diverted(let reason): try await end(call, index, report, .diverted, reason)
    case .hoax(let reason): try await end(call, index, report, .hoax, reason)
    case .accidental: try await end(call, index, report, .accidental, "")
    case .abandoned: try await end(call, index, report, .abandoned, "")
    }
  }

  private func open(_ call: DemoCall, _ index: Int, _ report: String, _ plan: IncidentPlan)
    async throws
  {
    let request = Quintet_Command_V1_OpenIncidentRequest.with {
      $0.requestID = self.request(call.key, "open")
      $0.callReportID = report
      if plan.isClassedAtOnce {
        $0.incidentClass = Quintet_Type_V1_IncidentClass(plan.incidentClass)
        $0.level = Quintet_Type_V1_IncidentLevel(plan.level)
      }
      $0.title = plan.title
      $0.occurTime = time.timestamp
    }
    let opened = try await suite.ask("OpenIncident") { suite in
      try await suite.reports.openIncident(
        request, metadata: DemoActor.callTaker(index), options: .item)
    }
    begin(call, plan, opened.incidentID, opened.incidentNumber)
    tell(
      call.key,
      "立警 opened\(plan.story == nil ? "" : " \(opened.incidentNumber)")「\(plan.title)」"
        + "\(plan.incidentClass.chineseName) "
        + "\(plan.level.chineseName)")
    if plan.story != nil { try await tellAssessment(call.key) }
  }

  private func begin(_ call: DemoCall, _ plan: IncidentPlan, _ id: String, _ number: String) {
    cases[call.key] = Case(plan: plan, spot: call.spot, id: id, number: number)
    narrator.introduce(
      id, DemoNarrator.Matter(number: number, title: plan.title, story: plan.story))
    self.plan(plan.isClassedAtOnce ? .queue(call.key) : .classify(call.key), in: 4)
    for (index, directive) in plan.directives.enumerated() {
      self.plan(.issue(call.key, index), in: directive.afterOpeningSeconds)
    }
  }

  /// What intelligence found, for those who follow a story.
  private func tellAssessment(_ key: String) async throws {
    let incident = try known(key).id
    try await suite.waitUntil("intelligence", hasReadAllOf: "command")
    let assessment = try await suite.ask("GetAssessment") { suite in
      try await suite.assessments.getAssessment(
        .with { $0.incidentID = incident }, options: .item
      ).assessment
    }
    let words = assessment.kind.evidence.joined(separator: "、")
    tell(
      key,
      "研判 assessed：\(assessment.jurisdiction.stationName)・\(assessment.jurisdiction.beatName)"
        + (words.isEmpty ? "" : "，依据 by words「\(words)」"))
    for found in assessment.repeats {
      let calls = found.evidence.prefix(3).map { evidence in
        let time = LocalTime.text(evidence.receiveTime.microsecondDate).suffix(8)
        return narrator.matter(evidence.incidentID).map { "\(time) \($0.title)" } ?? String(time)
      }
      tell(
        key,
        "重复 repeats \(found.count)：\(found.rule)，依据 rests on \(calls.joined(separator: "；"))")
    }
  }

  private func attach(_ call: DemoCall, _ index: Int, _ report: String, to key: String)
    async throws
  {
    let target = try known(key)
    let request = Quintet_Command_V1_AttachCallRequest.with {
      $0.requestID = self.request(call.key, "attach")
      $0.callReportID = report
      $0.incidentID = target.id
      $0.occurTime = time.timestamp
    }
    _ = try await suite.ask("AttachCall") { suite in
      try await suite.reports.attachCall(
        request, metadata: DemoActor.callTaker(index), options: .item)
    }
    tell(key, "又一来电，并入 \(target.number) attached：\(call.narrative)")
  }

  private func end(
    _ call: DemoCall, _ index: Int, _ report: String, _ outcome: Quintet_Command_V1_CallOutcome,
    _ reason: String
  ) async throws {
    let request = Quintet_Command_V1_EndCallRequest.with {
      $0.requestID = self.request(call.key, "end")
      $0.callReportID = report
      $0.outcome = outcome
      $0.reason = reason
      $0.occurTime = time.timestamp
    }
    _ = try await suite.ask("EndCall") { suite in
      try await suite.reports.endCall(
        request, metadata: DemoActor.callTaker(index), options: .item)
    }
  }
}
