// How command says no about support requests, consultations and series.
public import Identifiers

public enum JointRefusal: Error, Hashable, Sendable {
  // What was named does not exist.
  case supportRequestUnknown(SupportRequestID)
  case partUnknown(Int)
  case consultationUnknown(ConsultationID)
  case participantUnknown(Recipient)
  case itemUnknown(Int)
  case decisionUnknown(Int)
  case seriesUnknown(SeriesID)
  /// The incident does not belong to the series.
  case seriesMemberUnknown(IncidentID)

  // What was asked makes no sense by itself.
  case duplicateParticipant(Recipient)
  /// Not after the decision, or more than a year after it.
  case dueNotAhead
  case seriesTooSmall

  // It exists already.
  /// The seat has a part that is offered or taken.
  case partOpen(seat: String)
  case linkKnown(item: Int)
  case seriesMemberKnown(IncidentID)

  // The states do not allow it.
  case tooManyParts(limit: Int)
  /// Support was asked for that nobody has ended.
  case supportOpen(IncidentID, [SupportRequestID])
  /// What no seat answered was not solved by support.
  case supportUnanswered(SupportRequestID)
  case agendaFull(limit: Int)
  /// Numbers of the decisions that are neither issued nor withdrawn.
  case decisionsNotIssued([Int])
  /// Names of those of whom it is not known whether they came.
  case attendanceOpen([String])
  case tooManyMembers(limit: Int)
  /// Two members stay.
  case seriesWouldEnd(SeriesID)
}
