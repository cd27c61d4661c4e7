// 布卡: one directive whose recipients come and go as the ring moves.
import Foundation
import Geography
import Identifiers
import Testing

@testable import CommandDomain
@testable import CommandStore

struct CordoningTests {
  private static let points = [
    CordonRingTests.point("near", north: 1_000), CordonRingTests.point("far", north: 3_000),
    CordonRingTests.point("east", north: 3_000, east: 2_000),
  ]

  private static func plan(_ hall: Hall) throws -> CordonPlan {
    try Cordoning().put(
      CordonPlan(code: "ring", name: "环线", points: points, measure: CordonRingTests.measure),
      etag: "", in: hall.writer, now: hall.now)
  }

  private static func sighting(
    north: Double = 0, at seconds: Double = 0, _ certainty: SightingCertainty = .confirmed
  ) -> Sighting {
    Sighting(
      coordinate: CordonRingTests.centre.offset(northMetres: north, eastMetres: 0),
      time: Sample.time(seconds), certainty: certainty, source: "camera.12", note: "白色面包车")
  }

  private static func activate(
    _ hall: Hall, _ incident: IncidentID, _ sighting: Sighting?, at seconds: Double = 10
  ) throws -> MannedCordon {
    try Cordoning().activate(
      ActivateCordon(
        planCode: "ring", incidentID: incident, directiveClass: .urgent, title: "设卡",
        text: "拦截白色面包车", sighting: sighting, occurTime: Sample.time(seconds)),
      in: hall.writer, now: hall.now)
  }

  private static func move(
    _ hall: Hall, _ id: CordonID, _ sighting: Sighting, at seconds: Double, etag: String = ""
  ) throws -> MannedCordon {
    try Cordoning().move(
      MoveCordon(cordonID: id, etag: etag, sighting: sighting, occurTime: Sample.time(seconds)),
      in: hall.writer, now: hall.now)
  }

  private static func unit(_ code: String) -> Recipient {
    Recipient(kind: .unit, id: "unit-\(code)")
  }

