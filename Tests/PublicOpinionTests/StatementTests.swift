// 情况通报: every state × every move against a table written by hand, and two signatures of two persons,
// whatever is tried.

import Foundation
import Identifiers
import Persistence
import PublicOpinionDomain
import QuintetAPI
import Testing
import Wire

private typealias Domain = PublicOpinionDomain.Statement

/// `.` where a move is not allowed, else the first letter of where it leads. draft returned approved
/// published.
private let table: [StatementMove: String] = [
  .revise: "ddd.", .approve: "a...", .giveBack: "r.r.", .publish: "..p.",
]

private func statement(_ state: StatementState) throws -> Domain {
  func id<Tag>(_ tag: Tag.Type) -> Identifier<Tag> {
    var mint = IdentifierMint(service: "test", cause: "statement", now: noon)
    return mint.next()
  }
  let signed = state == .approved || state == .published
  return Domain(
    id: id(StatementTag.self), topic: topicID("t"), incident: incidentID("i"), state: state,
    content: StatementContent(text: "通报", checkedWith: "青云所"),
    draft: Signature(actor: "person/a", time: noon),
    approval: signed ? Signature(actor: "person/b", time: noon) : nil,
    publication: state == .published ? Signature(actor: "person/a", time: noon) : nil)
}

private func move(
  _ move: StatementMove, _ statement: inout Domain, by actor: String
) throws(OpinionError) {
  let signature = Signature(actor: actor, time: noon.addingTimeInterval(1))
  switch move {
  case .revise:
    try statement.revise(StatementContent(text: "改", checkedWith: "青云所"), by: signature)
  case .approve: try statement.approve(by: signature)
  case .giveBack: try statement.giveBack(because: "缺伤情")
  case .publish: try statement.publish(by: signature)
  }
}

@Test(arguments: StatementMove.allCases)
func everyMoveOfAStatementIsWhatTheTableSays(_ made: StatementMove) throws {
  let row = try #require(table[made])
  for (state, target) in zip(StatementState.allCases, row) {
    var one = try statement(state)
    let before = one
    if target == "." {
      #expect(throws: OpinionError.statementMoveNotAllowed(one.id, from: state, made)) {
        try move(made, &one, by: "person/c")
      }
      #expect(one == before)
    } else {
      try move(made, &one, by: "person/c")
      #expect(one.state.rawValue.first == target && one.revision == before.revision + 1)
    }
  }
}

@Test func noWalkPublishesWhatOnePersonWroteAndSigned() throws {
  var random = SeededGenerator(state: 11)
  let people = ["person/a", "person/b", "person/c"]
  var published = 0
  for _ in 0..<3_000 {
    var one = try statement(.draft)
    for _ in 0..<12 {
      guard let next = StatementMove.allCases.randomElement(using: &random),
        let actor = people.randomElement(using: &random)
      else { continue }
      let before = one
      do {
        try move(next, &one, by: actor)
      } catch {
        #expect(one == before)
      }
      #expect((one.approval != nil) == [.approved, .published].contains(one.state))
      #expect(one.approval?.actor != one.draft.actor)
      // A signature stands under the text that was signed.
      if one.approval != nil, before.approval != nil { #expect(one.content == before.content) }
    }
    published += one.state == .published ? 1 : 0
  }
  #expect(published > 100)
}

@Test func theStoreItselfHoldsNoStatementWithOneSigner() async throws {
  let desk = try Desk()
  try await desk.open("fight")
  let topic = try await desk.submit("超市门口有人打架").topic
  _ = try await desk.tie(topic.id, to: "fight")
  let drafted = try await desk.draft(on: topic.id)
  let refused = await refusal { try await desk.approve(drafted, by: editor) }
  #expect(refused?.reason == "SECOND_PERSON_REQUIRED")
  await #expect(throws: DatabaseError.self) {
    try await desk.database.write { tx in
      try tx.execute(
        "UPDATE statement SET state = 'approved', approver = drafter, approve_time = draft_time")
    }
  }
  await #expect(throws: DatabaseError.self) {
    try await desk.database.write { tx in
      try tx.execute(
        "UPDATE statement SET state = 'published', publisher = 'x', publish_time = draft_time")
    }
  }
}

@Test func aStatementIsWrittenReturnedSignedAndPublished() async throws {
  let desk = try Desk()
  try await desk.open("fight")
  let topic = try await desk.submit("超市门口有人打架").topic
  _ = try await desk.tie(topic.id, to: "fight")
  let drafted = try await desk.draft(on: topic.id, "通报：@张三 请放心")
  #expect(drafted.text == "通报：@某用户 请放心" && drafted.state == .draft)
  #expect(await refusal { try await desk.draft(on: topic.id) }?.reason == "STATEMENT_OPEN")
  let back = try await desk.giveBack(drafted)
  #expect(back.state == .returned && back.returnReason == "缺伤情")
  let revised = try await desk.revise(back)
  #expect(revised.state == .draft && revised.text == "改后的通报")
  #expect(
    await refusal { try await desk.approve(revised, etag: drafted.etag) }?.reason
      == "ETAG_MISMATCH")
  let signed = try await desk.approve(revised)
  #expect(signed.approval.actor == leader)
  let said = try await desk.publish(signed, after: 50)
  #expect(said.state == .published && said.publication.time == later(50))
  let answered = try await desk.get(topic.id).topic
  #expect(answered.response == "改后的通报" && answered.responseTime == later(50))
  #expect(await refusal { try await desk.revise(said) }?.reason == "MOVE_NOT_ALLOWED")
  // Another may follow now.
  #expect(try await desk.draft(on: topic.id, "续报").id != said.id)
}
