// 接警单 as callers see it. The hash of the caller's number is not among it.

import CommandDomain
import Identifiers
import QuintetAPI
import SwiftProtobuf
import Wire

extension Quintet_Command_V1_CallReport {
  init(_ report: CallReport) {
    let content = report.content
    self = .with {
      $0.id = report.id.description
      $0.etag = report.etag
      $0.state = Quintet_Command_V1_CallReportState(report.state)
      $0.outcome = Quintet_Command_V1_CallOutcome(report.outcome)
      $0.incidentID = report.incidentID?.description ?? ""
      $0.channel = Quintet_Command_V1_CallChannel(content.channel)
      $0.origin = Quintet_Type_V1_IncidentOrigin(content.origin)
      $0.maskedPhone = content.maskedPhone
      $0.maskedName = content.maskedName
      $0.location = Quintet_Type_V1_Location(content.place)
      $0.narrative = content.narrative
      $0.occurTime = content.occurTime.timestamp
      $0.receiveTime = content.receiveTime.timestamp
      if let time = content.answerTime { $0.answerTime = time.timestamp }
      if let time = report.endTime { $0.endTime = time.timestamp }
      $0.recordTime = report.recordTime.timestamp
      $0.source = content.source
      $0.externalReference = content.externalReference
      $0.endReason = report.endReason
      $0.pressCount = Int32(clamping: report.pressCount ?? 0)
    }
  }
}

extension Quintet_Command_V1_CallChannel {
  init(_ channel: CallChannel) {
    self =
      switch channel {
      case .phone: .phone
      case .sms: .sms
      case .app: .app
      case .pillar: .pillar
      case .partner: .partner
      case .walkIn: .walkIn
      }
  }
}

extension Quintet_Command_V1_CallReportState {
  init(_ state: CallReportState) {
    self =
      switch state {
      case .active: .active
      case .ended: .ended
      }
  }
}

extension Quintet_Command_V1_CallOutcome {
  init(_ outcome: CallOutcome?) {
    self =
      switch outcome {
      case nil: .unspecified
      case .created: .created
      case .attached: .attached
      case .advised: .advised
      case .diverted: .diverted
      case .hoax: .hoax
      case .accidental: .accidental
      case .abandoned: .abandoned
      }
  }
}
