// 一张清单: each of the 56 beats has its list of the day, signed in the morning and done in two rounds, as
// phones do it: the list is fetched, what was done is reported in order, photos first. One phone has no
// link all day and delivers at night.
import Datasets
import DemoBureau
import Foundation
import GRPCCore
import QuintetAPI
import ServiceHost
import SwiftProtobuf
import Wire

enum DemoTaskStep: Sendable {
  case sign, firstRound, lastRound
}

struct DemoTasks: Sendable {
  let suite: SuiteCalls
  let bureau: Bureau
  /// `org_…` by index into `Bureau.beats`.
  let beatIDs: [String]
  let midnight: Date

  /// The beat whose phone has no link until night.
  static let offline = 3

  /// Seconds after midnight at which a beat's phone reports.
  static func second(_ step: DemoTaskStep, of beat: Int) -> Double {
    let apart = Double(beat * 60)
    return switch step {
    case .sign: 8 * 3600 + apart
    case .firstRound: (beat == offline ? 20 : 11) * 3600 + apart
    case .lastRound: (beat == offline ? 20.5 : 16) * 3600 + apart
    }
  }

  // MARK: - Before the day

  /// The catalogue, the plans and the lists of the day.
  func prepare() async throws {
    let lines = try TaskLines(file: nil)
    let tally = try await lines.send(
      Quintet_Duty_V1_TaskTemplateService.Client(wrapping: suite.client))
    if let problem = (lines.problems + tally.problems).first {
      throw DemoPlaceRefused(words: problem)
    }
    for beat in beatIDs.indices {
      try await putPlan(of: beat)
      try await makeList(of: beat)
    }
  }

  private func putPlan(of beat: Int) async throws {
    let code = bureau.beats[beat].code
    let request = Quintet_Duty_V1_PutTaskPlanRequest.with {
      $0.requestID = "demo/task-plan/\(beat)"
      $0.plan = .with {
        $0.beatID = beatIDs[beat]
        $0.fromDate = date
        // For this day alone: the service itself makes lists for days to come.
        $0.untilDate = date
        $0.entries = Self.entries(of: beat).map { template, place, name in
          .with {
            $0.templateCode = template
            $0.place = .with {
              $0.code = "\(code)-\(place)"
              $0.name = name
            }
          }
        }
      }
      $0.occurTime = midnight.timestamp
    }
    _ = try await suite.call("PutTaskPlan \(code)") {
      try await tasks.putTaskPlan(request, metadata: Self.room, options: .item)
    }
  }

  private func makeList(of beat: Int) async throws {
    let request = Quintet_Duty_V1_MakeTaskListRequest.with {
      $0.requestID = "demo/task-list/\(beat)"
      $0.beatID = beatIDs[beat]
      $0.fromDate = date
      $0.toDate = date
      $0.occurTime = midnight.timestamp
    }
    _ = try await suite.call("MakeTaskList") {
      try await tasks.makeTaskList(request, metadata: Self.room, options: .item)
    }
  }

  /// What every beat has, and what some have. The hotel's two checks are made one task.
  private static func entries(of beat: Int) -> [(String, String, String)] {
    var entries = [
      ("beat.walk", "community", "社区"), ("beat.households", "estate", "安居小区"),
      ("hotel.daily", "hotel", "悦来旅馆"), ("hotel.minors", "hotel", "悦来旅馆"),
      ("rent.visit", "rental", "青年公寓"),
    ]
    if beat % 3 == 0 { entries.append(("bank.teller", "bank", "储蓄所")) }
    if beat % 4 == 1 { entries.append(("beat.cctv", "cameras", "主街点位")) }
    if beat % 5 == 2 { entries.append(("haz.parcel", "parcel", "快递网点")) }
    return entries
  }

  private var date: String { String(LocalTime.text(midnight).prefix(10)) }

  // MARK: - During the day

  /// - Returns: what to tell, or nil when nothing is worth it.
  func perform(_ step: DemoTaskStep, of beat: Int, at time: Date) async throws -> String? {
    if beat == Self.offline, case .sign = step { return nil }
    // What the phone without a link did in the morning, it tells now, with the times of its own clock.
    if beat == Self.offline, case .firstRound = step {
      try await report(.sign, of: beat, at: midnight.addingTimeInterval(8.5 * 3600))
    }
    let count = try await report(step, of: beat, at: time)
    guard beat == Self.offline, case .firstRound = step else { return nil }
    return
      "清单 list：\(bureau.beats[beat].name)的手机断网一天后补报 \(count) 项 / reported after a day without a link"
  }

