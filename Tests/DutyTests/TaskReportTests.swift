// What phones report: what fits moves the task, what does not is kept with its reason, and nothing is
// taken twice.
import Access
import DutyStore
import Forms
import Foundation
import Identifiers
import Testing

@testable import DutyDomain

@Suite struct TaskReportTests {
  private let hour: TimeInterval = 3600
  private let seen = FormAnswer.number("seen", 3)

  private func kept(_ task: TaskID, _ desk: TaskDesk) async throws -> [TakenTaskReport] {
    try await desk.hall.read { try $0.keptReports(of: task, limit: 50) }
  }

  @Test func aTaskGoesFromIssuedToDoneAndSaysWhoAndWhen() async throws {
    try await TaskDesk.with { desk in
      try await desk.put(TaskDesk.template("d"))
      let task = try await desk.add("d").task
      let time = taskMonday.start + 3 * hour
      // The device was two minutes ahead.
      let reports = [
        desk.report(1, task, .sign, at: time),
        TaskReport(
          id: "report-2", ordinal: 2, taskID: task.id, act: .done([seen]),
          deviceTime: time + 120, clockAheadMilliseconds: 120_000, taskRevision: task.revision),
      ]
      let first = try await desk.submit(reports)
      #expect(first.misfits == [nil, nil] && first.next == 3)
      let done = try #require(try await desk.task(task.id))
      #expect(done.state == .done && done.doneTime == time && done.doneBy == "person/officer0")
      #expect(done.answers.map(\.answer) == [seen])
      // The same again, and a part of it: the same outcome, and nothing moves.
      #expect(try await desk.submit(reports) == first)
      #expect(try await desk.submit([reports[1]]).misfits == [nil])
      #expect(try await desk.task(task.id) == done)
    }
  }

  @Test func ordinalsThatAreMissingOrUsedAreNotTaken() async throws {
    try await TaskDesk.with { desk in
      try await desk.put(TaskDesk.template("d"))
      let task = try await desk.add("d").task
      let gap = try await desk.submit([desk.report(2, task, .sign)])
      #expect(gap.answers == [.ordinalGap] && gap.next == 1)
      try await desk.submit([desk.report(1, task, .sign)])
      let other = TaskReport(
        id: "another", ordinal: 1, taskID: task.id, act: .sign, deviceTime: noon, taskRevision: 1)
      #expect(try await desk.submit([other]).answers == [.ordinalReused])
      let sameID = TaskReport(
        id: "report-1", ordinal: 2, taskID: task.id, act: .done([seen]), deviceTime: noon,
        taskRevision: 1)
      #expect(try await desk.submit([sameID]).answers == [.ordinalReused])
      // Another device has a count of its own.
      let second = try await desk.submit([desk.report(1, task, .sign)], device: "tablet")
      #expect(second.misfits == [.alreadySigned] && second.next == 2)
    }
  }

