// What phones ask and report: Docs/integrating.md tells their side of it.
import Access
import Crypto
import DutyDomain
import Foundation
public import GRPCCore
import Identifiers
public import QuintetAPI
import SwiftProtobuf
import Wire

extension TaskService {
  public func syncTaskList(
    request: Quintet_Duty_V1_SyncTaskListRequest, context: ServerContext
  ) async throws -> Quintet_Duty_V1_SyncTaskListResponse {
    let now = clock()
    let beat: OrgUnitID = try Check.identifier(request.beatID, field: "beat_id")
    let text = try Check.text(request.syncToken, field: "sync_token", max: 256)
    let size = try Check.count(request.pageSize, field: "page_size", 1...200, standard: 100)
    let held = TaskSyncToken(text, of: beat, now: now)
    let token = held ?? TaskSyncToken(sequence: 0, isBeginning: true)
    let since = token.isBeginning ? now.addingTimeInterval(-TaskSyncToken.doneAge) : nil
    let (changes, views) = try await store.read(within: CallContext.current.reach) { reader in
      guard try reader.orgUnit(beat) != nil else {
        throw DutyError.orgUnitUnknown(beat, field: "beat_id")
      }
      guard reader.reaches(beat) else { throw TaskError.outsideReach(field: "beat_id") }
      let changes = try reader.taskChanges(
        of: beat, after: token.sequence, doneSince: since, limit: size + 1)
      return (changes, try TaskView.all(changes.compactMap(\.task), in: reader))
    }
    return Self.answer(changes, views, size, token, beat, now: now, isFull: held == nil)
  }

  private static func answer(
    _ changes: [TaskChange], _ views: [TaskView], _ size: Int, _ token: TaskSyncToken,
    _ beat: OrgUnitID, now: Date, isFull: Bool
  ) -> Quintet_Duty_V1_SyncTaskListResponse {
    var given = Quintet_Duty_V1_SyncTaskListResponse()
    var rest = views[...]
    var templates: Set<TaskTemplateKey> = []
    var (bytes, sequence, count) = (0, token.sequence, 0)
    for change in changes.prefix(size) {
      switch change.kind {
      case .gone(let id): given.goneTaskIds.append(id.description)
      case .task:
        guard let view = rest.first else { break }
        let task = Quintet_Duty_V1_Task(view, now: now)
        let new = view.templates.filter { !templates.contains($0.key) }
        let told = new.map { Quintet_Duty_V1_TaskTemplate($0) }
        bytes += Self.size(of: task) + told.reduce(0) { $0 + Self.size(of: $1) }
        if count > 0, bytes > AnswerSize.limit {
          given.hasMore_p = true
          break
        }
        rest = rest.dropFirst()
        templates.formUnion(new.map(\.key))
        given.tasks.append(task)
        given.templates += told
      }
      if given.hasMore_p { break }
      sequence = change.sequence
      count += 1
    }
    given.hasMore_p = given.hasMore_p || changes.count > count
    given.syncToken = TaskSyncToken(
      sequence: sequence, isBeginning: token.isBeginning && given.hasMore_p
    ).text(of: beat, now: now)
    given.isFull = isFull
    given.serviceTime = now.timestamp
    return given
  }

  private static func size(of message: some SwiftProtobuf.Message) -> Int {
    let bytes: Data? = try? message.serializedBytes()
    return bytes?.count ?? 0
  }

  public func submitTaskReports(
    request: Quintet_Duty_V1_SubmitTaskReportsRequest, context: ServerContext
  ) async throws -> Quintet_Duty_V1_SubmitTaskReportsResponse {
    let now = clock()
    let key = try RequestKey(request, id: request.requestID, context: context)
    let device = try Check.code(
      request.deviceCode, field: "device_code", max: 64, required: true)
    let reports = try TaskReport.all(request.reports)
    let reporting = TaskReporting(
      actor: CallContext.current.principal.actor, device: device, now: now)
    let taken = try await store.write(
      key, provenance: key.provenance, reach: CallContext.current.reach, now: now
    ) {
      try reporting.take(reports, in: $0)
    }
    CallContext.current.notes["subject"] = reports.first?.taskID.description
    return .with {
      $0.outcomes = zip(reports, taken.answers).map {
        Quintet_Duty_V1_TaskReportOutcome($0, $1)
      }
      $0.nextOrdinal = taken.next
      $0.serviceTime = now.timestamp
    }
  }

  /// Bytes of one photo.
  private static var photoLimit: Int { 700 * 1024 }

  public func putTaskPhoto(
    request: Quintet_Duty_V1_PutTaskPhotoRequest, context: ServerContext
  ) async throws -> Quintet_Duty_V1_PutTaskPhotoResponse {
    let now = clock()
    let key = try RequestKey(request, id: request.requestID, context: context)
    let id: TaskID = try Check.identifier(request.taskID, field: "task_id")
    let photo = try Self.photo(request)
    let isWhole = Self.isWhole(photo)
    _ = try await store.write(
      key, provenance: key.provenance, reach: CallContext.current.reach, now: now
    ) { writer -> String in
      // Of a task that another beat has meanwhile, the photo of what was done is kept as well.
      guard try writer.task(id) != nil || writer.departure(of: id) != nil else {
        throw TaskError.taskUnknown(id)
      }
      guard isWhole else {
        throw Failure.invalid(
          "DIGEST_MISMATCH", field: "data",
          "照片内容与摘要不符，请重新上传。The photo is not what its digest says; send it again.")
      }
      if try writer.hasTaskPhoto(photo.digest, of: id) { return photo.digest }
      guard try writer.taskPhotoCount(of: id) < TaskPhoto.limit else {
        throw TaskError.tooManyPhotos
      }
      try writer.save(photo, of: id)
      return photo.digest
    }
    CallContext.current.notes["subject"] = id.description
    return .with { $0.digest = photo.digest }
  }

  private static func photo(
    _ request: Quintet_Duty_V1_PutTaskPhotoRequest
  ) throws -> TaskPhoto {
    let digest = try Check.digest(request.digest, field: "digest")
    guard ["image/jpeg", "image/png", "image/webp"].contains(request.mediaType) else {
      guard !request.mediaType.isEmpty else { throw Failure.required("media_type") }
      throw Failure.invalid(
        "MEDIA_TYPE_NOT_ALLOWED", field: "media_type",
        "照片须为 JPEG、PNG 或 WebP。A photo is JPEG, PNG or WebP.")
    }
    guard !request.data.isEmpty else { throw Failure.required("data") }
    guard request.data.count <= photoLimit else {
      throw Failure.invalid(
        "TOO_LONG", field: "data",
        "照片不得超过 \(photoLimit) 字节。A photo takes at most \(photoLimit) bytes.")
    }
    return TaskPhoto(digest: digest, mediaType: request.mediaType, data: [UInt8](request.data))
  }

  private static func isWhole(_ photo: TaskPhoto) -> Bool {
    SHA256.hash(data: photo.data).map { String(format: "%02x", $0) }.joined() == photo.digest
  }
}

extension TaskChange {
  fileprivate var task: DutyTask? {
    if case .task(let task) = kind { task } else { nil }
  }
}
