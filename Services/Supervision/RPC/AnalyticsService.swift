// quintet.supervision.v1.AnalyticsService: figures, computed from the rows of facts when asked.
import Access
import Classification
public import Foundation
public import GRPCCore
import Identifiers
public import QuintetAPI
public import SupervisionDomain
import SwiftProtobuf
import Wire

public struct AnalyticsService: Quintet_Supervision_V1_AnalyticsService.SimpleServiceProtocol {
  /// Bytes of one piece of an export.
  private static let piece = 64 * 1024
  private static let pageBounds = 1...500
  private static let standardPage = 200

  private let store: any SupervisionStore
  private let clock: @Sendable () -> Date

  public init(store: any SupervisionStore, clock: @escaping @Sendable () -> Date) {
    self.store = store
    self.clock = clock
  }

  public func listIntervalFigures(
    request: Quintet_Supervision_V1_ListIntervalFiguresRequest, context: ServerContext
  ) async throws -> Quintet_Supervision_V1_ListIntervalFiguresResponse {
    try await answering {
      let wish = IntervalWish(
        period: try Check.period(
          request.hasStartTime ? request.startTime : nil,
          request.hasEndTime ? request.endTime : nil),
        measures: try Check.measures(request.measures),
        groupings: try Check.groupings(request.groupings),
        incidentClass: try Check.incidentClass(request.incidentClass))
      let page = try Page(size: request.pageSize, token: request.pageToken)
      let (figures, places) = try await figures(wish)
      return .with {
        $0.figures = page.of(figures).map { .init($0, places) }
        $0.nextPageToken = page.next(figures.count)
      }
    }
  }

  public func listUtilisationFigures(
    request: Quintet_Supervision_V1_ListUtilisationFiguresRequest, context: ServerContext
  ) async throws -> Quintet_Supervision_V1_ListUtilisationFiguresResponse {
    try await answering {
      let period = try Check.period(
        request.hasStartTime ? request.startTime : nil,
        request.hasEndTime ? request.endTime : nil)
      let page = try Page(size: request.pageSize, token: request.pageToken)
      let (figures, places) = try await utilisation(period)
      return .with {
        $0.figures = page.of(figures).map { .init($0, places) }
        $0.nextPageToken = page.next(figures.count)
      }
    }
  }

  public func listBulletinLines(
    request: Quintet_Supervision_V1_ListBulletinLinesRequest, context: ServerContext
  ) async throws -> Quintet_Supervision_V1_ListBulletinLinesResponse {
    try await answering {
      let period = try Check.period(
        request.hasStartTime ? request.startTime : nil,
        request.hasEndTime ? request.endTime : nil)
      let page = try Page(size: request.pageSize, token: request.pageToken)
      let (lines, places) = try await bulletin(period)
      return .with {
        $0.lines = page.of(lines).map { .init($0, places) }
        $0.nextPageToken = page.next(lines.count)
      }
    }
  }

  public func exportFigures(
    request: Quintet_Supervision_V1_ExportFiguresRequest,
    response: RPCWriter<Quintet_Supervision_V1_ExportFiguresResponse>, context: ServerContext
  ) async throws {
    let csv = try await answering { try await sheet(request).csv }
    var rest = Data((FigureSheet.byteOrderMark + csv).utf8)[...]
    while !rest.isEmpty {
      let content = rest.prefix(Self.piece)
      rest = rest.dropFirst(content.count)
      try await response.write(.with { $0.content = Data(content) })
    }
  }

  private func sheet(
    _ request: Quintet_Supervision_V1_ExportFiguresRequest
  ) async throws -> FigureSheet {
    let period = { () throws -> FigurePeriod in
      try Check.period(
        request.hasStartTime ? request.startTime : nil,
        request.hasEndTime ? request.endTime : nil)
    }
    switch request.table {
    case .intervals:
      let (figures, places) = try await figures(
        IntervalWish(
          period: try period(), measures: try Check.measures(request.measures),
          groupings: try Check.groupings(request.groupings),
          incidentClass: try Check.incidentClass(request.incidentClass)))
      return FigureSheet(figures, places)
    case .utilisation:
      let (figures, places) = try await utilisation(try period())
      return FigureSheet(figures, places)
    case .bulletin:
      let (lines, places) = try await bulletin(try period())
      return FigureSheet(lines, places)
    case .unspecified, .UNRECOGNIZED: throw Failure.unspecified("table")
    }
  }

  private struct IntervalWish: Sendable {
    let period: FigurePeriod
    let measures: Set<IntervalMeasure>
    let groupings: Set<FigureGrouping>
    let incidentClass: IncidentClass?
  }

  private func figures(_ wish: IntervalWish) async throws -> ([IntervalFigure], PlaceMap) {
    let (stories, calls, places) = try await store.read(within: CallContext.current.reach) {
      let places = try $0.places()
      return (
        try $0.stories(in: wish.period, places), try $0.calls(in: wish.period, places), places
      )
    }
    let wanted = stories.filter {
      wish.incidentClass == nil || $0.incident.incidentClass == wish.incidentClass
    }
    let ids = Set(wanted.map(\.incident.id))
    // A call has the class of its incident, and none without one.
    let answered = calls.filter { call in
      wish.incidentClass == nil || call.incident.map(ids.contains) ?? false
    }
    let samples = IntervalSampler(
      period: wish.period, places: places, measures: wish.measures
    ).samples(of: wanted, answered)
    return (IntervalFigure.figures(of: samples, by: wish.groupings, places), places)
  }

  private func utilisation(
    _ period: FigurePeriod
  ) async throws -> ([UtilisationFigure], PlaceMap) {
    let now = clock()
    let (statuses, commitments, places) = try await store.read(
      within: CallContext.current.reach
    ) {
      (try $0.unitStatuses(in: period), try $0.commitments(in: period), try $0.places())
    }
    return (
      Utilisation.figures(statuses, commitments, in: period, places, now: now), places
    )
  }

  private func bulletin(_ period: FigurePeriod) async throws -> ([BulletinLine], PlaceMap) {
    try await store.read(within: CallContext.current.reach) { reader in
      let places = try reader.places()
      var bulletin = Bulletin(
        period: period, places: places, visible: try reader.visibleOrgUnits())
      bulletin.add(try reader.stories(in: period, places))
      bulletin.add(try reader.courses(in: period))
      bulletin.add(try reader.clockTallies(in: period))
      bulletin.add(try reader.judged(in: period))
      return (bulletin.all, places)
    }
  }

  /// A page by number of the row: the figures are computed as a whole each time.
  private struct Page {
    let offset: Int
    let size: Int

    init(size: Int32, token: String) throws {
      self.size = try Check.count(
        size, field: "page_size", AnalyticsService.pageBounds,
        standard: AnalyticsService.standardPage)
      offset = try Check.offset(token)
    }

    func of<Row>(_ rows: [Row]) -> ArraySlice<Row> { rows.dropFirst(offset).prefix(size) }

    func next(_ count: Int) -> String {
      offset + size < count ? PageToken.encode([String(offset + size)]) : ""
    }
  }
}
