// IncidentService against what it must refuse: code, reason, field, and nothing changed.
import Foundation
import GRPCCore
import Identifiers
import QuintetAPI
import SwiftProtobuf
import Testing
import Wire

@Suite struct RPCBadIncidentTests {
  @Test func queueIncidentRefusesWhatTheStatesForbid() async throws {
    try await Desk.with { desk in
      try await desk.useRequestID()
      let unclassed = try await desk.submit(classified: false)
      let (incident, wrong) = (
        try await desk.incident(in: .new), try await desk.incident(in: .closed)
      )
      let good: Quintet_Command_V1_QueueIncidentRequest = request(incident)
      try await desk.refuses(
        "QueueIncident", good,
        Quintet_Command_V1_QueueIncidentRequest.badMoves(wrong: wrong) + [
          Bad("CLASSIFICATION_INCOMPLETE", nil, .failedPrecondition) { $0.incidentID = unclassed }
        ]
      ) { try await desk.incidents.queueIncident($0) }
    }
  }

  @Test func activateIncidentRefusesWhatTheStatesForbid() async throws {
    try await Desk.with { desk in
      try await desk.useRequestID()
      let unclassed = try await desk.submit(classified: false)
      let (incident, wrong) = (
        try await desk.incident(in: .queued), try await desk.incident(in: .closed)
      )
      let good: Quintet_Command_V1_ActivateIncidentRequest = request(incident)
      try await desk.refuses(
        "ActivateIncident", good,
        Quintet_Command_V1_ActivateIncidentRequest.badMoves(wrong: wrong) + [
          Bad("CLASSIFICATION_INCOMPLETE", nil, .failedPrecondition) { $0.incidentID = unclassed }
        ]
      ) { try await desk.incidents.activateIncident($0) }
    }
  }

  @Test func monitorIncidentRefusesWhatTheStatesForbid() async throws {
    try await Desk.with { desk in
      try await desk.useRequestID()
      let (incident, wrong) = (
        try await desk.incident(in: .new), try await desk.incident(in: .closed)
      )
      let good: Quintet_Command_V1_MonitorIncidentRequest = request(incident)
      try await desk.refuses(
        "MonitorIncident", good,
        Quintet_Command_V1_MonitorIncidentRequest.badMoves(wrong: wrong)
      ) { try await desk.incidents.monitorIncident($0) }
    }
  }

  @Test func divertIncidentRefusesWhatTheStatesForbid() async throws {
    try await Desk.with { desk in
      try await desk.useRequestID()
      let (incident, wrong) = (
        try await desk.incident(in: .new), try await desk.incident(in: .closed)
      )
      let good: Quintet_Command_V1_DivertIncidentRequest = request(incident) {
        $0.authority = "供电公司"
      }
      try await desk.refuses(
        "DivertIncident", good,
        Quintet_Command_V1_DivertIncidentRequest.badMoves(wrong: wrong) + [
          Bad("REQUIRED", "authority") { $0.authority = "" },
          Bad("TOO_LONG", "authority") { $0.authority = BadValue.text(121) },
        ]
      ) { try await desk.incidents.divertIncident($0) }
    }
  }

  @Test func resolveDiversionRefusesWhatTheStatesForbid() async throws {
    try await Desk.with { desk in
      try await desk.useRequestID()
      let (incident, wrong) = (
        try await desk.incident(in: .diverted), try await desk.incident(in: .new)
      )
      let good: Quintet_Command_V1_ResolveDiversionRequest = request(incident) {
        $0.accepted = true
      }
      try await desk.refuses(
        "ResolveDiversion", good,
        Quintet_Command_V1_ResolveDiversionRequest.badMoves(wrong: wrong)
      ) { try await desk.incidents.resolveDiversion($0) }
    }
  }

  @Test func splitIncidentRefusesWhatTheStatesForbid() async throws {
    try await Desk.with { desk in
      try await desk.useRequestID()
      let (incident, wrong) = (
        try await desk.incident(in: .merged), try await desk.incident(in: .new)
      )
      let good: Quintet_Command_V1_SplitIncidentRequest = request(incident) { $0.reason = "不是同一件事" }
      try await desk.refuses(
        "SplitIncident", good,
        Quintet_Command_V1_SplitIncidentRequest.badMoves(wrong: wrong, reasonRequired: true)
      ) { try await desk.incidents.splitIncident($0) }
    }
  }

  @Test func cancelIncidentRefusesWhatTheStatesForbid() async throws {
    try await Desk.with { desk in
      try await desk.useRequestID()
      let busy = try await desk.submit()
      try await desk.dispatch(busy)
      let (incident, wrong) = (
        try await desk.incident(in: .new), try await desk.incident(in: .closed)
      )
      let good: Quintet_Command_V1_CancelIncidentRequest = request(incident) { $0.reason = "误报" }
      try await desk.refuses(
        "CancelIncident", good,
        Quintet_Command_V1_CancelIncidentRequest.badMoves(wrong: wrong, reasonRequired: true) + [
          Bad("ASSIGNMENT_OPEN", nil, .failedPrecondition) { $0.incidentID = busy }
        ]
      ) { try await desk.incidents.cancelIncident($0) }
    }
  }

