// Events outlive the matters they tell about: what they say of people must be on the list of what
// goes, or be known to say nothing.
import QuintetAPI
import SwiftProtobuf
import Testing

@testable import Retention

/// Texts in events that are kept: ids, codes, numbers and names of offices. Message and field, or
/// only the field where it means the same everywhere.
private let harmless: Set<String> = [
  "terminal_code", "plate_code", "id", "etag", "source", "external_reference", "disposal_code",
  "rule_code", "subject",
  "responsible", "code", "call_sign", "capabilities", "estimator", "rule", "detail",
  "incident_id", "incident_ids", "directive_id", "unit_id", "org_unit_id", "parent_id",
  "station_id", "beat_id",
  "assignment_id", "assessment_id", "recommendation_id", "call_report_id", "item_id",
  "call_report_ids",
  // Of offices, areas and services, not of people.
  "OrgUnit.name", "Jurisdiction.org_unit_name", "JurisdictionFinding.station_name",
  "JurisdictionFinding.beat_name", "IncidentAdvice.station_name", "Incident.number",
  "Incident.merged_into", "Incident.diverted_to",
  // Of whoever looked somebody up, and nothing of whom.
  "LookUpMade.actor", "LookUpMade.on_behalf_of", "LookUpMade.areas", "LookUpMade.seat",
  "LookUpMade.method", "LookUpMade.purpose", "LookUpMade.case_id", "LookUpMade.person_key",
  "LookUpMade.result_code", "LookUpMade.result_reason", "LookUpFinding.actor",
  "LookUpFinding.reason", "LookUpFinding.answered_by",
  // Of places, which are nobody's.
  "Place.name", "Place.aliases", "Place.address", "Place.area", "Place.description",
  "Place.device_code",
  // Of the staff, by number only; names of seats and crews.
  "Officer.number", "officer_number", "other_officer_number", "qualifications", "shift_id",
  "other_shift_id", "group_id", "lead_unit_id", "seat_code", "pattern_code", "turn_code", "crew",
  "Seat.name", "role",
  "from_date", "to_date",
  "template_code", "plan_code", "field_code", "post_code", "cordon_id", "area_id", "seat",
  "reissue_of", "consultation_id", "series_id", "support_request_id",
  // Of whoever called, judged or corrected, in the bureau's service; numbers of incidents.
  "Consultation.convened_by", "Amendment.amended_by", "SeriesMember.added_by",
  "SeriesMember.dropped_by", "SeriesMember.incident_number", "SeriesMember.station_name",
  // Of offices and seats that take part.
  "Participant.name",
  // Of places and forms, not of people.
  "Post.name", "CordonPlan.name", "FormField.label", "FormOption.label", "DirectiveTemplate.name",
  "DirectiveTemplate.title", "DirectiveTemplate.text", "DirectiveTemplate.placeholders",
  // Of standard work and lists: what is to be done by whom, never what was answered.
  "TaskTemplate.name", "TaskTemplate.english_name", "TaskTemplate.category",
  "TaskTemplate.lead_department", "TaskTemplate.basis", "TaskTemplate.measures",
  "TaskTemplate.standard", "TaskTemplate.place_kind", "TaskTemplate.content_codes",
  "TaskTemplate.fact_codes", "task_id", "former_beat_id", "merged_into_task_id", "template_codes",
  // Sentences of the program about distances; gone with their ring.
  "CordonDecision.explanation",
  // Words of the rules that were found, never others.
  "KindFinding.evidence",
  // The bureau's own words, made public.
  "Topic.response", "Statement.text", "Statement.checked_with", "Statement.return_reason",
  "Signature.actor", "topic_id",
  // Sentences of the program.
  "RecommendedUnit.reason", "FeedbackFoundWeak.reason", "FeedbackFoundWeak.recipient",
  "DispatchPlan.method", "DispatchPlan.summary", "DispatchPlanLine.reason", "PlannedUnit.reason",
  // What the bureau calls its plans, their lines and its places.
  "DispatchPlan.plan_name", "DispatchPlan.uncovered_places", "DispatchPlan.kept_places",
  "DispatchPlanLine.title", "ResponsePlan.name", "ResponsePlanLine.title",
  "taken_from_incident_ids", "dispatch_rule_id",
  // What the bureau calls its footings, who switched them, and which offices came.
  "muster_id", "Muster.plan_name", "Muster.level_name", "Muster.switched_by",
  "Muster.stood_down_by", "Escalation.actor", "ModePlan.name", "ModeLevel.name",
  "ModeMember.name", "ModeMember.seats", "MusterMember.name",
  // What a campaign is for, and who keeps it; of its rows events say nothing.
  "campaign_id", "Campaign.created_by", "Campaign.closed_by", "CampaignContent.name",
  "CampaignContent.basis", "CampaignPart.org_unit_name", "CampaignImport.file_digest",
  // Of offices and places, and sentences of the program.
  "Deployment.org_unit_name", "DeployedPost.place_name", "DeployedPost.reason",
  "DeploymentSuggestion.method", "DeploymentSuggestion.summary", "DeploymentOutcome.summary",
  // Who answers for letting the machine dispatch, and why: kept as long as what it did.
  "DispatchRule.reason", "DispatchRule.switched_on_by", "DispatchRule.switched_off_by",
]

