// The one spelling of who acts.
import Access
import Testing

@Suite struct PrincipalTests {
  @Test(arguments: ["person/zhang.wei", "partner/12345", "service/command", "person/a_b-c.9"])
  func anActorIsReadAndWrittenTheSame(text: String) throws {
    #expect(try Principal(parsing: text).actor == text)
  }

  @Test(arguments: [
    "", "person", "person/", "/zhang", "robot/r2", "person/Zhang", "person/张", "person/a b",
    "person/a/b", "Person/a", "person/" + String(repeating: "a", count: 65),
  ])
  func whatIsNoActorIsRefused(text: String) {
    #expect(throws: ActorError.self) { try Principal(parsing: text) }
  }

  @Test func theLongestNameIsTaken() throws {
    let name = String(repeating: "a", count: 64)
    #expect(try Principal(kind: .partner, name: name).actor == "partner/\(name)")
  }

  @Test func aRefusedTextIsCutBeforeItReachesALog() {
    let error = #expect(throws: ActorError.self) {
      try Principal(parsing: String(repeating: "x", count: 10_000))
    }
    #expect(error?.text.count == 80)
  }
}
