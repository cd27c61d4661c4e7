// A refusal as a caller in any language reads it, and the key that makes a repeat harmless.
import Access
import Foundation
import GRPCCore
import GRPCProtobuf
import Identifiers
import QuintetAPI
import SwiftProtobuf
import Testing

@testable import Wire

@Suite struct FailureTests {
  @Test func aRefusalCarriesReasonDomainAndField() throws {
    let failure = Failure.invalid("DATUM_REQUIRED", field: "location.point.datum", "缺少基准。")
    let status = try #require(
      try RPCError(failure.status(domain: "command.quintet")).unpackGoogleRPCStatus())
    let info = try #require(status.details.lazy.compactMap(\.errorInfo).first)
    #expect(info.reason == "DATUM_REQUIRED" && info.domain == "command.quintet")
    let bad = try #require(status.details.lazy.compactMap(\.badRequest).first)
    #expect(bad.violations.map(\.field) == ["location.point.datum"])
    #expect(failure.problem.code == 3 && failure.problem.field == "location.point.datum")
  }

  @Test func theSameContentHasTheSameFingerprintAndOtherContentAnother() throws {
    func key(_ attributes: [(String, String)], text: String = "同一条") throws -> RequestKey {
      var request = Quintet_Publicopinion_V1_SubmitItemRequest()
      request.text = text
      // The order in which a map was filled must not matter.
      for (name, value) in attributes {
        request.attributes.fields[name] = .with { $0.stringValue = value }
      }
      return try RequestKey(request, id: "r-1", method: "/m")
    }
    let pairs = (0..<40).map { ("key\($0)", "value\($0)") }
    let first = try key(pairs)
    for _ in 0..<20 { #expect(try key(pairs.shuffled()) == first) }
    #expect(try key(pairs, text: "另一条") != first)
    #expect(try key(Array(pairs.dropLast())) != first)
  }

  /// So that a stolen store does not tell, number by number, what it was asked about.
  @Test func anotherServicesKeyMakesAnotherFingerprint() throws {
    let request = Quintet_Publicopinion_V1_SubmitItemRequest.with { $0.text = "同一条" }
    func key(_ secret: [UInt8]) throws -> RequestKey {
      try CallContext.$current.withValue(CallContext(ledgerKey: secret)) {
        try RequestKey(request, id: "r-1", method: "/m")
      }
    }
    let ours = [UInt8](repeating: 1, count: 32)
    #expect(try key(ours) == key(ours))
    #expect(try key(ours) != key([UInt8](repeating: 2, count: 32)))
  }
}
