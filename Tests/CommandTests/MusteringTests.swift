// 平战转换与集结: one footing, one muster, each member on its own; missing is what the clock says.
import Foundation
import Identifiers
import Testing

@testable import CommandDomain
@testable import CommandStore

struct MusteringTests {
  private static func plan(_ hall: Hall, extra: [ModeMember] = []) throws -> ModePlan {
    let members = (1...22).map { number in
      ModeMember(
        code: "dept-\(number)", name: "部门 \(number)",
        contact: Recipient(kind: .seat, id: "duty-\(number)"),
        seats: number == 1 ? ["seat-1a", "seat-1b"] : ["seat-\(number)"],
        fromLevel: number <= 20 ? 2 : 1)
    }
    return try Mustering().put(
      ModePlan(
        code: "major", name: "重大突发",
        levels: [
          ModeLevel(level: 1, name: "一级", musterLimit: 1_200),
          ModeLevel(level: 2, name: "二级", musterLimit: 1_800),
        ], members: members + extra), etag: "", in: hall.writer, now: hall.now)
  }

  @discardableResult
  private static func war(
    _ hall: Hall, level: Int = 2, plan: String = "major", incident: IncidentID? = nil,
    actor: String = "person/li.na", reason: String = "商场伤人", at seconds: Double = 0
  ) throws -> Muster {
    try Mustering().switchToWar(
      SwitchToWar(
        planCode: plan, level: level, reason: reason, incidentID: incident, actor: actor,
        occurTime: Sample.time(seconds)), in: hall.writer, now: hall.now)
  }

  private static func move(_ muster: Muster, _ code: String, at seconds: Double) -> MoveMember {
    MoveMember(musterID: muster.id, code: code, occurTime: Sample.time(seconds))
  }

  @discardableResult
  private static func come(
    _ hall: Hall, _ muster: Muster, _ code: String, seats: [String] = [], at seconds: Double
  ) throws -> MusterMember {
    try Mustering().report(move(muster, code, at: seconds), seats: seats, in: hall.writer)
  }

  private static func standDown(_ hall: Hall, etag: String = "", at seconds: Double) throws
    -> Muster
  {
    try Mustering().standDown(
      etag: etag, reason: "已处置", actor: "person/li.na", at: Sample.time(seconds),
      in: hall.writer, now: hall.now)
  }

  private static func refusal(_ body: () throws -> Void) -> CommandError? {
    do {
      try body()
      return nil
    } catch { return error as? CommandError }
  }

  @Test func twentyAreSummonedAtOnceAndEachComesOnItsOwn() async throws {
    let bench = try Bench()
    try await bench.hall("war") { hall in
      _ = try Self.plan(hall)
      let incident = try hall.submit().incidentID
      var muster = try Self.war(hall, incident: incident)
      #expect(muster.members.count == 20)
      #expect(muster.members.allSatisfy { $0.state == .summoned })
      _ = try Mustering().acknowledge(Self.move(muster, "dept-2", at: 30), in: hall.writer)
      try Self.come(hall, muster, "dept-2", at: 600)
      let half = try Self.come(hall, muster, "dept-1", seats: ["seat-1b"], at: 700)
      #expect(half.state == .acknowledged && half.missingSeats == ["seat-1a"])
      let whole = try Self.come(hall, muster, "dept-1", at: 1_900)
      #expect(whole.state == .mustered && whole.isLate)
      #expect(whole.acknowledgeTime == nil)
      _ = try Mustering().excuse(
        Self.move(muster, "dept-3", at: 40), reason: "在外办案", in: hall.writer)
      muster = try hall.writer.existing(muster.id)
      let early = muster.summary(at: Sample.time(1_000))
      #expect(early.missing == 0 && early.awaited == 17)
      let summary = muster.summary(at: Sample.time(1_801))
      #expect(summary.summoned == 20 && summary.mustered == 2 && summary.late == 1)
      #expect(summary.excused == 1 && summary.missing == 17 && summary.acknowledged == 2)
      #expect(summary.seats == 20 && summary.missingSeats == 17)
      #expect(summary.medianMuster == 600 && summary.longestMuster == 1_900)
      #expect(muster.absent(at: Sample.time(1_801)).first?.code == "dept-4")
      // Whoever was excused may come after all.
      let after = try Self.come(hall, muster, "dept-3", at: 1_950)
      #expect(after.state == .mustered && after.excuseTime == nil)
    }
  }

