// Requests about staff, seats, patterns and shifts, turned into the domain's commands and back.
import Access
public import DutyDomain
public import Foundation
public import GRPCCore
import Identifiers
public import QuintetAPI
import SwiftProtobuf
import Wire

/// `quintet.duty.v1.RosterService`; the proto says what each RPC does and refuses.
public struct RosterService: Quintet_Duty_V1_RosterService.SimpleServiceProtocol {
  private let store: any DutyStore
  private let clock: @Sendable () -> Date

  public init(store: any DutyStore, clock: @escaping @Sendable () -> Date) {
    self.store = store
    self.clock = clock
  }

  public func putOfficer(
    request: Quintet_Duty_V1_PutOfficerRequest, context: ServerContext
  ) async throws -> Quintet_Duty_V1_PutOfficerResponse {
    let now = clock()
    let key = try RequestKey(request, id: request.requestID, context: context)
    guard request.hasOfficer else { throw Failure.required("officer") }
    let officer = try Officer(request.officer, now: now)
    let time = try Check.time(
      request.hasOccurTime ? request.occurTime : nil, field: "occur_time", now: now)
    let held = try await store.write(
      key, provenance: key.provenance, reach: CallContext.current.reach, now: now
    ) {
      try StaffKeeping().put(officer, at: time, in: $0)
    }
    CallContext.current.notes["subject"] = held.number
    return .with { $0.officer = Quintet_Duty_V1_Officer(held) }
  }

  public func listOfficers(
    request: Quintet_Duty_V1_ListOfficersRequest, context: ServerContext
  ) async throws -> Quintet_Duty_V1_ListOfficersResponse {
    let size = try Check.count(request.pageSize, field: "page_size", 1...500, standard: 50)
    let after = try PageToken.decode(request.pageToken, count: 1)
    let officers = try await store.read(within: CallContext.current.reach) {
      try $0.officers(after: after?[0], limit: size + 1)
    }
    let page = officers.prefix(size)
    return .with {
      $0.officers = page.map { Quintet_Duty_V1_Officer($0) }
      if officers.count > size, let last = page.last {
        $0.nextPageToken = PageToken.encode([last.number])
      }
    }
  }

  public func putSeat(
    request: Quintet_Duty_V1_PutSeatRequest, context: ServerContext
  ) async throws -> Quintet_Duty_V1_PutSeatResponse {
    let now = clock()
    let key = try RequestKey(request, id: request.requestID, context: context)
    guard request.hasSeat else { throw Failure.required("seat") }
    let seat = try Seat(request.seat)
    let time = try Check.time(
      request.hasOccurTime ? request.occurTime : nil, field: "occur_time", now: now)
    let held = try await store.write(
      key, provenance: key.provenance, reach: CallContext.current.reach, now: now
    ) {
      try StaffKeeping().put(seat, at: time, in: $0)
    }
    CallContext.current.notes["subject"] = held.code
    return .with { $0.seat = Quintet_Duty_V1_Seat(held) }
  }

  public func putPattern(
    request: Quintet_Duty_V1_PutPatternRequest, context: ServerContext
  ) async throws -> Quintet_Duty_V1_PutPatternResponse {
    let key = try RequestKey(request, id: request.requestID, context: context)
    guard request.hasPattern else { throw Failure.required("pattern") }
    let pattern = try RosterPattern(request.pattern)
    let held = try await store.write(
      key, provenance: key.provenance, reach: CallContext.current.reach, now: clock()
    ) {
      try $0.save(pattern)
      return pattern
    }
    CallContext.current.notes["subject"] = held.code
    return .with { $0.pattern = Quintet_Duty_V1_Pattern(held) }
  }

  public func listPatterns(
    request: Quintet_Duty_V1_ListPatternsRequest, context: ServerContext
  ) async throws -> Quintet_Duty_V1_ListPatternsResponse {
    _ = try Check.count(request.pageSize, field: "page_size", 1...500, standard: 50)
    _ = try PageToken.decode(request.pageToken, count: 1)
    let patterns = try await store.read(within: CallContext.current.reach) {
      try $0.allPatterns()
    }
    return .with { $0.patterns = patterns.map(Quintet_Duty_V1_Pattern.init) }
  }

