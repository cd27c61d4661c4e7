// Every way in which command says no. The RPC room maps each case to one status and reason.
public import Identifiers

public enum CommandError: Error, Hashable, Sendable {
  // What was named does not exist.
  case callReportUnknown(CallReportID)
  case incidentUnknown(IncidentID)
  /// The incident that another was to be merged into.
  case targetUnknown(IncidentID)
  case assignmentUnknown(AssignmentID)
  case directiveUnknown(DirectiveID)
  /// The directive has no course of this recipient.
  case recipientUnknown(Recipient)
  /// There is none, or it was made for another incident.
  case recommendationUnknown(RecommendationID)

  case dispatchRuleUnknown(DispatchRuleID)

  // It is not the caller's affair.
  /// A rule of automatic dispatch has a name under it.
  case notAPerson
  /// `field` as in the request message.
  case recipientOutsideReach(Recipient, field: String)
  /// Somebody who reports for one system named another as the source.
  case sourceOutsideReach(String)

  /// It has ended, does not exist, or is not the caller's affair: which of these is not told.
  case caseNotOpen
  case callNotOfCase

  // What was asked makes no sense by itself.
  /// A field that this command cannot do without is empty; `field` as in the request message.
  case required(field: String)
  /// `created` and `attached` are not for EndCall.
  case outcomeNotAllowed(CallOutcome)
  case nothingToChange
  case sameIncident(IncidentID)
  case duplicateRecipient(Recipient)
  /// Directives of class dispatch are made by DispatchUnits alone.
  case dispatchClassReserved

  // It exists already.
  case externalReferenceKnown(source: String, reference: String, CallReportID)
  /// The unit has an open assignment on this incident, or is named twice.
  case unitAlreadyAssigned(UnitID)
  /// Its parts are sent, not the group.
  case unitIsGroup(UnitID)
  case recipientKnown(Recipient)

  // Somebody else was faster.
  case etagMismatch(current: String)

  // The states do not allow it.
  case callReportEnded(CallReportID)
  case incidentEnded(IncidentID, IncidentState)
  case targetEnded(IncidentID, IncidentState)
  /// `subject` is the id, `from` and `move` are raw values.
  case moveNotAllowed(subject: String, from: String, move: String)
  /// `missing`: some of incident_class, level, location.
  case classificationIncomplete(IncidentID, missing: [String])
  case assignmentOpen(IncidentID, [AssignmentID])
  case directiveUnanswered(IncidentID, [DirectiveID])
  /// As many rules of automatic dispatch are on as there may be.
  case tooManyRules
  /// The incident has no point to look for units around.
  case locationRequired(IncidentID)
  /// The courses of a dispatch directive are moved by its assignments alone.
  case courseFollowsAssignment(DirectiveID)

  /// About templates, selections, forms, attachments and cordons.
  case directives(DirectiveRefusal)
  /// About support requests, consultations and series.
  case joint(JointRefusal)
  /// About footings, mode plans and musters.
  case mode(ModeRefusal)
  /// About campaigns and their rows.
  case campaign(CampaignRefusal)
}
