// DirectiveService against what it must refuse: code, reason, field, and nothing changed.
import Foundation
import GRPCCore
import Identifiers
import QuintetAPI
import SwiftProtobuf
import Testing
import Wire

@Suite struct RPCBadDirectiveTests {
  private let seat = watchedSeat

  /// Faults of what a directive says.
  private func badContents<Request>(
    _ content: WritableKeyPath<Request, Quintet_Command_V1_DirectiveContent>
  ) -> [Bad<Request>] {
    func bad(
      _ reason: String, _ field: String, _ code: RPCError.Code = .invalidArgument,
      _ change: @escaping (inout Quintet_Command_V1_DirectiveContent) -> Void
    ) -> Bad<Request> {
      Bad(reason, "content.\(field)", code) { change(&$0[keyPath: content]) }
    }
    return [
      bad("UNSPECIFIED", "directive_class") { $0.directiveClass = .unspecified },
      bad("UNSPECIFIED", "directive_class") { $0.directiveClass = .UNRECOGNIZED(99) },
      bad("DISPATCH_CLASS_RESERVED", "directive_class") { $0.directiveClass = .dispatch },
      bad("ID_INVALID", "incident_id") { $0.incidentID = "inc_1" },
      bad("INCIDENT_UNKNOWN", "incident_id", .notFound) {
        $0.incidentID = BadValue.unknownIncident
      },
      bad("REQUIRED", "title") { $0.title = " " },
      bad("TOO_LONG", "title") { $0.title = BadValue.text(121) },
      bad("TOO_LONG", "text") { $0.text = BadValue.text(4_001) },
      bad("REQUIRED", "recipients") { $0.recipients = [] },
      bad("TOO_MANY", "recipients") {
        $0.recipients = (0..<501).map { recipient(.seat, "seat-\($0)") }
      },
      bad("DUPLICATE", "recipients[1]") { $0.recipients = [$0.recipients[0], $0.recipients[0]] },
      bad("UNSPECIFIED", "recipients[0].kind") { $0.recipients[0].kind = .unspecified },
      bad("REQUIRED", "recipients[0].id") { $0.recipients[0].id = "" },
      bad("TOO_LONG", "recipients[0].id") {
        $0.recipients[0].id = String(repeating: "x", count: 65)
      },
      bad("CHARACTERS_NOT_ALLOWED", "recipients[0].id") { $0.recipients[0].id = "席位" },
    ]
  }

  @Test func draftDirectiveRefusesWhatCouldNotBeIssued() async throws {
    try await Desk.with { desk in
      try await desk.useRequestID()
      let good = Quintet_Command_V1_DraftDirectiveRequest.with {
        $0.requestID = newRequestID()
        $0.content = directiveContent(recipients: [seat])
      }
      try await desk.refuses(
        "DraftDirective", good,
        Quintet_Command_V1_DraftDirectiveRequest.badRequestIDs
          + Quintet_Command_V1_DraftDirectiveRequest.badTimes + badContents(\.content) + [
            Bad("REQUIRED", "content") { $0.clearContent() }
          ]
      ) { try await desk.directives.draftDirective($0) }
    }
  }

  @Test func issueDirectiveRefusesEndedIncidentsAndIssuedDrafts() async throws {
    try await Desk.with { desk in
      try await desk.useRequestID()
      let closed = try await desk.incident(in: .closed)
      let issued = try await desk.issue(to: [seat]).id
      let good = Quintet_Command_V1_IssueDirectiveRequest.with {
        $0.requestID = newRequestID()
        $0.content = directiveContent(recipients: [seat])
      }
      try await desk.refuses(
        "IssueDirective", good,
        Quintet_Command_V1_IssueDirectiveRequest.badRequestIDs
          + Quintet_Command_V1_IssueDirectiveRequest.badTimes + badContents(\.content) + [
            Bad("REQUIRED", "content") { $0.source = nil },
            Bad("INCIDENT_ENDED", nil, .failedPrecondition) { $0.content.incidentID = closed },
            Bad("REQUIRED", "draft_id") { $0.draftID = "" },
            Bad("ID_INVALID", "draft_id") { $0.draftID = "dir_1" },
            Bad("DIRECTIVE_UNKNOWN", "draft_id", .notFound) {
              $0.draftID = BadValue.unknownDirective
            },
            Bad("MOVE_NOT_ALLOWED", nil, .failedPrecondition) { $0.draftID = issued },
          ]
      ) { try await desk.directives.issueDirective($0) }
    }
  }

