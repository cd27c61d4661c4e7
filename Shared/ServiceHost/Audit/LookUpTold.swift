// Whoever looks people up is seen by supervision: the feed tells of each look-up beside its record in
// the audit log. What it tells leads to the actor and the record, and to nobody who was looked for.
import Access
import Audit
import EventLog
import Foundation
import Identifiers
import Persistence
import QuintetAPI
import SwiftProtobuf
import Wire

struct LookUpTold {
  static let areaLimit = 32

  let call: AuditedCall
  let actor: Principal
  let message: Quintet_Audit_V1_LookUpMade

  /// Nil for what is no look-up, where nobody is known who made it, and for what was mistyped.
  init?(_ call: AuditedCall, entryIndex: Int64) {
    guard call.kind == .lookup, let actor = call.principal,
      ["OK", "PERMISSION_DENIED"].contains(call.code)
    else { return nil }
    self.call = call
    self.actor = actor
    message = .with {
      $0.actor = actor.actor
      $0.onBehalfOf = call.onBehalfOf?.actor ?? ""
      $0.areas = Array(actor.areas.sorted().prefix(Self.areaLimit))
      $0.seat = actor.seat ?? ""
      $0.method = call.method
      $0.purpose = call.notes["purpose"] ?? ""
      $0.caseID = call.notes["case"] ?? ""
      if call.code == "OK", let subject = call.notes["subject"] {
        $0.personKey = LookUpKey.of(subject, lookedUpBy: actor.actor, at: call.time)
      }
      $0.resultCode = call.code
      $0.resultReason = call.reason ?? ""
      $0.isOwnFamilyName = call.marks.contains(.ownFamilyName)
      $0.isHeldElsewhere = call.marks.contains(.heldElsewhere)
      $0.isOutsideShift = actor.duty != nil && !actor.isOnDuty(at: call.time)
      $0.entryIndex = UInt64(entryIndex)
    }
  }

  func append(to log: EventLog, in tx: any Transaction) throws {
    let provenance = Provenance(
      actor: actor.actor, cause: "audit/\(message.entryIndex)", trace: call.trace,
      onBehalfOf: message.onBehalfOf, origin: call.origin)
    var mint = IdentifierMint(
      service: log.service, cause: provenance.stableCause, now: call.time)
    let draft = EventDraft(
      type: Quintet_Audit_V1_LookUpMade.protoMessageName, subject: actor.actor, incidentID: nil,
      occurTime: call.time, payload: try message.serializedBytes())
    try log.append([draft], provenance: provenance, mint: &mint, now: call.time, in: tx)
  }
}
