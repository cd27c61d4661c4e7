// What a comparison found, from domain to wire.
import DutyDomain
import QuintetAPI
import SwiftProtobuf

extension Quintet_Duty_V1_CompareScenariosResponse {
  init(_ report: WhatIfReport) {
    self = .with {
      $0.estimator = report.estimator
      $0.validation = .init(report.validation)
      $0.observed = .init(report.observed)
      $0.baseline = .init(report.baseline)
      $0.results = report.results.map { .init($0) }
      $0.differences = report.differences.map { .init($0) }
    }
  }
}

extension Quintet_Duty_V1_WhatIfValidation {
  init(_ found: WhatIfValidation) {
    self = .with {
      $0.totalCount = Int64(found.total)
      $0.excludedCount = Int64(found.excluded)
      $0.observedP50S = found.observed.median
      $0.observedP90S = found.observed.p90
      $0.simulatedP50S = found.simulated.median
      $0.simulatedP90S = found.simulated.p90
      $0.medianErrorS = found.medianError
      $0.medianAbsoluteErrorS = found.medianAbsoluteError
      $0.constantAbsoluteErrorS = found.constantAbsoluteError
    }
  }
}

extension Quintet_Duty_V1_WhatIfResult {
  init(_ result: WhatIfResult) {
    self = .with {
      $0.name = result.name
      $0.figures = result.figures.map { .init($0) }
      $0.utilisation = result.utilisation.map { .init($0) }
      $0.wantedUnitsCount = Int64(result.wantedUnits)
      $0.sentUnitsCount = Int64(result.sentUnits)
      $0.queuedUnitsCount = Int64(result.queuedUnits)
      $0.queuedP50S = result.queuedMedian
      $0.queuedP90S = result.queuedP90
    }
  }
}

extension Quintet_Duty_V1_WhatIfFigure {
  init(_ figure: WhatIfFigure) {
    self = .with {
      $0.areaName = figure.areaName
      $0.hour = Int32(figure.hour ?? -1)
      $0.totalCount = Int64(figure.total)
      $0.excludedCount = Int64(figure.excluded)
      $0.withinCount = Int64(figure.within)
      if let share = figure.share { $0.withinShare = share }
      if let seconds = figure.percentile(50) { $0.p50S = seconds }
      if let seconds = figure.percentile(90) { $0.p90S = seconds }
    }
  }
}

extension Quintet_Duty_V1_WhatIfUtilisation {
  init(_ utilisation: WhatIfUtilisation) {
    self = .with {
      $0.capability = utilisation.capability
      $0.totalCount = utilisation.onDuty
      $0.committedS = utilisation.committed
      $0.committedShare = utilisation.share
      $0.excludedCount = Int64(utilisation.excluded)
    }
  }
}

extension Quintet_Duty_V1_WhatIfDifference {
  init(_ difference: WhatIfDifference) {
    self = .with {
      $0.name = difference.name
      $0.totalCount = Int64(difference.total)
      $0.excludedCount = Int64(difference.excluded)
      $0.meanS = difference.mean
      $0.meanLowS = difference.meanBounds.lowerBound
      $0.meanHighS = difference.meanBounds.upperBound
      $0.withinShare = difference.share
      $0.withinShareLow = difference.shareBounds.lowerBound
      $0.withinShareHigh = difference.shareBounds.upperBound
      $0.soonerCount = Int64(difference.sooner)
      $0.laterCount = Int64(difference.later)
    }
  }
}
