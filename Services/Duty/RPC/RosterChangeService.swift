// Requests about swaps and leave, turned into the domain's commands and back.
import Access
public import DutyDomain
public import Foundation
public import GRPCCore
import Identifiers
public import QuintetAPI
import SwiftProtobuf
import Wire

/// `quintet.duty.v1.RosterChangeService`; the proto says what each RPC does and refuses.
public struct RosterChangeService: Quintet_Duty_V1_RosterChangeService.SimpleServiceProtocol {
  private let store: any DutyStore
  private let clock: @Sendable () -> Date

  public init(store: any DutyStore, clock: @escaping @Sendable () -> Date) {
    self.store = store
    self.clock = clock
  }

  /// Longer than any leave: 366 days.
  private static let longestLeave: TimeInterval = 366 * 86_400

  /// On behalf of whoever calls, at the time that the request tells.
  private static func changes(
    _ time: Google_Protobuf_Timestamp?, now: Date
  ) throws -> RosterChanges {
    RosterChanges(
      actor: CallContext.current.principal.actor,
      at: try Check.time(time, field: "occur_time", now: now))
  }

  public func askSwap(
    request: Quintet_Duty_V1_AskSwapRequest, context: ServerContext
  ) async throws -> Quintet_Duty_V1_AskSwapResponse {
    let now = clock()
    let key = try RequestKey(request, id: request.requestID, context: context)
    let shift: ShiftID = try Check.identifier(request.shiftID, field: "shift_id")
    let number = try RosterCheck.officerNumber(request.officerNumber, field: "officer_number")
    let other: ShiftID? = try Check.optionalIdentifier(
      request.otherShiftID, field: "other_shift_id")
    let changes = try Self.changes(request.hasOccurTime ? request.occurTime : nil, now: now)
    let swap = try await store.write(
      key, provenance: key.provenance, reach: CallContext.current.reach, now: now
    ) {
      try changes.askSwap(of: shift, with: number, for: other, in: $0)
    }
    CallContext.current.notes["subject"] = swap.id.description
    return .with { $0.swap = Quintet_Duty_V1_Swap(swap) }
  }

  public func answerSwap(
    request: Quintet_Duty_V1_AnswerSwapRequest, context: ServerContext
  ) async throws -> Quintet_Duty_V1_AnswerSwapResponse {
    let now = clock()
    let key = try RequestKey(request, id: request.requestID, context: context)
    let id: SwapID = try Check.identifier(request.swapID, field: "swap_id")
    let changes = try Self.changes(request.hasOccurTime ? request.occurTime : nil, now: now)
    let swap = try await store.write(
      key, provenance: key.provenance, reach: CallContext.current.reach, now: now
    ) {
      try changes.answer(id, accepting: request.accept, in: $0)
    }
    CallContext.current.notes["subject"] = swap.id.description
    return .with { $0.swap = Quintet_Duty_V1_Swap(swap) }
  }

  public func decideSwap(
    request: Quintet_Duty_V1_DecideSwapRequest, context: ServerContext
  ) async throws -> Quintet_Duty_V1_DecideSwapResponse {
    let now = clock()
    let key = try RequestKey(request, id: request.requestID, context: context)
    let id: SwapID = try Check.identifier(request.swapID, field: "swap_id")
    let changes = try Self.changes(request.hasOccurTime ? request.occurTime : nil, now: now)
    let swap = try await store.write(
      key, provenance: key.provenance, reach: CallContext.current.reach, now: now
    ) {
      try changes.decide(id, approving: request.approve, in: $0)
    }
    CallContext.current.notes["subject"] = swap.id.description
    return .with { $0.swap = Quintet_Duty_V1_Swap(swap) }
  }

  public func listSwaps(
    request: Quintet_Duty_V1_ListSwapsRequest, context: ServerContext
  ) async throws -> Quintet_Duty_V1_ListSwapsResponse {
    let size = try Check.count(request.pageSize, field: "page_size", 1...500, standard: 50)
    let before = try RosterCheck.key(request.pageToken)
    let actor = CallContext.current.principal.actor
    let swaps = try await store.read(within: CallContext.current.reach) {
      try $0.swaps(of: actor, before: before, limit: size + 1)
    }
    let page = swaps.prefix(size)
    return .with {
      $0.swaps = page.map(Quintet_Duty_V1_Swap.init)
      if swaps.count > size, let last = page.last {
        $0.nextPageToken = RosterCheck.token(last.askTime, last.id.description)
      }
    }
  }

  public func askLeave(
    request: Quintet_Duty_V1_AskLeaveRequest, context: ServerContext
  ) async throws -> Quintet_Duty_V1_AskLeaveResponse {
    let now = clock()
    let key = try RequestKey(request, id: request.requestID, context: context)
    let kind = try Leave.Kind(request.kind, field: "kind")
    let time = try RosterCheck.span(
      request.hasStartTime ? request.startTime : nil, request.hasEndTime ? request.endTime : nil)
    guard time.upperBound.timeIntervalSince(time.lowerBound) <= Self.longestLeave else {
      throw Failure.invalid(
        "OUT_OF_RANGE", field: "end_time",
        "请假不得超过 366 天。Leave takes at most 366 days.")
    }
    let changes = try Self.changes(request.hasOccurTime ? request.occurTime : nil, now: now)
    let leave = try await store.write(
      key, provenance: key.provenance, reach: CallContext.current.reach, now: now
    ) {
      try changes.askLeave(kind, from: time.lowerBound, until: time.upperBound, in: $0)
    }
    CallContext.current.notes["subject"] = leave.id.description
    return .with { $0.leave = Quintet_Duty_V1_Leave(leave) }
  }

  public func decideLeave(
    request: Quintet_Duty_V1_DecideLeaveRequest, context: ServerContext
  ) async throws -> Quintet_Duty_V1_DecideLeaveResponse {
    let now = clock()
    let key = try RequestKey(request, id: request.requestID, context: context)
    let id: LeaveID = try Check.identifier(request.leaveID, field: "leave_id")
    let changes = try Self.changes(request.hasOccurTime ? request.occurTime : nil, now: now)
    let decided = try await store.write(
      key, provenance: key.provenance, reach: CallContext.current.reach, now: now
    ) {
      try changes.decideLeave(id, approving: request.approve, in: $0)
    }
    CallContext.current.notes["subject"] = id.description
    return .with {
      $0.leave = Quintet_Duty_V1_Leave(decided.leave)
      $0.gapCount = Int32(decided.gapCount)
    }
  }

  public func listLeaves(
    request: Quintet_Duty_V1_ListLeavesRequest, context: ServerContext
  ) async throws -> Quintet_Duty_V1_ListLeavesResponse {
    let size = try Check.count(request.pageSize, field: "page_size", 1...500, standard: 50)
    let before = try RosterCheck.key(request.pageToken)
    let actor = CallContext.current.principal.actor
    let leaves = try await store.read(within: CallContext.current.reach) {
      try $0.leaves(of: actor, before: before, limit: size + 1)
    }
    let page = leaves.prefix(size)
    return .with {
      $0.leaves = page.map(Quintet_Duty_V1_Leave.init)
      if leaves.count > size, let last = page.last {
        $0.nextPageToken = RosterCheck.token(last.askTime, last.id.description)
      }
    }
  }
}
