// What the suite holds after the day, read back by RPC: the summary's figures come from here alone.

import Foundation
import QuintetAPI
import SwiftProtobuf

struct DemoHoldings: Sendable {
  var calls: [Quintet_Command_V1_CallReport] = []
  var incidents: [Quintet_Command_V1_Incident] = []
  var directives: [Quintet_Command_V1_Directive] = []
  var evaluations: [Quintet_Supervision_V1_Evaluation] = []
  var topics: [Quintet_Publicopinion_V1_Topic] = []
  var counts: [Quintet_Supervision_V1_DeadlineCount] = []
  var openDeadlines: [Quintet_Supervision_V1_Deadline] = []
  var assessmentCount: Int64 = 0
  var repeatCount: Int64 = 0
  /// Events that a service has set aside, by `reader ← source`.
  var parked: [String: UInt64] = [:]

  static func read(from suite: SuiteCalls) async throws -> DemoHoldings {
    for (reader, source) in [
      ("duty", "command"), ("intelligence", "command"), ("supervision", "command"),
      ("supervision", "publicopinion"), ("publicopinion", "command"),
    ] {
      try await suite.waitUntil(reader, hasReadAllOf: source)
    }
    var held = DemoHoldings()
    try await held.readCommand(suite)
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
    let assessed = try await suite.call("CountAssessments") {
      try await suite.assessments.countAssessments(.init(), options: .item)
    }
    (assessmentCount, repeatCount) = (assessed.assessmentCount, assessed.repeatCount)
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
