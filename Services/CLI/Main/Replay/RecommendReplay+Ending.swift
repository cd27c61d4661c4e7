// The end of a course: when the last unit is free, the account is given and the incident closed.
import Datasets
import Foundation
import GRPCCore
import QuintetAPI

extension RecommendReplay {
  /// Incidents that are being finished at once.
  private static let finishingLimit = 16

  /// A course without open assignments.
  struct Ended: Sendable {
    let index: Int
    let course: Course
    let time: Date
  }

  /// One unit is free.
  mutating func release(_ index: Int, at time: Date) {
    guard var course = courses[index] else { return }
    course.open -= 1
    courses[index] = course.open == 0 ? nil : course
    if course.open == 0 { ended.append(Ended(index: index, course: course, time: time)) }
  }

  /// Goes on beside the simulation; `awaitFinished` tells how it went.
  mutating func finish(_ ended: Ended) async throws {
    if finishing.count >= Self.finishingLimit { try await finishing.removeFirst().value }
    finishing.append(
      Task { [suite, requests, journal, call = calls[ended.index]] in
        do {
          try await Self.finish(ended, call, suite, requests)
          journal.acted(2)
        } catch let error as RPCError {
          journal.failed("call \(call.number)", words(for: error))
        }
      })
  }

  mutating func awaitFinished() async throws {
    while !finishing.isEmpty { try await finishing.removeFirst().value }
  }

  private static func finish(
    _ ended: Ended, _ call: FireCall, _ suite: SuiteCalls, _ requests: ReplayRequests
  ) async throws {
    let incident = ended.course.incidentID
    if !ended.course.someoneCleared {
      let request = requests.requestFeedback(call, incident: incident, at: ended.time)
      _ = try await suite.call(request.requestID) {
        try await suite.reviews.requestFeedback(request, options: .item)
      }
    }
    let account = requests.feedback(
      call, incident: incident, text: account(of: ended.course), at: ended.time)
    _ = try await suite.call(account.requestID) {
      try await suite.reviews.submitIncidentFeedback(account, options: .item)
    }
    let closing = requests.close(call, incident: incident, at: ended.time)
    _ = try await suite.call(closing.requestID) {
      try await suite.reviews.closeIncident(closing, options: .item)
    }
  }

  private static func account(of course: Course) -> String {
    let names = course.assignments.keys.sorted().prefix(12).joined(separator: "、")
    let arrival = course.firstArrival.map { WallTime.format($0) }
    return "推演：按推荐出动 \(course.assignments.count) 个警力单元（\(names)），"
      + (arrival.map { "首个单元 \($0) 到场，处置完毕。" } ?? "到场前全部撤回。")
      + "Simulated: \(course.assignments.count) recommended units sent, "
      + (arrival.map { "first on scene \($0)." } ?? "all called off before arrival.")
  }
}
