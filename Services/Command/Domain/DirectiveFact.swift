// What command tells of directives besides issuing and moves: one case for each further payload.
import Identifiers

public enum DirectiveFact: Sendable, Hashable {
  /// The courses as they are now.
  case reminded(Directive, [RecipientCourse], text: String)
  case recallConfirmed(Directive, RecipientCourse)
  case templateDefined(DirectiveTemplate)
  case cordonPlanDefined(CordonPlan)
  case cordonActivated(Cordon)
  case cordonMoved(Cordon, CordonRing)
  case cordonReleased(Cordon)

  /// Id or code of the thing that changed.
  public var subject: String {
    switch self {
    case .reminded(let directive, _, _), .recallConfirmed(let directive, _):
      directive.id.description
    case .templateDefined(let template): template.code
    case .cordonPlanDefined(let plan): plan.code
    case .cordonActivated(let cordon), .cordonMoved(let cordon, _), .cordonReleased(let cordon):
      cordon.id.description
    }
  }

  /// A word for it, as in the name of its event.
  public var name: String {
    switch self {
    case .reminded: "reminded"
    case .recallConfirmed: "recall_confirmed"
    case .templateDefined: "template_defined"
    case .cordonPlanDefined: "cordon_plan_defined"
    case .cordonActivated: "cordon_activated"
    case .cordonMoved: "cordon_moved"
    case .cordonReleased: "cordon_released"
    }
  }
}
