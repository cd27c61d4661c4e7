// What command tells of work that several do together: support requests, consultations and series. One
// case for each payload.
import Identifiers

public enum JointFact: Sendable, Hashable {
  case supportAsked(SupportRequest)
  /// `from` is nil when the part was just added.
  case supportPartMoved(SupportRequest, SupportPart, from: SupportPartState?)
  case supportEnded(SupportRequest, from: SupportState)
  /// `from` is nil when it was just planned.
  case consultationMoved(Consultation, from: ConsultationState?)
  case agendaItemPut(Consultation, AgendaItem)
  case attendanceRecorded(Consultation, Participant)
  case agendaItemLinked(Consultation, AgendaLink)
  /// `from` is nil when it was just made.
  case decisionMoved(Consultation, Decision, from: DecisionState?)
  case consultationAmended(Consultation, Amendment)
  /// `from` is nil when it was just proposed.
  case seriesMoved(Series, SeriesMember, from: SeriesState?, reason: String)
  case seriesMemberMoved(Series, SeriesMember)

  /// Id of the thing that changed.
  public var subject: String {
    switch self {
    case .supportAsked(let request), .supportPartMoved(let request, _, _),
      .supportEnded(let request, _):
      request.id.description
    case .consultationMoved(let consultation, _), .agendaItemPut(let consultation, _),
      .attendanceRecorded(let consultation, _), .agendaItemLinked(let consultation, _),
      .decisionMoved(let consultation, _, _), .consultationAmended(let consultation, _):
      consultation.id.description
    case .seriesMoved(let series, _, _, _), .seriesMemberMoved(let series, _):
      series.id.description
    }
  }

  /// A word for it, as in the name of its event.
  public var name: String {
    switch self {
    case .supportAsked: "support_asked"
    case .supportPartMoved: "support_part_moved"
    case .supportEnded: "support_ended"
    case .consultationMoved: "consultation_moved"
    case .agendaItemPut: "agenda_item_put"
    case .attendanceRecorded: "attendance_recorded"
    case .agendaItemLinked: "agenda_item_linked"
    case .decisionMoved: "decision_moved"
    case .consultationAmended: "consultation_amended"
    case .seriesMoved: "series_moved"
    case .seriesMemberMoved: "series_member_moved"
    }
  }
}
