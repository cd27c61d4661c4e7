// What else command tells of directives, as messages.

import CommandDomain
import Identifiers
import QuintetAPI
import SwiftProtobuf

extension DirectiveFact {
  var message: any SwiftProtobuf.Message {
    switch self {
    case .reminded(let directive, let courses, let text):
      Quintet_Command_V1_DirectiveReminded.with {
        $0.directiveID = directive.id.description
        $0.incidentID = directive.incidentID?.description ?? ""
        $0.courses = courses.map(Quintet_Command_V1_RecipientCourse.init)
        $0.text = text
      }
    case .recallConfirmed(let directive, let course):
      Quintet_Command_V1_DirectiveRecallConfirmed.with {
        $0.directiveID = directive.id.description
        $0.incidentID = directive.incidentID?.description ?? ""
        $0.course = Quintet_Command_V1_RecipientCourse(course)
      }
    case .templateDefined(let template):
      Quintet_Command_V1_DirectiveTemplateDefined.with {
        $0.template = Quintet_Command_V1_DirectiveTemplate(template)
      }
    case .cordonPlanDefined(let plan):
      Quintet_Command_V1_CordonPlanDefined.with {
        $0.plan = Quintet_Command_V1_CordonPlan(plan)
      }
    case .cordonActivated(let cordon):
      Quintet_Command_V1_CordonActivated.with { $0.cordon = Quintet_Command_V1_Cordon(cordon) }
    case .cordonMoved(let cordon, let ring):
      Quintet_Command_V1_CordonMoved.with {
        $0.cordonID = cordon.id.description
        $0.incidentID = cordon.incidentID.description
        $0.directiveID = cordon.directiveID.description
        $0.ring = Quintet_Command_V1_CordonRing(ring)
      }
    case .cordonReleased(let cordon):
      Quintet_Command_V1_CordonReleased.with {
        $0.cordonID = cordon.id.description
        $0.incidentID = cordon.incidentID.description
        $0.directiveID = cordon.directiveID.description
        $0.reason = cordon.reason
      }
    }
  }
}
