// Requests about who sits where, turned into the domain's commands and back.
import Access
public import DutyDomain
public import Foundation
public import GRPCCore
import Identifiers
public import QuintetAPI
import SwiftProtobuf
import Wire

/// Signs what a taken seat allows, for whoever makes tokens of it; comes from where the keys are.
public typealias GrantSigning = @Sendable (SeatAllowance) async throws -> String

/// `quintet.duty.v1.SeatService`; the proto says what each RPC does and refuses.
public struct SeatService: Quintet_Duty_V1_SeatService.SimpleServiceProtocol {
  private let store: any DutyStore
  private let sign: GrantSigning
  private let clock: @Sendable () -> Date

  public init(
    store: any DutyStore, sign: @escaping GrantSigning, clock: @escaping @Sendable () -> Date
  ) {
    self.store = store
    self.sign = sign
    self.clock = clock
  }

  private static func keeping(
    _ time: Google_Protobuf_Timestamp?, now: Date
  ) throws -> SeatKeeping {
    SeatKeeping(
      actor: CallContext.current.principal.actor,
      at: try Check.time(time, field: "occur_time", now: now))
  }

  public func listSeats(
    request: Quintet_Duty_V1_ListSeatsRequest, context: ServerContext
  ) async throws -> Quintet_Duty_V1_ListSeatsResponse {
    let time = try Check.time(
      request.hasAsOfTime ? request.asOfTime : nil, field: "as_of_time", now: clock())
    let views = try await store.read(within: CallContext.current.reach) {
      try SeatView.all(at: time, in: $0)
    }
    return .with { $0.seats = views.map(Quintet_Duty_V1_SeatView.init) }
  }

  public func takeSeat(
    request: Quintet_Duty_V1_TakeSeatRequest, context: ServerContext
  ) async throws -> Quintet_Duty_V1_TakeSeatResponse {
    let now = clock()
    let key = try RequestKey(request, id: request.requestID, context: context)
    let code = try RosterCheck.code(request.seatCode, field: "seat_code")
    let keeping = try Self.keeping(request.hasOccurTime ? request.occurTime : nil, now: now)
    let allowance = try await store.write(
      key, provenance: key.provenance, reach: CallContext.current.reach, now: now
    ) {
      try keeping.take(code, in: $0)
    }
    CallContext.current.notes["subject"] = allowance.taking.id.description
    // After the commit: what is not durable allows nothing. A repeat of the request signs again.
    let grant = try await sign(allowance)
    return .with {
      $0.taking = Quintet_Duty_V1_SeatTaking(allowance.taking)
      $0.grant = grant
    }
  }

  public func leaveSeat(
    request: Quintet_Duty_V1_LeaveSeatRequest, context: ServerContext
  ) async throws -> Quintet_Duty_V1_LeaveSeatResponse {
    let now = clock()
    let key = try RequestKey(request, id: request.requestID, context: context)
    let code = try RosterCheck.code(request.seatCode, field: "seat_code")
    let keeping = try Self.keeping(request.hasOccurTime ? request.occurTime : nil, now: now)
    let taking = try await store.write(
      key, provenance: key.provenance, reach: CallContext.current.reach, now: now
    ) {
      try keeping.leave(code, in: $0)
    }
    CallContext.current.notes["subject"] = taking.id.description
    return .with { $0.taking = Quintet_Duty_V1_SeatTaking(taking) }
  }

  public func writeHandoverNote(
    request: Quintet_Duty_V1_WriteHandoverNoteRequest, context: ServerContext
  ) async throws -> Quintet_Duty_V1_WriteHandoverNoteResponse {
    let now = clock()
    let key = try RequestKey(request, id: request.requestID, context: context)
    let code = try RosterCheck.code(request.seatCode, field: "seat_code")
    let text = try Check.text(
      request.text, field: "text", max: 4000, required: !request.nothing)
    guard text.isEmpty || !request.nothing else {
      throw Failure.invalid(
        "NOTE_AND_NOTHING", field: "nothing",
        "既写了交接内容，又说明无交接事项。There is a note, and it is said that there is nothing.")
    }
    let keeping = try Self.keeping(request.hasOccurTime ? request.occurTime : nil, now: now)
    let note = try await store.write(
      key, provenance: key.provenance, reach: CallContext.current.reach, now: now
    ) {
      try keeping.write(text, at: code, in: $0)
    }
    CallContext.current.notes["subject"] = note.id.description
    return .with { $0.note = Quintet_Duty_V1_HandoverNote(note) }
  }

  public func markHandoverNoteRead(
    request: Quintet_Duty_V1_MarkHandoverNoteReadRequest, context: ServerContext
  ) async throws -> Quintet_Duty_V1_MarkHandoverNoteReadResponse {
    let now = clock()
    let key = try RequestKey(request, id: request.requestID, context: context)
    let id: HandoverNoteID = try Check.identifier(request.noteID, field: "note_id")
    let keeping = try Self.keeping(request.hasOccurTime ? request.occurTime : nil, now: now)
    let note = try await store.write(
      key, provenance: key.provenance, reach: CallContext.current.reach, now: now
    ) {
      try keeping.read(id, in: $0)
    }
    CallContext.current.notes["subject"] = note.id.description
    return .with { $0.note = Quintet_Duty_V1_HandoverNote(note) }
  }

  public func listHandoverNotes(
    request: Quintet_Duty_V1_ListHandoverNotesRequest, context: ServerContext
  ) async throws -> Quintet_Duty_V1_ListHandoverNotesResponse {
    let code = try RosterCheck.code(request.seatCode, field: "seat_code")
    let size = try Check.count(request.pageSize, field: "page_size", 1...200, standard: 50)
    let before = try RosterCheck.key(request.pageToken)
    let reach = CallContext.current.reach
    // Those with an area watch over the hall; all others read what is handed to themselves.
    let mustBeOnSeat = !reach.isEverywhere && reach.areas.isEmpty
    let keeping = try Self.keeping(nil, now: clock())
    let notes = try await store.read(within: reach) { reader in
      guard try reader.seat(code: code) != nil else {
        throw RosterError.seatUnknown(code, field: "seat_code")
      }
      if mustBeOnSeat { try keeping.requireOnSeat(code, in: reader) }
      return try reader.notes(ofSeat: code, before: before, limit: size + 1)
    }
    // Texts are long: a page ends early where it would not fit into one message.
    let page = AnswerSize.fitting(notes.prefix(size).map(Quintet_Duty_V1_HandoverNote.init))
    return .with {
      $0.notes = page
      if notes.count > page.count, let last = notes.prefix(page.count).last {
        $0.nextPageToken = RosterCheck.token(last.writeTime, last.id.description)
      }
    }
  }
}