  @Test func aSecondSwitchOnlyRaisesTheLevelOfTheSamePlan() async throws {
    let bench = try Bench()
    try await bench.hall("level") { hall in
      _ = try Self.plan(hall)
      _ = try Mustering().put(
        ModePlan(
          code: "other", name: "另一预案",
          levels: [ModeLevel(level: 1, name: "一级", musterLimit: 60)],
          members: [
            ModeMember(
              code: "x", name: "某", contact: Recipient(kind: .seat, id: "x"), seats: [],
              fromLevel: 1)
          ]), etag: "", in: hall.writer, now: hall.now)
      let muster = try Self.war(hall)
      try Self.come(hall, muster, "dept-5", at: 100)
      for (plan, level) in [("major", 2), ("other", 1), ("unknown", 1)] {
        #expect(
          Self.refusal { try Self.war(hall, level: level, plan: plan, at: 200) }
            == .mode(.alreadyAtWar(plan: "重大突发", level: 2)))
      }
      // The plan changes meanwhile; the muster keeps the one it began with.
      _ = try Self.plan(
        hall,
        extra: [
          ModeMember(
            code: "new", name: "新", contact: Recipient(kind: .seat, id: "n"), seats: [],
            fromLevel: 2)
        ])
      let raised = try Self.war(hall, level: 1, reason: "升级", at: 300)
      #expect(raised.id == muster.id && raised.level == 1)
      #expect(raised.members.count == 22)
      #expect(!raised.members.contains { $0.code == "new" })
      #expect(try raised.member("dept-5").state == .mustered)
      #expect(try raised.member("dept-21").dueTime == Sample.time(1_500))
      #expect(try hall.writer.existing(muster.id) == raised)
    }
  }

  @Test func standDownReleasesEverybodyAndKeepsWhatItCameTo() async throws {
    let bench = try Bench()
    try await bench.hall("down") { hall in
      _ = try Self.plan(hall)
      #expect(Self.refusal { _ = try Self.standDown(hall, at: 1) } == .mode(.atPeace))
      let muster = try Self.war(hall)
      try Self.come(hall, muster, "dept-1", at: 100)
      let added = try Mustering().add(
        ModeMember(
          code: "late", name: "支援单位", contact: Recipient(kind: .seat, id: "late"),
          seats: ["seat-late"], fromLevel: 4), at: Sample.time(500), in: hall.writer)
      #expect(added.isAdded && added.dueTime == Sample.time(2_300))
      #expect(
        Self.refusal { _ = try Self.standDown(hall, etag: "1", at: 4_000) }
          == .etagMismatch(current: "3"))
      let ended = try Self.standDown(hall, at: 2_000)
      #expect(ended.members.allSatisfy { $0.state == .released })
      let summary = ended.summary(at: Sample.time(99_999))
      #expect(summary.mustered == 1 && summary.missing == 19 && summary.awaited == 1)
      #expect(try hall.writer.runningMuster() == nil)
      #expect(
        Self.refusal { try Self.come(hall, muster, "dept-2", at: 2_100) }
          == .moveNotAllowed(subject: "dept-2", from: "released", move: "report_muster"))
      // A new footing begins after the last, not within it.
      #expect(Self.refusal { try Self.war(hall, at: 1_000) } == .mode(.tooEarly))
      try Self.war(hall, at: 3_000)
    }
  }

  @Test func whatIsRefusedChangesNothing() async throws {
    let bench = try Bench()
    try await bench.hall("refused") { hall in
      _ = try Self.plan(hall)
      let unknown: IncidentID = Sample.id("nowhere")
      #expect(Self.refusal { try Self.war(hall, plan: "none") } == .mode(.planUnknown("none")))
      #expect(
        Self.refusal { try Self.war(hall, level: 3) } == .mode(.levelUnknown(field: "level")))
      #expect(Self.refusal { try Self.war(hall, actor: "service/duty") } == .notAPerson)
      #expect(Self.refusal { try Self.war(hall, reason: "") } == .required(field: "reason"))
      #expect(
        Self.refusal { try Self.war(hall, incident: unknown) } == .incidentUnknown(unknown))
      #expect(try hall.writer.musters(before: nil, limit: 9).isEmpty)
      let muster = try Self.war(hall, at: 10)
      #expect(
        Self.refusal { try Self.come(hall, muster, "nobody", at: 20) }
          == .mode(.memberUnknown("nobody")))
      #expect(
        Self.refusal { try Self.come(hall, muster, "dept-1", seats: ["seat-2"], at: 20) }
          == .mode(.seatUnknown("seat-2")))
      #expect(
        Self.refusal { try Self.come(hall, muster, "dept-1", at: 5) } == .mode(.tooEarly))
      for code in ["dept-1", "dept-22"] {
        #expect(
          Self.refusal {
            _ = try Mustering().add(
              ModeMember(
                code: code, name: "再来", contact: Recipient(kind: .seat, id: "z"), seats: [],
                fromLevel: 4), at: Sample.time(20), in: hall.writer)
          } == .mode(.memberKnown(code)))
      }
      #expect(try hall.writer.existing(muster.id) == muster)
    }
  }
}
