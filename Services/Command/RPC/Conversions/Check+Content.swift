// The parts that several requests share: what a call said, what a directive says, to whom.

import CommandDomain
import Foundation
import QuintetAPI
import Wire

extension Check {
  /// An etag that may be left out; that it is nobody's is for the domain to say.
  static func etag(_ text: String, field: String = "etag") throws -> String {
    try code(text, field: field, max: 64)
  }

  static func reason(_ text: String, required: Bool = false) throws -> String {
    try Check.text(text, field: "reason", max: 500, required: required)
  }

  /// What is known when a call is taken. Number and name leave this function sealed and masked.
  static func content(
    _ content: Quintet_Command_V1_CallReportContent, now: Date,
    secrets: CallerSecrets
  ) throws -> CallReportContent {
    let channel = try channel(content.channel, field: "content.channel")
    let origin = try incidentOrigin(content.origin, field: "content.origin")
    let phone = try PhoneNumber(checking: content.phone, field: "content.phone")
    let name = try text(content.callerName, field: "content.caller_name", max: 60)
    let caller = CallerDetails(phone: content.phone, name: name)
    guard content.hasLocation else { throw Failure.required("content.location") }
    let receiveTime = try time(
      content.hasReceiveTime ? content.receiveTime : nil, field: "content.receive_time", now: now)
    return CallReportContent(
      channel: channel, origin: origin,
      phoneHash: phone.map { secrets.hash($0.normalised) }, maskedPhone: phone?.masked ?? "",
      maskedName: NameMask.mask(name), sealedCaller: try secrets.sealed(caller),
      place: try place(content.location, field: "content.location"),
      narrative: try text(content.narrative, field: "content.narrative", max: 4_000),
      occurTime: content.hasOccurTime
        ? try time(content.occurTime, field: "content.occur_time", now: now) : receiveTime,
      receiveTime: receiveTime,
      answerTime: try answerTime(content, receiveTime: receiveTime, now: now),
      source: try code(
        content.source, field: "content.source", max: 64, allowed: .sourceCharacters),
      externalReference: try text(
        content.externalReference, field: "content.external_reference", max: 128))
  }

  private static func answerTime(
    _ content: Quintet_Command_V1_CallReportContent, receiveTime: Date, now: Date
  ) throws -> Date? {
    guard content.hasAnswerTime else { return nil }
    let time = try time(content.answerTime, field: "content.answer_time", now: now)
    guard time >= receiveTime else {
      throw Failure.invalid(
        "OUT_OF_RANGE", field: "content.answer_time",
        "接听时间不得早于来电时间。A call is not answered before it came in.")
    }
    return time
  }

  static func title(_ text: String, field: String = "title", required: Bool = false) throws
    -> String
  {
    try Check.text(text, field: field, max: 120, required: required)
  }

  static func content(
    _ content: Quintet_Command_V1_DirectiveContent
  ) throws -> DirectiveContent {
    let template =
      content.hasTemplate
      ? try templateUse(content.template, field: "content.template") : nil
    let selectors = try selectors(content.selectors, field: "content.selectors")
    let recipients = try list(
      content.recipients, field: "content.recipients",
      (selectors.isEmpty ? 1 : 0)...Directive.recipientLimit)
    var checked: [Recipient] = []
    var known: Set<Recipient> = []
    for (index, recipient) in recipients.enumerated() {
      let field = "content.recipients[\(index)]"
      let recipient = try Check.recipient(recipient, field: field)
      guard known.insert(recipient).inserted else { throw Failure.duplicate(field) }
      checked.append(recipient)
    }
    return DirectiveContent(
      directiveClass: template != nil && content.directiveClass == .unspecified
        ? nil : try directiveClass(content.directiveClass, field: "content.directive_class"),
      incidentID: try optionalIdentifier(content.incidentID, field: "content.incident_id"),
      title: try title(content.title, field: "content.title", required: template == nil),
      text: try text(content.text, field: "content.text", max: 4_000), recipients: checked,
      selectors: selectors, template: template)
  }

  /// Somebody a directive is for. Organisations and units are duty's: whether one exists is not known
  /// here, and a seat has a name of the hall's own.
  static func recipient(
    _ recipient: Quintet_Command_V1_Recipient, field: String
  ) throws -> Recipient {
    Recipient(
      kind: try recipientKind(recipient.kind, field: "\(field).kind"),
      id: try code(recipient.id, field: "\(field).id", max: 64, required: true))
  }

  /// A recipient that must be given.
  static func recipient(
    _ recipient: Quintet_Command_V1_Recipient, isSet: Bool, field: String
  ) throws -> Recipient {
    guard isSet else { throw Failure.required(field) }
    return try Check.recipient(recipient, field: field)
  }
}

extension CharacterSet {
  /// `[a-z0-9.-]`
  static let sourceCharacters = CharacterSet(
    charactersIn: "abcdefghijklmnopqrstuvwxyz0123456789.-")
}
