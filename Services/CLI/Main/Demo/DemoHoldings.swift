// What the suite holds after the day, read back by RPC: the summary's figures come from here alone.

import Foundation
import QuintetAPI
import SwiftProtobuf
import Wire

struct DemoHoldings: Sendable {
  var calls: [Quintet_Command_V1_CallReport] = []
  var incidents: [Quintet_Command_V1_Incident] = []
  var directives: [Quintet_Command_V1_Directive] = []
  var supports: [Quintet_Command_V1_SupportRequest] = []
  var consultations: [Quintet_Command_V1_Consultation] = []
  var series: [Quintet_Command_V1_Series] = []
  var evaluations: [Quintet_Supervision_V1_Evaluation] = []
  var topics: [Quintet_Publicopinion_V1_Topic] = []
  var counts: [Quintet_Supervision_V1_DeadlineCount] = []
  var figures: [Quintet_Supervision_V1_IntervalFigure] = []
  var openDeadlines: [Quintet_Supervision_V1_Deadline] = []
  var assessmentCount: Int64 = 0
  var repeatCount: Int64 = 0
  /// Events that a service has set aside, by `reader ← source`.
  var parked: [String: UInt64] = [:]

  static func read(from suite: SuiteCalls) async throws -> DemoHoldings {
    for (reader, source) in [
      ("duty", "command"), ("intelligence", "command"), ("supervision", "command"),
      ("supervision", "publicopinion"), ("publicopinion", "command"), ("supervision", "duty"),
    ] {
      try await suite.waitUntil(reader, hasReadAllOf: source)
    }
    var held = DemoHoldings()
    try await held.readCommand(suite)
    try await held.readJointWork(suite)
    try await held.readOthers(suite)
    try await held.readParked(suite)
    return held
  }

  private mutating func readCommand(_ suite: SuiteCalls) async throws {
    calls = try await pages { token in
      let page = try await suite.call("ListCallReports") {
        try await suite.reports.listCallReports(
          .with {
            $0.pageSize = 200
            $0.pageToken = token
          }, options: .item)
      }
      return (page.callReports, page.nextPageToken)
    }
    incidents = try await pages { token in
      let page = try await suite.call("ListIncidents") {
        try await suite.incidents.listIncidents(
          .with {
            $0.pageSize = 100
            $0.pageToken = token
          }, options: .item)
      }
      return (page.incidents, page.nextPageToken)
    }
    directives = try await pages { token in
      let page = try await suite.call("ListDirectives") {
        try await suite.directives.listDirectives(
          .with {
            $0.pageSize = 200
            $0.pageToken = token
          }, options: .item)
      }
      return (page.directives, page.nextPageToken)
    }
  }

  private mutating func readJointWork(_ suite: SuiteCalls) async throws {
    supports = try await suite.call("ListSupportRequests") {
      try await suite.supports.listSupportRequests(.init(), options: .item).supportRequests
    }
    series = try await suite.call("ListSeries") {
      try await suite.series.listSeries(.init(), options: .item).series
    }
    let heads = try await suite.call("ListConsultations") {
      try await suite.consultations.listConsultations(.init(), options: .item).consultations
    }
    for head in heads {
      consultations.append(
        try await suite.call("GetConsultation") {
          try await suite.consultations.getConsultation(
            .with { $0.consultationID = head.id }, options: .item
          ).consultation
        })
    }
  }

  private mutating func readOthers(_ suite: SuiteCalls) async throws {
    evaluations = try await pages { token in
      let page = try await suite.call("ListEvaluations") {
        try await suite.evaluations.listEvaluations(
          .with {
            $0.pageSize = 500
            $0.pageToken = token
          }, options: .item)
      }
      return (page.evaluations, page.nextPageToken)
    }
    openDeadlines = try await pages { token in
      let page = try await suite.call("ListDeadlines") {
        try await suite.deadlines.listDeadlines(
          .with {
            $0.pageSize = 500
            $0.pageToken = token
            $0.states = [.running, .warned, .overdue]
          }, options: .item)
      }
      return (page.deadlines, page.nextPageToken)
    }
    topics = try await suite.call("ListTopics") {
      try await suite.opinion.listTopics(.with { $0.pageSize = 100 }, options: .item).topics
    }
    counts = try await suite.call("CountDeadlines") {
      try await suite.deadlines.countDeadlines(.init(), options: .item).counts
    }
    try await readFigures(suite)
    let assessed = try await suite.call("CountAssessments") {
      try await suite.assessments.countAssessments(.init(), options: .item)
    }
    (assessmentCount, repeatCount) = (assessed.assessmentCount, assessed.repeatCount)
  }

  /// Of the day's calls, answering and ordering.
  private mutating func readFigures(_ suite: SuiteCalls) async throws {
    let times = calls.map(\.receiveTime.microsecondDate)
    guard let first = times.min(), let last = times.max() else { return }
    figures = try await suite.call("ListIntervalFigures") {
      try await suite.analytics.listIntervalFigures(
        .with {
          $0.startTime = first.timestamp
          $0.endTime = last.addingTimeInterval(1).timestamp
          $0.measures = [.answer, .processing]
        }, options: .item
      ).figures
    }
  }

  private mutating func readParked(_ suite: SuiteCalls) async throws {
    for service in SuiteProcess.services {
      for reader in try await suite.feedStatus(of: service.rawValue).subscriptions
      where reader.parkedCount > 0 {
        parked["\(service.rawValue) ← \(reader.source)"] = reader.parkedCount
      }
    }
  }

  private func pages<Item>(
    _ page: (_ token: String) async throws -> (items: [Item], next: String)
  ) async throws -> [Item] {
    var all: [Item] = []
    var token = ""
    repeat {
      let answer = try await page(token)
      all += answer.items
      token = answer.next
    } while !token.isEmpty
    return all
  }
}
