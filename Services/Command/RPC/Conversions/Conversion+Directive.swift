// 指令 as callers see it: what is ordered, and each recipient's course.

import CommandDomain
import Forms
import Identifiers
import QuintetAPI
import SwiftProtobuf
import Wire

extension Quintet_Command_V1_Directive {
  init(_ directive: Directive) {
    self = .with {
      $0.id = directive.id.description
      $0.etag = directive.etag
      $0.directiveClass = Quintet_Command_V1_DirectiveClass(directive.directiveClass)
      $0.state = Quintet_Command_V1_DirectiveState(directive.state)
      $0.incidentID = directive.incidentID?.description ?? ""
      $0.title = directive.title
      $0.text = directive.text
      $0.recipients = directive.courses.map(Quintet_Command_V1_RecipientCourse.init)
      if let time = directive.issueTime { $0.issueTime = time.timestamp }
      $0.recordTime = directive.recordTime.timestamp
      $0.templateCode = directive.origin.templateCode
      if let form = directive.origin.form { $0.form = Quintet_Type_V1_Form(form) }
      $0.selections = directive.selections.map(Quintet_Command_V1_RecipientSelection.init)
      $0.reissueOf = directive.origin.reissueOf?.description ?? ""
      if let decision = directive.origin.decision {
        $0.decision = Quintet_Command_V1_DecisionReference(decision)
      }
    }
  }
}

extension Quintet_Command_V1_RecipientCourse {
  init(_ course: RecipientCourse) {
    self = .with {
      $0.recipient = Quintet_Command_V1_Recipient(course.recipient)
      $0.state = Quintet_Command_V1_DirectiveState(course.state)
      if let time = course.deliverTime { $0.deliverTime = time.timestamp }
      if let time = course.acknowledgeTime { $0.acknowledgeTime = time.timestamp }
      if let time = course.feedbackTime { $0.feedbackTime = time.timestamp }
      $0.feedback = course.feedback
      $0.returnCount = Int32(clamping: course.returnCount)
      $0.reason = course.reason
      $0.etag = course.etag
      $0.reminderCount = Int32(clamping: course.reminderCount)
      if let time = course.reminderTime { $0.reminderTime = time.timestamp }
      if let time = course.recallTime { $0.recallTime = time.timestamp }
      if let time = course.recallConfirmTime { $0.recallConfirmTime = time.timestamp }
      $0.recallUnconfirmed = course.isRecallUnconfirmed
      $0.answers = course.answers.map(Quintet_Type_V1_FormAnswer.init)
      if let post = course.post { $0.post = Quintet_Command_V1_Post(post) }
    }
  }
}

extension Quintet_Command_V1_Recipient {
  init(_ recipient: Recipient) {
    self = .with {
      $0.kind = Quintet_Command_V1_RecipientKind(recipient.kind)
      $0.id = recipient.id
    }
  }
}

extension Quintet_Command_V1_DirectiveClass {
  init(_ value: DirectiveClass) {
    self =
      switch value {
      case .dispatch: .dispatch
      case .urgent: .urgent
      case .priority: .priority
      case .routine: .routine
      case .general: .general
      }
  }
}

extension Quintet_Command_V1_DirectiveState {
  init(_ state: DirectiveState?) {
    self =
      switch state {
      case nil: .unspecified
      case .draft: .draft
      case .issued: .issued
      case .delivered: .delivered
      case .acknowledged: .acknowledged
      case .inProgress: .inProgress
      case .fedBack: .fedBack
      case .accepted: .accepted
      case .returned: .returned
      case .cancelled: .cancelled
      case .reassigned: .reassigned
      }
  }
}
