// 串并案: incidents judged to belong together. Judged are incidents, never persons.
public import Foundation
public import Identifiers

public enum SeriesState: String, Sendable, Codable, CaseIterable {
  case proposed, confirmed, rejected, dissolved

  /// Members may come and go.
  public var isOpen: Bool { self == .proposed || self == .confirmed }
}

/// What can be done with a series. Raw values name the move in refusals.
public enum SeriesMove: String, Sendable, CaseIterable {
  case confirm, reject, dissolve

  public var source: SeriesState { self == .dissolve ? .confirmed : .proposed }

  public var target: SeriesState {
    switch self {
    case .confirm: .confirmed
    case .reject: .rejected
    case .dissolve: .dissolved
    }
  }
}

/// Who judged, when and why.
public struct Judgement: Sendable, Hashable, Codable {
  /// `person/…`
  public let by: String
  public let time: Date
  public let reason: String

  public init(by: String, time: Date, reason: String) {
    self.by = by
    self.time = time
    self.reason = reason
  }
}

/// One incident of a series.
public struct SeriesMember: Sendable, Hashable, Codable {
  public let incidentID: IncidentID
  public internal(set) var added: Judgement
  /// Nil while it belongs to the series.
  public internal(set) var dropped: Judgement?

  public init(incidentID: IncidentID, added: Judgement, dropped: Judgement? = nil) {
    self.incidentID = incidentID
    self.added = added
    self.dropped = dropped
  }
}

/// A series as an incident names it.
public struct SeriesReference: Sendable, Hashable, Codable {
  public let id: SeriesID
  public let title: String
  public let state: SeriesState

  public init(id: SeriesID, title: String, state: SeriesState) {
    self.id = id
    self.title = title
    self.state = state
  }
}

public struct Series: Sendable, Hashable, Codable {
  public let id: SeriesID
  /// 1 when proposed, one more with every change.
  public internal(set) var revision: Int
  public let title: String
  public internal(set) var state: SeriesState
  /// Why the incidents belong together.
  public let proposed: Judgement
  /// Confirmed or rejected.
  public internal(set) var decided: Judgement?
  public internal(set) var dissolved: Judgement?
  /// In the order in which they were added, those taken out too; each once.
  public internal(set) var members: [SeriesMember]

  public static let memberLimit = 100
  /// Fewer are no series.
  public static let least = 2

  public var etag: String { String(revision) }
  public var reference: SeriesReference { SeriesReference(id: id, title: title, state: state) }

  /// Puts a series together as it was stored.
  public init(
    id: SeriesID, revision: Int, title: String, state: SeriesState, proposed: Judgement,
    decided: Judgement? = nil, dissolved: Judgement? = nil, members: [SeriesMember]
  ) {
    self.id = id
    self.revision = revision
    self.title = title
    self.state = state
    self.proposed = proposed
    self.decided = decided
    self.dissolved = dissolved
    self.members = members
  }

  /// Newly proposed.
  /// - Throws: `required`; `seriesTooSmall`; `tooManyMembers`; `seriesMemberKnown`.
  init(
    id: SeriesID, title: String, proposed: Judgement, members: [SeriesMember]
  ) throws(CommandError) {
    guard !title.isEmpty else { throw .required(field: "title") }
    guard !proposed.reason.isEmpty else { throw .required(field: "reason") }
    guard members.count >= Self.least else { throw .joint(.seriesTooSmall) }
    guard members.count <= Self.memberLimit else {
      throw .joint(.tooManyMembers(limit: Self.memberLimit))
    }
    var known: Set<IncidentID> = []
    for member in members {
      guard !member.added.reason.isEmpty else { throw .required(field: "members") }
      guard known.insert(member.incidentID).inserted else {
        throw .joint(.seriesMemberKnown(member.incidentID))
      }
    }
    self.init(
      id: id, revision: 1, title: title, state: .proposed, proposed: proposed, members: members)
  }

  /// Incidents that belong to it now.
  public var current: [SeriesMember] { members.filter { $0.dropped == nil } }

  /// - Throws: `etagMismatch`.
  func check(etag: String) throws(CommandError) {
    guard etag.isEmpty || etag == self.etag else { throw .etagMismatch(current: self.etag) }
  }

  /// - Throws: `required` without a reason; `moveNotAllowed`. Nothing is changed then.
  mutating func move(_ move: SeriesMove, _ judgement: Judgement) throws(CommandError) {
    guard !judgement.reason.isEmpty else { throw .required(field: "reason") }
    guard state == move.source else { throw refused(move.rawValue) }
    state = move.target
    if move == .dissolve { dissolved = judgement } else { decided = judgement }
    revision += 1
  }

  /// One that was taken out comes back as it was added now.
  /// - Throws: `required` without a reason; `moveNotAllowed`; `seriesMemberKnown`; `tooManyMembers`.
  mutating func add(
    _ incident: IncidentID, _ judgement: Judgement
  ) throws(CommandError) -> SeriesMember {
    guard !judgement.reason.isEmpty else { throw .required(field: "member.reason") }
    guard state.isOpen else { throw refused("add_member") }
    let member = SeriesMember(incidentID: incident, added: judgement)
    if let index = members.firstIndex(where: { $0.incidentID == incident }) {
      guard members[index].dropped != nil else { throw .joint(.seriesMemberKnown(incident)) }
      members[index] = member
    } else {
      guard members.count < Self.memberLimit else {
        throw .joint(.tooManyMembers(limit: Self.memberLimit))
      }
      members.append(member)
    }
    revision += 1
    return member
  }

  /// - Throws: `required` without a reason; `moveNotAllowed`; `seriesMemberUnknown`; `seriesWouldEnd`.
  mutating func drop(
    _ incident: IncidentID, _ judgement: Judgement
  ) throws(CommandError) -> SeriesMember {
    guard !judgement.reason.isEmpty else { throw .required(field: "reason") }
    guard state.isOpen else { throw refused("drop_member") }
    guard
      let index = members.firstIndex(where: { $0.incidentID == incident && $0.dropped == nil })
    else { throw .joint(.seriesMemberUnknown(incident)) }
    guard current.count > Self.least else { throw .joint(.seriesWouldEnd(id)) }
    members[index].dropped = judgement
    revision += 1
    return members[index]
  }

  private func refused(_ move: String) -> CommandError {
    .moveNotAllowed(subject: id.description, from: state.rawValue, move: move)
  }
}

/// A member as one caller may see it.
public struct SeenMember: Sendable, Hashable, Codable {
  public let member: SeriesMember
  /// 警情编号
  public let incidentNumber: String
  /// Outside the caller's area: that there is one, and whom to ask.
  public let isOutside: Bool
  /// Nil for the command centre.
  public let stationID: OrgUnitID?
  public let stationName: String

  public init(
    member: SeriesMember, incidentNumber: String, isOutside: Bool, stationID: OrgUnitID?,
    stationName: String
  ) {
    self.member = member
    self.incidentNumber = incidentNumber
    self.isOutside = isOutside
    self.stationID = stationID
    self.stationName = stationName
  }
}

/// A series as one caller may see it.
public struct SeenSeries: Sendable, Hashable, Codable {
  public let series: Series
  /// As in the series, in its order.
  public let members: [SeenMember]

  public init(series: Series, members: [SeenMember]) {
    self.series = series
    self.members = members
  }
}
