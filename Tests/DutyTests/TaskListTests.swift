// Lists: made once for each day, week and month, doubles made one, and nothing asked twice.
import DutyStore
import Forms
import Foundation
import Identifiers
import Testing

@testable import DutyDomain

@Suite struct TaskListTests {
  private let hour: TimeInterval = 3600

  @Test func aListHasEachPeriodOnceHoweverOftenItIsMade() async throws {
    try await TaskDesk.with { desk in
      try await desk.put(TaskDesk.template("d", .daily, looksAt: ["a"]))
      try await desk.put(TaskDesk.template("w", .weekly, looksAt: ["b"]))
      try await desk.put(TaskDesk.template("m", .monthly, looksAt: ["c"]))
      try await desk.plan([("d", "shop-1"), ("w", "shop-1"), ("m", "shop-1")])
      let first = try await desk.make(days: 8)
      #expect(first == MadeTaskList(made: 8 + 2 + 2, merged: 0, kept: 0, restDays: 0))
      let again = try await desk.make(days: 8)
      #expect(again.made == 0 && again.kept == 12)
      let tasks = try await desk.tasks()
      #expect(tasks.filter { $0.state == .issued }.count == 3)
      // The month's last days: from the plan's first day to the end of December.
      let month = try #require(tasks.first { $0.bases[0].period == .monthly })
      #expect(month.start == taskMonday.start && month.due == RosterDay("2017-01-01")!.start)
      let week = try #require(tasks.first { $0.bases[0].period == .weekly })
      #expect(week.due == taskMonday.adding(7).start)
    }
  }

  @Test func daysOfTheWeekAndLimitsAreKept() async throws {
    try await TaskDesk.with { desk in
      try await desk.put(TaskDesk.template("d", limit: 1080, weekdays: [1, 2, 5]))
      try await desk.plan([("d", "shop-1")])
      #expect(try await desk.make(days: 7).made == 3)
      let tasks = try await desk.tasks()
      #expect(tasks.map { RosterDay(of: $0.start).weekday } == [1, 2, 5])
      #expect(tasks.allSatisfy { $0.due.timeIntervalSince($0.start) == 18 * hour })
    }
  }

  @Test func aDayWithNobodyOnByTheRosterHasNoDailyWork() async throws {
    try await TaskDesk.with { desk in
      try await desk.hall.officer("P0")
      try await desk.hall.seat("beat.1")
      try await desk.hall.publish(
        "beat.1", "day", [["P0"]], days: 7, from: taskMonday, at: taskMonday.adding(-3).start)
      let on = Set(
        try await desk.hall.read {
          try $0.shifts(
            touching: taskMonday.start..<taskMonday.adding(7).start, seat: "beat.1",
            onlyGaps: false, after: nil, limit: 50)
        }.map { RosterDay(of: $0.plan.start) })
      try #require(on.count < 7)
      try await desk.put(TaskDesk.template("d"))
      try await desk.plan([("d", "shop-1")], seat: "beat.1")
      let made = try await desk.make(days: 7)
      #expect(made.made == on.count && made.restDays == 7 - on.count)
    }
  }

  @Test func doublesAreMadeOneTaskWithAllTheirBases() async throws {
    try await TaskDesk.with { desk in
      try await desk.put(
        TaskDesk.template(
          "fire", .weekly, looksAt: ["exits", "wires"],
          fields: [TaskDesk.field("exits"), TaskDesk.field("wires")], minutes: 30))
      try await desk.put(
        TaskDesk.template(
          "day", .daily, looksAt: ["exits"],
          fields: [TaskDesk.field("exits"), TaskDesk.field("note", .text, required: false)]))
      try await desk.put(TaskDesk.template("other", .daily, looksAt: ["else"]))
      try await desk.plan([("fire", "shop-1"), ("day", "shop-1"), ("other", "shop-1")])
      let made = try await desk.make(days: 2)
      #expect(made.made == 4 && made.merged == 1)
      let task = try #require(try await desk.tasks().first { $0.bases.count == 2 })
      #expect(task.bases.map(\.template.code) == ["fire", "day"])
      // The week's check is due with the day's, counts as one visit, and asks each field once.
      #expect(task.due == taskMonday.adding(1).start && task.standardMinutes == 30)
      let templates = try await desk.hall.read { try $0.taskTemplates(Set(task.templateKeys)) }
      let form = task.form(Dictionary(uniqueKeysWithValues: templates.map { ($0.key, $0) }))
      #expect(form.fields.map(\.code) == ["exits", "wires", "note"])
      // One more of the room's joins, and says why.
      let added = try await desk.add("day")
      #expect(added.isMerged && added.task.id == task.id && added.task.bases.count == 3)
      #expect(added.task.bases[2].note == "请核查" && added.task.bases[2].reference == "dir_1")
      // Another place does not.
      #expect(try await desk.add("day", "shop-2").isMerged == false)
    }
  }