  @Test func cancelDirectiveAsksWhyAndForSomebodyToWithdrawItFrom() async throws {
    try await Desk.with { desk in
      try await desk.useRequestID()
      let (id, accepted) = (
        try await desk.directive(in: .issued), try await desk.directive(in: .accepted)
      )
      let dispatch = try await desk.dispatch(try await desk.submit()).directive.id
      let good = Quintet_Command_V1_CancelDirectiveRequest.with {
        $0.requestID = newRequestID()
        $0.directiveID = id
        $0.reason = "不再需要"
      }
      try await desk.refuses(
        "CancelDirective", good,
        Quintet_Command_V1_CancelDirectiveRequest.badRequestIDs
          + Quintet_Command_V1_CancelDirectiveRequest.badTimes + [
            Bad("REQUIRED", "directive_id") { $0.directiveID = "" },
            Bad("DIRECTIVE_UNKNOWN", "directive_id", .notFound) {
              $0.directiveID = BadValue.unknownDirective
            },
            Bad("REQUIRED", "reason") { $0.reason = "" },
            Bad("TOO_LONG", "reason") { $0.reason = BadValue.text(501) },
            Bad("MOVE_NOT_ALLOWED", nil, .failedPrecondition) { $0.directiveID = accepted },
            Bad("COURSE_FOLLOWS_ASSIGNMENT", nil, .failedPrecondition) {
              $0.directiveID = dispatch
            },
          ]
      ) { try await desk.directives.cancelDirective($0) }
    }
  }

  @Test func readingDirectivesRefusesWhatIsNotThere() async throws {
    try await Desk.with { desk in
      let id = try await desk.issue(to: [seat]).id
      try await desk.refuses(
        "GetDirective", Quintet_Command_V1_GetDirectiveRequest.with { $0.directiveID = id },
        [
          Bad("REQUIRED", "directive_id") { $0.directiveID = "" },
          Bad("ID_INVALID", "directive_id") { $0.directiveID = BadValue.unknownCall },
          Bad("DIRECTIVE_UNKNOWN", "directive_id", .notFound) {
            $0.directiveID = BadValue.unknownDirective
          },
        ]
      ) { try await desk.directives.getDirective($0) }
      try await desk.refuses(
        "ListDirectives", Quintet_Command_V1_ListDirectivesRequest(),
        [
          Bad("OUT_OF_RANGE", "page_size") { $0.pageSize = 501 },
          Bad("PAGE_TOKEN_INVALID", "page_token") { $0.pageToken = "x" },
          Bad("ID_INVALID", "incident_id") { $0.incidentID = "x" },
          Bad("UNSPECIFIED", "recipient.kind") { $0.recipient.id = "seat-1" },
          Bad("REQUIRED", "recipient.id") { $0.recipient.kind = .seat },
        ]
      ) { try await desk.directives.listDirectives($0) }
      try await desk.refuses(
        "WatchDirectives",
        Quintet_Command_V1_WatchDirectivesRequest.with { $0.recipient = seat },
        [
          Bad("REQUIRED", "recipient") { $0.clearRecipient() },
          Bad("UNSPECIFIED", "recipient.kind") { $0.recipient.kind = .unspecified },
          Bad("REQUIRED", "recipient.id") { $0.recipient.id = "" },
          Bad("CHARACTERS_NOT_ALLOWED", "recipient.id") { $0.recipient.id = "a/b" },
        ]
      ) { request in
        try await desk.directives.watchDirectives(request) { response in
          for try await message in response.messages where message.hasDirective { break }
        }
      }
    }
  }
}
