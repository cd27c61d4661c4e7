// A duty service without its process: the real store on a file of its own, the real services, and a
// clock that stands still. Calls go straight to the generated methods.
import Access
import DutyDomain
import DutyRPC
import DutyStore
import DutySubscriptions
import EventLog
import Foundation
import GRPCCore
import Geography
import Identifiers
import Persistence
import QuintetAPI
import SwiftProtobuf
import Wire

/// 2016-12-31T00:00:00Z
let noon = Date(timeIntervalSince1970: 1_483_142_400)

struct Station {
  let path: String
  let database: any Database
  let log = EventLog(service: "duty", partition: "main")
  let store: DutyDatabaseStore
  let organisation: OrganisationService
  let units: UnitService
  let rosters: RosterService
  let changes: RosterChangeService
  let seats: SeatService

  /// - Parameter path: of a store that exists; nil for a new one.
  init(
    path: String? = nil, now: Date = noon,
    committed: @escaping DutyDatabaseStore.Observer = { _ in }
  ) throws {
    self.path =
      path
      ?? FileManager.default.temporaryDirectory
      .appendingPathComponent("duty-\(UUID().uuidString).sqlite").path
    database = try SQLite.open(path: self.path, migrations: DutyDatabaseStore.migrations)
    store = DutyDatabaseStore(
      database: database, log: log, encode: EventEncoder.encode, committed: committed)
    organisation = OrganisationService(store: store, clock: { now })
    units = UnitService(store: store, clock: { now })
    rosters = RosterService(store: store, clock: { now })
    changes = RosterChangeService(store: store, clock: { now })
    seats = SeatService(
      store: store, sign: { "\($0.actor) \($0.role) \($0.area?.description ?? "*")" },
      clock: { now })
  }

  /// Runs a test on a fresh station and removes its files.
  static func with<R>(_ body: (Station) async throws -> R) async throws -> R {
    let station = try Station()
    let result = try await body(station)
    try await station.database.close()
    for suffix in ["", "-wal", "-shm"] {
      try? FileManager.default.removeItem(atPath: station.path + suffix)
    }
    return result
  }

  /// What is asked of the store by whoever compares two states: every row, in full.
  func rows() async throws -> [String] {
    try await database.read { try StoreDump.full(in: $0) { _, _ in nil } }
  }

  func canonicalRows() async throws -> [String] {
    try await database.read { try StoreDump.canonical(in: $0) { _, _ in nil } }
  }

  func events() async throws -> [StoredEvent] {
    let log = log
    return try await database.read { try log.events(after: 0, types: [], limit: 10_000, in: $0) }
  }

  func apply(_ events: [Quintet_Events_V1_Event]) async throws {
    let store = store
    try await database.write { tx in
      for event in events {
        let writer = try store.writer(
          in: tx, provenance: FromCommand.provenance(of: event), now: noon)
        try FromCommand().apply(event, in: writer)
        try writer.flush()
      }
    }
  }
}

// MARK: - Calls

