// Figures from domain to wire.
import Classification
import Identifiers
import QuintetAPI
import SupervisionDomain
import SwiftProtobuf
import Wire

extension Quintet_Supervision_V1_IntervalFigure {
  init(_ figure: IntervalFigure, _ places: PlaceMap) {
    let key = figure.key
    self = .with {
      $0.measure = .init(key.measure)
      $0.origin = .init(key.origin)
      $0.orgUnitID = key.station?.description ?? ""
      $0.orgUnitName = places.name(of: key.station)
      $0.day = key.day
      $0.hour = Int32(key.hour ?? -1)
      $0.targetS = Int64(key.target ?? 0)
      $0.totalCount = Int64(figure.total)
      $0.measuredCount = Int64(figure.measured)
      $0.excludedCount = Int64(figure.excluded)
      $0.exclusions = figure.exclusions.sorted { $0.key < $1.key }.map { reason, count in
        .with {
          $0.reason = .init(reason)
          $0.count = Int64(count)
        }
      }
      $0.withinCount = Int64(figure.within)
      if let share = figure.share { $0.withinShare = share }
      if let seconds = figure.percentile(50) { $0.p50S = seconds }
      if let seconds = figure.percentile(90) { $0.p90S = seconds }
    }
  }
}

extension Quintet_Supervision_V1_IntervalMeasure {
  init(_ measure: IntervalMeasure) {
    self =
      switch measure {
      case .answer: .answer
      case .processing: .processing
      case .sign: .sign
      case .departure: .departure
      case .arrival: .arrival
      case .onScene: .onScene
      case .queue: .queue
      case .response: .response
      }
  }
}

extension Quintet_Supervision_V1_FigureExclusionReason {
  init(_ reason: ExclusionReason) {
    self =
      switch reason {
      case .noTime: .noTime
      case .contradictory: .contradictory
      case .merged: .merged
      case .cancelled: .cancelled
      case .outOfArea: .outOfArea
      case .open: .open
      case .notDispatched: .notDispatched
      case .notByVoice: .notByVoice
      }
  }
}

extension Quintet_Supervision_V1_UtilisationFigure {
  init(_ figure: UtilisationFigure, _ places: PlaceMap) {
    let key = figure.key
    self = .with {
      $0.orgUnitID = key.station?.description ?? ""
      $0.orgUnitName = places.name(of: key.station)
      $0.unitKind = key.kind
      $0.hour = Int32(key.hour)
      $0.origin = .init(key.origin)
      $0.unitCount = Int64(figure.unitCount)
      $0.totalCount = figure.onDutySeconds
      $0.committedS = figure.committedSeconds
      if let share = figure.share { $0.committedShare = share }
      $0.excludedCount = Int64(figure.excluded)
      $0.withheld = figure.isWithheld
    }
  }
}

extension Quintet_Supervision_V1_BulletinCount {
  init(_ count: BulletinCount) {
    self = .with {
      $0.totalCount = Int64(count.total)
      $0.excludedCount = Int64(count.excluded)
      $0.withinCount = Int64(count.within)
      if let share = count.share { $0.withinShare = share }
    }
  }
}

extension Quintet_Supervision_V1_BulletinLine {
  init(_ line: BulletinLine, _ places: PlaceMap) {
    self = .with {
      $0.orgUnitID = line.key.station.description
      $0.orgUnitCode = places.code(of: line.key.station)
      $0.orgUnitName = places.name(of: line.key.station)
      if let origin = line.key.origin { $0.origin = .init(origin) }
      $0.signed30S = .init(line.signedSoon)
      $0.signed30Min = .init(line.signed)
      $0.departed5Min = .init(line.departed)
      $0.feedbackTotalCount = Int64(line.feedback.total)
      $0.feedbackExcludedCount = Int64(line.feedback.excluded)
      $0.feedback30MinCount = Int64(line.feedback.counts[0])
      $0.feedback60MinCount = Int64(line.feedback.counts[1])
      $0.feedback240MinCount = Int64(line.feedback.counts[2])
      $0.feedbackLaterCount = Int64(line.feedback.counts[3])
      $0.onTime = .init(line.onTime)
      $0.satisfied = .init(line.satisfied)
    }
  }
}
