// What any service with an audit log tells of look-ups.
import Foundation
import QuintetAPI
import SupervisionDomain
import Wire

extension LookUp {
  /// - Parameter service: whose feed tells of it.
  /// - Throws: `Failure` REQUIRED for one that nobody made.
  init(_ made: Quintet_Audit_V1_LookUpMade, service: String, time: Date) throws {
    guard !made.actor.isEmpty else { throw Failure.required("actor") }
    self.init(
      service: service, entryIndex: Int64(clamping: made.entryIndex), actor: made.actor,
      areas: made.areas, method: made.method, purpose: made.purpose, caseID: made.caseID,
      personKey: made.personKey, resultCode: made.resultCode, resultReason: made.resultReason,
      isOwnFamilyName: made.isOwnFamilyName, isHeldElsewhere: made.isHeldElsewhere,
      isOutsideShift: made.isOutsideShift, time: time)
  }
}
