// What the demo asks of the suite beside what a replay does, and its words on the wire.

import DemoBureau
import Foundation
import GRPCCore
import Geography
import QuintetAPI
import ServiceHost
import SwiftProtobuf
import Wire

extension SuiteCalls {
  var directives: some Quintet_Command_V1_DirectiveService.ClientProtocol {
    Quintet_Command_V1_DirectiveService.Client(wrapping: client)
  }
  var supports: some Quintet_Command_V1_SupportService.ClientProtocol {
    Quintet_Command_V1_SupportService.Client(wrapping: client)
  }
  var consultations: some Quintet_Command_V1_ConsultationService.ClientProtocol {
    Quintet_Command_V1_ConsultationService.Client(wrapping: client)
  }
  var series: some Quintet_Command_V1_SeriesService.ClientProtocol {
    Quintet_Command_V1_SeriesService.Client(wrapping: client)
  }
  var statements: some Quintet_Publicopinion_V1_StatementService.ClientProtocol {
    Quintet_Publicopinion_V1_StatementService.Client(wrapping: client)
  }
  var opinion: some Quintet_Publicopinion_V1_OpinionService.ClientProtocol {
    Quintet_Publicopinion_V1_OpinionService.Client(wrapping: client)
  }
  var evaluations: some Quintet_Supervision_V1_EvaluationService.ClientProtocol {
    Quintet_Supervision_V1_EvaluationService.Client(wrapping: client)
  }
  var analytics: some Quintet_Supervision_V1_AnalyticsService.ClientProtocol {
    Quintet_Supervision_V1_AnalyticsService.Client(wrapping: client)
  }
  var feeds: some Quintet_Events_V1_EventService.ClientProtocol {
    Quintet_Events_V1_EventService.Client(wrapping: client)
  }

  var modes: some Quintet_Command_V1_OperatingModeService.ClientProtocol {
    Quintet_Command_V1_OperatingModeService.Client(wrapping: client)
  }
  var campaigns: some Quintet_Command_V1_CampaignService.ClientProtocol {
    Quintet_Command_V1_CampaignService.Client(wrapping: client)
  }
  var campaignRows: some Quintet_Command_V1_CampaignRowService.ClientProtocol {
    Quintet_Command_V1_CampaignRowService.Client(wrapping: client)
  }

  /// `call` for actors: the body has no part in the actor's state.
  func ask<R: Sendable>(
    _ what: String, _ body: @Sendable (SuiteCalls) async throws -> R
  ) async throws -> R {
    try await call(what) { try await body(self) }
  }

  /// Names the service whose feed is meant; the gateway passes the call on to it.
  static func toward(_ service: String) -> Metadata {
    var metadata = Metadata()
    metadata.addString(service, forKey: "quintet-service")
    return metadata
  }

  func feedStatus(of service: String) async throws -> Quintet_Events_V1_GetFeedStatusResponse {
    try await call("GetFeedStatus of \(service)") {
      try await feeds.getFeedStatus(
        .with { $0.partition = partition }, metadata: Self.toward(service), options: .item)
    }
  }

  func set(unit: String, isOnDuty: Bool, at time: Date, key: String) async throws {
    let request = Quintet_Duty_V1_SetUnitStatusRequest.with {
      $0.requestID = "demo/status/\(unit)/\(key)"
      $0.unitID = unit
      $0.availability = isOnDuty ? .available : .notAvailable
      $0.secondaryStatus = isOnDuty ? .unspecified : .offDuty
      $0.occurTime = time.timestamp
    }
    _ = try await call("SetUnitStatus") {
      try await units.setUnitStatus(request, options: .item)
    }
  }

  /// One stream, ended; what it counted as accepted is durable.
  func report(_ positions: [Quintet_Duty_V1_ReportPositionsRequest]) async throws {
    guard !positions.isEmpty else { return }
    _ = try await call("ReportPositions") {
      try await units.reportPositions(options: .item) { writer in
        try await writer.write(contentsOf: positions)
      }
    }
  }
}

/// Who acts: people of the hall, units and partners, each under a name of their own.
enum DemoActor {
  static func callTaker(_ number: Int) -> Metadata { named("person/call-taker.\(number % 6 + 1)") }
  /// A partner reports under its own name.
  static func partner(_ source: String) -> Metadata { named("partner/\(source)") }
  static let dispatcher = named("person/dispatcher")
  static let shiftLeader = named("person/shift-leader")
  static let opinionEditor = named("person/opinion-editor")
  static func unit(_ index: Int) -> Metadata { named("person/unit.\(index + 1)") }
  static func recipient(_ code: String) -> Metadata { named("person/room.\(code.lowercased())") }

  private static func named(_ actor: String) -> Metadata {
    var metadata = Metadata()
    metadata.addString(actor, forKey: Connection.actorKey)
    return metadata
  }
}

extension Quintet_Type_V1_GeoPoint {
  init(_ point: Coordinate, as datum: Datum = .wgs84) {
    let shown = point.converted(to: datum)
    self.init()
    latitude = shown.latitude
    longitude = shown.longitude
    self.datum =
      switch datum {
      case .wgs84: .wgs84
      case .cgcs2000: .cgcs2000
      case .gcj02: .gcj02
      }
  }
}

extension Quintet_Type_V1_Location {
  init(_ spot: Spot) {
    self.init()
    point = Quintet_Type_V1_GeoPoint(spot.point, as: spot.datum)
    address = spot.address
    description_p = spot.description
    uncertaintyM = spot.uncertaintyMetres
  }
}

extension Quintet_Command_V1_CallChannel {
  init(_ channel: DemoChannel) {
    self =
      switch channel {
      case .phone: .phone
      case .sms: .sms
      case .app: .app
      case .pillar: .pillar
      case .partner: .partner
      case .walkIn: .walkIn
      }
  }
}

extension Quintet_Duty_V1_UnitKind {
  init(_ kind: PatrolKind) {
    self =
      switch kind {
      case .car: .car
      case .motorcycle: .motorcycle
      case .foot: .foot
      case .drone: .drone
      case .boat: .boat
      }
  }
}

extension Quintet_Command_V1_DirectiveClass {
  init(_ urgency: DirectivePlan.Urgency) {
    self =
      switch urgency {
      case .urgent: .urgent
      case .priority: .priority
      case .routine: .routine
      case .general: .general
      }
  }
}
