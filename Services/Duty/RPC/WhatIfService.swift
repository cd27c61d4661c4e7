// `quintet.duty.v1.WhatIfService`: a past day with another roster. One comparison at a time: it takes a
// processor for seconds, and whoever dispatches must not notice.
import Access
public import DutyDomain
import Foundation
public import GRPCCore
import Geography
import Identifiers
public import QuintetAPI
import SwiftProtobuf
import Synchronization
import Wire

public struct WhatIfService: Quintet_Duty_V1_WhatIfService.SimpleServiceProtocol {
  private let store: any DutyStore
  private let turn = Turn()

  public init(store: any DutyStore) {
    self.store = store
  }

  public func compareScenarios(
    request: RPCAsyncSequence<Quintet_Duty_V1_CompareScenariosRequest, any Error>,
    context: ServerContext
  ) async throws -> Quintet_Duty_V1_CompareScenariosResponse {
    guard turn.take() else {
      throw Failure(
        code: .resourceExhausted, reason: "WHAT_IF_BUSY",
        message: "正在推演，请稍后再试。Another comparison is under way; try again later.",
        retryAfter: .seconds(5))
    }
    defer { turn.release() }
    var intake: WhatIfIntake?
    for try await message in request {
      switch message.part {
      case .header(let header):
        guard intake == nil else { throw Failure.required("batch") }
        intake = try WhatIfIntake(header)
      case .batch(let batch):
        guard intake != nil else { throw Failure.required("header") }
        try intake?.add(batch)
      case nil: throw Failure.required("part")
      }
    }
    guard let intake else { throw Failure.required("header") }
    let comparison = try await store.consult(within: .everywhere) { roster, reader in
      try intake.comparison(model: roster.travelModel, roads: roster.roads) { point in
        try reader.jurisdictions(holding: point).map(\.areaClass).min() ?? .other
      }
    }
    // Beside the threads that answer calls; whoever hangs up ends it.
    let work = Task.detached(priority: .background) {
      try comparison.report { try Task.checkCancellation() }
    }
    let report = try await withTaskCancellationHandler {
      try await work.value
    } onCancel: {
      work.cancel()
    }
    return Quintet_Duty_V1_CompareScenariosResponse(report)
  }

  /// Who may compare now.
  private final class Turn: Sendable {
    private let isTaken = Mutex(false)

    func take() -> Bool {
      isTaken.withLock { taken in
        defer { taken = true }
        return !taken
      }
    }

    func release() { isTaken.withLock { $0 = false } }
  }
}
