// What a call pays for being known: printed, not judged, for machines differ.
import Access
import Crypto
import Foundation
import Testing

@testable import Credentials

@Suite struct CostTests {
  /// Microseconds of this process's CPU for one round.
  private func cost(_ rounds: Int, _ body: () throws -> Void) rethrows -> Double {
    let start = clock()
    for _ in 0..<rounds { try body() }
    return Double(clock() - start) / Double(CLOCKS_PER_SEC) / Double(rounds) * 1e6
  }

  @Test func theCostOfATokenAndOfADecisionIsPrinted() throws {
    let ring = try Keyring()
    let verifier = try TokenVerifier(
      keys: ring.folder.publicKeysPath, revocations: ring.folder.revocationsPath,
      issuers: ["quintet"]
    ) { _, _ in }
    let tokens = try (0..<500).map { _ in try ring.token() }
    var next = tokens.makeIterator()
    let fresh = try cost(tokens.count) {
      if let token = next.next() { _ = try verifier.verify(token, at: ring.now) }
    }
    let known = try cost(20_000) { _ = try verifier.verify(tokens[0], at: ring.now) }
    let principal = try verifier.verify(tokens[0], at: ring.now).principal
    let policy = Policy()
    let method = "quintet.command.v1.IncidentService/GetIncident"
    let decision = cost(20_000) { _ = policy.decide(principal, calls: method, at: ring.now) }
    print(
      "每次调用 CPU µs a call: 首次验证 a new token \(text(fresh)), 已知令牌 a known one \(text(known)), "
        + "权限判定 the decision \(text(decision))")
    #expect(fresh > 0 && known > 0 && decision > 0)
  }

  private func text(_ value: Double) -> String { String(format: "%.1f", value) }
}
