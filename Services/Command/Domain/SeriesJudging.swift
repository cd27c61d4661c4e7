// 串并案: proposing, judging, adding and taking out.
public import Foundation
public import Identifiers

/// What all changes of a series have in common.
public struct ChangeSeries: Sendable, Hashable {
  public var seriesID: SeriesID
  /// Empty to accept any.
  public var etag: String
  /// Who judges, why and when.
  public var judgement: Judgement

  public init(seriesID: SeriesID, etag: String = "", judgement: Judgement) {
    self.seriesID = seriesID
    self.etag = etag
    self.judgement = judgement
  }
}

/// Every change answers with the series as its caller may see it.
public struct SeriesJudging: Sendable {
  public init() {}

  /// - Parameter members: incidents that the caller sees, each with the reason.
  /// - Throws: `incidentUnknown`; `required`; `seriesTooSmall`; `tooManyMembers`;
  ///   `seriesMemberKnown`.
  public func propose(
    title: String, _ judgement: Judgement, members: [(incident: IncidentID, reason: String)],
    in writer: any CommandWriter, now: Date
  ) throws -> SeenSeries {
    let incidents = try members.map { try (writer.existing($0.incident) as Incident).id }
    let series = try Series(
      id: writer.mint(SeriesTag.self), title: title, proposed: judgement,
      members: zip(incidents, members).map { incident, member in
        SeriesMember(
          incidentID: incident,
          added: Judgement(by: judgement.by, time: judgement.time, reason: member.reason))
      })
    try writer.insert(series)
    record(series, from: nil, judgement, in: writer)
    return try writer.seen(series)
  }

  /// - Throws: `seriesUnknown`; `etagMismatch`; `required`; `moveNotAllowed`.
  public func move(
    _ move: SeriesMove, _ change: ChangeSeries, in writer: any CommandWriter, now: Date
  ) throws -> SeenSeries {
    var series = try found(change, in: writer)
    let from = series.state
    try series.move(move, change.judgement)
    try writer.update(series, member: nil)
    record(series, from: from, change.judgement, in: writer)
    return try writer.seen(series)
  }

  /// - Throws: `seriesUnknown`; `incidentUnknown`; `etagMismatch`; `required`; `moveNotAllowed`;
  ///   `seriesMemberKnown`; `tooManyMembers`.
  public func add(
    _ id: IncidentID, _ change: ChangeSeries, in writer: any CommandWriter, now: Date
  ) throws -> SeenSeries {
    var series = try found(change, in: writer)
    let incident: Incident = try writer.existing(id)
    let member = try series.add(incident.id, change.judgement)
    return try changed(series, member, change, in: writer)
  }

  /// - Throws: `seriesUnknown`; `incidentUnknown`; `etagMismatch`; `required`; `moveNotAllowed`;
  ///   `seriesMemberUnknown`; `seriesWouldEnd`.
  public func drop(
    _ id: IncidentID, _ change: ChangeSeries, in writer: any CommandWriter, now: Date
  ) throws -> SeenSeries {
    var series = try found(change, in: writer)
    let incident: Incident = try writer.existing(id)
    let member = try series.drop(incident.id, change.judgement)
    return try changed(series, member, change, in: writer)
  }

  private func found(
    _ change: ChangeSeries, in writer: any CommandWriter
  ) throws -> Series {
    let series: Series = try writer.existing(change.seriesID)
    try series.check(etag: change.etag)
    return series
  }

  private func changed(
    _ series: Series, _ member: SeriesMember, _ change: ChangeSeries,
    in writer: any CommandWriter
  ) throws -> SeenSeries {
    try writer.update(series, member: member)
    writer.record(
      .jointFact(.seriesMemberMoved(series, member)), incident: member.incidentID,
      occurTime: change.judgement.time)
    return try writer.seen(series)
  }

  /// Each member's timeline tells it, and names no other member.
  private func record(
    _ series: Series, from: SeriesState?, _ judgement: Judgement, in writer: any CommandWriter
  ) {
    for member in series.current {
      writer.record(
        .jointFact(.seriesMoved(series, member, from: from, reason: judgement.reason)),
        incident: member.incidentID, occurTime: judgement.time)
    }
  }
}
