// What duty tells of areas, and public opinion of topics.
import Identifiers
public import QuintetAPI
public import SupervisionDomain
import SwiftProtobuf
import Wire

public enum FromDuty: Following {
  public static let source = "duty"
  public static let types = [
    Quintet_Duty_V1_JurisdictionDefined.protoMessageName,
    Quintet_Duty_V1_OrgUnitDefined.protoMessageName,
    Quintet_Duty_V1_UnitDefined.protoMessageName,
    Quintet_Audit_V1_LookUpMade.protoMessageName,
    Quintet_Duty_V1_UnitStatusSet.protoMessageName,
    Quintet_Duty_V1_TaskMoved.protoMessageName,
    Quintet_Duty_V1_TaskWithdrawn.protoMessageName,
  ]

  public static func fact(_ event: Quintet_Events_V1_Event) throws -> Fact? {
    switch event.type {
    case Quintet_Duty_V1_JurisdictionDefined.protoMessageName:
      return try area(event.decoded(Quintet_Duty_V1_JurisdictionDefined.self).jurisdiction)
    case Quintet_Duty_V1_OrgUnitDefined.protoMessageName:
      let orgUnit = try event.decoded(Quintet_Duty_V1_OrgUnitDefined.self).orgUnit
      return .orgUnitDefined(
        try Check.identifier(orgUnit.id, field: "org_unit.id"),
        parent: try Check.optionalIdentifier(orgUnit.parentID, field: "org_unit.parent_id"))
    case Quintet_Duty_V1_UnitDefined.protoMessageName:
      let unit = try event.decoded(Quintet_Duty_V1_UnitDefined.self).unit
      return .unitDefined(
        try Check.identifier(unit.id, field: "unit.id"),
        orgUnit: try Check.optionalIdentifier(unit.orgUnitID, field: "unit.org_unit_id"))
    case Quintet_Audit_V1_LookUpMade.protoMessageName:
      return .lookUpMade(
        try LookUp(
          event.decoded(Quintet_Audit_V1_LookUpMade.self), service: source,
          time: event.occurTime.microsecondDate))
    case Quintet_Duty_V1_TaskMoved.protoMessageName:
      return .taskMoved(try TaskMove(event.decoded(Quintet_Duty_V1_TaskMoved.self)))
    case Quintet_Duty_V1_TaskWithdrawn.protoMessageName:
      return .taskMoved(
        try TaskMove(
          event.decoded(Quintet_Duty_V1_TaskWithdrawn.self),
          time: event.occurTime.microsecondDate))
    default: return nil
    }
  }

  private static func area(_ jurisdiction: Quintet_Duty_V1_Jurisdiction) throws -> Fact {
    let areaClass: AreaClass
    switch jurisdiction.areaClass {
    case .keyPlace: areaClass = .keyPlace
    case .centre: areaClass = .centre
    case .other: areaClass = .other
    case .unspecified, .UNRECOGNIZED: throw Failure.unspecified("jurisdiction.area_class")
    }
    return .areaDefined(
      Area(
        id: try Check.identifier(jurisdiction.id, field: "jurisdiction.id"),
        areaClass: areaClass,
        polygon: try Check.polygon(jurisdiction.area, field: "jurisdiction.area")))
  }
}

public enum FromPublicOpinion: Following {
  public static let source = "publicopinion"
  public static let types = [
    Quintet_Publicopinion_V1_TopicTied.protoMessageName,
    Quintet_Publicopinion_V1_TopicAnswered.protoMessageName,
  ]

  public static func fact(_ event: Quintet_Events_V1_Event) throws -> Fact? {
    switch event.type {
    case Quintet_Publicopinion_V1_TopicTied.protoMessageName:
      let topic = try event.decoded(Quintet_Publicopinion_V1_TopicTied.self).topic
      return .topicTied(
        try Check.identifier(topic.id, field: "topic.id"),
        incident: try Check.optionalIdentifier(topic.incidentID, field: "topic.incident_id"))
    case Quintet_Publicopinion_V1_TopicAnswered.protoMessageName:
      let topic = try event.decoded(Quintet_Publicopinion_V1_TopicAnswered.self).topic
      return .topicAnswered(
        try Check.identifier(topic.id, field: "topic.id"),
        incident: try Check.optionalIdentifier(topic.incidentID, field: "topic.incident_id"))
    default: return nil
    }
  }
}
