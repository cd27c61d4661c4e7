// Events of lists as payloads of duty's feed: who has to do what by when, and nothing of what was answered.
import DutyDomain
import Foundation
import Identifiers
import QuintetAPI
import SwiftProtobuf
import Wire

extension EventEncoder {
  static func encodeTasks(_ event: DutyEvent) throws -> (type: String, payload: [UInt8]) {
    switch event {
    case .taskTemplateSet(let template):
      try serialized(
        Quintet_Duty_V1_TaskTemplateSet.with {
          $0.template = Quintet_Duty_V1_TaskTemplate(template)
        })
    case .taskPlanSet(let plan):
      try serialized(
        Quintet_Duty_V1_TaskPlanSet.with {
          $0.beatID = plan.beat.description
          $0.etag = String(plan.revision)
          $0.entryCount = Int32(clamping: plan.entries.count)
        })
    case .taskMoved(let move): try serialized(Quintet_Duty_V1_TaskMoved(move))
    case .taskWithdrawn(let withdrawal):
      try serialized(
        Quintet_Duty_V1_TaskWithdrawn.with {
          $0.taskID = withdrawal.id.description
          $0.beatID = withdrawal.beat.description
          $0.mergedIntoTaskID = withdrawal.into?.description ?? ""
        })
    default: throw EventOfAnotherRoom()
    }
  }
}

extension Quintet_Duty_V1_TaskMoved {
  init(_ move: TaskMove) {
    let task = move.task
    let shortest = task.bases.map(\.period).min { $0.longestLimit < $1.longestLimit }
    self = .with {
      $0.taskID = task.id.description
      $0.beatID = task.beat.description
      $0.state = Quintet_Duty_V1_TaskState(task.state)
      $0.from = Quintet_Duty_V1_TaskState(move.from)
      $0.formerBeatID = move.formerBeat?.description ?? ""
      $0.period = shortest.map { Quintet_Duty_V1_TaskPeriod($0) } ?? .unspecified
      $0.startTime = task.start.timestamp
      $0.dueTime = task.due.timestamp
      $0.templateCodes = task.bases.map(\.template.code)
    }
  }
}
