// What holds for all calls: repeats, pages, callers' numbers.
import CommandDomain
import EventLog
import Foundation
import GRPCCore
import Identifiers
import Persistence
import QuintetAPI
import SwiftProtobuf
import Testing
import Wire

@testable import CommandRPC

@Suite struct RPCPromiseTests {
  @Test func theSameRequestGetsTheSameBytesAndAnotherIsRefused() async throws {
    try await Desk.with { desk in
      let answer = Quintet_Command_V1_AnswerCallRequest.with {
        $0.requestID = "again"
        $0.content = callContent()
      }
      let first = try await desk.calls.answerCall(answer)
      let open = Quintet_Command_V1_OpenIncidentRequest.with {
        $0.requestID = "open"
        $0.callReportID = first.callReport.id
        $0.etag = first.callReport.etag
        $0.incidentClass = .dispute
        $0.level = .incidentLevel4
      }
      let opened = try await desk.calls.openIncident(open)
      let dispatch = Quintet_Command_V1_DispatchUnitsRequest.with {
        $0.requestID = "dispatch"
        $0.incidentID = opened.incidentID
        $0.etag = opened.incidentEtag
        $0.unitIds = [Sample.unit(1).description]
      }
      let dispatched = try await desk.dispatches.dispatchUnits(dispatch)
      let before = try await desk.rows()
      // Later states and stale etags do not matter to a repeat.
      let answers: [(any SwiftProtobuf.Message, any SwiftProtobuf.Message)] = [
        (first, try await desk.calls.answerCall(answer)),
        (opened, try await desk.calls.openIncident(open)),
        (dispatched, try await desk.dispatches.dispatchUnits(dispatch)),
      ]
      for (once, twice) in answers {
        let (one, two): (Data, Data) = (try once.serializedBytes(), try twice.serializedBytes())
        #expect(one == two)
      }
      var other = answer
      other.content.narrative = "另一件事"
      let refused = try await refusal { [other] in try await desk.calls.answerCall(other) }
      #expect(refused == Refusal(.alreadyExists, "REQUEST_ID_REUSED", "request_id"))
      #expect(try await desk.rows() == before)
    }
  }

  @Test func callersNumbersAreNeverKept() async throws {
    try await Desk.with { desk in
      let numbers = ["13812345678", "+8613812345678", "057788", "110", "+15551234567", ""]
      var masks: [String] = []
      for number in numbers {
        let report = try await desk.calls.answerCall(
          .with {
            $0.requestID = newRequestID()
            $0.content = callContent()
            $0.content.phone = number
          }
        ).callReport
        masks.append(report.maskedPhone)
      }
      #expect(masks[0] == "138****5678" && masks[1] == masks[0])
      #expect(masks[2] == "****88" && masks[3] == "***" && masks[5] == "")
      let hashes = try await desk.events().map {
        try Quintet_Command_V1_CallReportAnswered(serializedBytes: $0.payload).phoneHash
      }
      #expect(hashes[0] == hashes[1] && hashes[0] != hashes[2] && hashes[5] == "")
      let rows = try await desk.rows()
      for number in numbers where number.count > 4 {
        #expect(!rows.contains { $0.contains(number) })
      }
    }
  }

  @Test func whoeverSharesTheKeyFindsTheSameCallersAndNobodyElseDoes() {
    let key = PhoneKey(Data(repeating: 0x0b, count: 32))
    // As Python's hmac computes it.
    #expect(key.hash("110") == Self.knownHash)
    #expect(key.hash("111") != Self.knownHash)
    let made = PhoneKey.make()
    #expect(made.count == 32 && made != PhoneKey.make())
    #expect(PhoneKey(made).hash("110") != Self.knownHash)
  }

  private static let knownHash =
    "f65aee9e7945e9883810f752ab25dc49ca43a3a35968c50e34b1d76e5baecefb"

  @Test func listsAreReadPageByPageWithoutGaps() async throws {
    try await Desk.with { desk in
      for _ in 1...7 { _ = try await desk.submit() }
      var request = Quintet_Command_V1_ListIncidentsRequest.with { $0.pageSize = 3 }
      var pages: [[String]] = []
      repeat {
        let page = try await desk.incidents.listIncidents(request)
        pages.append(page.incidents.map(\.number))
        request.pageToken = page.nextPageToken
      } while !request.pageToken.isEmpty
      #expect(pages.map(\.count) == [3, 3, 1])
      let numbers = pages.flatMap { $0 }
      #expect(Set(numbers).count == 7 && numbers == numbers.sorted().reversed())
    }
  }
}
