// What a comparison found, for people and for programs.
import Foundation
import QuintetAPI
import SwiftProtobuf

enum WhatIfWords {
  /// Fields in the order of their numbers: the same answer is the same text.
  static func json(_ answer: Quintet_Duty_V1_CompareScenariosResponse) throws -> String {
    var options = JSONEncodingOptions()
    options.preserveProtoFieldNames = true
    options.alwaysPrintInt64sAsNumbers = true
    return try answer.jsonString(options: options) + "\n"
  }

  static func summary(_ answer: Quintet_Duty_V1_CompareScenariosResponse) -> String {
    let found = answer.validation
    var lines = [
      "行程估计 travel: \(answer.estimator)",
      "校验 validation（按实际派警推演 the recorded choice, played；"
        + "\(found.totalCount - found.excludedCount)/\(found.totalCount)）："
        + "实际 recorded \(seconds(found.observedP50S)) / \(seconds(found.observedP90S)) s，"
        + "推演 simulated \(seconds(found.simulatedP50S)) / \(seconds(found.simulatedP90S)) s；"
        + "中位偏差 median error \(signed(found.medianErrorS)) s，"
        + "绝对 absolute \(seconds(found.medianAbsoluteErrorS)) s"
        + "（常数 a constant \(seconds(found.constantAbsoluteErrorS)) s）",
      "从需要到首个到场，中位 / 九成 From wanted to the first on scene, p50 / p90:",
    ]
    for result in [answer.observed, answer.baseline] + answer.results {
      lines.append("  " + line(result))
    }
    for difference in answer.differences {
      lines.append(
        "  \(difference.name) − baseline：平均 mean \(signed(difference.meanS)) s "
          + "[\(signed(difference.meanLowS)), \(signed(difference.meanHighS))]，"
          + "达标率 within \(points(difference.withinShare)) "
          + "[\(points(difference.withinShareLow)), \(points(difference.withinShareHigh))]"
          + "（\(difference.totalCount - difference.excludedCount)/\(difference.totalCount)，"
          + "更快 sooner \(difference.soonerCount)，更慢 later \(difference.laterCount)）")
    }
    return lines.joined(separator: "\n")
  }

  private static func line(_ result: Quintet_Duty_V1_WhatIfResult) -> String {
    guard let whole = result.figures.first else { return result.name }
    let share = whole.hasWithinShare ? points(whole.withinShare, isSigned: false) : "–"
    let busy = result.utilisation.max { $0.committedShare < $1.committedShare }
    let busiest =
      busy.map {
        "，最忙 busiest \($0.capability) \(points($0.committedShare, isSigned: false))"
      } ?? ""
    return "\(result.name)：\(seconds(whole.p50S)) / \(seconds(whole.p90S)) s，"
      + "1-3-5 达标 within \(share)（\(whole.totalCount - whole.excludedCount)/\(whole.totalCount)），"
      + "派出 sent \(result.sentUnitsCount)/\(result.wantedUnitsCount)，"
      + "排队 queued \(result.queuedUnitsCount)\(busiest)"
  }

  private static func seconds(_ value: Double) -> String { String(format: "%.0f", value) }
  private static func signed(_ value: Double) -> String { String(format: "%+.1f", value) }

  private static func points(_ share: Double, isSigned: Bool = true) -> String {
    String(format: isSigned ? "%+.1f%%" : "%.1f%%", share * 100)
  }
}
