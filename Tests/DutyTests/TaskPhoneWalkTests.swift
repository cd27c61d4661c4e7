// Phones that lose their link, their answers and their patience, against a room that asks for more, gives
// to others and takes back, and a service that is started anew: every report is taken once and in order,
// none is lost, and in the end every phone holds its list as it is.
import Access
import DutyRPC
import DutyStore
import EventLog
import Forms
import Foundation
import GRPCCore
import Identifiers
import Persistence
import QuintetAPI
import SwiftProtobuf
import Testing
import Wire

@testable import DutyDomain

/// A phone as it is meant to be written: what it holds, what it has to tell, and where it was.
private struct Phone {
  let name: String
  let beat: Int
  var token = ""
  /// As the service gave them.
  var held: [String: Quintet_Duty_V1_Task] = [:]
  /// What was done since, until all of it is answered and the list was fetched.
  var done: [String: Quintet_Duty_V1_TaskState] = [:]
  var reports: [TaskReport] = []
  /// Ordinals below it were answered.
  var awaited: Int64 = 1
  /// What was answered first.
  var outcomes: [Int64: TaskReportAnswer] = [:]

  mutating func apply(_ answer: Quintet_Duty_V1_SyncTaskListResponse) {
    if answer.isFull { held = [:] }
    done = [:]
    for id in answer.goneTaskIds { held[id] = nil }
    for task in answer.tasks { held[task.id] = task }
    token = answer.syncToken
  }

  mutating func act(_ time: Date, _ chance: inout Seeded) {
    let open = held.values.filter { (done[$0.id] ?? $0.state) != .done }.sorted { $0.id < $1.id }
    guard let task = open.randomElement(using: &chance), let id = TaskID(task.id),
      let revision = Int(task.etag)
    else { return }
    let act: TaskReport.Act
    switch done[task.id] ?? task.state {
    case .planned, .issued:
      act = .sign
      done[task.id] = .signed
    case .signed where Int.random(in: 0..<4, using: &chance) == 0:
      act = .giveBack(reason: "无人")
      done[task.id] = .returned
    default:
      act = .done([.number("seen", Double(reports.count % 100))])
      done[task.id] = .done
    }
    let ordinal = Int64(reports.count + 1)
    reports.append(
      TaskReport(
        id: "\(name)-\(ordinal)", ordinal: ordinal, taskID: id, act: act, deviceTime: time,
        taskRevision: revision))
  }

  mutating func hear(_ sent: [TaskReport], _ answers: TaskReportAnswers) {
    for (report, answer) in zip(sent, answers.answers) {
      if let first = outcomes[report.ordinal] {
        #expect(first == answer, "\(report.id) was answered otherwise before")
      } else if case .taken = answer {
        outcomes[report.ordinal] = answer
      }
    }
    awaited = max(awaited, answers.next)
  }
}

@Suite struct TaskPhoneWalkTests {
  private func sync(
    _ phone: Phone, _ desk: TaskDesk, at now: Date, size: Int32
  ) async throws -> Quintet_Duty_V1_SyncTaskListResponse {
    let service = TaskService(store: desk.hall.station.store, clock: { now })
    let beat = desk.beats[phone.beat].description
    return try await call(
      "SyncTaskList", of: "TaskService", as: "person/officer\(phone.beat)",
      reach: Reach(seat: beat)
    ) { context in
      try await service.syncTaskList(
        request: .with {
          $0.beatID = beat
          $0.syncToken = phone.token
          $0.pageSize = size
        }, context: context)
    }
  }

  /// Sends a part of what is unanswered, sometimes with what was answered before.
  private func send(
    _ phone: inout Phone, _ desk: TaskDesk, at now: Date, losing: Bool, _ chance: inout Seeded
  ) async throws {
    let back = Int64.random(in: 0...2, using: &chance)
    let first = max(1, phone.awaited - back)
    let rest = phone.reports.filter { $0.ordinal >= first }
    guard !rest.isEmpty else { return }
    let part = Array(rest.prefix(Int.random(in: 1...rest.count, using: &chance)))
    let answers = try await desk.submit(
      part, beat: phone.beat, device: phone.name, now: now)
    if !losing { phone.hear(part, answers) }
  }

  private func room(_ desk: TaskDesk, at now: Date, _ chance: inout Seeded) async throws {
    let tasks = try await desk.tasks()
    let task = tasks.randomElement(using: &chance)
    switch Int.random(in: 0..<4, using: &chance) {
    case 0, 1:
      try await desk.add(
        ["d", "more"].randomElement(using: &chance)!,
        "shop-\(Int.random(in: 0..<4, using: &chance))",
        beat: Int.random(in: 0..<2, using: &chance), at: now)
    case 2:
      guard let task else { return }
      let other = desk.beats[task.beat == desk.beats[0] ? 1 : 0]
      _ = try? await desk.hall.write {
        try TaskRoom().reassign(
          task.id, revision: task.revision, to: other, reason: "改派", at: now, in: $0)
      }
    default:
      guard let task else { return }
      _ = try? await desk.hall.write {
        try TaskRoom().takeBack(
          task.id, revision: task.revision, reason: "收回", at: now, in: $0)
      }
    }
  }

