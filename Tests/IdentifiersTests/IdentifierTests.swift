// What an id promises: one text for one value, ordered by time, and nothing else taken for one.

import Foundation
import Identifiers
import Testing

private enum PublishedTag: IdentifierTag {
  static let prefix = "prefix"
}

@Suite struct IdentifierTests {
  @Test func fiveThousandIdentifiersSurviveTheirText() throws {
    var generator = SeededGenerator(seed: 1)
    for _ in 0..<5000 {
      let (high, low) = NaiveTypeID.randomWords(using: &generator)
      let text = "inc_" + NaiveTypeID.suffix(high, low)
      let id = try IncidentID(parsing: text)
      #expect(id.description == text)
      #expect(id.stablePart == String(text.suffix(16)))
    }
  }

  @Test func theSpecificationsPublishedExampleIsAccepted() throws {
    // TypeID specification, `valid.yml`, "uuidv7": 01890a5d-ac96-774b-bcce-b302099a8057.
    let suffix = NaiveTypeID.suffix(0x0189_0a5d_ac96_774b, 0xbcce_b302_099a_8057)
    #expect(suffix == "01h455vb4pex5vsknk084sn02q")
    let id = try Identifier<PublishedTag>(parsing: "prefix_01h455vb4pex5vsknk084sn02q")
    #expect(id.stablePart == "ex5vsknk084sn02q")
  }

  @Test func orderOfValuesIsOrderOfTexts() throws {
    var generator = SeededGenerator(seed: 2)
    let ids = try (0..<2000).map { _ in
      let (high, low) = NaiveTypeID.randomWords(using: &generator)
      return try UnitID(parsing: "unit_" + NaiveTypeID.suffix(high, low))
    }
    #expect(ids.sorted().map(\.description) == ids.map(\.description).sorted())
  }

  @Test func everyCharacterOutsideTheAlphabetIsRefusedAtEveryPlace() throws {
    let valid = Array("evt_01h455vb4pex5vsknk084sn02q".utf8)
    let alphabet = Set("0123456789abcdefghjkmnpqrstvwxyz".utf8)
    for place in 4..<valid.count {
      for character in UInt8(0)..<128 where !alphabet.contains(character) {
        var bytes = valid
        bytes[place] = character
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(throws: IdentifierError.self) { try EventID(parsing: text) }
      }
    }
  }

  @Test(arguments: [
    "", "_", "evt", "evt_", "01h455vb4pex5vsknk084sn02q", "_01h455vb4pex5vsknk084sn02q",
    "inc_01h455vb4pex5vsknk084sn02q", "EVT_01h455vb4pex5vsknk084sn02q",
    "evt-01h455vb4pex5vsknk084sn02q", "evt_01h455vb4pex5vsknk084sn02",
    "evt_h455vb4pex5vsknk084sn02q",
    "evt_01h455vb4pex5vsknk084sn02q0", " evt_01h455vb4pex5vsknk084sn02q",
    "evt_01h455vb4pex5vsknk084sn02q\n", "evt_evt_01h455vb4pex5vsknk084sn02q",
    "evt_01h455vb4pex5vsknk084sn0é", "evt_８1h455vb4pex5vsknk084sn",
    "evt_81h455vb4pex5vsknk084sn02q",
  ])
  func whatIsNoEventIdentifierIsRefused(text: String) {
    let refusal = #expect(throws: IdentifierError.self) { try EventID(parsing: text) }
    #expect(refusal?.text == text)
    #expect(refusal?.expectedPrefix == "evt")
    #expect(EventID(text) == nil)
  }

  @Test func otherUUIDVersionsAndVariantsAreRefused() throws {
    var generator = SeededGenerator(seed: 3)
    for version in UInt64(0)..<16 {
      for variant in UInt64(0)..<4 {
        let (high, low) = NaiveTypeID.randomWords(using: &generator)
        let text =
          "dir_"
          + NaiveTypeID.suffix(
            high & ~0xF000 | version << 12, low & ~(0b11 << 62) | variant << 62)
        #expect((DirectiveID(text) != nil) == (version == 7 && variant == 2))
      }
    }
  }

  @Test func noTwoKindsShareAPrefix() {
    let tags: [any IdentifierTag.Type] = [
      CallReportTag.self, IncidentTag.self, AssignmentTag.self, DirectiveTag.self,
      RecommendationTag.self, AssessmentTag.self, OrgUnitTag.self, JurisdictionTag.self,
      UnitTag.self, TopicTag.self, OpinionItemTag.self, StatementTag.self, DeadlineTag.self,
      EvaluationTag.self, EventTag.self,
    ]
    let prefixes = tags.map { $0.prefix }
    #expect(Set(prefixes).count == tags.count)
    let letters = Set("abcdefghijklmnopqrstuvwxyz")
    #expect(prefixes.allSatisfy { !$0.isEmpty && $0.allSatisfy(letters.contains) })
  }

  @Test func codedAsItsTextAndCheckedWhenDecoded() throws {
    let id = try TopicID(parsing: "topic_01h455vb4pex5vsknk084sn02q")
    let data = try JSONEncoder().encode([id])
    #expect(String(decoding: data, as: UTF8.self) == #"["topic_01h455vb4pex5vsknk084sn02q"]"#)
    #expect(try JSONDecoder().decode([TopicID].self, from: data) == [id])
    #expect(throws: DecodingError.self) { try JSONDecoder().decode([UnitID].self, from: data) }
  }
}
