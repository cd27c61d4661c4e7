// 接警: quintet.command.v1.CallReportService.

import Access
import CommandDomain
import Foundation
import GRPCCore
import Identifiers
import QuintetAPI
import SwiftProtobuf
import Wire

struct CallReports: Quintet_Command_V1_CallReportService.SimpleServiceProtocol {
  let room: CommandRoom

  func answerCall(
    request: Quintet_Command_V1_AnswerCallRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_AnswerCallResponse {
    let now = room.now
    let key = try RequestKey(request, id: request.requestID, context: context)
    guard request.hasContent else { throw Failure.required("content") }
    let command = AnswerCall(
      content: try Check.content(request.content, now: now, secrets: room.secrets))
    let report = try await room.write(key, now: now) {
      try CallTaking().answer(command, in: $0, now: now)
    }
    return .with { $0.callReport = Quintet_Command_V1_CallReport(report) }
  }

  func openIncident(
    request: Quintet_Command_V1_OpenIncidentRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_OpenIncidentResponse {
    let now = room.now
    let key = try RequestKey(request, id: request.requestID, context: context)
    let command = OpenIncident(
      callReportID: try Check.identifier(request.callReportID, field: "call_report_id"),
      etag: try Check.etag(request.etag),
      incidentClass: try Check.incidentClass(request.incidentClass),
      level: try Check.incidentLevel(request.level), title: try Check.title(request.title),
      occurTime: try Check.time(
        request.hasOccurTime ? request.occurTime : nil, field: "occur_time", now: now))
    let opened = try await room.write(key, now: now) {
      try CallTaking().open(command, in: $0, now: now)
    }
    CallContext.current.notes.incident(opened.incidentID.description)
    return .with {
      $0.callReport = Quintet_Command_V1_CallReport(opened.callReport)
      $0.incidentID = opened.incidentID.description
      $0.incidentNumber = opened.incidentNumber
      $0.incidentEtag = opened.incidentEtag
    }
  }

  func attachCall(
    request: Quintet_Command_V1_AttachCallRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_AttachCallResponse {
    let now = room.now
    let key = try RequestKey(request, id: request.requestID, context: context)
    let command = AttachCall(
      callReportID: try Check.identifier(request.callReportID, field: "call_report_id"),
      etag: try Check.etag(request.etag),
      incidentID: try Check.identifier(request.incidentID, field: "incident_id"),
      occurTime: try Check.time(
        request.hasOccurTime ? request.occurTime : nil, field: "occur_time", now: now))
    CallContext.current.notes.incident(command.incidentID.description)
    let report = try await room.write(key, now: now) {
      try CallTaking().attach(command, in: $0, now: now)
    }
    return .with { $0.callReport = Quintet_Command_V1_CallReport(report) }
  }

  func endCall(
    request: Quintet_Command_V1_EndCallRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_EndCallResponse {
    let now = room.now
    let key = try RequestKey(request, id: request.requestID, context: context)
    let command = EndCall(
      callReportID: try Check.identifier(request.callReportID, field: "call_report_id"),
      etag: try Check.etag(request.etag),
      outcome: try Check.outcome(request.outcome, field: "outcome"),
      reason: try Check.reason(request.reason),
      occurTime: try Check.time(
        request.hasOccurTime ? request.occurTime : nil, field: "occur_time", now: now))
    let report = try await room.write(key, now: now) {
      try CallTaking().end(command, in: $0, now: now)
    }
    return .with { $0.callReport = Quintet_Command_V1_CallReport(report) }
  }

  func submitReport(
    request: Quintet_Command_V1_SubmitReportRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_SubmitReportResponse {
    let now = room.now
    let key = try RequestKey(request, id: request.requestID, context: context)
    let command = try submission(request, now: now)
    let submitted = try await room.write(key, now: now) {
      try CallTaking().submit(command, in: $0, now: now)
    }
    CallContext.current.notes.incident(submitted.incidentID.description)
    return Quintet_Command_V1_SubmitReportResponse(submitted)
  }

  func streamReports(
    request: RPCAsyncSequence<Quintet_Command_V1_StreamReportsRequest, any Error>,
    response: RPCWriter<Quintet_Command_V1_StreamReportsResponse>, context: ServerContext
  ) async throws {
    let method = Quintet_Command_V1_CallReportService.Method.SubmitReport.descriptor
      .fullyQualifiedMethod
    try await ItemStream.run(request, answering: response, context: context) { [room] message in
      let report = message.report
      return room.item(requestID: report.requestID) {
        guard message.hasReport else { throw Failure.required("report") }
        let now = room.now
        let key = try RequestKey(report, id: report.requestID, method: method)
        let command = try submission(report, now: now)
        return (key, { try CallTaking().submit(command, in: $0, now: now) })
      }
    } size: {
      $0.report.textSize
    } work: { [room] items in
      let outcome = await room.write(items)
      let answers = outcome.answers.map { answer in
        Quintet_Command_V1_StreamReportsResponse.with {
          $0.requestID = answer.requestID
          switch answer.result {
          case .success(let submitted):
            $0.accepted = Quintet_Command_V1_SubmitReportResponse(submitted)
          case .failure(let failure): $0.error = failure.problem
          }
        }
      }
      return (answers, outcome.obstacle)
    }
  }

  func getCallReport(
    request: Quintet_Command_V1_GetCallReportRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_GetCallReportResponse {
    let id: CallReportID = try Check.identifier(request.callReportID, field: "call_report_id")
    let report: CallReport = try await room.read { try $0.existing(id) }
    return .with { $0.callReport = Quintet_Command_V1_CallReport(report) }
  }

  func listCallReports(
    request: Quintet_Command_V1_ListCallReportsRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_ListCallReportsResponse {
    let page = try Page<CallReportTag>(size: request.pageSize, token: request.pageToken)
    let filter = CallReportFilter(
      state: try Check.callReportState(request.state, field: "state"),
      incidentID: try Check.optionalIdentifier(request.incidentID, field: "incident_id"))
    let found = try await room.read {
      try $0.callReports(filter, before: page.before, limit: page.size + 1)
    }
    return .with {
      $0.callReports = found.prefix(page.size).map(Quintet_Command_V1_CallReport.init)
      $0.nextPageToken = page.token(after: found.map(\.id))
    }
  }

  private func submission(
    _ request: Quintet_Command_V1_SubmitReportRequest, now: Date
  ) throws -> SubmitReport {
    guard request.hasContent else { throw Failure.required("content") }
    return SubmitReport(
      content: try Check.content(request.content, now: now, secrets: room.secrets),
      incidentClass: try Check.incidentClass(request.incidentClass),
      level: try Check.incidentLevel(request.level), title: try Check.title(request.title))
  }
}

extension Quintet_Command_V1_SubmitReportResponse {
  fileprivate init(_ submitted: SubmittedReport) {
    self = .with {
      $0.callReportID = submitted.callReportID.description
      $0.incidentID = submitted.incidentID.description
      $0.incidentNumber = submitted.incidentNumber
      $0.incidentEtag = submitted.incidentEtag
    }
  }
}

extension Quintet_Command_V1_SubmitReportRequest {
  /// Bytes of the texts in it: what an item of a stream holds on to.
  fileprivate var textSize: Int {
    let texts = [
      requestID, title, content.narrative, content.location.address,
      content.location.description_p, content.externalReference, content.source,
    ]
    return texts.reduce(256) { $0 + $1.utf8.count }
  }
}
