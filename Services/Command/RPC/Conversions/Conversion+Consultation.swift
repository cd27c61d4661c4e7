// 会商 as callers see it.

import CommandDomain
import Identifiers
import QuintetAPI
import SwiftProtobuf
import Wire

extension Quintet_Command_V1_Consultation {
  /// With all that belongs to it.
  init(_ consultation: Consultation) {
    self.init(head: consultation)
    items = consultation.items.map(Quintet_Command_V1_AgendaItem.init)
    links = consultation.links.map(Quintet_Command_V1_AgendaLink.init)
    decisions = consultation.decisions.map(Quintet_Command_V1_Decision.init)
    amendments = consultation.amendments.map(Quintet_Command_V1_Amendment.init)
  }

  init(head consultation: Consultation) {
    self = .with {
      $0.id = consultation.id.description
      $0.etag = consultation.etag
      $0.title = consultation.title
      $0.state = Quintet_Command_V1_ConsultationState(consultation.state)
      $0.startTime = consultation.startTime.timestamp
      if let time = consultation.openTime { $0.openTime = time.timestamp }
      if let time = consultation.closeTime { $0.closeTime = time.timestamp }
      $0.reason = consultation.reason
      $0.convenedBy = consultation.convenedBy
      $0.participants = consultation.participants.map(Quintet_Command_V1_Participant.init)
      $0.recordTime = consultation.recordTime.timestamp
    }
  }
}

extension Quintet_Command_V1_ConsultationState {
  init(_ state: ConsultationState?) {
    self =
      switch state {
      case nil: .unspecified
      case .planned: .planned
      case .open: .open
      case .closed: .closed
      case .cancelled: .cancelled
      }
  }
}

extension Quintet_Command_V1_Participant {
  init(_ participant: Participant) {
    self = .with {
      $0.participant = Quintet_Command_V1_Recipient(participant.recipient)
      $0.name = participant.name
      $0.attendance =
        switch participant.attendance {
        case .awaited: .awaited
        case .present: .present
        case .absent: .absent
        }
      $0.reason = participant.reason
      if let time = participant.time { $0.attendTime = time.timestamp }
    }
  }
}

extension Quintet_Command_V1_AgendaItem {
  init(_ item: AgendaItem) {
    self = .with {
      $0.number = Int32(clamping: item.number)
      $0.title = item.title
      $0.text = item.text
      switch item.subject {
      case .incident(let id): $0.incidentID = id.description
      case .series(let id): $0.seriesID = id.description
      case .directive, nil: break
      }
      $0.putBy = Quintet_Command_V1_Recipient(item.putBy)
      $0.putTime = item.time.timestamp
    }
  }
}

extension Quintet_Command_V1_AgendaLink {
  init(_ link: AgendaLink) {
    self = .with {
      $0.number = Int32(clamping: link.number)
      $0.itemNumber = Int32(clamping: link.itemNumber)
      switch link.target {
      case .incident(let id): $0.incidentID = id.description
      case .series(let id): $0.seriesID = id.description
      case .directive(let id): $0.directiveID = id.description
      }
      $0.reason = link.reason
      $0.linkTime = link.time.timestamp
    }
  }
}

extension Quintet_Command_V1_Decision {
  init(_ decision: Decision) {
    self = .with {
      $0.number = Int32(clamping: decision.number)
      $0.itemNumber = Int32(clamping: decision.itemNumber ?? 0)
      $0.text = decision.text
      $0.responsible = Quintet_Command_V1_Recipient(decision.responsible)
      $0.dueTime = decision.dueTime.timestamp
      $0.state = Quintet_Command_V1_DecisionState(decision.state)
      $0.directiveID = decision.directiveID?.description ?? ""
      $0.reason = decision.reason
      $0.decideTime = decision.time.timestamp
    }
  }
}

extension Quintet_Command_V1_DecisionState {
  init(_ state: DecisionState?) {
    self =
      switch state {
      case nil: .unspecified
      case .recorded: .recorded
      case .issued: .issued
      case .withdrawn: .withdrawn
      }
  }
}

extension Quintet_Command_V1_Amendment {
  init(_ amendment: Amendment) {
    self = .with {
      $0.number = Int32(clamping: amendment.number)
      $0.decisionNumber = Int32(clamping: amendment.decisionNumber ?? 0)
      $0.text = amendment.text
      $0.amendedBy = amendment.by
      $0.amendTime = amendment.time.timestamp
    }
  }
}

extension Quintet_Command_V1_DecisionReference {
  init(_ reference: DecisionReference) {
    self = .with {
      $0.consultationID = reference.consultationID.description
      $0.decisionNumber = Int32(clamping: reference.number)
      $0.dueTime = reference.dueTime.timestamp
    }
  }
}
