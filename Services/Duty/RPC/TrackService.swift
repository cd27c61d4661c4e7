// Requests about tracks, each for a purpose and a case.
import Access
public import DutyDomain
public import Foundation
public import GRPCCore
import Identifiers
public import QuintetAPI
import SwiftProtobuf
import Wire

/// `quintet.duty.v1.TrackService`; the proto says what each RPC does and refuses.
public struct TrackService: Quintet_Duty_V1_TrackService.SimpleServiceProtocol {
  private let store: any DutyStore
  private let clock: @Sendable () -> Date

  public init(store: any DutyStore, clock: @escaping @Sendable () -> Date) {
    self.store = store
    self.clock = clock
  }

  public func listTrack(
    request: Quintet_Duty_V1_ListTrackRequest, context: ServerContext
  ) async throws -> Quintet_Duty_V1_ListTrackResponse {
    let inquiry = try Self.inquiry(request, now: clock())
    let size = try Check.count(request.pageSize, field: "page_size", 1...1000, standard: 500)
    let key = try PageToken.decode(request.pageToken, count: 2).map(TrackKey.init(words:))
    let (unit, points) = try await store.read(within: CallContext.current.reach) {
      try inquiry.answer(after: key, limit: size + 1, in: $0)
    }
    CallContext.current.notes["subject"] = unit.description
    return .with {
      $0.points = points.prefix(size).map(Quintet_Duty_V1_TrackPoint.init)
      $0.toleranceM = TrackPromise.tolerance
      $0.gapS = TrackPromise.gap
      if points.count > size { $0.nextPageToken = PageToken.encode(points[size - 1].key.words) }
    }
  }

  private static func inquiry(
    _ request: Quintet_Duty_V1_ListTrackRequest, now: Date
  ) throws -> TrackInquiry {
    guard request.hasPurpose else { throw Failure.required("purpose") }
    let purpose = request.purpose
    let code = try code(purpose.code)
    let incident: IncidentID = try Check.identifier(purpose.caseID, field: "purpose.case_id")
    _ = try Check.text(purpose.note, field: "purpose.note", max: 200)
    let context = CallContext.current
    context.notes.incident(incident.description)
    context.notes["purpose"] = code
    context.notes["case"] = purpose.caseID
    guard Policy().permits(code, to: context.principal, at: now) else {
      throw Self.purposeNotAllowed
    }
    guard request.hasFromTime else { throw Failure.required("from_time") }
    guard request.hasToTime else { throw Failure.required("to_time") }
    let from = try Check.time(request.fromTime, field: "from_time", now: now)
    // Up to the end of the hour, the day: what is asked for may lie ahead.
    let to = try Check.time(request.toTime, field: "to_time", now: .distantFuture)
    guard to >= from, to.timeIntervalSince(from) <= TrackInquiry.longest else {
      throw Failure.invalid(
        "OUT_OF_RANGE", field: "to_time",
        "to_time 须在 from_time 之后 24 小时内。to_time must lie within 24 h after from_time.")
    }
    return TrackInquiry(
      unit: try Check.text(request.unitID, field: "unit_id", max: 64, required: true),
      incidentID: incident, isRescue: purpose.code == .rescue, from: from, to: to)
  }

  /// As the access table spells it; what callers are looked up for is nothing for tracks.
  private static func code(_ code: Quintet_Type_V1_PurposeCode) throws -> String {
    switch code {
    case .rescue: "rescue"
    case .investigation: "investigation"
    case .complaint: "complaint"
    case .disposalReview: "disposal-review"
    case .callBack, .repeatCalls, .fraudPrevention: throw purposeNotAllowed
    case .unspecified, .UNRECOGNIZED: throw Failure.unspecified("purpose.code")
    }
  }

  private static var purposeNotAllowed: Failure {
    .denied(
      "PURPOSE_NOT_ALLOWED", "purpose.code",
      "您的岗位不能以此用途查询轨迹。Your role does not look up tracks for this purpose.")
  }
}

extension TrackKey {
  fileprivate init(words: [String]) throws {
    guard let time = Int64(words[0]), let sequence = Int64(words[1]) else {
      throw PageToken.invalid
    }
    self.init(time: Date(timeIntervalSince1970: Double(time) / 1_000_000), sequence: sequence)
  }

  fileprivate var words: [String] {
    [String(Int64((time.timeIntervalSince1970 * 1_000_000).rounded())), String(sequence)]
  }
}

extension Quintet_Duty_V1_TrackPoint {
  init(_ point: TrackPoint) {
    self = .with {
      $0.position = Quintet_Duty_V1_UnitPosition(point.position)
      $0.isAside = point.isAside
      $0.droppedCount = Int32(clamping: point.droppedCount)
      $0.isNewest = point.isNewest
    }
  }
}
