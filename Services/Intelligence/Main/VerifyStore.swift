// `quintet-intelligence verify-store`: what its events say of its assessments, and which rows are its
// neighbours' word.
//
// Assessments themselves are not made anew: they rest on the areas known when the call came, and on
// rules that may have been others. Of the calls only facts are compared, and only where retention
// has not deleted them.

import ArgumentParser
import Foundation
import IntelligenceRPC
import IntelligenceStore
import QuintetAPI
import StoreCheck

struct VerifyStore: AsyncParsableCommand {
  static let configuration = StoreCheck.configuration

  @OptionGroup var options: StoreCheckOptions

  func run() async throws {
    try await StoreCheck(
      service: "intelligence", migrations: IntelligenceDatabaseStore.migrations,
      stated: [
        StatedTable(
          "assessment", key: "incident_id",
          value: """
            assessment_id || '/' || coalesce(station_id, '') || '/' || coalesce(beat_id, '') \
            || '/' || found_repeat
            """, retained: "assessment"),
        StatedTable(
          "place", key: "place_id", value: "code || '/' || kind || '/' || revision || '/' || name"),
      ],
      claims: Self.claims,
      projections: [
        Projection("org_unit", key: "org_unit_id", columns: ["name", "org_rank", "parent_id"]),
        Projection(
          "jurisdiction", key: "jurisdiction_id",
          columns: ["org_unit_id", "south", "north", "west", "east", "corners"]),
        Projection(
          "known_call", key: "call_report_id",
          columns: ["incident_id", "receive_time", "phone_hash", "latitude", "longitude"],
          isPruned: true),
      ],
      carrying: ["kind_rule", "repeat_rule", "generic_address"]
    ) { database, log in
      let store = IntelligenceDatabaseStore(
        database: database, log: log, encode: EventEncoder.encode)
      return IntelligenceFollowers(store: store, clock: { Date() }).all
    }.run(options)
  }

  @Sendable
  private static func claims(_ message: Any) -> [Claim] {
    if let told = message as? Quintet_Intelligence_V1_PlaceDefined {
      let place = told.place
      let words = [place.code, spelled(place.kind), place.etag, place.name]
      return [Claim("place", place.id, words.joined(separator: "/"))]
    }
    guard let told = message as? Quintet_Intelligence_V1_IncidentAssessed else { return [] }
    let assessment = told.assessment
    let words = [
      assessment.id, assessment.jurisdiction.stationID, assessment.jurisdiction.beatID,
      assessment.repeats.isEmpty ? "0" : "1",
    ]
    return [Claim("assessment", assessment.incidentID, words.joined(separator: "/"))]
  }
}
