// 研判: what the data says of an incident, each finding with what it rests on. Findings are about
// incidents, places and times; nothing here counts, ranks or scores a person.

public import Classification
public import Foundation
public import Geography
public import Identifiers

/// What an assessment of an incident found.
public struct Assessment: Sendable, Hashable, Codable {
  public var id: AssessmentID
  public var incident: IncidentID
  /// Nil when no area holds the point, or there is no point.
  public var jurisdiction: JurisdictionFinding?
  /// Nil when the words suggest nothing.
  public var kind: KindFinding?
  /// At most one for each link; empty when nothing was found.
  public var repeats: [RepeatFinding]
  /// The moment it was made for: its cause's own.
  public var occurTime: Date
  public var recordTime: Date

  public init(
    id: AssessmentID, incident: IncidentID, jurisdiction: JurisdictionFinding?, kind: KindFinding?,
    repeats: [RepeatFinding], occurTime: Date, recordTime: Date
  ) {
    self.id = id
    self.incident = incident
    self.jurisdiction = jurisdiction
    self.kind = kind
    self.repeats = repeats
    self.occurTime = occurTime
    self.recordTime = recordTime
  }
}

/// Who answers for a point. Both parts are nil where only a county or city is known.
public struct JurisdictionFinding: Sendable, Hashable, Codable {
  public struct Organisation: Sendable, Hashable, Codable {
    public var id: OrgUnitID
    public var name: String

    public init(id: OrgUnitID, name: String) {
      self.id = id
      self.name = name
    }
  }

  public var station: Organisation?
  public var beat: Organisation?

  public init(station: Organisation?, beat: Organisation?) {
    self.station = station
    self.beat = beat
  }
}

/// What kind of matter the words suggest.
public struct KindFinding: Sendable, Hashable, Codable {
  public var incidentClass: IncidentClass
  public var level: IncidentLevel
  /// The words of that class, in the order in which they first occur.
  public var words: [String]

  public init(incidentClass: IncidentClass, level: IncidentLevel, words: [String]) {
    self.incidentClass = incidentClass
    self.level = level
    self.words = words
  }
}

/// How an earlier call is tied to an incident. Raw values are stored; never rename one.
public enum RepeatLink: String, Sendable, Codable, CaseIterable {
  case samePhone = "same_phone"
  case sameAddress = "same_address"
  case nearby

  /// Those that say something of who called; the third speaks of a place and an hour.
  static let ofCallers: Set<RepeatLink> = [.samePhone, .sameAddress]
}

/// Earlier calls of other incidents, tied to an incident in one way.
public struct RepeatFinding: Sendable, Hashable, Codable {
  /// Most calls named by a finding; `count` tells how many there are.
  public static let evidenceLimit = 20

  public var link: RepeatLink
  public var count: Int
  /// The newest, newest first.
  public var evidence: [RepeatEvidence]
  /// From then on it is left out of answers, and soon deleted.
  public var expireTime: Date
  /// The rule in words; Chinese first.
  public var rule: String

  public init(
    link: RepeatLink, count: Int, evidence: [RepeatEvidence], expireTime: Date, rule: String
  ) {
    self.link = link
    self.count = count
    self.evidence = evidence
    self.expireTime = expireTime
    self.rule = rule
  }
}

/// One earlier call.
public struct RepeatEvidence: Sendable, Hashable, Codable {
  public var call: CallReportID
  public var incident: IncidentID
  public var receiveTime: Date
  /// To the nearest tenth of a metre; nil when either has no point.
  public var distanceMetres: Double?

  public init(
    call: CallReportID, incident: IncidentID, receiveTime: Date, distanceMetres: Double?
  ) {
    self.call = call
    self.incident = incident
    self.receiveTime = receiveTime
    self.distanceMetres = distanceMetres
  }
}

/// An assessment with the facts that a later assessment of the same incident needs.
public struct AssessedIncident: Sendable, Hashable {
  public var assessment: Assessment
  /// The system that reported its first call; empty when taken here.
  public var source: String
  /// As command has it now.
  public var incidentClass: IncidentClass?
  /// As command has it now.
  public var coordinate: Coordinate?
  /// Every word of the rules found so far, also those of other classes than the suggested one.
  public var words: [String]
  /// Whether its last search for repeats found any; stays when the findings expire.
  public var foundRepeat: Bool

  public init(
    assessment: Assessment, source: String, incidentClass: IncidentClass?, coordinate: Coordinate?,
    words: [String], foundRepeat: Bool
  ) {
    self.assessment = assessment
    self.source = source
    self.incidentClass = incidentClass
    self.coordinate = coordinate
    self.words = words
    self.foundRepeat = foundRepeat
  }

  /// A complaint about the police, by its class or, while it has none, by its words. Nothing is
  /// concluded about its caller: such calls are neither given nor used as evidence by number or home.
  public var isComplaint: Bool {
    incidentClass == .complaint
      || (incidentClass == nil && assessment.kind?.incidentClass == .complaint)
  }
}

/// How many were assessed, and how many of them found a repeat.
public struct AssessmentCount: Sendable, Hashable {
  public var assessments: Int
  public var repeats: Int

  public init(assessments: Int, repeats: Int) {
    self.assessments = assessments
    self.repeats = repeats
  }
}
