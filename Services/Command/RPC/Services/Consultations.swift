// 会商: quintet.command.v1.ConsultationService.

import Access
import CommandDomain
import Foundation
import GRPCCore
import Identifiers
import QuintetAPI
import SwiftProtobuf
import Wire

struct Consultations: Quintet_Command_V1_ConsultationService.SimpleServiceProtocol {
  let room: CommandRoom

  func planConsultation(
    request: Quintet_Command_V1_PlanConsultationRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_PlanConsultationResponse {
    let now = room.now
    let key = try RequestKey(request, id: request.requestID, context: context)
    let title = try Check.title(request.title, required: true)
    let start = try Check.anyTime(
      request.startTime, isSet: request.hasStartTime, field: "start_time")
    let participants = try Check.participants(request.participants)
    let actor = key.provenance.actor
    let made = try await room.write(key, now: now) {
      try Consulting().plan(
        title: title, startTime: start, participants: participants, by: actor, in: $0, now: now)
    }
    CallContext.current.notes["subject"] = made.id.description
    return .with { $0.consultation = Quintet_Command_V1_Consultation(made) }
  }

  func openConsultation(
    request: Quintet_Command_V1_OpenConsultationRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_OpenConsultationResponse {
    let made = try await room.change(request, context) {
      { try Consulting().open($0, in: $1, now: $2) }
    }
    return .with { $0.consultation = Quintet_Command_V1_Consultation(made) }
  }

  func cancelConsultation(
    request: Quintet_Command_V1_CancelConsultationRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_CancelConsultationResponse {
    let made = try await room.change(request, context) {
      let reason = try Check.reason(request.reason, required: true)
      return { try Consulting().cancel(reason: reason, $0, in: $1, now: $2) }
    }
    return .with { $0.consultation = Quintet_Command_V1_Consultation(made) }
  }

  func putAgendaItem(
    request: Quintet_Command_V1_PutAgendaItemRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_PutAgendaItemResponse {
    let made = try await room.change(request, context) {
      let subject: AgendaSubject? =
        switch request.subject {
        case .incidentID(let id):
          .incident(try Check.identifier(id, field: "incident_id"))
        case .seriesID(let id): .series(try Check.identifier(id, field: "series_id"))
        case nil: nil
        }
      let item = PutAgendaItem(
        title: try Check.title(request.title, required: true),
        text: try Check.text(request.text, field: "text", max: 4_000), subject: subject,
        putBy: try Check.recipient(request.putBy, isSet: request.hasPutBy, field: "put_by"))
      return { try Consulting().put(item, $0, in: $1, now: $2) }
    }
    return .with { $0.consultation = Quintet_Command_V1_Consultation(made) }
  }

  func recordAttendance(
    request: Quintet_Command_V1_RecordAttendanceRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_RecordAttendanceResponse {
    let made = try await room.change(request, context) {
      let recipient = try Check.recipient(
        request.participant, isSet: request.hasParticipant, field: "participant")
      let attendance = try Check.attendance(request.attendance, field: "attendance")
      let reason = try Check.reason(request.reason)
      return {
        try Consulting().attend(recipient, attendance, reason: reason, $0, in: $1, now: $2)
      }
    }
    return .with { $0.consultation = Quintet_Command_V1_Consultation(made) }
  }

  func linkAgendaItem(
    request: Quintet_Command_V1_LinkAgendaItemRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_LinkAgendaItemResponse {
    let made = try await room.change(request, context) {
      let number = try Check.number(request.itemNumber, field: "item_number")
      let target: AgendaSubject
      switch request.target {
      case .incidentID(let id): target = .incident(try Check.identifier(id, field: "incident_id"))
      case .seriesID(let id): target = .series(try Check.identifier(id, field: "series_id"))
      case .directiveID(let id):
        target = .directive(try Check.identifier(id, field: "directive_id"))
      case nil: throw Failure.required("target")
      }
      let reason = try Check.reason(request.reason, required: true)
      return {
        try Consulting().link(item: number, target, reason: reason, $0, in: $1, now: $2)
      }
    }
    return .with { $0.consultation = Quintet_Command_V1_Consultation(made) }
  }

  func recordDecision(
    request: Quintet_Command_V1_RecordDecisionRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_RecordDecisionResponse {
    let made = try await room.change(request, context) {
      let command = RecordDecision(
        itemNumber: try Check.optionalNumber(request.itemNumber, field: "item_number"),
        text: try Check.text(request.text, field: "text", max: 2_000, required: true),
        responsible: try Check.recipient(
          request.responsible, isSet: request.hasResponsible, field: "responsible"),
        dueTime: try Check.anyTime(
          request.dueTime, isSet: request.hasDueTime, field: "due_time"))
      return { try Consulting().decide(command, $0, in: $1, now: $2) }
    }
    return .with { $0.consultation = Quintet_Command_V1_Consultation(made) }
  }

  func withdrawDecision(
    request: Quintet_Command_V1_WithdrawDecisionRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_WithdrawDecisionResponse {
    let made = try await room.change(request, context) {
      let number = try Check.number(request.decisionNumber, field: "decision_number")
      let reason = try Check.reason(request.reason, required: true)
      return {
        try Consulting().withdraw(decision: number, reason: reason, $0, in: $1, now: $2)
      }
    }
    return .with { $0.consultation = Quintet_Command_V1_Consultation(made) }
  }

  func issueDecision(
    request: Quintet_Command_V1_IssueDecisionRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_IssueDecisionResponse {
    let made = try await room.change(
      request, context,
      fields: [
        "content.directive_class": "directive_class", "content.recipients": "decision_number",
        "content.title": "title",
      ]
    ) {
      let number = try Check.number(request.decisionNumber, field: "decision_number")
      let kind = try Check.directiveClass(request.directiveClass, field: "directive_class")
      let title = try Check.title(request.title, required: true)
      return {
        try Consulting().issue(decision: number, title: title, kind, $0, in: $1, now: $2)
      }
    }
    if let incident = made.directive.incidentID {
      CallContext.current.notes.incident(incident.description)
    }
    return .with {
      $0.consultation = Quintet_Command_V1_Consultation(made.consultation)
      $0.directive = Quintet_Command_V1_Directive(made.directive)
    }
  }

  func closeConsultation(
    request: Quintet_Command_V1_CloseConsultationRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_CloseConsultationResponse {
    let made = try await room.change(request, context) {
      { try Consulting().close($0, in: $1, now: $2) }
    }
    return .with { $0.consultation = Quintet_Command_V1_Consultation(made) }
  }

  func amendConsultation(
    request: Quintet_Command_V1_AmendConsultationRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_AmendConsultationResponse {
    let made = try await room.change(request, context) {
      let number = try Check.optionalNumber(request.decisionNumber, field: "decision_number")
      let text = try Check.text(request.text, field: "text", max: 2_000, required: true)
      let actor = CallContext.current.principal.actor
      return {
        try Consulting().amend(decision: number, text: text, by: actor, $0, in: $1, now: $2)
      }
    }
    return .with { $0.consultation = Quintet_Command_V1_Consultation(made) }
  }

  func getConsultation(
    request: Quintet_Command_V1_GetConsultationRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_GetConsultationResponse {
    let id: ConsultationID = try Check.identifier(
      request.consultationID, field: "consultation_id")
    let found: Consultation = try await room.read { try $0.existing(id) }
    return .with { $0.consultation = Quintet_Command_V1_Consultation(found) }
  }

  func listConsultations(
    request: Quintet_Command_V1_ListConsultationsRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_ListConsultationsResponse {
    _ = try Check.count(request.pageSize, field: "page_size", 1...100, standard: 50)
    let page = try Page<ConsultationTag>(size: request.pageSize, token: request.pageToken)
    let found = try await room.read {
      try $0.consultations(before: page.before, limit: page.size + 1)
    }
    return .with {
      $0.consultations = found.prefix(page.size)
        .map { Quintet_Command_V1_Consultation(head: $0) }
      $0.nextPageToken = page.token(after: found.map(\.id))
    }
  }

  func getMinutes(
    request: Quintet_Command_V1_GetMinutesRequest, context: ServerContext
  ) async throws -> Quintet_Command_V1_GetMinutesResponse {
    let id: ConsultationID = try Check.identifier(
      request.consultationID, field: "consultation_id")
    let minutes = try await room.read { reader in
      let consultation: Consultation = try reader.existing(id)
      // Whose directive is not the caller's affair, of that the caller is told the number alone.
      let progress = try consultation.decisions.compactMap(\.directiveID).reduce(into: [:]) {
        $0[$1] = try reader.directive($1)?.state
      }
      return Minutes(consultation: consultation, progress: progress)
    }
    return .with { answer in
      answer.consultation = Quintet_Command_V1_Consultation(minutes.consultation)
      answer.progress = minutes.consultation.decisions.compactMap { decision in
        decision.directiveID.map { id in
          .with {
            $0.decisionNumber = Int32(clamping: decision.number)
            $0.directiveID = id.description
            $0.directiveState = Quintet_Command_V1_DirectiveState(minutes.progress[id])
          }
        }
      }
      answer.lines = minutes.lines
    }
  }
}
