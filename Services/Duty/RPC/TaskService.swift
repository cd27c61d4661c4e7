// Requests of the station's room about lists, turned into the domain's commands and back. What phones
// ask, and what is read, stands in the files beside this one.
import Access
public import DutyDomain
public import Foundation
public import GRPCCore
import Identifiers
public import QuintetAPI
import SwiftProtobuf
import Wire

/// `quintet.duty.v1.TaskService`; the proto says what each RPC does and refuses.
public struct TaskService: Quintet_Duty_V1_TaskService.SimpleServiceProtocol {
  let store: any DutyStore
  let clock: @Sendable () -> Date

  public init(store: any DutyStore, clock: @escaping @Sendable () -> Date) {
    self.store = store
    self.clock = clock
  }

  public func putTaskPlan(
    request: Quintet_Duty_V1_PutTaskPlanRequest, context: ServerContext
  ) async throws -> Quintet_Duty_V1_PutTaskPlanResponse {
    let now = clock()
    let key = try RequestKey(request, id: request.requestID, context: context)
    guard request.hasPlan else { throw Failure.required("plan") }
    let time = try Check.time(
      request.hasOccurTime ? request.occurTime : nil, field: "occur_time", now: now)
    let plan = try TaskPlan(request.plan, today: RosterDay(of: time))
    let revision = try TaskCheck.optionalRevision(request.etag, field: "etag")
    let put = try await store.write(
      key, provenance: key.provenance, reach: CallContext.current.reach, now: now
    ) {
      try TaskListMaking().put(plan, replacing: revision, at: time, in: $0)
    }
    CallContext.current.notes["subject"] = put.plan.beat.description
    return .with {
      $0.plan = Quintet_Duty_V1_TaskPlan(put.plan)
      $0.withdrawnCount = Int32(clamping: put.withdrawn)
    }
  }

  public func makeTaskList(
    request: Quintet_Duty_V1_MakeTaskListRequest, context: ServerContext
  ) async throws -> Quintet_Duty_V1_MakeTaskListResponse {
    let now = clock()
    let key = try RequestKey(request, id: request.requestID, context: context)
    let beat: OrgUnitID = try Check.identifier(request.beatID, field: "beat_id")
    let days = try TaskDays.range(request.fromDate, request.toDate, longest: 31)
    let time = try Check.time(
      request.hasOccurTime ? request.occurTime : nil, field: "occur_time", now: now)
    let made = try await store.write(
      key, provenance: key.provenance, reach: CallContext.current.reach, now: now
    ) {
      try TaskListMaking().make(for: beat, days, at: time, in: $0)
    }
    CallContext.current.notes["subject"] = beat.description
    return .with {
      $0.madeCount = Int32(clamping: made.made)
      $0.mergedCount = Int32(clamping: made.merged)
      $0.keptCount = Int32(clamping: made.kept)
      $0.restDayCount = Int32(clamping: made.restDays)
    }
  }

  public func addTask(
    request: Quintet_Duty_V1_AddTaskRequest, context: ServerContext
  ) async throws -> Quintet_Duty_V1_AddTaskResponse {
    let now = clock()
    let key = try RequestKey(request, id: request.requestID, context: context)
    guard request.hasPlace else { throw Failure.required("place") }
    let command = AddTask(
      beat: try Check.identifier(request.beatID, field: "beat_id"),
      templateCode: try RosterCheck.code(request.templateCode, field: "template_code"),
      place: try TaskPlace(request.place, field: "place"),
      due: try request.hasDueTime
        ? Check.time(request.dueTime, field: "due_time", now: .distantFuture) : nil,
      note: try Check.text(request.note, field: "note", max: 500),
      reference: try Check.code(request.reference, field: "reference", max: 64),
      time: try Check.time(
        request.hasOccurTime ? request.occurTime : nil, field: "occur_time", now: now))
    let (need, method) = (key.id, key.method)
    let added = try await store.write(
      key, provenance: key.provenance, reach: CallContext.current.reach, now: now
    ) { writer in
      let added = try TaskRoom().add(command, key: "\(method)/\(need)", in: writer)
      return AddedTaskView(
        view: try TaskView(added.task, in: writer), isMerged: added.isMerged)
    }
    CallContext.current.notes["subject"] = added.view.task.id.description
    return .with {
      $0.task = Quintet_Duty_V1_Task(added.view, now: now)
      $0.merged = added.isMerged
    }
  }

  private struct AddedTaskView: Codable, Sendable {
    let view: TaskView
    let isMerged: Bool
  }

  public func reassignTask(
    request: Quintet_Duty_V1_ReassignTaskRequest, context: ServerContext
  ) async throws -> Quintet_Duty_V1_ReassignTaskResponse {
    let now = clock()
    let key = try RequestKey(request, id: request.requestID, context: context)
    let id: TaskID = try Check.identifier(request.taskID, field: "task_id")
    let revision = try TaskCheck.optionalRevision(request.etag, field: "etag")
    let beat: OrgUnitID = try Check.identifier(request.beatID, field: "beat_id")
    let reason = try Check.text(request.reason, field: "reason", max: 500, required: true)
    let time = try Check.time(
      request.hasOccurTime ? request.occurTime : nil, field: "occur_time", now: now)
    let view = try await store.write(
      key, provenance: key.provenance, reach: CallContext.current.reach, now: now
    ) {
      let task = try TaskRoom().reassign(
        id, revision: revision, to: beat, reason: reason, at: time, in: $0)
      return try TaskView(task, in: $0)
    }
    CallContext.current.notes["subject"] = id.description
    return .with { $0.task = Quintet_Duty_V1_Task(view, now: now) }
  }

  public func returnTask(
    request: Quintet_Duty_V1_ReturnTaskRequest, context: ServerContext
  ) async throws -> Quintet_Duty_V1_ReturnTaskResponse {
    let now = clock()
    let key = try RequestKey(request, id: request.requestID, context: context)
    let id: TaskID = try Check.identifier(request.taskID, field: "task_id")
    let revision = try TaskCheck.optionalRevision(request.etag, field: "etag")
    let reason = try Check.text(request.reason, field: "reason", max: 500, required: true)
    let time = try Check.time(
      request.hasOccurTime ? request.occurTime : nil, field: "occur_time", now: now)
    let view = try await store.write(
      key, provenance: key.provenance, reach: CallContext.current.reach, now: now
    ) {
      let task = try TaskRoom().takeBack(
        id, revision: revision, reason: reason, at: time, in: $0)
      return try TaskView(task, in: $0)
    }
    CallContext.current.notes["subject"] = id.description
    return .with { $0.task = Quintet_Duty_V1_Task(view, now: now) }
  }
}

/// Days of a request.
enum TaskDays {
  static func range(
    _ from: String, _ to: String, longest: Int
  ) throws -> ClosedRange<RosterDay> {
    let first = try RosterCheck.day(from, field: "from_date")
    let last = try RosterCheck.day(to, field: "to_date")
    guard first <= last, last < first.adding(longest) else {
      throw Failure.invalid(
        "OUT_OF_RANGE", field: "to_date",
        "须为 from_date 起的 1 至 \(longest) 天。It must be 1 to \(longest) days from from_date on.")
    }
    return first...last
  }
}
