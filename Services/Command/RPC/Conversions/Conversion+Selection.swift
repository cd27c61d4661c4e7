// 接收方选取 as callers see it, and what supervision's clocks say beside a directive.

import CommandDomain
import Foundation
import Identifiers
import QuintetAPI
import SwiftProtobuf
import Wire

extension Quintet_Command_V1_RecipientSelection {
  init(_ selection: RecipientSelection) {
    self = .with {
      $0.selector = Quintet_Command_V1_RecipientSelector(selection.selector)
      $0.recipients = selection.recipients.map(Quintet_Command_V1_Recipient.init)
    }
  }
}

extension Quintet_Command_V1_RecipientSelector {
  init(_ selector: RecipientSelector) {
    self = .with {
      switch selector {
      case .area(let id, let kinds):
        $0.area = .with {
          $0.areaID = id.description
          $0.kinds = kinds.map { Quintet_Command_V1_RecipientKind($0) }
        }
      case .units(let id, let kinds):
        $0.units = .with {
          $0.areaID = id.description
          $0.unitKinds = kinds.map {
            Quintet_Duty_V1_UnitKind(rawValue: $0) ?? .unspecified
          }
        }
      case .seat(let code): $0.seat = code
      case .named(let recipient): $0.named = Quintet_Command_V1_Recipient(recipient)
      }
    }
  }
}

extension Quintet_Command_V1_RecipientKind {
  init(_ kind: RecipientKind) {
    self =
      switch kind {
      case .station: .station
      case .beat: .beat
      case .unit: .unit
      case .seat: .seat
      }
  }
}

extension Quintet_Command_V1_Directive {
  /// With what supervision says of its recipients. Whoever does not owe it any more is not late,
  /// though supervision may not have heard yet.
  /// - Parameter clocks: of any directives.
  init(_ directive: Directive, _ clocks: [CourseClock]) {
    self.init(directive)
    let own = clocks.filter { $0.directiveID == directive.id }
    for index in directive.courses.indices {
      let course = directive.courses[index]
      for clock in own where clock.recipient == course.recipient {
        let isUnsigned = course.state == .issued || course.state == .delivered
        switch clock.matter {
        case .sign where isUnsigned:
          recipients[index].signDueTime = clock.dueTime.timestamp
          recipients[index].signOverdue = clock.isOverdue
        case .feedback where course.state.isUnanswered:
          recipients[index].feedbackDueTime = clock.dueTime.timestamp
          recipients[index].feedbackOverdue = clock.isOverdue
        case .sign, .feedback: break
        }
      }
    }
    overdueCount = Int32(
      clamping: recipients.count { $0.signOverdue || $0.feedbackOverdue })
  }
}
