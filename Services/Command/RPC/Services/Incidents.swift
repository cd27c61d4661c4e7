// 警情: quintet.command.v1.IncidentService.

import Access
import CommandDomain
import Foundation
import GRPCCore
import Identifiers
import QuintetAPI
import SwiftProtobuf
import Wire

struct Incidents: Quintet_Command_V1_IncidentService.SimpleServiceProtocol {
  /// Events of one timeline that are given at most.
  static let timelineLimit = 2_000

  let room: CommandRoom

  func getIncident(
    request: Quintet_Command_V1_GetIncidentRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_GetIncidentResponse {
    let id: IncidentID = try Check.identifier(request.incidentID, field: "incident_id")
    CallContext.current.notes.incident(id.description)
    let view = try await room.read { reader in
      guard let view = try reader.view(id) else { throw CommandError.incidentUnknown(id) }
      return view
    }
    return .with { $0.incident = Quintet_Command_V1_Incident(view) }
  }

  func listIncidents(
    request: Quintet_Command_V1_ListIncidentsRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_ListIncidentsResponse {
    let page = try Page<IncidentTag>(size: request.pageSize, token: request.pageToken)
    let states = try Check.list(
      request.states, field: "states", 0...IncidentState.allCases.count)
    let filter = IncidentFilter(
      states: Set(
        try states.enumerated().map { try Check.incidentState($1, field: "states[\($0)]") }),
      source: try Check.code(
        request.source, field: "source", max: 64, allowed: .sourceCharacters))
    let found = try await room.read {
      try $0.views(filter, before: page.before, limit: page.size + 1)
    }
    return .with {
      $0.incidents = found.prefix(page.size).map(Quintet_Command_V1_Incident.init)
      $0.nextPageToken = page.token(after: found.map(\.incident.id))
    }
  }

  func getTimeline(
    request: Quintet_Command_V1_GetTimelineRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_GetTimelineResponse {
    let name = try IncidentName(checking: request.incidentID, field: "incident_id")
    let events = try await room.read { reader in
      let id: IncidentID? =
        switch name {
        case .id(let id): try reader.incident(id)?.id
        case .number(let number): try reader.incident(number: number)
        }
      guard let id else {
        throw Failure.notFound("INCIDENT_UNKNOWN", field: "incident_id", request.incidentID)
      }
      CallContext.current.notes.incident(id.description)
      return try reader.timeline(of: id, limit: Self.timelineLimit)
    }
    return .with { $0.events = events.map(Quintet_Events_V1_Event.init) }
  }

  func classifyIncident(
    request: Quintet_Command_V1_ClassifyIncidentRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_ClassifyIncidentResponse {
    let now = room.now
    let key = try RequestKey(request, id: request.requestID, context: context)
    let title = try Check.title(request.title)
    let command = ClassifyIncident(
      incidentID: try Check.identifier(request.incidentID, field: "incident_id"),
      etag: try Check.etag(request.etag),
      incidentClass: try Check.incidentClass(request.incidentClass),
      level: try Check.incidentLevel(request.level), title: title.isEmpty ? nil : title,
      place: request.hasLocation ? try Check.place(request.location, field: "location") : nil,
      occurTime: try Check.time(
        request.hasOccurTime ? request.occurTime : nil, field: "occur_time", now: now))
    CallContext.current.notes.incident(command.incidentID.description)
    let view = try await room.write(key, now: now) {
      try IncidentHandling().classify(command, in: $0, now: now)
    }
    return .with { $0.incident = Quintet_Command_V1_Incident(view) }
  }

  func queueIncident(
    request: Quintet_Command_V1_QueueIncidentRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_QueueIncidentResponse {
    let incident = try await room.move(request, context) {
      { try IncidentHandling().queue($0, in: $1, now: $2) }
    }
    return .with { $0.incident = incident }
  }

  func activateIncident(
    request: Quintet_Command_V1_ActivateIncidentRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_ActivateIncidentResponse {
    let incident = try await room.move(request, context) {
      { try IncidentHandling().activate($0, in: $1, now: $2) }
    }
    return .with { $0.incident = incident }
  }

  func monitorIncident(
    request: Quintet_Command_V1_MonitorIncidentRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_MonitorIncidentResponse {
    let incident = try await room.move(request, context) {
      { try IncidentHandling().monitor($0, in: $1, now: $2) }
    }
    return .with { $0.incident = incident }
  }

  func divertIncident(
    request: Quintet_Command_V1_DivertIncidentRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_DivertIncidentResponse {
    let incident = try await room.move(request, context) {
      let authority = try Check.text(
        request.authority, field: "authority", max: 120, required: true)
      return { try IncidentHandling().divert($0, to: authority, in: $1, now: $2) }
    }
    return .with { $0.incident = incident }
  }

  func resolveDiversion(
    request: Quintet_Command_V1_ResolveDiversionRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_ResolveDiversionResponse {
    let accepted = request.accepted
    let incident = try await room.move(request, context) {
      {
        try IncidentHandling().resolveDiversion($0, accepted: accepted, in: $1, now: $2)
      }
    }
    return .with { $0.incident = incident }
  }

  func mergeIncident(
    request: Quintet_Command_V1_MergeIncidentRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_MergeIncidentResponse {
    let incident = try await room.move(request, context) {
      let target: IncidentID = try Check.identifier(
        request.intoIncidentID, field: "into_incident_id")
      return { try IncidentHandling().merge($0, into: target, in: $1, now: $2) }
    }
    return .with { $0.incident = incident }
  }

  func splitIncident(
    request: Quintet_Command_V1_SplitIncidentRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_SplitIncidentResponse {
    let incident = try await room.move(request, context, reasonRequired: true) {
      { try IncidentHandling().split($0, in: $1, now: $2) }
    }
    return .with { $0.incident = incident }
  }

  func cancelIncident(
    request: Quintet_Command_V1_CancelIncidentRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_CancelIncidentResponse {
    let incident = try await room.move(request, context, reasonRequired: true) {
      { try IncidentHandling().cancel($0, in: $1, now: $2) }
    }
    return .with { $0.incident = incident }
  }
}

/// How a caller names an incident: by id, or by the number that people read to each other.
private enum IncidentName {
  case id(IncidentID)
  case number(String)

  init(checking text: String, field: String) throws {
    guard let hyphen = text.firstIndex(of: "-"), !text.hasPrefix(IncidentTag.prefix) else {
      self = .id(try Check.identifier(text, field: field))
      return
    }
    let (day, count) = (text[..<hyphen], text[text.index(after: hyphen)...])
    let isDigits: (Substring) -> Bool = { $0.utf8.allSatisfy { (48...57).contains($0) } }
    guard day.count == 8, (6...12).contains(count.count), isDigits(day), isDigits(count) else {
      throw Failure.invalid(
        "ID_INVALID", field: field,
        "\(field) 不是警情标识或编号。\(field) is neither an incident's id nor its number.")
    }
    self = .number(text)
  }
}
