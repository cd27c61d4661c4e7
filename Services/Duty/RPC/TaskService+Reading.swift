// What is read of plans, tasks and counts.
import Access
import DutyDomain
import Foundation
public import GRPCCore
import Identifiers
public import QuintetAPI
import SwiftProtobuf
import Wire

extension TaskService {
  public func getTaskPlan(
    request: Quintet_Duty_V1_GetTaskPlanRequest, context: ServerContext
  ) async throws -> Quintet_Duty_V1_GetTaskPlanResponse {
    let beat: OrgUnitID = try Check.identifier(request.beatID, field: "beat_id")
    let plan = try await store.read(within: CallContext.current.reach) {
      try $0.taskPlan(of: beat)
    }
    guard let plan else { throw TaskError.planUnknown(beat) }
    return .with { $0.plan = Quintet_Duty_V1_TaskPlan(plan) }
  }

  public func getTask(
    request: Quintet_Duty_V1_GetTaskRequest, context: ServerContext
  ) async throws -> Quintet_Duty_V1_GetTaskResponse {
    let now = clock()
    let id: TaskID = try Check.identifier(request.taskID, field: "task_id")
    let (view, kept) = try await store.read(within: CallContext.current.reach) { reader in
      guard let task = try reader.task(id) else { throw TaskError.taskUnknown(id) }
      return (try TaskView(task, in: reader), try reader.keptReports(of: id, limit: 50))
    }
    return .with {
      $0.task = Quintet_Duty_V1_Task(view, now: now)
      $0.keptReports = AnswerSize.fitting(kept.map(Quintet_Duty_V1_KeptTaskReport.init))
    }
  }

  public func listTasks(
    request: Quintet_Duty_V1_ListTasksRequest, context: ServerContext
  ) async throws -> Quintet_Duty_V1_ListTasksResponse {
    let now = clock()
    let size = try Check.count(request.pageSize, field: "page_size", 1...200, standard: 50)
    let after = try RosterCheck.key(request.pageToken)
    let filter = try filter(request, now: now)
    let views = try await store.read(within: CallContext.current.reach) { reader in
      try TaskView.all(try reader.tasks(filter, after: after, limit: size + 1), in: reader)
    }
    let page = AnswerSize.fitting(
      views.prefix(size).map { Quintet_Duty_V1_Task($0, now: now) })
    return .with {
      $0.tasks = page
      if views.count > page.count, let last = views.prefix(page.count).last?.task {
        $0.nextPageToken = RosterCheck.token(last.due, last.id.description)
      }
    }
  }

  private func filter(
    _ request: Quintet_Duty_V1_ListTasksRequest, now: Date
  ) throws -> TaskFilter {
    let from =
      try request.hasStartTime
      ? Check.time(request.startTime, field: "start_time", now: .distantFuture) : nil
    let before =
      try request.hasEndTime
      ? Check.time(request.endTime, field: "end_time", now: .distantFuture) : nil
    if let from, let before, from >= before {
      throw Failure.invalid(
        "TIMES_REVERSED", field: "end_time",
        "end_time 须晚于 start_time。end_time must be later than start_time.")
    }
    return TaskFilter(
      beat: try Check.optionalIdentifier(request.beatID, field: "beat_id"),
      states: try Check.list(request.states, field: "states", 0...5).enumerated().map {
        try TaskState($1, field: "states[\($0)]")
      }, dueFrom: from, dueBefore: before, overdueAt: request.overdueOnly ? now : nil)
  }

  public func getTaskPhoto(
    request: Quintet_Duty_V1_GetTaskPhotoRequest, context: ServerContext
  ) async throws -> Quintet_Duty_V1_GetTaskPhotoResponse {
    let id: TaskID = try Check.identifier(request.taskID, field: "task_id")
    let digest = try Check.digest(request.digest, field: "digest")
    let photo = try await store.read(within: CallContext.current.reach) { reader in
      guard try reader.task(id) != nil else { throw TaskError.taskUnknown(id) }
      guard let photo = try reader.taskPhoto(digest, of: id) else {
        throw TaskError.photoUnknown(digest)
      }
      return photo
    }
    return .with {
      $0.mediaType = photo.mediaType
      $0.data = Data(photo.data)
    }
  }

  public func getTaskProgress(
    request: Quintet_Duty_V1_GetTaskProgressRequest, context: ServerContext
  ) async throws -> Quintet_Duty_V1_GetTaskProgressResponse {
    let days = try TaskDays.range(request.fromDate, request.toDate, longest: 366)
    let time = try Check.time(
      request.hasAsOfTime ? request.asOfTime : nil, field: "as_of_time", now: clock())
    let all = try await store.read(within: CallContext.current.reach) {
      try TaskProgress.all(
        dueWithin: days.lowerBound.start..<days.upperBound.adding(1).start, asOf: time, in: $0)
    }
    return .with {
      $0.progress = all.map { progress in
        .with {
          $0.orgUnitID = progress.orgUnit.id.description
          $0.orgUnitCode = progress.orgUnit.code
          $0.orgUnitName = progress.orgUnit.name
          $0.rank = Quintet_Duty_V1_OrgRank(progress.orgUnit.rank)
          $0.figures = Quintet_Duty_V1_TaskFigures(progress.figures)
        }
      }
      $0.total = Quintet_Duty_V1_TaskFigures(
        all.filter { $0.orgUnit.rank == .beat }.reduce(TaskFigures()) { $0 + $1.figures })
    }
  }
}