  @Test(arguments: [0xD4, 0x117, 0x56] as [UInt64])
  func whateverIsLostOrSentTwiceEverythingIsTakenOnceAndInOrder(_ seed: UInt64) async throws {
    var chance = Seeded(seed)
    var station = try Station()
    var desk = try await TaskDesk(station)
    try await desk.put(TaskDesk.template("d"))
    try await desk.put(
      TaskDesk.template(
        "more", fields: [TaskDesk.field("seen"), TaskDesk.field("x", required: false)]))
    try await desk.put(TaskDesk.template("w", .weekly))
    for beat in 0..<2 {
      try await desk.plan(
        [("d", "shop-0"), ("w", "shop-0"), ("d", "shop-\(beat + 1)")], beat: beat,
        until: taskMonday.adding(2))
    }
    var phones = [
      Phone(name: "one", beat: 0), Phone(name: "two", beat: 0), Phone(name: "three", beat: 1),
    ]
    var now = taskMonday.start
    for step in 0..<400 {
      now += Double.random(in: 60...1500, using: &chance).rounded()
      let index = phones.indices.randomElement(using: &chance)!
      switch Int.random(in: 0..<10, using: &chance) {
      case 0: try await desk.look(at: now)
      case 1, 2: try await room(desk, at: now, &chance)
      case 3, 4:
        let answer = try await sync(
          phones[index], desk, at: now, size: Int32.random(in: 1...6, using: &chance))
        // A list is never fetched over what has not been told yet: the phone would forget it.
        let isQuiet = phones[index].awaited > Int64(phones[index].reports.count)
        if isQuiet, Int.random(in: 0..<4, using: &chance) > 0 { phones[index].apply(answer) }
      case 5, 6:
        let losing = Int.random(in: 0..<3, using: &chance) == 0
        try await send(&phones[index], desk, at: now, losing: losing, &chance)
      default: phones[index].act(now, &chance)
      }
      if step % 100 == 99 {
        try await station.database.close()
        station = try Station(path: station.path)
        desk = try await TaskDesk(station)
      }
    }
    for index in phones.indices {
      while phones[index].awaited <= Int64(phones[index].reports.count) {
        try await send(&phones[index], desk, at: now, losing: false, &chance)
      }
    }
    // What one told changes the list of another: all of it first.
    for index in phones.indices {
      var more = true
      while more {
        let answer = try await sync(phones[index], desk, at: now, size: 3)
        phones[index].apply(answer)
        more = answer.hasMore_p
      }
    }
    try await check(phones, desk)
    try await station.database.close()
  }

  private func check(_ phones: [Phone], _ desk: TaskDesk) async throws {
    let tasks = try await desk.tasks()
    var applied: [TaskID: [TaskReport]] = [:]
    for phone in phones {
      #expect(phone.reports.count > 10)
      for report in phone.reports {
        let taken = try await desk.hall.read {
          try $0.taskReport(
            of: "person/officer\(phone.beat)", phone.name, ordinal: report.ordinal)
        }
        // Once, in its place, and as it was sent.
        #expect(taken?.report == report)
        if let first = phone.outcomes[report.ordinal], let taken {
          #expect(first == .taken(taken.outcome))
        }
        if taken?.outcome.misfit == nil {
          applied[report.taskID, default: []].append(report)
        } else {
          let kept = try await desk.hall.read {
            try $0.keptReports(of: report.taskID, limit: 1000)
          }
          #expect(kept.contains { $0.report == report })
        }
      }
      // The phone holds its list as it is.
      let mine = tasks.filter { $0.beat == desk.beats[phone.beat] }
      #expect(
        Set(phone.held.values.map { "\($0.id) \($0.etag) \($0.state)" })
          == Set(mine.map { "\($0.id) \($0.revision) \($0.state)" }))
    }
    // A task is done exactly when one report of it was applied, and has that one's answers.
    for task in tasks {
      let done = (applied[task.id] ?? []).filter {
        if case .done = $0.act { true } else { false }
      }
      #expect(done.count == (task.state == .done ? 1 : 0))
      if case .done(let answers)? = done.first?.act {
        #expect(task.answers.filter { $0.given == nil }.map(\.answer) == answers)
      }
    }
    // Every need is met by exactly one task.
    let needs = try await desk.hall.station.rows().count { $0.hasPrefix("task_basis|") }
    #expect(tasks.reduce(0) { $0 + $1.bases.count } == needs)
    #expect(tasks.contains { $0.state == .done } && tasks.contains { $0.bases.count > 1 })
  }
}
