// What ids are minted from must be the same in two runs of the same causes, and differ otherwise.

import Foundation
import Identifiers
import Testing

@Suite struct ProvenanceTests {
  private func stable(_ cause: String) -> String {
    Provenance(actor: "service/duty", cause: cause, trace: "t").stableCause
  }

  private func event(_ cause: String, at seconds: Double) -> EventID {
    var mint = IdentifierMint(
      service: "command", cause: cause, now: Date(timeIntervalSince1970: seconds))
    return mint.next()
  }

  @Test func theTimeOfAnEventOrDeadlineIsCutOff() {
    #expect(stable("event/evt_01h455vb4pex5vsknk084sn02q") == "event/evt_ex5vsknk084sn02q")
    #expect(stable("clock/dl_01h455vb4pex5vsknk084sn02q") == "clock/dl_ex5vsknk084sn02q")
  }

  @Test func theOccasionOfADeadlineStays() {
    let id = "dl_01h455vb4pex5vsknk084sn02q"
    #expect(stable("clock/\(id)/warn") == "clock/dl_ex5vsknk084sn02q/warn")
    #expect(stable("clock/\(id)/expire/2") == "clock/dl_ex5vsknk084sn02q/expire/2")
    #expect(stable("clock/\(id)/") == "clock/dl_ex5vsknk084sn02q/")
  }

  @Test(arguments: [
    "", "/", "event", "event/", "request/7b1c", "request/evt_01h455vb4pex5vsknk084sn02q",
    "event/dl_01h455vb4pex5vsknk084sn02q", "clock/evt_01h455vb4pex5vsknk084sn02q",
    "event/evt_01h455vb4pex5vsknk084sn02", "//evt_01h455vb4pex5vsknk084sn02q",
  ])
  func everyOtherCauseStaysAsItIs(cause: String) {
    #expect(stable(cause) == cause)
  }

  @Test func twoRunsOfTheSameChainOfCausesMintTheSameStableParts() {
    func chain(startingAt seconds: Double) -> [String] {
      var cause = "request/7b1c"
      return (0..<50).map { step in
        let id = event(cause, at: seconds + Double(step))
        cause = stable("event/\(id)")
        return id.stablePart
      }
    }
    let parts = chain(startingAt: 1_483_142_400)
    #expect(parts == chain(startingAt: 1_700_000_000))
    #expect(Set(parts).count == 50)
  }
}
