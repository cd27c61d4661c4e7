// Every kind of thing that has an id, in one place, so that no two kinds share a prefix.

public enum CallReportTag: IdentifierTag {
  public static let prefix = "call"
}

public enum IncidentTag: IdentifierTag {
  public static let prefix = "inc"
}

public enum AssignmentTag: IdentifierTag {
  public static let prefix = "asg"
}

public enum DirectiveTag: IdentifierTag {
  public static let prefix = "dir"
}

public enum RecommendationTag: IdentifierTag {
  public static let prefix = "rec"
}

public enum AssessmentTag: IdentifierTag {
  public static let prefix = "ass"
}

public enum PlaceTag: IdentifierTag {
  public static let prefix = "plc"
}

public enum OrgUnitTag: IdentifierTag {
  public static let prefix = "org"
}

public enum JurisdictionTag: IdentifierTag {
  public static let prefix = "jur"
}

public enum UnitTag: IdentifierTag {
  public static let prefix = "unit"
}

public enum RoadNetworkTag: IdentifierTag {
  public static let prefix = "road"
}

public enum ResponsePlanTag: IdentifierTag {
  public static let prefix = "plan"
}

public enum DispatchRuleTag: IdentifierTag {
  public static let prefix = "rule"
}

public enum TerminalTag: IdentifierTag {
  public static let prefix = "term"
}

public enum DeploymentTag: IdentifierTag {
  public static let prefix = "dpl"
}

public enum TopicTag: IdentifierTag {
  public static let prefix = "topic"
}

public enum OpinionItemTag: IdentifierTag {
  public static let prefix = "item"
}

public enum StatementTag: IdentifierTag {
  public static let prefix = "stmt"
}

public enum DeadlineTag: IdentifierTag {
  public static let prefix = "dl"
}

public enum EvaluationTag: IdentifierTag {
  public static let prefix = "eval"
}

public enum LookUpFindingTag: IdentifierTag {
  public static let prefix = "find"
}

public enum CordonTag: IdentifierTag {
  public static let prefix = "cdn"
}

public enum SupportRequestTag: IdentifierTag {
  public static let prefix = "sup"
}

public enum ConsultationTag: IdentifierTag {
  public static let prefix = "cons"
}

public enum SeriesTag: IdentifierTag {
  public static let prefix = "ser"
}

public enum EventTag: IdentifierTag {
  public static let prefix = "evt"
}

public enum ShiftTag: IdentifierTag {
  public static let prefix = "shift"
}

public enum SeatTakingTag: IdentifierTag {
  public static let prefix = "taking"
}

public enum HandoverNoteTag: IdentifierTag {
  public static let prefix = "note"
}

public enum SwapTag: IdentifierTag {
  public static let prefix = "swap"
}

public enum LeaveTag: IdentifierTag {
  public static let prefix = "leave"
}

public enum MusterTag: IdentifierTag {
  public static let prefix = "mus"
}

public enum CampaignTag: IdentifierTag {
  public static let prefix = "cmp"
}

public enum TaskTag: IdentifierTag {
  public static let prefix = "task"
}

/// What a caller, a pillar or a partner reported. `call_…`
public typealias CallReportID = Identifier<CallReportTag>
/// What happened, and the suite's work on it. `inc_…`
public typealias IncidentID = Identifier<IncidentTag>
/// One unit sent to one incident. `asg_…`
public typealias AssignmentID = Identifier<AssignmentTag>
/// One instruction to one or many recipients. `dir_…`
public typealias DirectiveID = Identifier<DirectiveTag>
/// Which units were proposed for a point, and why. `rec_…`
public typealias RecommendationID = Identifier<RecommendationTag>
/// What intelligence says of a call or incident. `ass_…`
public typealias AssessmentID = Identifier<AssessmentTag>
/// A name of the gazetteer with its point. `plc_…`
public typealias PlaceID = Identifier<PlaceTag>
/// A bureau, station, team or other part of the organisation. `org_…`
public typealias OrgUnitID = Identifier<OrgUnitTag>
/// An area and who answers for it. `jur_…`
public typealias JurisdictionID = Identifier<JurisdictionTag>
/// A car, a patrol or a person that can be sent. `unit_…`
public typealias UnitID = Identifier<UnitTag>
/// Roads with their travel times. `road_…`
public typealias RoadNetworkID = Identifier<RoadNetworkTag>
/// How many of which units go to what. `plan_…`
public typealias ResponsePlanID = Identifier<ResponsePlanTag>
/// A person's word that the machine may dispatch by itself. `rule_…`
public typealias DispatchRuleID = Identifier<DispatchRuleTag>
/// A device that reports: in a vehicle, in a hand, or a pillar. `term_…`
public typealias TerminalID = Identifier<TerminalTag>
/// Where the units of a post are to be for some hours. `dpl_…`
public typealias DeploymentID = Identifier<DeploymentTag>
/// Public items that speak of one thing. `topic_…`
public typealias TopicID = Identifier<TopicTag>
public typealias StatementID = Identifier<StatementTag>
/// One public item, without its author. `item_…`
public typealias OpinionItemID = Identifier<OpinionItemTag>
/// A time by which something must have happened. `dl_…`
public typealias DeadlineID = Identifier<DeadlineTag>
/// What supervision says of a closed incident. `eval_…`
public typealias EvaluationID = Identifier<EvaluationTag>
/// Look-ups of one actor that are unusual for one reason. `find_…`
public typealias LookUpFindingID = Identifier<LookUpFindingTag>
/// A plan of points at work for an incident. `cdn_…`
public typealias CordonID = Identifier<CordonTag>
/// What a station asks of the centre's seats. `sup_…`
public typealias SupportRequestID = Identifier<SupportRequestTag>
/// A meeting with agenda and decisions. `cons_…`
public typealias ConsultationID = Identifier<ConsultationTag>
/// Incidents judged to belong together. `ser_…`
public typealias SeriesID = Identifier<SeriesTag>
/// A fact in a service's log. `evt_…`
public typealias EventID = Identifier<EventTag>
/// A seat, a time, and who is on. `shift_…`
public typealias ShiftID = Identifier<ShiftTag>
/// Somebody's time in a seat. `taking_…`
public typealias SeatTakingID = Identifier<SeatTakingTag>
/// What one shift tells the next. `note_…`
public typealias HandoverNoteID = Identifier<HandoverNoteTag>
/// One officer's shift for another's. `swap_…`
public typealias SwapID = Identifier<SwapTag>
/// An officer away for a time. `leave_…`
public typealias LeaveID = Identifier<LeaveTag>
/// A war footing, from the switch to the stand-down. `mus_…`
public typealias MusterID = Identifier<MusterTag>
/// A list of checks split among stations. `cmp_…`
public typealias CampaignID = Identifier<CampaignTag>
/// A piece of work for a beat. `task_…`
public typealias TaskID = Identifier<TaskTag>