  @Test func whatMeansDifferentThingsByOneCodeStaysTwoTasks() async throws {
    try await TaskDesk.with { desk in
      try await desk.put(TaskDesk.template("a", fields: [TaskDesk.field("rooms", .number)]))
      try await desk.put(TaskDesk.template("b", fields: [TaskDesk.field("rooms", .text)]))
      try await desk.plan([("a", "shop-1"), ("b", "shop-1")])
      #expect(try await desk.make() == MadeTaskList(made: 2, merged: 0, kept: 0, restDays: 0))
    }
  }

  @Test func whoeverHasSignedFindsNoMoreToFillIn() async throws {
    try await TaskDesk.with { desk in
      try await desk.put(TaskDesk.template("d"))
      let one = try await desk.add("d").task
      try await desk.submit([desk.report(1, one, .sign)])
      let added = try await desk.add("d")
      #expect(!added.isMerged)
      #expect(try await desk.task(one.id)?.bases.count == 1)
    }
  }

  @Test func aPlannedTaskJoinsAnOpenOneWhenItsDayComes() async throws {
    try await TaskDesk.with { desk in
      try await desk.put(TaskDesk.template("w", .weekly))
      try await desk.put(TaskDesk.template("d", .daily))
      try await desk.plan([("w", "shop-1"), ("d", "shop-1")], until: taskMonday.adding(1))
      try await desk.make(days: 2)
      #expect(try await desk.tasks().map(\.bases.count) == [2, 1])
      // On Tuesday the first is late, and does not take the second in: its time is over.
      try await desk.look(at: taskMonday.adding(1).start.addingTimeInterval(hour))
      #expect(try await desk.tasks().map(\.state) == [.issued, .issued])
      try await desk.put(TaskDesk.template("x", .weekly, looksAt: ["x"]))
      try await desk.put(TaskDesk.template("y", .daily, looksAt: ["x"], weekdays: [2]))
      try await desk.plan(
        [("x", "shop-9"), ("y", "shop-9")], beat: 1, from: taskMonday, until: taskMonday.adding(2))
      #expect(try await desk.make(days: 3, beat: 1).made == 2)
      let mine = TaskFilter(beat: desk.beats[1])
      let week = try #require(try await desk.tasks(mine).first { $0.state == .issued })
      try await desk.look(at: taskMonday.adding(1).start.addingTimeInterval(hour))
      let after = try await desk.tasks(mine)
      #expect(after.map(\.id) == [week.id] && after[0].bases.map(\.template.code) == ["x", "y"])
      #expect(after[0].due == taskMonday.adding(2).start)
    }
  }

  @Test func factsAreAskedOnceAndMarked() async throws {
    try await TaskDesk.with { desk in
      try await desk.put(
        TaskDesk.template(
          "a", looksAt: ["a"], fields: [TaskDesk.field("rooms"), TaskDesk.field("seen")],
          facts: ["rooms"]))
      try await desk.put(
        TaskDesk.template(
          "b", looksAt: ["b"], fields: [TaskDesk.field("rooms"), TaskDesk.field("found")],
          facts: ["rooms"]))
      let (a, b) = (try await desk.add("a").task, try await desk.add("b").task)
      let done = FormAnswer.number("rooms", 12)
      let answers = try await desk.submit([
        desk.report(1, a, .sign), desk.report(2, a, .done([done, .number("seen", 1)])),
      ])
      #expect(answers.misfits == [nil, nil])
      // The other task knows it now, and what it was told with; a new one does, too.
      for task in [try await desk.task(b.id), try await desk.add("a", at: noon).task] {
        #expect(task?.answers.map(\.answer) == [done])
        #expect(task?.answers.first?.given?.task == a.id)
      }
      // Left out, it stands; the answer says where it comes from.
      let open = try #require(try await desk.task(b.id))
      let second = try await desk.submit([
        desk.report(3, open, .sign), desk.report(4, open, .done([.number("found", 2)])),
      ])
      #expect(second.misfits == [nil, nil])
      let closed = try #require(try await desk.task(b.id))
      #expect(closed.answers.map(\.answer.fieldCode).sorted() == ["found", "rooms"])
      #expect(closed.answers.first { $0.answer.fieldCode == "rooms" }?.given?.task == a.id)
      // After its days a fact is asked again, and about another place always.
      let later = try await desk.add(
        "a", "shop-1", beat: 1, at: noon.addingTimeInterval(31 * 86_400))
      #expect(later.task.answers.isEmpty)
      #expect(try await desk.add("a", "shop-2").task.answers.isEmpty)
    }
  }