  @Test func aCordonMovesAsChangesOfItsOneDirective() async throws {
    let bench = try Bench()
    try await bench.hall("cordon") { hall in
      _ = try Self.plan(hall)
      let incident = try hall.submit().incidentID
      // Reach 100, manned by 700, outer 1 700.
      let first = try Self.activate(hall, incident, Self.sighting())
      #expect(first.directive.courses.map(\.recipient) == [Self.unit("near")])
      #expect(first.directive.courses[0].post?.code == "near")
      let key = first.directive.id
      for move in [CourseMove.deliver, .acknowledge] {
        try hall.course(move, key, Self.unit("near"))
      }
      // They passed: seen 2 km further north.
      let second = try Self.move(
        hall, first.cordon.id, Self.sighting(north: 2_000, at: 100), at: 110)
      #expect(second.directive.id == key)
      // 1 000 m either way, and the one who stands there already stays.
      #expect(
        second.directive.courses.map(\.recipient) == [Self.unit("near"), Self.unit("far")])
      #expect(second.directive.courses.map(\.state) == [.acknowledged, .issued])
      #expect(second.cordon.rings.count == 2 && second.cordon.etag == "2")
      #expect(try hall.writer.directive(key) == second.directive)
      #expect(try hall.writer.cordon(first.cordon.id) == second.cordon)
    }
  }

  /// There and back: a point is manned, stood down and manned again, always under one key.
  @Test func whoeverWasStoodDownCanBeCalledAgain() async throws {
    let bench = try Bench()
    try await bench.hall("again") { hall in
      _ = try Self.plan(hall)
      let incident = try hall.submit().incidentID
      let made = try Self.activate(hall, incident, Self.sighting())
      let (id, key) = (made.cordon.id, made.directive.id)
      for move in [CourseMove.deliver, .acknowledge] {
        try hall.course(move, key, Self.unit("near"))
      }
      let away = try Self.move(hall, id, Self.sighting(north: 4_000, at: 20), at: 20)
      #expect(away.cordon.rings[1].manned == ["far"])
      var near = try away.directive.course(of: Self.unit("near"))
      #expect(near.state == .cancelled && near.isRecallUnconfirmed)
      #expect(near.reason.contains("圈外"))
      let back = try Self.move(hall, id, Self.sighting(at: 40), at: 40)
      #expect(back.cordon.rings[2].manned == ["near"])
      near = try back.directive.course(of: Self.unit("near"))
      #expect(near.state == .issued && near.acknowledgeTime == nil && near.recallTime == nil)
      #expect(back.directive.courses.count == 2)
      #expect(near.revision > 4)
      #expect(try hall.writer.directive(key) == back.directive)
    }
    #expect(
      try await bench.eventNames().suffix(6) == [
        "course acknowledged→cancelled", "course none→issued", "cordon_moved",
        "course issued→cancelled", "course none→issued", "cordon_moved",
      ])
  }

  @Test func whatCannotBeIsRefusedAndChangesNothing() async throws {
    let bench = try Bench()
    try await bench.hall("refused") { hall in
      let incident = try hall.submit().incidentID
      #expect(
        throws: CommandError.directives(.planUnknown("ring"))
      ) { _ = try Self.activate(hall, incident, nil) }
      _ = try Self.plan(hall)
      // Three hours later they may be anywhere.
      #expect(
        refusal { _ = try Self.activate(hall, incident, Self.sighting(), at: 10_800) }
          == "directives")
      let made = try Self.activate(hall, incident, nil)
      #expect(made.directive.courses.count == 3)
      #expect(made.cordon.rings[0].sighting == nil)
      let id = made.cordon.id
      _ = try Self.move(hall, id, Self.sighting(at: 100), at: 110)
      #expect(throws: CommandError.directives(.sightingOlder)) {
        _ = try Self.move(hall, id, Self.sighting(at: 99), at: 120)
      }
      #expect(
        refusal { _ = try Self.move(hall, id, Self.sighting(at: 130), at: 130, etag: "1") }
          == "etagMismatch")
      #expect(throws: CommandError.directives(.heldByCordon(made.directive.id))) {
        _ = try Urging().reissue(
          made.directive.id, reason: "x", at: Sample.time(140), in: hall.writer, now: hall.now)
      }
      let before = try hall.writer.cordon(id)
      #expect(before?.rings.count == 2)
      let released = try Cordoning().release(
        id, etag: "", reason: "已抓获", at: Sample.time(200), in: hall.writer, now: hall.now)
      #expect(released.cordon.state == .released)
      #expect(released.directive.courses.allSatisfy { $0.state == .cancelled })
      #expect(throws: CommandError.directives(.cordonReleased(id))) {
        _ = try Self.move(hall, id, Self.sighting(at: 300), at: 300)
      }
      #expect(try hall.writer.cordon(id) == released.cordon)
      #expect(try hall.writer.cordons(of: incident, limit: 9).map(\.id) == [id])
    }
  }

  @Test func aReleaseLeavesWhatWasFedBack() async throws {
    let bench = try Bench()
    try await bench.hall("release") { hall in
      _ = try Self.plan(hall)
      let incident = try hall.submit().incidentID
      let made = try Self.activate(hall, incident, nil)
      for move in [CourseMove.deliver, .acknowledge, .start, .feedBack] {
        try hall.course(move, made.directive.id, Self.unit("far"))
      }
      let released = try Cordoning().release(
        made.cordon.id, etag: "1", reason: "已抓获", at: Sample.time(200), in: hall.writer,
        now: hall.now)
      #expect(released.directive.courses.map(\.state) == [.cancelled, .fedBack, .cancelled])
      try hall.course(.accept, made.directive.id, Self.unit("far"))
    }
  }

  /// Random sightings against a model that keeps only who is manned.
  @Test func aCordonWalksAsTheModelDoes() async throws {
    let bench = try Bench()
    for walk in 0..<40 {
      try await bench.hall("walk-\(walk)") { hall in
        var generator = SeededGenerator(seed: UInt64(walk))
        _ = try Self.plan(hall)
        let incident = try hall.submit().incidentID
        let made = try Self.activate(hall, incident, nil, at: 0)
        var manned: Set<String> = ["near", "far", "east"]
        var rings = 1
        for step in 1..<15 {
          let seconds = Double(step) * 100
          let sighting = Self.sighting(
            north: .random(in: -2_000...6_000, using: &generator),
            at: seconds - .random(in: 0...90, using: &generator),
            SightingCertainty.allCases.randomElement(using: &generator)!)
          let before = try hall.writer.directive(made.directive.id)
          let refused = refusal { _ = try Self.move(hall, made.cordon.id, sighting, at: seconds) }
          let after: Directive = try hall.writer.existing(made.directive.id)
          if refused != nil {
            hold(after == before)
          } else {
            rings += 1
            let cordon = try hall.writer.cordon(made.cordon.id)
            hold(cordon?.rings.count == rings)
            let now = cordon?.rings.last?.manned ?? []
            if sighting.certainty == .possible { hold(manned.isSubset(of: now)) }
            manned = now
          }
          hold(after.mannedPosts == manned)
          hold(Set(after.courses.map(\.recipient)).count == after.courses.count)
        }
      }
    }
  }
}