  @Test func mergeIncidentRefusesItselfAndWhatHasEnded() async throws {
    try await Desk.with { desk in
      try await desk.useRequestID()
      let (incident, target) = (try await desk.submit(), try await desk.submit())
      let closed = try await desk.incident(in: .closed)
      let busy = try await desk.submit()
      try await desk.dispatch(busy)
      let good: Quintet_Command_V1_MergeIncidentRequest = request(incident) {
        $0.intoIncidentID = target
      }
      try await desk.refuses(
        "MergeIncident", good,
        Quintet_Command_V1_MergeIncidentRequest.badMoves(wrong: closed) + [
          Bad("REQUIRED", "into_incident_id") { $0.intoIncidentID = "" },
          Bad("ID_INVALID", "into_incident_id") { $0.intoIncidentID = "inc_1" },
          Bad("INCIDENT_UNKNOWN", "into_incident_id", .notFound) {
            $0.intoIncidentID = BadValue.unknownIncident
          },
          Bad("SAME_INCIDENT", "into_incident_id") { $0.intoIncidentID = incident },
          Bad("TARGET_ENDED", nil, .failedPrecondition) { $0.intoIncidentID = closed },
          Bad("ASSIGNMENT_OPEN", nil, .failedPrecondition) { $0.incidentID = busy },
        ]
      ) { try await desk.incidents.mergeIncident($0) }
    }
  }

  @Test func classifyIncidentRefusesNothingAndTheEnded() async throws {
    try await Desk.with { desk in
      try await desk.useRequestID()
      let (incident, closed) = (try await desk.submit(), try await desk.incident(in: .closed))
      let good = Quintet_Command_V1_ClassifyIncidentRequest.with {
        $0.requestID = newRequestID()
        $0.incidentID = incident
        $0.level = .incidentLevel2
      }
      try await desk.refuses(
        "ClassifyIncident", good,
        Quintet_Command_V1_ClassifyIncidentRequest.badRequestIDs
          + Quintet_Command_V1_ClassifyIncidentRequest.badTimes + [
            Bad("REQUIRED", "incident_id") { $0.incidentID = "" },
            Bad("ID_INVALID", "incident_id") { $0.incidentID = "inc_1" },
            Bad("INCIDENT_UNKNOWN", "incident_id", .notFound) {
              $0.incidentID = BadValue.unknownIncident
            },
            Bad("ETAG_MISMATCH", "etag", .aborted) { $0.etag = "99" },
            Bad("NOTHING_TO_CHANGE", nil) { $0.level = .unspecified },
            Bad("UNSPECIFIED", "incident_class") { $0.incidentClass = .UNRECOGNIZED(99) },
            Bad("UNSPECIFIED", "level") { $0.level = .UNRECOGNIZED(5) },
            Bad("TOO_LONG", "title") { $0.title = BadValue.text(121) },
            Bad("REQUIRED", "location") { $0.location = .init() },
            Bad("DATUM_REQUIRED", "location.point.datum") { $0.location.point.latitude = 28 },
            Bad("OUT_OF_RANGE", "location.point.latitude") {
              $0.location.point.latitude = 91
              $0.location.point.datum = .wgs84
            },
            Bad("TOO_LONG", "location.address") { $0.location.address = BadValue.text(301) },
            Bad("INCIDENT_ENDED", nil, .failedPrecondition) { $0.incidentID = closed },
          ]
      ) { try await desk.incidents.classifyIncident($0) }
    }
  }

  @Test func readingIncidentsRefusesWhatIsNotThere() async throws {
    try await Desk.with { desk in
      let incident = try await desk.submit()
      try await desk.refuses(
        "GetIncident", Quintet_Command_V1_GetIncidentRequest.with { $0.incidentID = incident },
        [
          Bad("REQUIRED", "incident_id") { $0.incidentID = "" },
          Bad("ID_INVALID", "incident_id") { $0.incidentID = BadValue.unknownCall },
          Bad("INCIDENT_UNKNOWN", "incident_id", .notFound) {
            $0.incidentID = BadValue.unknownIncident
          },
        ]
      ) { try await desk.incidents.getIncident($0) }
      try await desk.refuses(
        "GetTimeline", Quintet_Command_V1_GetTimelineRequest.with { $0.incidentID = incident },
        [
          Bad("REQUIRED", "incident_id") { $0.incidentID = "" },
          Bad("ID_INVALID", "incident_id") { $0.incidentID = "20161231-1" },
          Bad("ID_INVALID", "incident_id") { $0.incidentID = "2016x231-000001" },
          Bad("INCIDENT_UNKNOWN", "incident_id", .notFound) {
            $0.incidentID = "19990101-000001"
          },
          Bad("INCIDENT_UNKNOWN", "incident_id", .notFound) {
            $0.incidentID = BadValue.unknownIncident
          },
        ]
      ) { try await desk.incidents.getTimeline($0) }
      try await desk.refuses(
        "ListIncidents", Quintet_Command_V1_ListIncidentsRequest(),
        [
          Bad("OUT_OF_RANGE", "page_size") { $0.pageSize = 501 },
          Bad("PAGE_TOKEN_INVALID", "page_token") { $0.pageToken = "x" },
          Bad("UNSPECIFIED", "states[1]") { $0.states = [.new, .unspecified] },
          Bad("UNSPECIFIED", "states[0]") { $0.states = [.UNRECOGNIZED(99)] },
          Bad("TOO_MANY", "states") { $0.states = Array(repeating: .new, count: 11) },
          Bad("CHARACTERS_NOT_ALLOWED", "source") { $0.source = "A B" },
          Bad("TOO_LONG", "source") { $0.source = String(repeating: "a", count: 65) },
        ]
      ) { try await desk.incidents.listIncidents($0) }
    }
  }
}
