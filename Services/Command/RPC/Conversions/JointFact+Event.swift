// What command tells of support requests, consultations and series, as messages.

import CommandDomain
import Identifiers
import QuintetAPI
import SwiftProtobuf

extension JointFact {
  var message: any SwiftProtobuf.Message {
    switch self {
    case .supportAsked(let request):
      Quintet_Command_V1_SupportAsked.with {
        $0.supportRequest = Quintet_Command_V1_SupportRequest(request)
      }
    case .supportPartMoved(let request, let part, let from):
      Quintet_Command_V1_SupportPartMoved.with {
        $0.supportRequestID = request.id.description
        $0.incidentID = request.incidentID.description
        $0.part = Quintet_Command_V1_SupportPart(part)
        $0.from = Quintet_Command_V1_SupportPartState(from)
        $0.state = Quintet_Command_V1_SupportState(request.state)
      }
    case .supportEnded(let request, let from):
      Quintet_Command_V1_SupportEnded.with {
        $0.supportRequest = Quintet_Command_V1_SupportRequest(request)
        $0.from = Quintet_Command_V1_SupportState(from)
      }
    case .consultationMoved(let consultation, let from):
      Quintet_Command_V1_ConsultationMoved.with {
        $0.consultation = Quintet_Command_V1_Consultation(head: consultation)
        $0.from = Quintet_Command_V1_ConsultationState(from)
      }
    case .agendaItemPut(let consultation, let item):
      Quintet_Command_V1_AgendaItemPut.with {
        $0.consultationID = consultation.id.description
        $0.item = Quintet_Command_V1_AgendaItem(item)
      }
    case .attendanceRecorded(let consultation, let participant):
      Quintet_Command_V1_AttendanceRecorded.with {
        $0.consultationID = consultation.id.description
        $0.participant = Quintet_Command_V1_Participant(participant)
      }
    case .agendaItemLinked(let consultation, let link):
      Quintet_Command_V1_AgendaItemLinked.with {
        $0.consultationID = consultation.id.description
        $0.link = Quintet_Command_V1_AgendaLink(link)
      }
    case .decisionMoved(let consultation, let decision, let from):
      Quintet_Command_V1_DecisionMoved.with {
        $0.consultationID = consultation.id.description
        $0.decision = Quintet_Command_V1_Decision(decision)
        $0.from = Quintet_Command_V1_DecisionState(from)
      }
    case .consultationAmended(let consultation, let amendment):
      Quintet_Command_V1_ConsultationAmended.with {
        $0.consultationID = consultation.id.description
        $0.amendment = Quintet_Command_V1_Amendment(amendment)
      }
    case .seriesMoved(let series, let member, let from, let reason):
      Quintet_Command_V1_SeriesMoved.with {
        $0.series = Quintet_Command_V1_SeriesReference(series.reference)
        $0.member = Quintet_Command_V1_SeriesMember(member)
        $0.from = Quintet_Command_V1_SeriesState(from)
        $0.reason = reason
      }
    case .seriesMemberMoved(let series, let member):
      Quintet_Command_V1_SeriesMemberMoved.with {
        $0.series = Quintet_Command_V1_SeriesReference(series.reference)
        $0.member = Quintet_Command_V1_SeriesMember(member)
      }
    }
  }
}
