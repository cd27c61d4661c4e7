// 串并案: quintet.command.v1.SeriesService.

import Access
import CommandDomain
import Foundation
import GRPCCore
import Identifiers
import QuintetAPI
import SwiftProtobuf
import Wire

/// What the changes of a series have in common is read once.
private protocol SeriesChange: SwiftProtobuf.Message {
  var requestID: String { get }
  var seriesID: String { get }
  var etag: String { get }
  var hasOccurTime: Bool { get }
  var occurTime: Google_Protobuf_Timestamp { get }
}

extension Quintet_Command_V1_ConfirmSeriesRequest: SeriesChange {}
extension Quintet_Command_V1_RejectSeriesRequest: SeriesChange {}
extension Quintet_Command_V1_DissolveSeriesRequest: SeriesChange {}
extension Quintet_Command_V1_AddSeriesMemberRequest: SeriesChange {}
extension Quintet_Command_V1_DropSeriesMemberRequest: SeriesChange {}

struct SeriesBoard: Quintet_Command_V1_SeriesService.SimpleServiceProtocol {
  let room: CommandRoom

  func proposeSeries(
    request: Quintet_Command_V1_ProposeSeriesRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_ProposeSeriesResponse {
    let now = room.now
    let key = try RequestKey(request, id: request.requestID, context: context)
    let title = try Check.title(request.title, required: true)
    let reason = try Check.text(request.reason, field: "reason", max: 1_000, required: true)
    let listed = try Check.list(request.members, field: "members", 1...Series.memberLimit)
    let members = try listed.enumerated().map {
      try Check.seriesMember($1, field: "members[\($0)]")
    }
    let time = try Check.time(
      request.hasOccurTime ? request.occurTime : nil, field: "occur_time", now: now)
    let judgement = Judgement(by: key.provenance.actor, time: time, reason: reason)
    let seen = try await room.write(
      key, now: now, fields: ["incident_id": "members.incident_id"]
    ) {
      try SeriesJudging().propose(
        title: title, judgement, members: members, in: $0, now: now)
    }
    return .with { $0.series = told(seen) }
  }

  func confirmSeries(
    request: Quintet_Command_V1_ConfirmSeriesRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_ConfirmSeriesResponse {
    let seen = try await move(.confirm, request, reason: request.reason, context)
    return .with { $0.series = seen }
  }

  func rejectSeries(
    request: Quintet_Command_V1_RejectSeriesRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_RejectSeriesResponse {
    let seen = try await move(.reject, request, reason: request.reason, context)
    return .with { $0.series = seen }
  }

  func dissolveSeries(
    request: Quintet_Command_V1_DissolveSeriesRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_DissolveSeriesResponse {
    let seen = try await move(.dissolve, request, reason: request.reason, context)
    return .with { $0.series = seen }
  }

  func addSeriesMember(
    request: Quintet_Command_V1_AddSeriesMemberRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_AddSeriesMemberResponse {
    guard request.hasMember else { throw Failure.required("member") }
    let member = try Check.seriesMember(request.member, field: "member")
    let seen = try await change(
      request, reason: member.reason, context, fields: ["incident_id": "member.incident_id"]
    ) {
      try SeriesJudging().add(member.incident, $0, in: $1, now: $2)
    }
    return .with { $0.series = seen }
  }

  func dropSeriesMember(
    request: Quintet_Command_V1_DropSeriesMemberRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_DropSeriesMemberResponse {
    let incident: IncidentID = try Check.identifier(request.incidentID, field: "incident_id")
    let reason = try Check.reason(request.reason, required: true)
    let seen = try await change(request, reason: reason, context) {
      try SeriesJudging().drop(incident, $0, in: $1, now: $2)
    }
    return .with { $0.series = seen }
  }

  func getSeries(
    request: Quintet_Command_V1_GetSeriesRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_GetSeriesResponse {
    let id: SeriesID = try Check.identifier(request.seriesID, field: "series_id")
    let seen = try await room.read { try $0.seen($0.existing(id)) }
    return .with { $0.series = told(seen) }
  }

  func listSeries(
    request: Quintet_Command_V1_ListSeriesRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_ListSeriesResponse {
    _ = try Check.count(request.pageSize, field: "page_size", 1...100, standard: 50)
    let page = try Page<SeriesTag>(size: request.pageSize, token: request.pageToken)
    let states = try Check.list(request.states, field: "states", 0...SeriesState.allCases.count)
    let filter = SeriesFilter(
      incidentID: try Check.optionalIdentifier(request.incidentID, field: "incident_id"),
      states: Set(
        try states.enumerated().map { try Check.seriesState($1, field: "states[\($0)]") }))
    let (seen, found) = try await room.read { reader in
      let found = try reader.series(filter, before: page.before, limit: page.size + 1)
      return (try found.prefix(page.size).map(reader.seen), found.map(\.id))
    }
    return .with {
      $0.series = seen.map(Quintet_Command_V1_Series.init)
      $0.nextPageToken = page.token(after: found)
    }
  }

  private func move(
    _ move: SeriesMove, _ request: some SeriesChange, reason: String, _ context: ServerContext
  ) async throws -> Quintet_Command_V1_Series {
    let reason = try Check.reason(reason, required: true)
    return try await change(request, reason: reason, context) {
      try SeriesJudging().move(move, $0, in: $1, now: $2)
    }
  }

  private func change(
    _ request: some SeriesChange, reason: String, _ context: ServerContext,
    fields: [String: String] = [:],
    _ useCase: @escaping @Sendable (ChangeSeries, any CommandWriter, Date) throws -> SeenSeries
  ) async throws -> Quintet_Command_V1_Series {
    let now = room.now
    let key = try RequestKey(request, id: request.requestID, context: context)
    let change = ChangeSeries(
      seriesID: try Check.identifier(request.seriesID, field: "series_id"),
      etag: try Check.etag(request.etag),
      judgement: Judgement(
        by: key.provenance.actor,
        time: try Check.time(
          request.hasOccurTime ? request.occurTime : nil, field: "occur_time", now: now),
        reason: reason))
    let seen = try await room.write(key, now: now, fields: fields) {
      try useCase(change, $0, now)
    }
    return told(seen)
  }

  private func told(_ seen: SeenSeries) -> Quintet_Command_V1_Series {
    CallContext.current.notes["subject"] = seen.series.id.description
    return Quintet_Command_V1_Series(seen)
  }
}