  @Test func aChangedPlanTakesBackWhatHasNotBegun() async throws {
    try await TaskDesk.with { desk in
      try await desk.put(TaskDesk.template("d"))
      try await desk.put(TaskDesk.template("e", looksAt: ["e"]))
      try await desk.plan([("d", "shop-1")])
      try await desk.make(days: 3)
      let put = try await desk.plan([("e", "shop-1")])
      #expect(put.withdrawn == 2 && put.plan.revision == 2)
      #expect(try await desk.tasks().map(\.state) == [.issued])
      #expect(try await desk.make(days: 3).made == 3)
      // The same again is no change.
      #expect(try await desk.plan([("e", "shop-1")]).plan.revision == 2)
    }
  }

  @Test func theCatalogueKeepsVersionsAndTasksKeepTheirs() async throws {
    try await TaskDesk.with { desk in
      let first = try await desk.put(TaskDesk.template("d"))
      #expect(try await desk.put(TaskDesk.template("d")).version == 1)
      let task = try await desk.add("d").task
      let second = try await desk.put(TaskDesk.template("d", minutes: 40))
      #expect(first.version == 1 && second.version == 2)
      #expect(try await desk.task(task.id)?.templateKeys == [first.key])
      let held = try await desk.hall.read {
        (
          try $0.taskTemplate(code: "d", version: 1), try $0.taskTemplate(code: "d", version: nil),
          try $0.taskTemplates(after: nil, limit: 10).map(\.version)
        )
      }
      #expect(held.0 == first && held.1 == second && held.2 == [2])
    }
  }

  @Test(arguments: ["民族", "宗教信仰", "政治面貌", "健康状况", "Ethnic group", "重点人员"])
  func noStandardWorkAsksWhatMustNotBeAsked(_ words: String) async throws {
    try await TaskDesk.with { desk in
      var field = TaskDesk.field("x", .text)
      field = FormField(code: field.code, label: "登记\(words)", kind: .text, isRequired: true)
      let template = TaskDesk.template("bad", fields: [field])
      await #expect(throws: TaskError.self) { try await desk.put(template) }
      let kept = try await desk.hall.read { try $0.taskTemplate(code: "bad", version: nil) }
      #expect(kept == nil)
    }
  }

  @Test func figuresAddUpAndStationsHaveThoseOfTheirBeats() async throws {
    try await TaskDesk.with { desk in
      try await desk.put(TaskDesk.template("d", minutes: 20))
      try await desk.put(TaskDesk.template("e", looksAt: ["e"], minutes: 15))
      for beat in 0..<2 {
        try await desk.plan([("d", "shop-\(beat)"), ("e", "shop-\(beat)")], beat: beat)
        try await desk.make(beat: beat)
      }
      let tasks = try await desk.tasks(TaskFilter(beat: desk.beats[0]))
      try await desk.submit([
        desk.report(1, tasks[0], .sign), desk.report(2, tasks[0], .done([.number("seen", 1)])),
        desk.report(3, tasks[1], .sign),
      ])
      try await desk.submit(
        [
          desk.report(
            4, tasks[1], .done([.number("seen", 1)]), at: taskMonday.adding(1).start + hour)
        ], now: taskMonday.adding(1).start + 2 * hour)
      let time = taskMonday.start..<taskMonday.adding(1).start
      let progress = try await desk.hall.read {
        try TaskProgress.all(dueWithin: time, asOf: noon, in: $0)
      }
      #expect(progress.map(\.orgUnit.code) == ["B1", "B2", "S1"])
      let (one, two, station) = (progress[0].figures, progress[1].figures, progress[2].figures)
      #expect(one.total == 2 && one.doneInTime == 1 && one.doneLate == 1 && one.overdue == 0)
      #expect(two.total == 2 && two.overdue == 2 && two.doneMinutes == 0)
      #expect(station.total == 4 && station.standardMinutes == 70 && station.doneMinutes == 35)
      #expect(
        station.doneInTime + station.doneLate + station.open + station.overdue == station.total)
      // Seen from before the second was done, it was open.
      let before = try await desk.hall.read {
        try TaskProgress.all(dueWithin: time, asOf: taskMonday.start + 6 * hour, in: $0)
      }
      #expect(before[0].figures.open == 1 && before[0].figures.doneLate == 0)
    }
  }
}
