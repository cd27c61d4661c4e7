// Which stations there are, what they are called, and where they answer. Duty's to say; asked once for
// each splitting of a campaign, outside every transaction.

public import CommandDomain
import Foundation
public import GRPCCore
import Geography
import Identifiers
import QuintetAPI
import SwiftProtobuf
import Wire

public protocol StationDirectory: Sendable {
  /// Every station, in the order of their ids.
  /// - Throws: whatever kept the answer from coming.
  func stations() async throws -> [KnownStation]
}

/// Asks the duty service.
public struct DutyStationDirectory<Transport: ClientTransport>: StationDirectory {
  /// Pages that are read at most: more is no bureau.
  private static var pageLimit: Int { 200 }

  private let duty: Quintet_Duty_V1_OrganisationService.Client<Transport>
  private let options: @Sendable () -> CallOptions

  /// - Parameter options: made for each question, with a deadline.
  public init(
    client: GRPCClient<Transport>, options: @escaping @Sendable () -> CallOptions
  ) {
    self.duty = Quintet_Duty_V1_OrganisationService.Client(wrapping: client)
    self.options = options
  }

  public func stations() async throws -> [KnownStation] {
    var names: [OrgUnitID: String] = [:]
    try await pages { token in
      let answer = try await duty.listOrgUnits(
        .with {
          $0.pageSize = 500
          $0.pageToken = token
        }, options: options())
      for unit in answer.orgUnits where unit.rank == .station {
        names[try OrgUnitID(parsing: unit.id)] = unit.name
      }
      return answer.nextPageToken
    }
    var areas: [OrgUnitID: [Polygon]] = [:]
    try await pages { token in
      let answer = try await duty.listJurisdictions(
        .with {
          $0.pageSize = 20
          $0.pageToken = token
        }, options: options())
      for area in answer.jurisdictions where area.rank == .station {
        areas[try OrgUnitID(parsing: area.orgUnitID), default: []].append(
          try Check.polygon(area.area, field: "area"))
      }
      return answer.nextPageToken
    }
    return names.keys.sorted { $0.description < $1.description }.map {
      KnownStation(id: $0, name: names[$0] ?? "", areas: areas[$0] ?? [])
    }
  }

  private func pages(_ read: (String) async throws -> String) async throws {
    var token = ""
    for _ in 0..<Self.pageLimit {
      token = try await read(token)
      if token.isEmpty { return }
    }
  }
}