  public func previewRoster(
    request: Quintet_Duty_V1_PreviewRosterRequest, context: ServerContext
  ) async throws -> Quintet_Duty_V1_PreviewRosterResponse {
    guard request.hasPlan else { throw Failure.required("plan") }
    let plan = try RosterPlan(request.plan)
    let now = clock()
    let draft = try await store.read(within: CallContext.current.reach) {
      try RosterMaking().draft(plan, beginning: now, now: now, in: $0)
    }
    return .with {
      $0.shifts = draft.made.prefix(500).map(Quintet_Duty_V1_Shift.init)
      $0.findings = draft.findings.prefix(500).map(Quintet_Duty_V1_RosterFinding.init)
      $0.madeCount = Int32(draft.made.count)
      $0.replacedCount = Int32(draft.replaced.count)
      $0.keptCount = Int32(draft.keptCount)
    }
  }

  public func publishRoster(
    request: Quintet_Duty_V1_PublishRosterRequest, context: ServerContext
  ) async throws -> Quintet_Duty_V1_PublishRosterResponse {
    let now = clock()
    let key = try RequestKey(request, id: request.requestID, context: context)
    guard request.hasPlan else { throw Failure.required("plan") }
    let plan = try RosterPlan(request.plan)
    let time = try Check.time(
      request.hasOccurTime ? request.occurTime : nil, field: "occur_time", now: now)
    let published = try await store.write(
      key, provenance: key.provenance, reach: CallContext.current.reach, now: now
    ) {
      try RosterMaking().publish(plan, at: time, now: now, in: $0)
    }
    CallContext.current.notes["subject"] = plan.seatCode
    return .with {
      $0.findings = published.findings.map(Quintet_Duty_V1_RosterFinding.init)
      $0.madeCount = Int32(published.madeCount)
      $0.replacedCount = Int32(published.replacedCount)
      $0.keptCount = Int32(published.keptCount)
    }
  }

  public func listShifts(
    request: Quintet_Duty_V1_ListShiftsRequest, context: ServerContext
  ) async throws -> Quintet_Duty_V1_ListShiftsResponse {
    let time = try RosterCheck.span(
      request.hasStartTime ? request.startTime : nil, request.hasEndTime ? request.endTime : nil)
    let (page, next) = try await shifts(
      touching: time, seat: request.seatCode, onlyGaps: false, request.pageSize,
      request.pageToken)
    return .with {
      $0.shifts = page
      $0.nextPageToken = next
    }
  }

  public func listGaps(
    request: Quintet_Duty_V1_ListGapsRequest, context: ServerContext
  ) async throws -> Quintet_Duty_V1_ListGapsResponse {
    let time = try RosterCheck.span(
      request.hasStartTime ? request.startTime : nil, request.hasEndTime ? request.endTime : nil)
    let (page, next) = try await shifts(
      touching: time, seat: request.seatCode, onlyGaps: true, request.pageSize,
      request.pageToken)
    return .with {
      $0.shifts = page
      $0.nextPageToken = next
    }
  }

  private func shifts(
    touching time: Range<Date>, seat: String, onlyGaps: Bool, _ pageSize: Int32, _ token: String
  ) async throws -> (page: [Quintet_Duty_V1_Shift], next: String) {
    let size = try Check.count(pageSize, field: "page_size", 1...500, standard: 50)
    let code = try RosterCheck.code(seat, field: "seat_code", required: false)
    let after = try RosterCheck.key(token)
    let shifts = try await store.read(within: CallContext.current.reach) {
      try $0.shifts(
        touching: time, seat: code.isEmpty ? nil : code, onlyGaps: onlyGaps, after: after,
        limit: size + 1)
    }
    let page = shifts.prefix(size)
    let next =
      shifts.count > size
      ? page.last.map { RosterCheck.token($0.plan.start, $0.id.description) } : nil
    return (page.map(Quintet_Duty_V1_Shift.init), next ?? "")
  }

  public func nameSubstitute(
    request: Quintet_Duty_V1_NameSubstituteRequest, context: ServerContext
  ) async throws -> Quintet_Duty_V1_NameSubstituteResponse {
    let now = clock()
    let key = try RequestKey(request, id: request.requestID, context: context)
    let id: ShiftID = try Check.identifier(request.shiftID, field: "shift_id")
    let number = try RosterCheck.officerNumber(request.officerNumber, field: "officer_number")
    let changes = RosterChanges(
      actor: CallContext.current.principal.actor,
      at: try Check.time(
        request.hasOccurTime ? request.occurTime : nil, field: "occur_time", now: now))
    let shift = try await store.write(
      key, provenance: key.provenance, reach: CallContext.current.reach, now: now
    ) {
      try changes.nameSubstitute(number, for: id, in: $0)
    }
    CallContext.current.notes["subject"] = shift.id.description
    return .with { $0.shift = Quintet_Duty_V1_Shift(shift) }
  }
}
