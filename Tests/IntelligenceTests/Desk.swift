// An intelligence service without its process: a real store in a temporary folder, events handed to
// it as its subscriptions would, and calls as its server would.

import Access
import Classification
import EventLog
import Foundation
import GRPCCore
import Geography
import Identifiers
import IntelligenceDomain
import IntelligenceRPC
import IntelligenceStore
import IntelligenceSubscriptions
import Persistence
import QuintetAPI
import SwiftProtobuf
import Wire

/// 2017-01-01 00:00 in China; all tests count from here.
let midnight = Date(timeIntervalSince1970: 1_483_200_000)

/// A place in Ouhai, Wenzhou.
let townHall = GeoPoint(latitude: 27.99, longitude: 120.62)

struct GeoPoint {
  var latitude: Double
  var longitude: Double

  var message: Quintet_Type_V1_GeoPoint {
    .with {
      $0.latitude = latitude
      $0.longitude = longitude
      $0.datum = .wgs84
    }
  }

  func offset(north: Double, east: Double = 0) throws -> GeoPoint {
    let moved = try coordinate.offset(northMetres: north, eastMetres: east)
    return GeoPoint(latitude: moved.latitude, longitude: moved.longitude)
  }

  var coordinate: Coordinate {
    get throws { try Coordinate(latitude: latitude, longitude: longitude) }
  }
}

/// Ids that are the same in every run.
enum Named {
  static func call(_ name: String) -> CallReportID { id("call/\(name)") }
  static func incident(_ name: String) -> IncidentID { id("incident/\(name)") }
  static func org(_ name: String) -> OrgUnitID { id("org/\(name)") }
  static func jurisdiction(_ name: String) -> JurisdictionID { id("jur/\(name)") }
  static func event(_ name: String, now: Date = midnight) -> EventID {
    id("event/\(name)", now: now)
  }

  private static func id<Tag>(_ cause: String, now: Date = midnight) -> Identifier<Tag> {
    var mint = IdentifierMint(service: "test", cause: cause, now: now)
    return mint.next()
  }
}

final class Desk: Sendable {
  let folder: URL
  let database: any Database
  let log = EventLog(service: "intelligence", partition: "main")
  let store: IntelligenceDatabaseStore
  let service: AssessmentService
  let clock: @Sendable () -> Date

  init(clock: @escaping @Sendable () -> Date = { midnight }) throws {
    folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("intelligence-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    database = try SQLite.open(
      path: folder.appendingPathComponent("store.sqlite").path,
      migrations: IntelligenceDatabaseStore.migrations)
    store = IntelligenceDatabaseStore(
      database: database, log: log, encode: EventEncoder.encode)
    service = AssessmentService(store: store, clock: clock)
    self.clock = clock
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// As the subscriptions do, many events in a transaction.
  func apply(_ events: [Quintet_Events_V1_Event]) async throws {
    try await database.write { [store, clock] tx in
      for event in events {
        let provenance = Provenance(
          actor: "service/intelligence", cause: "event/\(event.id)", trace: event.trace)
        let writer = store.writer(in: tx, provenance: provenance, now: clock())
        if event.service == "duty" {
          try FromDuty().apply(event, writer)
        } else {
          try FromCommand().apply(event, writer)
        }
        try writer.flush()
      }
    }
  }

  func apply(_ events: Quintet_Events_V1_Event...) async throws { try await apply(events) }

  func recorded() async throws -> [StoredEvent] {
    try await database.read { [log] in
      try log.events(after: 0, types: [], limit: 100_000, in: $0)
    }
  }

  func dump() async throws -> [String] {
    try await database.read { tx in
      try StoreDump.canonical(in: tx) { _, payload in
        try? Quintet_Intelligence_V1_IncidentAssessed(serializedBytes: payload).jsonString()
      }
    }
  }

  func count(of table: String) async throws -> Int {
    try await database.read { try StoreDump.rows(of: table, in: $0).count }
  }

  // MARK: Calls

  func get(_ incident: String) async throws -> Quintet_Intelligence_V1_Assessment {
    try await calling("GetAssessment") {
      try await self.service.getAssessment(
        request: .with { $0.incidentID = Named.incident(incident).description }, context: $0)
    }.assessment
  }

  func list(
    size: Int32 = 0, token: String = "", repeatsOnly: Bool = false
  ) async throws -> Quintet_Intelligence_V1_ListAssessmentsResponse {
    try await calling("ListAssessments") {
      try await self.service.listAssessments(
        request: .with {
          $0.pageSize = size
          $0.pageToken = token
          $0.repeatsOnly = repeatsOnly
        }, context: $0)
    }
  }

  func count(source: String = "") async throws -> [Int64] {
    let answer = try await calling("CountAssessments") {
      try await self.service.countAssessments(
        request: .with { $0.source = source }, context: $0)
    }
    return [answer.assessmentCount, answer.repeatCount]
  }
}

func calling<R>(_ method: String, _ body: (ServerContext) async throws -> R) async throws -> R {
  // Who is let in is the host's business; what is tested here is served to one who sees all.
  try await CallContext.$current.withValue(CallContext(reach: .everywhere)) {
    try await withServerContextRPCCancellationHandle { handle in
      try await body(
        ServerContext(
          descriptor: MethodDescriptor(
            fullyQualifiedService: "quintet.intelligence.v1.AssessmentService", method: method),
          remotePeer: "in-process:1", localPeer: "in-process:1", cancellation: handle))
    }
  }
}

/// The refusal that a call ends with; nil when it succeeds or fails otherwise.
func refusal<R>(_ body: () async throws -> R) async -> Failure? {
  do {
    _ = try await body()
    return nil
  } catch {
    return error as? Failure
  }
}

/// SplitMix64: the same sequence for the same seed.
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }
}
