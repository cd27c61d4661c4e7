// What a replay reads back: its report is about what the suite holds, not about what was sent.
import Foundation
import GRPCCore
import QuintetAPI
import SwiftProtobuf
import Wire

extension SuiteCalls {
  /// Hands over every incident that `source` reported, with its assignments.
  func forEachIncident(
    source: String, _ take: (Quintet_Command_V1_Incident) throws -> Void
  ) async throws {
    var token = ""
    repeat {
      let request = Quintet_Command_V1_ListIncidentsRequest.with {
        // Incidents with many units are large; a page must stay well below 1 MiB.
        $0.pageSize = 100
        $0.pageToken = token
        $0.source = source
      }
      let page = try await call("ListIncidents") {
        try await incidents.listIncidents(request, options: .item)
      }
      for incident in page.incidents { try take(incident) }
      token = page.nextPageToken
    } while !token.isEmpty
  }

  /// Hands over every deadline.
  func forEachDeadline(_ take: (Quintet_Supervision_V1_Deadline) -> Void) async throws {
    var token = ""
    repeat {
      let request = Quintet_Supervision_V1_ListDeadlinesRequest.with {
        $0.pageSize = 500
        $0.pageToken = token
      }
      let page = try await call("ListDeadlines") {
        try await deadlines.listDeadlines(request, options: .item)
      }
      for deadline in page.deadlines { take(deadline) }
      token = page.nextPageToken
    } while !token.isEmpty
  }

  // MARK: - The exercise clock

  /// - Throws: a refusal when live deadlines run.
  func startExercise(at time: Date) async throws {
    _ = try await call("StartExercise") {
      try await clock.startExercise(.with { $0.startTime = time.timestamp }, options: .item)
    }
  }

  func advanceClock(to time: Date) async throws {
    _ = try await call("AdvanceClock") {
      // Everything due on the way fires within this one call.
      var options = CallOptions.item
      options.timeout = .seconds(60)
      return try await clock.advanceClock(.with { $0.toTime = time.timestamp }, options: options)
    }
  }

  /// Ends the exercise; that none is on any more is as good.
  func endExercise() async throws {
    do {
      _ = try await call("EndExercise") {
        try await clock.endExercise(.init(), options: .item)
      }
    } catch let error as RPCError where error.code == .failedPrecondition {}
  }
}