/// Calls a method with a context such as a server gives it.
func call<R>(
  _ method: String, of service: String = "UnitService", as actor: String? = nil,
  reach: Reach = .everywhere, _ body: (ServerContext) async throws -> R
) async throws -> R {
  // Who is let in is the host's business; what is tested here is served to one who sees all.
  let principal = try actor.map { try Principal(parsing: $0) } ?? .nobody
  return try await CallContext.$current.withValue(
    CallContext(principal: principal, reach: reach)
  ) {
    try await withServerContextRPCCancellationHandle { handle in
      try await body(
        ServerContext(
          descriptor: MethodDescriptor(
            fullyQualifiedService: "quintet.duty.v1.\(service)", method: method),
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
    return (error as? Failure) ?? (error as? any FailureConvertible)?.failure
  }
}

extension Station {
  @discardableResult
  func putOrgUnit(
    _ code: String, _ rank: Quintet_Duty_V1_OrgRank, under parent: String = "",
    request: String? = nil, name: String? = nil
  ) async throws -> Quintet_Duty_V1_OrgUnit {
    try await call("PutOrgUnit", of: "OrganisationService") { context in
      try await organisation.putOrgUnit(
        request: .with {
          $0.requestID = request ?? "org-\(UUID())"
          $0.code = code
          $0.name = name ?? "机构 \(code)"
          $0.rank = rank
          $0.parentID = parent
        }, context: context
      ).orgUnit
    }
  }

  @discardableResult
  func putJurisdiction(
    _ orgUnit: String, _ areaClass: Quintet_Duty_V1_AreaClass, _ corners: [(Double, Double)]
  ) async throws -> Quintet_Duty_V1_Jurisdiction {
    try await call("PutJurisdiction", of: "OrganisationService") { context in
      try await organisation.putJurisdiction(
        request: .with {
          $0.requestID = "jur-\(UUID())"
          $0.orgUnitID = orgUnit
          $0.areaClass = areaClass
          $0.area = .with { $0.corners = corners.map(point) }
        }, context: context
      ).jurisdiction
    }
  }

  func locate(_ latitude: Double, _ longitude: Double) async throws
    -> [Quintet_Duty_V1_Jurisdiction]
  {
    try await call("LocatePoint", of: "OrganisationService") { context in
      try await organisation.locatePoint(
        request: .with { $0.point = point(latitude, longitude) }, context: context
      ).jurisdictions
    }
  }

  @discardableResult
  func putUnit(
    _ callSign: String, capabilities: [String] = [], request: String? = nil,
    kind: Quintet_Duty_V1_UnitKind = .car, orgUnit: String = ""
  ) async throws -> Quintet_Duty_V1_Unit {
    try await call("PutUnit") { context in
      try await units.putUnit(
        request: .with {
          $0.requestID = request ?? "unit-\(UUID())"
          $0.callSign = callSign
          $0.kind = kind
          $0.orgUnitID = orgUnit
          $0.capabilities = capabilities
        }, context: context
      ).unit
    }
  }

  func getUnit(_ name: String) async throws -> Quintet_Duty_V1_Unit {
    try await call("GetUnit") { context in
      try await units.getUnit(request: .with { $0.unitID = name }, context: context).unit
    }
  }

  @discardableResult
  func setStatus(
    _ unit: String, _ availability: Quintet_Duty_V1_Availability,
    _ secondary: Quintet_Duty_V1_SecondaryStatus = .unspecified, etag: String = "",
    at time: Date = noon, request: String? = nil
  ) async throws -> Quintet_Duty_V1_Unit {
    try await call("SetUnitStatus") { context in
      try await units.setUnitStatus(
        request: .with {
          $0.requestID = request ?? "status-\(UUID())"
          $0.unitID = unit
          $0.etag = etag
          $0.availability = availability
          $0.secondaryStatus = secondary
          $0.occurTime = time.timestamp
        }, context: context
      ).unit
    }
  }

  @discardableResult
  func report(
    _ positions: [Quintet_Duty_V1_ReportPositionsRequest]
  ) async throws -> Quintet_Duty_V1_ReportPositionsResponse {
    let stream = AsyncThrowingStream<Quintet_Duty_V1_ReportPositionsRequest, any Error> {
      for position in positions { $0.yield(position) }
      $0.finish()
    }
    return try await call("ReportPositions") { context in
      try await units.reportPositions(
        request: RPCAsyncSequence(wrapping: stream), context: context)
    }
  }

  func recommend(
    _ change: (inout Quintet_Duty_V1_RecommendUnitsRequest) -> Void = { _ in }
  ) async throws -> Quintet_Type_V1_UnitRecommendation {
    var request = Quintet_Duty_V1_RecommendUnitsRequest.with { $0.point = point(28, 120.6) }
    change(&request)
    return try await call("RecommendUnits") { [request] context in
      try await units.recommendUnits(request: request, context: context).recommendation
    }
  }
}

// MARK: - Messages

func point(_ latitude: Double, _ longitude: Double) -> Quintet_Type_V1_GeoPoint {
  .with {
    $0.latitude = latitude
    $0.longitude = longitude
    $0.datum = .wgs84
  }
}

func position(
  _ unit: String, _ latitude: Double = 28, _ longitude: Double = 120.6, at time: Date = noon
) -> Quintet_Duty_V1_ReportPositionsRequest {
  .with {
    $0.unitID = unit
    $0.position = .with {
      $0.point = point(latitude, longitude)
      $0.fixTime = time.timestamp
    }
  }
}

/// An id that depends on nothing but the seed.
func id<Tag: IdentifierTag>(_ seed: String, _ tag: Tag.Type = Tag.self) -> Identifier<Tag> {
  var mint = IdentifierMint(service: "tests", cause: seed, now: noon)
  return mint.next(tag)
}

func moved(
  _ assignment: String, unit: UnitID, incident: String,
  to state: Quintet_Command_V1_AssignmentState
) -> Quintet_Events_V1_Event {
  let payload = Quintet_Command_V1_AssignmentMoved.with {
    $0.assignment = .with {
      $0.id = id(assignment, AssignmentTag.self).description
      $0.unitID = unit.description
      $0.incidentID = id(incident, IncidentTag.self).description
      $0.state = state
    }
  }
  return .with {
    $0.id = id("\(assignment) \(state)", EventTag.self).description
    $0.type = Quintet_Command_V1_AssignmentMoved.protoMessageName
    $0.subject = payload.assignment.id
    $0.incidentID = payload.assignment.incidentID
    $0.occurTime = noon.timestamp
    $0.payload = .with { any in
      any.typeURL = "type.googleapis.com/\(Quintet_Command_V1_AssignmentMoved.protoMessageName)"
      // Serializing a message without required fields does not fail.
      any.value = (try? payload.serializedBytes()) ?? Data()
    }
  }
}

/// SplitMix64: the same numbers on every run.
struct Seeded: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
