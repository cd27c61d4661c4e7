// What duty tells of the lists of beats, in the words of this house.
import Foundation
import Identifiers
import QuintetAPI
import SupervisionDomain
import SwiftProtobuf
import Wire

extension TaskMove {
  init(_ moved: Quintet_Duty_V1_TaskMoved) throws {
    let state: State
    switch moved.state {
    case .planned: state = .planned
    case .issued: state = .issued
    case .signed: state = .signed
    case .done: state = .done
    case .returned: state = .returned
    case .unspecified, .UNRECOGNIZED: throw Failure.unspecified("state")
    }
    let period: String
    switch moved.period {
    case .daily: period = "daily"
    case .weekly: period = "weekly"
    case .monthly: period = "monthly"
    case .once: period = "once"
    case .unspecified, .UNRECOGNIZED: throw Failure.unspecified("period")
    }
    guard moved.hasDueTime else { throw Failure.required("due_time") }
    self.init(
      task: try Check.identifier(moved.taskID, field: "task_id"),
      beat: try Check.identifier(moved.beatID, field: "beat_id"), state: state, period: period,
      dueTime: try Check.time(moved.dueTime, field: "due_time", now: .distantFuture))
  }

  init(_ withdrawn: Quintet_Duty_V1_TaskWithdrawn, time: Date) throws {
    self.init(
      task: try Check.identifier(withdrawn.taskID, field: "task_id"),
      beat: try Check.identifier(withdrawn.beatID, field: "beat_id"), state: .withdrawn,
      period: "", dueTime: time)
  }
}
