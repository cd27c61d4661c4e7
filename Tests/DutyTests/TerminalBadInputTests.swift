// TerminalService: what it refuses, and whose terminals one sees.
import Access
import DutyDomain
import DutyRPC
import DutyStore
import Foundation
import GRPCCore
import Identifiers
import QuintetAPI
import SwiftProtobuf
import Testing
import Wire

extension BadInputTests {
  @Test func putTerminal() async throws {
    try await Station.with { station in
      let unit = try await station.putUnit("U1").id
      try await check(
        station, "PutTerminal", of: "TerminalService",
        good: Quintet_Duty_V1_PutTerminalRequest.with {
          $0.requestID = "r"
          $0.code = "car-1"
          $0.kind = .vehicle
          $0.unitID = unit
        },
        [
          ({ $0.requestID = "" }, .invalidArgument, "REQUIRED", "request_id"),
          ({ $0.code = "" }, .invalidArgument, "REQUIRED", "code"),
          ({ $0.code = "Car" }, .invalidArgument, "CHARACTERS_NOT_ALLOWED", "code"),
          ({ $0.code = "a/b" }, .invalidArgument, "CHARACTERS_NOT_ALLOWED", "code"),
          (
            { $0.code = String(repeating: "x", count: 65) }, .invalidArgument, "TOO_LONG", "code"
          ),
          ({ $0.kind = .unspecified }, .invalidArgument, "UNSPECIFIED", "kind"),
          ({ $0.kind = .UNRECOGNIZED(9) }, .invalidArgument, "UNSPECIFIED", "kind"),
          ({ $0.unitID = "" }, .invalidArgument, "REQUIRED", "unit_id"),
          ({ $0.unitID = "U1" }, .invalidArgument, "ID_INVALID", "unit_id"),
          ({ $0.unitID = self.nobody }, .notFound, "UNIT_UNKNOWN", "unit_id"),
          ({ $0.orgUnitID = self.nowhere }, .invalidArgument, "NOT_ALLOWED", "org_unit_id"),
          ({ $0.location.address = "x" }, .invalidArgument, "NOT_ALLOWED", "location"),
          ({ $0.plateCode = "x" }, .invalidArgument, "NOT_ALLOWED", "plate_code"),
        ]
      ) { try await station.terminals.putTerminal(request: $0, context: $1) }
    }
  }

  @Test func putPillar() async throws {
    try await Station.with { station in
      let unit = try await station.putUnit("U1").id
      try await check(
        station, "PutTerminal", of: "TerminalService",
        good: Quintet_Duty_V1_PutTerminalRequest.with {
          $0.requestID = "r"
          $0.code = "p"
          $0.kind = .pillar
          $0.location.point = point(28, 121)
        },
        [
          ({ $0.unitID = unit }, .invalidArgument, "NOT_ALLOWED", "unit_id"),
          ({ $0.clearLocation() }, .invalidArgument, "REQUIRED", "location.point"),
          (
            { $0.location.point.datum = .unspecified }, .invalidArgument, "DATUM_REQUIRED",
            "location.point.datum"
          ),
          (
            { $0.location.point.latitude = 91 }, .invalidArgument, "OUT_OF_RANGE",
            "location.point.latitude"
          ),
          ({ $0.orgUnitID = self.nowhere }, .notFound, "ORG_UNIT_UNKNOWN", "org_unit_id"),
          (
            { $0.plateCode = String(repeating: "长", count: 33) }, .invalidArgument, "TOO_LONG",
            "plate_code"
          ),
        ]
      ) { try await station.terminals.putTerminal(request: $0, context: $1) }
    }
  }

  @Test func getAndListTerminals() async throws {
    try await Station.with { station in
      for code in ["a", "b", "c"] { try await station.putPillar(code) }
      try await check(
        station, "GetTerminal", of: "TerminalService",
        good: Quintet_Duty_V1_GetTerminalRequest.with { $0.code = "a" },
        [
          ({ $0.code = "" }, .invalidArgument, "REQUIRED", "code"),
          ({ $0.code = "d" }, .notFound, "TERMINAL_UNKNOWN", "code"),
        ]
      ) { try await station.terminals.getTerminal(request: $0, context: $1) }
      try await check(
        station, "ListTerminals", of: "TerminalService",
        good: Quintet_Duty_V1_ListTerminalsRequest(),
        [
          ({ $0.pageSize = 501 }, .invalidArgument, "OUT_OF_RANGE", "page_size"),
          ({ $0.pageSize = -1 }, .invalidArgument, "OUT_OF_RANGE", "page_size"),
          ({ $0.pageToken = "x" }, .invalidArgument, "PAGE_TOKEN_INVALID", "page_token"),
        ]
      ) { try await station.terminals.listTerminals(request: $0, context: $1) }
      var codes: [String] = []
      var token = ""
      repeat {
        let answer = try await call("ListTerminals", of: "TerminalService") { [token] context in
          try await station.terminals.listTerminals(
            request: .with {
              $0.pageSize = 2
              $0.pageToken = token
            }, context: context)
        }
        codes += answer.terminals.map(\.code)
        token = answer.nextPageToken
      } while !token.isEmpty
      #expect(codes == ["a", "b", "c"])
    }
  }

  @Test func aTerminalIsSeenAndChangedByThoseWhoseItIs() async throws {
    try await Station.with { station in
      let north = try await station.putOrgUnit("N", .station)
      let south = try await station.putOrgUnit("S", .station)
      let unit = try await station.putUnit("U1", orgUnit: north.id)
      try await station.putVehicle("car-1", unit: unit.id)
      let request = Quintet_Duty_V1_PutTerminalRequest.with {
        $0.requestID = "r-pillar"
        $0.code = "p"
        $0.kind = .pillar
        $0.orgUnitID = south.id
        $0.location.point = point(28, 121)
      }
      try await station.put(request)
      let seen = try await [north.id, south.id].asyncMap { area in
        try await station.store.read(within: Reach(areas: [area])) {
          try $0.terminals(after: nil, limit: 10).map(\.terminal.code)
        }
      }
      #expect(seen == [["car-1"], ["p"]])
      await #expect(throws: DutyError.unitOutsideReach) {
        try await station.store.write(
          RequestKey(id: "w", method: "m", fingerprint: "f"),
          provenance: Provenance(actor: "person/a", cause: "request/w", trace: ""),
          reach: Reach(areas: [north.id]), now: noon
        ) {
          try TerminalKeeping().put(
            try PutTerminal(moving: request, to: north.id), in: $0, now: noon)
        }
      }
      // The same once more is answered, and not told.
      let before = try await station.events().count
      var again = request
      again.requestID = "again"
      try await station.put(again)
      #expect(try await station.events().count == before)
    }
  }
}

extension PutTerminal {
  fileprivate init(moving request: Quintet_Duty_V1_PutTerminalRequest, to area: String) throws {
    self.init(
      code: request.code, kind: .pillar, unitID: nil, orgUnitID: try OrgUnitID(parsing: area),
      place: try Check.place(request.location, field: "location"), plateCode: "")
  }
}

extension Sequence where Element: Sendable {
  fileprivate func asyncMap<R>(_ transform: (Element) async throws -> R) async rethrows -> [R] {
    var results: [R] = []
    for element in self { results.append(try await transform(element)) }
    return results
  }
}
