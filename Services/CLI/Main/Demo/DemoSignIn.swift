// Ways into the demo's pages, one for each part that somebody may want to play.
import Access
import Credentials
import DemoBureau
import Foundation
import ServiceHost

/// Links that sign a browser in, each once.
struct DemoSignIn: Sendable {
  /// As long as a shift.
  private static let lifetime: TimeInterval = 8 * 3_600

  let host: HostOptions
  let bureau: Bureau
  let fleet: DemoFleet
  /// Where the gateway listens for HTTP.
  let http: String

  /// One line for each part.
  /// - Throws: `KeyFolderError`; `FileFailure`.
  func lines() async throws -> [String] {
    let now = Date()
    var lines: [String] = []
    for (title, principal) in try parts() {
      var principal = principal
      principal.duty = now.addingTimeInterval(-1)..<now.addingTimeInterval(Self.lifetime)
      let token = try await host.keys.issuer().sign(
        principal, id: UUID().uuidString.lowercased(), at: now, lifetime: Self.lifetime)
      let code = try host.signInCodes.issue(token, until: now.addingTimeInterval(Self.lifetime))
      lines.append("  \(title)\n    http://\(http)/#code=\(code)")
    }
    return lines
  }

  private func parts() throws -> [(title: String, principal: Principal)] {
    func part(
      _ title: String, _ role: Role, areas: Set<String> = [Principal.everyArea],
      seat: String? = nil
    ) throws -> (title: String, principal: Principal) {
      var principal = try Principal(parsing: "person/demo.\(role.rawValue)")
      principal.roles = [role, .member]
      principal.areas = areas
      principal.seat = seat
      return (title, principal)
    }
    var parts = [
      try part("接警员 call-taker", .callTaker), try part("派警员 dispatcher", .dispatcher),
      try part("值班长 shift leader", .shiftLeader), try part("督办员 supervisor", .supervisor),
      try part("舆情编辑 opinion editor", .opinionEditor),
    ]
    if let station = fleet.stationIDs.first {
      let name = bureau.stations[0].name
      parts.append(try part("\(name)指挥室 station", .station, areas: [station]))
    }
    if let unit = fleet.unitIDs.first {
      let name = bureau.units[0].callSign
      parts.append(try part("民警 officer · \(name)", .officer, areas: [], seat: unit))
    }
    return parts
  }
}
