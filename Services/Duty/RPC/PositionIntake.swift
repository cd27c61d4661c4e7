// A thousand units report every ten seconds on streams that stay open for hours. Each position alone
// would cost a flush of the disk; waiting for a full batch would keep the last ones waiting. So what
// arrives while a batch is written goes into the next one.
import Access
import DutyDomain
import Foundation
import GRPCCore
import Identifiers
import QuintetAPI
import Wire

struct PositionIntake: Sendable {
  /// Positions in one write at most.
  static let batchLimit = 256
  /// Positions that wait at most; beyond, the caller waits.
  static let waitingLimit = 1024
  /// Refusals that are told; the rest are counted.
  static let problemLimit = 10

  let store: any DutyStore
  let clock: @Sendable () -> Date

  /// Takes positions until the caller ends the stream. Each batch is durable before it is counted.
  /// - Throws: how the stream broke, after what had arrived was written; what the store throws.
  func take(
    _ requests: RPCAsyncSequence<Quintet_Duty_V1_ReportPositionsRequest, any Error>
  ) async throws -> Quintet_Duty_V1_ReportPositionsResponse {
    let inbox = PositionInbox(limit: Self.waitingLimit)
    let (broken, written) = await withTaskGroup(of: Half.self) { group in
      group.addTask {
        defer { inbox.finish() }
        let end = await result { for try await one in requests { try await inbox.put(one) } }
        return .read(end)
      }
      group.addTask {
        defer { inbox.close() }
        return .wrote(await result { try await write(inbox) })
      }
      var broken: (any Error)?
      var written: Result<Quintet_Duty_V1_ReportPositionsResponse, any Error>?
      for await half in group {
        switch half {
        // The writer goes on: what had arrived before the stream broke is kept.
        case .read(.failure(let error)): broken = error
        case .read(.success): break
        case .wrote(let result):
          written = result
          // After a failure the reader must not wait for a caller that has nothing more to send.
          if case .failure = result { group.cancelAll() }
        }
      }
      return (broken, written)
    }
    let tally = try written?.get()
    if let broken { throw broken }
    return tally ?? .init()
  }

  /// How one of the two tasks ended.
  private enum Half: Sendable {
    case read(Result<Void, any Error>)
    case wrote(Result<Quintet_Duty_V1_ReportPositionsResponse, any Error>)
  }

  private func result<R>(of body: () async throws -> R) async -> Result<R, any Error> {
    do { return .success(try await body()) } catch { return .failure(error) }
  }

  private func write(
    _ inbox: PositionInbox
  ) async throws -> Quintet_Duty_V1_ReportPositionsResponse {
    var tally = Quintet_Duty_V1_ReportPositionsResponse()
    while let batch = await inbox.take(Self.batchLimit) {
      let now = clock()
      let checked = batch.map { request in
        Result { try PositionReport(request, now: now) }
      }
      let reports = checked.compactMap { try? $0.get() }
      var outcomes = try await store.report(
        reports, within: CallContext.current.reach, now: now)[...]
      for result in checked {
        switch result {
        case .failure(let error): try refuse(error, &tally)
        case .success(let report): count(outcomes.removeFirst(), of: report, &tally)
        }
      }
    }
    return tally
  }

  private func count(
    _ outcome: PositionOutcome, of report: PositionReport,
    _ tally: inout Quintet_Duty_V1_ReportPositionsResponse
  ) {
    switch outcome {
    case .accepted: tally.acceptedCount += 1
    case .implausible:
      tally.acceptedCount += 1
      tally.implausibleCount += 1
    case .superseded: tally.supersededCount += 1
    case .unitIsGroup: refuse(DutyError.unitIsGroup(report.unitID).failure, &tally)
    case .unitUnknown:
      let failure = DutyError.unitUnknown(report.unitID.description).failure
      refuse(failure.told(within: CallContext.current.reach), &tally)
    }
  }

  private func refuse(
    _ error: any Error, _ tally: inout Quintet_Duty_V1_ReportPositionsResponse
  ) throws {
    guard let failure = error as? Failure else { throw error }
    refuse(failure, &tally)
  }

  private func refuse(
    _ failure: Failure, _ tally: inout Quintet_Duty_V1_ReportPositionsResponse
  ) {
    tally.refusedCount += 1
    if tally.problems.count < Self.problemLimit { tally.problems.append(failure.problem) }
  }
}
