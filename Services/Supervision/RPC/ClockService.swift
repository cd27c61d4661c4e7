// quintet.supervision.v1.ClockService: the clock that deadlines run by, and exercises.
import Access
public import Foundation
public import GRPCCore
public import QuintetAPI
public import SupervisionDomain
import SwiftProtobuf
import Wire

public struct ClockService: Quintet_Supervision_V1_ClockService.SimpleServiceProtocol {
  private let store: any SupervisionStore
  private let report: LogReport
  private let clock: @Sendable () -> Date
  private let batchLimit: Int

  /// - Parameter batchLimit: how many deadlines one transaction fires at most.
  public init(
    store: any SupervisionStore, report: @escaping LogReport,
    clock: @escaping @Sendable () -> Date, batchLimit: Int = Timekeeping.batchLimit
  ) {
    self.store = store
    self.report = report
    self.clock = clock
    self.batchLimit = batchLimit
  }

  public func getClock(
    request: Quintet_Supervision_V1_GetClockRequest, context: ServerContext
  ) async throws -> Quintet_Supervision_V1_GetClockResponse {
    let state = try await store.read(within: CallContext.current.reach) { try $0.clockState() }
    return .with { $0.clock = message(state) }
  }

  public func startExercise(
    request: Quintet_Supervision_V1_StartExerciseRequest, context: ServerContext
  ) async throws -> Quintet_Supervision_V1_StartExerciseResponse {
    try await answering {
      let start = try time(
        request.hasStartTime ? request.startTime : nil, field: "start_time")
      let state = try await store.write(now: clock()) { writer in
        try Timekeeping.startExercise(at: start, in: writer)
      }
      say("exercise started", at: state.exerciseTime)
      return .with { $0.clock = message(state) }
    }
  }

  public func advanceClock(
    request: Quintet_Supervision_V1_AdvanceClockRequest, context: ServerContext
  ) async throws -> Quintet_Supervision_V1_AdvanceClockResponse {
    try await answering {
      let target = try time(request.hasToTime ? request.toTime : nil, field: "to_time")
      let limit = batchLimit
      var fired = 0
      var isComplete = false
      while !isComplete {
        // A caller that has gone may ask again: what is fired stays fired, the rest follows then.
        try Task.checkCancellation()
        let sweep = try await store.write(now: clock()) { writer in
          try Timekeeping.sweepExercise(to: target, limit: limit, in: writer)
        }
        fired += sweep.fired
        isComplete = sweep.isComplete
      }
      let state = try await store.read(within: CallContext.current.reach) { try $0.clockState() }
      return .with {
        $0.clock = message(state)
        $0.firedCount = Int64(fired)
      }
    }
  }

  public func endExercise(
    request: Quintet_Supervision_V1_EndExerciseRequest, context: ServerContext
  ) async throws -> Quintet_Supervision_V1_EndExerciseResponse {
    try await answering {
      let state = try await store.write(now: clock()) { writer in
        try Timekeeping.endExercise(in: writer)
      }
      say("exercise ended", at: nil)
      return .with { $0.clock = message(state) }
    }
  }

  /// Required; an exercise may lie in the future.
  private func time(_ given: Google_Protobuf_Timestamp?, field: String) throws -> Date {
    guard let given else { throw Failure.required(field) }
    return try Check.time(given, field: field, now: .distantFuture)
  }

  private func message(_ state: ClockState) -> Quintet_Supervision_V1_Clock {
    .with {
      $0.exercise = state.mode == .exercise
      $0.now = (state.exerciseTime ?? clock()).timestamp
    }
  }

  private func say(_ message: String, at time: Date?) {
    var metadata = [
      "actor": CallContext.current.principal.actor, "trace": CallContext.current.trace,
    ]
    metadata["time"] = time.map { $0.ISO8601Format() }
    report(LogLine(.info, message, metadata))
  }
}
