// 来电人查询: quintet.command.v1.CallerService.

import Access
import Classification
import CommandDomain
import Foundation
import GRPCCore
import Identifiers
import QuintetAPI
import SwiftProtobuf
import Wire

struct Callers: Quintet_Command_V1_CallerService.SimpleServiceProtocol {
  /// Stations that are named as having calls of their own.
  static let keeperLimit = 20

  let room: CommandRoom

  func lookUpCaller(
    request: Quintet_Command_V1_LookUpCallerRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_LookUpCallerResponse {
    let purpose = try CheckedPurpose(request.purpose, isSet: request.hasPurpose, now: room.now)
    guard let phone = try PhoneNumber(checking: request.phone, field: "phone") else {
      throw Failure.required("phone")
    }
    let size = try Check.count(request.pageSize, field: "page_size", 1...100, standard: 20)
    let page = try Page<CallReportTag>(size: Int32(size), token: request.pageToken)
    let hash = room.secrets.hash(phone.normalised)
    // The number itself stays out of every log; equal look-ups are recognised by its hash.
    CallContext.current.notes["subject"] = "phone/\(hash)"
    let (found, keepers) = try await room.read { reader in
      try CallerInquiry().check(purpose.inquiryCase, in: reader)
      return (
        try reader.calls(fromPhone: hash, before: page.before, limit: page.size + 1),
        page.before == nil ? try reader.keepers(ofPhone: hash, limit: Self.keeperLimit) : []
      )
    }
    let shown = found.prefix(page.size).filter {
      purpose.isComplaint || $0.incident?.incidentClass != .complaint
    }
    if !keepers.isEmpty { CallContext.current.notes.mark(.heldElsewhere) }
    for call in found {
      try markFamilyName(of: room.secrets.opened(call.report.content.sealedCaller).name)
    }
    return .with {
      $0.calls = shown.map(Quintet_Command_V1_FoundCall.init)
      $0.nextPageToken = page.token(after: found.map(\.report.id))
      $0.elsewhere = keepers.map(Quintet_Command_V1_Elsewhere.init)
    }
  }

  func revealCaller(
    request: Quintet_Command_V1_RevealCallerRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_RevealCallerResponse {
    let purpose = try CheckedPurpose(request.purpose, isSet: request.hasPurpose, now: room.now)
    let id: CallReportID = try Check.identifier(request.callReportID, field: "call_report_id")
    CallContext.current.notes["subject"] = id.description
    let report = try await room.read { reader in
      try CallerInquiry().reveal(id, for: purpose.inquiryCase, in: reader)
    }
    let caller = try room.secrets.opened(report.content.sealedCaller)
    markFamilyName(of: caller.name)
    return .with {
      $0.phone = caller.phone
      $0.callerName = caller.name
    }
  }
}

/// Supervision is told when somebody looks up a person of his own family name, and not which.
private func markFamilyName(of person: String) {
  let context = CallContext.current
  if context.principal.sharesFamilyName(with: person) { context.notes.mark(.ownFamilyName) }
}

/// Why somebody is looked up: a purpose that the caller's roles allow, and the case it serves.
struct CheckedPurpose: Sendable {
  let inquiryCase: InquiryCase
  let isComplaint: Bool

  /// - Throws: `Failure` REQUIRED, UNSPECIFIED, ID_INVALID, PURPOSE_NOT_ALLOWED.
  init(_ purpose: Quintet_Type_V1_Purpose, isSet: Bool, now: Date) throws {
    guard isSet else { throw Failure.required("purpose") }
    _ = try Self.code(purpose.code)
    guard !purpose.caseID.isEmpty else { throw Failure.required("purpose.case_id") }
    if purpose.caseID.hasPrefix(CallReportTag.prefix + "_") {
      inquiryCase = .call(try Check.identifier(purpose.caseID, field: "purpose.case_id"))
    } else {
      let incident: IncidentID = try Check.identifier(purpose.caseID, field: "purpose.case_id")
      inquiryCase = .incident(incident)
      CallContext.current.notes.incident(incident.description)
    }
    isComplaint = purpose.code == .complaint
    try Self.permit(purpose, now: now)
  }

  /// Notes the purpose for the audit log, and whether the caller's roles allow it.
  /// - Throws: `Failure` UNSPECIFIED, TOO_LONG, PURPOSE_NOT_ALLOWED.
  static func permit(_ purpose: Quintet_Type_V1_Purpose, now: Date) throws {
    let code = try code(purpose.code)
    _ = try Check.text(purpose.note, field: "purpose.note", max: 200)
    let notes = CallContext.current.notes
    notes["purpose"] = code
    notes["case"] = purpose.caseID
    guard Policy().permits(code, to: CallContext.current.principal, at: now) else {
      throw Self.purposeNotAllowed
    }
  }

  private static var purposeNotAllowed: Failure {
    .denied(
      "PURPOSE_NOT_ALLOWED", "purpose.code",
      "您的岗位不能以此用途查询。Your role does not look anybody up for this purpose.")
  }

  /// As the access table spells it.
  private static func code(_ code: Quintet_Type_V1_PurposeCode) throws -> String {
    switch code {
    case .callBack: "call-back"
    case .rescue: "rescue"
    case .repeatCalls: "repeat-calls"
    case .investigation: "investigation"
    case .fraudPrevention: "fraud-prevention"
    case .complaint: "complaint"
    // For tracks of units.
    case .disposalReview: throw purposeNotAllowed
    case .unspecified, .UNRECOGNIZED: throw Failure.unspecified("purpose.code")
    }
  }
}

extension Quintet_Command_V1_FoundCall {
  fileprivate init(_ call: CallOfNumber) {
    self = .with {
      $0.callReportID = call.report.id.description
      $0.receiveTime = call.report.content.receiveTime.timestamp
      $0.outcome = Quintet_Command_V1_CallOutcome(call.report.outcome)
      $0.incidentID = call.incident?.id.description ?? ""
      $0.incidentNumber = call.incident?.number ?? ""
      $0.incidentClass = Quintet_Type_V1_IncidentClass(call.incident?.incidentClass)
    }
  }
}

extension Quintet_Command_V1_Elsewhere {
  fileprivate init(_ keeper: CallKeeper?) {
    self = .with {
      $0.stationID = keeper?.stationID.description ?? ""
      $0.stationName = keeper?.stationName ?? ""
    }
  }
}