  @Test func everyMoveThatIsNotAllowedIsKeptAndChangesNothing() async throws {
    try await TaskDesk.with { desk in
      try await desk.put(TaskDesk.template("d"))
      try await desk.put(TaskDesk.template("e", looksAt: ["e"]))
      try await desk.plan(
        [("e", "shop-7")], from: taskMonday.adding(3), until: taskMonday.adding(3))
      try await desk.make(from: taskMonday.adding(3), at: taskMonday.start)
      let planned = try #require(try await desk.tasks().first)
      let issued = try await desk.add("d").task
      let done = try await desk.add("d", "shop-2").task
      let returned = try await desk.add("d", "shop-3").task
      try await desk.submit([
        desk.report(1, done, .sign), desk.report(2, done, .done([seen])),
        desk.report(3, returned, .sign), desk.report(4, returned, .giveBack(reason: "关门")),
      ])
      let before = try await desk.tasks()
      let cases: [(DutyTask, TaskReport.Act, TaskReportMisfit)] = [
        (planned, .sign, .notIssued), (planned, .done([seen]), .notIssued),
        (planned, .giveBack(reason: "x"), .notIssued), (issued, .done([seen]), .notSigned),
        (issued, .giveBack(reason: "x"), .notSigned), (done, .sign, .alreadyDone),
        (done, .done([seen]), .alreadyDone), (done, .giveBack(reason: "x"), .alreadyDone),
        (returned, .sign, .moveNotAllowed), (returned, .giveBack(reason: "x"), .moveNotAllowed),
      ]
      for (index, (task, act, misfit)) in cases.enumerated() {
        let answer = try await desk.submit([desk.report(Int64(index) + 5, task, act)])
        #expect(answer.misfits == [misfit], "\(task.state) \(act)")
      }
      #expect(try await desk.tasks() == before)
      #expect(
        try await kept(done.id, desk).map(\.outcome.misfit) == [
          .alreadyDone, .alreadyDone, .alreadyDone,
        ])
      // Whoever returned it may do it after all.
      let answer = try await desk.submit([desk.report(15, returned, .done([seen]))])
      #expect(answer.misfits == [nil])
    }
  }

  @Test func answersThatTheFormDoesNotTakeAreKeptWithFieldAndRule() async throws {
    try await TaskDesk.with { desk in
      try await desk.put(
        TaskDesk.template(
          "d",
          fields: [
            TaskDesk.field("seen"), TaskDesk.field("choice", .chooseOne),
            TaskDesk.field("photo", .photo, required: false),
          ]))
      let task = try await desk.add("d").task
      let bad: [FormAnswer] = [
        .number("seen", 5000), FormAnswer(fieldCode: "choice", value: .choices(["no"])),
        FormAnswer(fieldCode: "photo", value: .attachments([String(repeating: "0", count: 64)])),
        .number("more", 1),
      ]
      let answers = try await desk.submit([
        desk.report(1, task, .sign), desk.report(2, task, .done(bad)),
        desk.report(3, task, .done([])),
      ])
      #expect(answers.misfits == [nil, .answersInvalid, .answersInvalid])
      let problems = try await kept(task.id, desk).map { taken in
        taken.outcome.problems.map { "\($0.fieldCode) \($0.rule)" }
      }
      #expect(
        problems == [
          [
            "seen OUT_OF_RANGE", "choice OPTION_UNKNOWN", "photo ATTACHMENT_UNKNOWN",
            "more FIELD_UNKNOWN",
          ],
          ["seen REQUIRED", "choice REQUIRED"],
        ])
      // The photo that was uploaded counts.
      let digest = String(repeating: "a", count: 64)
      try await desk.hall.write {
        try $0.save(TaskPhoto(digest: digest, mediaType: "image/png", data: [1]), of: task.id)
      }
      let good: [FormAnswer] = [
        .number("seen", 5), FormAnswer(fieldCode: "choice", value: .choices(["ok"])),
        FormAnswer(fieldCode: "photo", value: .attachments([digest])),
      ]
      #expect(try await desk.submit([desk.report(4, task, .done(good))]).misfits == [nil])
    }
  }

  @Test func aTaskGivenToAnotherBeatMeanwhileKeepsWhatTheFirstDid() async throws {
    try await TaskDesk.with { desk in
      try await desk.put(TaskDesk.template("d"))
      let task = try await desk.add("d").task
      let other = desk.beats[1]
      let moved = try await desk.hall.write {
        try TaskRoom().reassign(
          task.id, revision: task.revision, to: other, reason: "休假",
          at: taskMonday.start + 2 * hour, in: $0)
      }
      #expect(moved.beat == other && moved.state == .issued)
      let answers = try await desk.submit([
        desk.report(1, task, .sign), desk.report(2, task, .done([seen])),
      ])
      #expect(answers.misfits == [.reassigned, .reassigned])
      #expect(try await kept(task.id, desk).map(\.report.act) == [.sign, .done([seen])])
      #expect(try await desk.task(task.id)?.state == .issued)
      // The other beat, which knows of it, does it.
      let second = try await desk.submit(
        [desk.report(1, moved, .sign), desk.report(2, moved, .done([seen]))], beat: 1)
      #expect(second.misfits == [nil, nil])
      // A task that never was on a list of theirs is no task of theirs.
      let foreign = try await desk.add("d", "shop-5", beat: 1).task
      #expect(try await desk.submit([desk.report(3, foreign, .sign)]).misfits == [.taskUnknown])
    }
  }

  @Test func aTaskTakenBackMeanwhileIsNotDoneByWhoDoesNotKnow() async throws {
    try await TaskDesk.with { desk in
      try await desk.put(TaskDesk.template("d"))
      let task = try await desk.add("d").task
      try await desk.submit([desk.report(1, task, .sign)])
      let signed = try #require(try await desk.task(task.id))
      let back = try await desk.hall.write {
        try TaskRoom().takeBack(
          task.id, revision: signed.revision, reason: "改派", at: taskMonday.start + 4.5 * hour,
          in: $0)
      }
      let late = try await desk.submit([desk.report(2, signed, .done([seen]))])
      #expect(late.misfits == [.returnedMeanwhile])
      let knowing = try await desk.submit([desk.report(3, back, .done([seen]))])
      #expect(knowing.misfits == [nil])
    }
  }

  @Test func whatCameAfterThePhoneLastHeardStaysToBeDone() async throws {
    try await TaskDesk.with { desk in
      try await desk.put(TaskDesk.template("d"))
      try await desk.put(
        TaskDesk.template("more", fields: [TaskDesk.field("seen"), TaskDesk.field("more")]))
      let task = try await desk.add("d").task
      #expect(try await desk.add("more").isMerged)
      let answers = try await desk.submit([
        desk.report(1, task, .sign), desk.report(2, task, .done([seen])),
      ])
      #expect(answers.misfits == [nil, nil])
      let tasks = try await desk.tasks()
      #expect(tasks.count == 2)
      let done = try #require(tasks.first { $0.state == .done })
      let rest = try #require(tasks.first { $0.state == .issued })
      #expect(done.id == task.id && done.bases.map(\.template.code) == ["d"])
      #expect(rest.bases.map(\.template.code) == ["more"])
    }
  }

  @Test func aTaskThatBecameOneWithAnotherWhileItWasDoneIsItselfAgain() async throws {
    try await TaskDesk.with { desk in
      try await desk.put(TaskDesk.template("w", .weekly))
      try await desk.put(
        TaskDesk.template(
          "d", fields: [TaskDesk.field("seen"), TaskDesk.field("more")], weekdays: [2]))
      try await desk.plan([("w", "shop-1"), ("d", "shop-1")], until: taskMonday.adding(1))
      try await desk.make(days: 2)
      let held = try await desk.tasks()
      let (day, week) = (
        try #require(held.first { $0.state == .planned }),
        try #require(held.first { $0.state == .issued })
      )
      // No link from Monday evening on; on Tuesday the two become one, which the phone does not know.
      let tuesday = taskMonday.adding(1).start
      try await desk.look(at: tuesday + hour)
      #expect(try await desk.tasks().map(\.id) == [week.id])
      let answers = try await desk.submit(
        [
          desk.report(1, day, .sign, at: tuesday + 2 * hour),
          desk.report(2, week, .sign, at: tuesday + 2 * hour),
          desk.report(3, day, .done([seen, .number("more", 1)]), at: tuesday + 3 * hour),
          desk.report(4, week, .done([seen]), at: tuesday + 3 * hour),
        ], now: tuesday + 9 * hour)
      #expect(answers.misfits == [nil, nil, nil, nil])
      #expect(try await desk.tasks().map(\.state) == [.done, .done])
    }
  }

  @Test func aPhoneKnowsByItselfThatATasksTimeHasCome() async throws {
    try await TaskDesk.with { desk in
      try await desk.put(TaskDesk.template("d"))
      try await desk.plan([("d", "shop-1")], until: taskMonday.adding(1))
      try await desk.make(days: 2)
      let next = try #require(try await desk.tasks().first { $0.state == .planned })
      let tuesday = taskMonday.adding(1).start
      let answers = try await desk.submit(
        [
          desk.report(1, next, .sign, at: tuesday - hour),
          desk.report(2, next, .sign, at: tuesday + hour),
        ], now: tuesday + 2 * hour)
      #expect(answers.misfits == [.notIssued, nil])
    }
  }
}