  @discardableResult
  private func report(_ step: DemoTaskStep, of beat: Int, at time: Date) async throws -> Int {
    let listed = try await list(of: beat)
    let isSigning = if case .sign = step { true } else { false }
    let wanted: Quintet_Duty_V1_TaskState = isSigning ? .issued : .signed
    let kind: Quintet_Duty_V1_TaskReportKind = isSigning ? .sign : .done
    var due = listed.filter { $0.state == wanted }
    if case .firstRound = step { due = Array(due.prefix(due.count / 2)) }
    guard !due.isEmpty else { return 0 }
    // One report for each step of each task: how many there were is what the list says.
    let before = listed.reduce(0) { $0 + ($1.state == .done ? 2 : $1.state == .signed ? 1 : 0) }
    for task in due where kind == .done { try await putSignature(for: task, beat) }
    let request = Quintet_Duty_V1_SubmitTaskReportsRequest.with {
      $0.requestID = "demo/reports/\(beat)/\(before)"
      $0.deviceCode = "phone"
      $0.reports = due.enumerated().map { index, task in
        .with {
          $0.id = "report-\(beat)-\(before + index + 1)"
          $0.ordinal = Int64(before + index + 1)
          $0.taskID = task.id
          $0.taskEtag = task.etag
          $0.kind = kind
          $0.deviceTime = time.timestamp
          if kind == .done { $0.answers = Self.answers(to: task) }
        }
      }
    }
    let answer = try await suite.call("SubmitTaskReports") {
      try await tasks.submitTaskReports(request, metadata: officer(beat), options: .item)
    }
    if let odd = answer.outcomes.first(where: { $0.result != .applied }) {
      throw DemoTaskRefused(reason: odd.reason)
    }
    return due.count
  }

  private func list(of beat: Int) async throws -> [Quintet_Duty_V1_Task] {
    let request = Quintet_Duty_V1_SyncTaskListRequest.with {
      $0.beatID = beatIDs[beat]
      $0.pageSize = 200
    }
    return try await suite.call("SyncTaskList") {
      try await tasks.syncTaskList(request, metadata: officer(beat), options: .item).tasks
        .sorted { $0.id < $1.id }
    }
  }

  /// What the form asks and is not known: the first choice, a small number, a word.
  private static func answers(
    to task: Quintet_Duty_V1_Task
  ) -> [Quintet_Type_V1_FormAnswer] {
    let known = Set(task.answers.map(\.answer.fieldCode))
    return task.form.fields.filter { $0.required && !known.contains($0.code) }.map { field in
      .with {
        $0.fieldCode = field.code
        switch field.kind {
        case .chooseOne, .chooseMany: $0.choices.codes = [field.options[0].code]
        case .number: $0.number = max(field.minNumber, min(6, field.maxNumber))
        case .photo, .signature: $0.attachments.digests = [Signature.digest]
        default: $0.text = "已查看，正常"
        }
      }
    }
  }

  private func putSignature(for task: Quintet_Duty_V1_Task, _ beat: Int) async throws {
    let isAsked = task.form.fields.contains {
      $0.required && ($0.kind == .photo || $0.kind == .signature)
    }
    guard isAsked else { return }
    let request = Quintet_Duty_V1_PutTaskPhotoRequest.with {
      $0.requestID = "demo/signature/\(task.id)"
      $0.taskID = task.id
      $0.digest = Signature.digest
      $0.mediaType = "image/png"
      $0.data = Signature.data
    }
    _ = try await suite.call("PutTaskPhoto") {
      try await tasks.putTaskPhoto(request, metadata: officer(beat), options: .item)
    }
  }

  // MARK: - Who

  private var tasks: some Quintet_Duty_V1_TaskService.ClientProtocol {
    Quintet_Duty_V1_TaskService.Client(wrapping: suite.client)
  }

  private static let room = DemoActor.recipient("tasks")

  private func officer(_ beat: Int) -> Metadata {
    DemoActor.recipient(bureau.beats[beat].code)
  }

  /// The smallest picture there is.
  private enum Signature {
    static let data =
      Data(
        base64Encoded:
          "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABh6FO1AAA"
          + "AABJRU5ErkJggg==") ?? Data()
    static let digest = "cb50791900451215ccb32c6487f4f2ead45bddcdbc408266d26b24f60b7bd5c7"
  }
}

/// A phone's report did not fit.
struct DemoTaskRefused: Error, CustomStringConvertible {
  let reason: String

  var description: String { "清单上报未被采纳：\(reason) / a report of a list was not applied" }
}

extension DemoPlayer {
  func tasks(_ beat: Int, _ step: DemoTaskStep) async throws {
    let lists = DemoTasks(
      suite: suite, bureau: bureau, beatIDs: fleet.beatIDs, midnight: midnight)
    if let told = try await lists.perform(step, of: beat, at: time) { narrator.line(now, told) }
    listsMoved = true
  }

  func planTasks() {
    for beat in bureau.beats.indices {
      for step in [DemoTaskStep.sign, .firstRound, .lastRound] {
        plan(.tasks(beat, step), at: DemoTasks.second(step, of: beat))
      }
    }
  }
}
