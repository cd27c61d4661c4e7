// Requests about organisations and areas, turned into the domain's commands and back.
import Access
public import DutyDomain
public import Foundation
public import GRPCCore
import Geography
import Identifiers
public import QuintetAPI
import SwiftProtobuf
import Wire

/// `quintet.duty.v1.OrganisationService`; the proto says what each RPC does and refuses.
public struct OrganisationService: Quintet_Duty_V1_OrganisationService.SimpleServiceProtocol {
  private let store: any DutyStore
  private let clock: @Sendable () -> Date

  public init(store: any DutyStore, clock: @escaping @Sendable () -> Date) {
    self.store = store
    self.clock = clock
  }

  public func putOrgUnit(
    request: Quintet_Duty_V1_PutOrgUnitRequest, context: ServerContext
  ) async throws -> Quintet_Duty_V1_PutOrgUnitResponse {
    let now = clock()
    let key = try RequestKey(request, id: request.requestID, context: context)
    let command = PutOrgUnit(
      code: try Check.code(
        request.code, field: "code", max: 32, allowed: .orgUnitCode, required: true),
      name: try Check.text(request.name, field: "name", max: 80, required: true),
      rank: try OrgRank(request.rank, field: "rank"),
      parentID: try Check.optionalIdentifier(request.parentID, field: "parent_id"),
      occurTime: try Check.time(
        request.hasOccurTime ? request.occurTime : nil, field: "occur_time", now: now))
    let period = try await store.write(
      key, provenance: key.provenance, reach: CallContext.current.reach, now: now
    ) {
      try Organisation().put(command, in: $0)
    }
    CallContext.current.notes["subject"] = period.orgUnit.id.description
    return .with { $0.orgUnit = Quintet_Duty_V1_OrgUnit(period) }
  }

  public func dissolveOrgUnit(
    request: Quintet_Duty_V1_DissolveOrgUnitRequest, context: ServerContext
  ) async throws -> Quintet_Duty_V1_DissolveOrgUnitResponse {
    let now = clock()
    let key = try RequestKey(request, id: request.requestID, context: context)
    let id: OrgUnitID = try Check.identifier(request.orgUnitID, field: "org_unit_id")
    let time = try Check.time(
      request.hasOccurTime ? request.occurTime : nil, field: "occur_time", now: now)
    let period = try await store.write(
      key, provenance: key.provenance, reach: CallContext.current.reach, now: now
    ) {
      try Organisation().dissolve(id, at: time, in: $0)
    }
    CallContext.current.notes["subject"] = id.description
    return .with { $0.orgUnit = Quintet_Duty_V1_OrgUnit(period) }
  }

  public func listOrgUnits(
    request: Quintet_Duty_V1_ListOrgUnitsRequest, context: ServerContext
  ) async throws -> Quintet_Duty_V1_ListOrgUnitsResponse {
    let size = try Check.count(request.pageSize, field: "page_size", 1...500, standard: 50)
    let after = try PageToken.decode(request.pageToken, count: 1)
    let time =
      try request.hasAsOfTime
      ? Check.time(request.asOfTime, field: "as_of_time", now: clock()) : nil
    let orgUnits = try await store.read(within: CallContext.current.reach) {
      try $0.orgUnits(asOf: time, after: after?[0], limit: size + 1)
    }
    let page = orgUnits.prefix(size)
    return .with {
      $0.orgUnits = page.map(Quintet_Duty_V1_OrgUnit.init)
      if orgUnits.count > size, let last = page.last {
        $0.nextPageToken = PageToken.encode([last.orgUnit.code])
      }
    }
  }

  public func putJurisdiction(
    request: Quintet_Duty_V1_PutJurisdictionRequest, context: ServerContext
  ) async throws -> Quintet_Duty_V1_PutJurisdictionResponse {
    let now = clock()
    let key = try RequestKey(request, id: request.requestID, context: context)
    let orgUnitID: OrgUnitID = try Check.identifier(request.orgUnitID, field: "org_unit_id")
    let areaClass = try AreaClass(request.areaClass, field: "area_class")
    guard request.hasArea else { throw Failure.required("area") }
    let command = PutJurisdiction(
      orgUnitID: orgUnitID, areaClass: areaClass,
      area: try Check.polygon(request.area, field: "area"),
      occurTime: try Check.time(
        request.hasOccurTime ? request.occurTime : nil, field: "occur_time", now: now))
    let jurisdiction = try await store.write(
      key, provenance: key.provenance, reach: CallContext.current.reach, now: now
    ) {
      try Organisation().put(command, in: $0)
    }
    CallContext.current.notes["subject"] = jurisdiction.id.description
    return .with { $0.jurisdiction = Quintet_Duty_V1_Jurisdiction(jurisdiction) }
  }

  public func listJurisdictions(
    request: Quintet_Duty_V1_ListJurisdictionsRequest, context: ServerContext
  ) async throws -> Quintet_Duty_V1_ListJurisdictionsResponse {
    let size = try Check.count(request.pageSize, field: "page_size", 1...500, standard: 50)
    let after = try PageToken.decode(request.pageToken, count: 2).map { keys in
      guard let areaClass = AreaClass(rawValue: keys[1]) else { throw PageToken.invalid }
      return JurisdictionKey(orgUnitCode: keys[0], areaClass: areaClass)
    }
    let page = try await store.read(within: CallContext.current.reach) {
      try $0.jurisdictions(after: after, limit: size)
    }
    return .with {
      $0.jurisdictions = page.jurisdictions.map(Quintet_Duty_V1_Jurisdiction.init)
      if let next = page.next {
        $0.nextPageToken = PageToken.encode([next.orgUnitCode, next.areaClass.rawValue])
      }
    }
  }

  public func locatePoint(
    request: Quintet_Duty_V1_LocatePointRequest, context: ServerContext
  ) async throws -> Quintet_Duty_V1_LocatePointResponse {
    guard request.hasPoint else { throw Failure.required("point") }
    let point = try Check.givenPoint(request.point, field: "point").coordinate
    let jurisdictions = try await store.read(within: CallContext.current.reach) {
      try Organisation().locate(point, in: $0)
    }
    return .with { $0.jurisdictions = jurisdictions.map(Quintet_Duty_V1_Jurisdiction.init) }
  }
}

extension CharacterSet {
  /// `[A-Za-z0-9.-]`
  fileprivate static let orgUnitCode = CharacterSet(
    charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-")
}