private struct Descriptors {
  var messages: [String: Google_Protobuf_DescriptorProto] = [:]
  var events: [String] = []

  init() throws {
    let set = try Google_Protobuf_FileDescriptorSet(
      serializedBytes: QuintetDescriptors.fileDescriptorSet)
    for file in set.file where file.package.hasPrefix("quintet.") {
      for message in file.messageType { messages["\(file.package).\(message.name)"] = message }
      if file.name.hasSuffix("events.proto") {
        events += file.messageType.map { "\(file.package).\($0.name)" }
      }
    }
  }

  /// All messages that an event can hold.
  func reachable() -> Set<String> {
    var found: Set<String> = []
    var waiting = events
    while let name = waiting.popLast() {
      guard found.insert(name).inserted, let message = messages[name] else { continue }
      waiting += message.field.filter { $0.type == .message }.map {
        String($0.typeName.dropFirst())
      }
    }
    return found
  }
}

@Test func everyTextInAnEventIsPersonalOrKnownToBeHarmless() throws {
  let descriptors = try Descriptors()
  #expect(descriptors.events.count > 20)
  for name in descriptors.reachable().sorted() {
    for field in descriptors.messages[name]?.field ?? [] where field.type == .string {
      let short = "\(name.split(separator: ".").last ?? "").\(field.name)"
      let isPersonal = PersonalContent.fields[name]?.contains(field.name) ?? false
      let isHarmless = harmless.contains(field.name) || harmless.contains(short)
      #expect(isPersonal != isHarmless, "\(name).\(field.name)")
    }
  }
}

@Test func everyFieldOnTheListExists() throws {
  let descriptors = try Descriptors()
  for (message, fields) in PersonalContent.fields {
    let names = Set(descriptors.messages[message]?.field.map(\.name) ?? [])
    #expect(fields.isSubset(of: names), "\(message)")
    #expect(descriptors.reachable().contains(message), "\(message)")
  }
}

@Test func onlyThePersonalPartsGoAndWhatIsUnknownStays() throws {
  let told = Quintet_Command_V1_IncidentOpened.with {
    $0.phoneHash = "hash"
    $0.incident.id = "inc"
    $0.incident.title = "title"
    $0.incident.location.address = "address"
    $0.incident.location.point.latitude = 28
    $0.incident.reopenCount = 300
    $0.incident.assignments = [
      .with {
        $0.note = "note"
        $0.unitID = "unit"
      }, .init(),
    ]
  }
  // Field 100 with a text, and field 101 with four bytes.
  let unknown: [UInt8] = [0xA2, 0x06, 2, 65, 66, 0xAD, 0x06, 1, 2, 3, 4]
  let bytes: [UInt8] = try told.serializedBytes() + unknown
  let type = Quintet_Command_V1_IncidentOpened.protoMessageName
  let rest = PersonalContent.removed(from: bytes, type: type)
  let expected = Quintet_Command_V1_IncidentOpened.with {
    $0.incident.id = "inc"
    $0.incident.location.point.latitude = 28
    $0.incident.reopenCount = 300
    $0.incident.assignments = [.with { $0.unitID = "unit" }, .init()]
  }
  var read = try Quintet_Command_V1_IncidentOpened(serializedBytes: rest)
  #expect(Array(read.unknownFields.data) == unknown)
  read = try .init(serializedBytes: Array(rest.dropLast(unknown.count)))
  #expect(read == expected)
  #expect(PersonalContent.removed(from: rest, type: type) == rest)
}

/// Bytes that are no message are not touched, and nothing is read behind their end.
@Test func whatIsNotAMessageStaysAsItIs() throws {
  let told = Quintet_Command_V1_IncidentOpened.with {
    $0.phoneHash = "hash"
    $0.incident.title = "title"
  }
  let bytes: [UInt8] = try told.serializedBytes()
  let type = Quintet_Command_V1_IncidentOpened.protoMessageName
  for length in 1..<bytes.count {
    let cut = Array(bytes.prefix(length))
    let isMessage = (try? Quintet_Command_V1_IncidentOpened(serializedBytes: cut)) != nil
    if !isMessage { #expect(PersonalContent.removed(from: cut, type: type) == cut, "\(length)") }
  }
  for bad: [UInt8] in [[0xFF], Array(repeating: 0xFF, count: 20), [0x0A, 0xFF, 0xFF, 0x03], [7]] {
    #expect(PersonalContent.removed(from: bad, type: type) == bad)
  }
  #expect(PersonalContent.removed(from: bytes, type: "quintet.unknown.v1.Thing") == bytes)
}
