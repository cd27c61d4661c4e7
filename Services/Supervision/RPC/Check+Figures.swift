// Requests for figures, checked.
import Foundation
import QuintetAPI
import SupervisionDomain
import SwiftProtobuf
import Wire

extension Check {
  /// Both ends are required; the later end is later, and 92 days are the most.
  static func period(
    _ start: Google_Protobuf_Timestamp?, _ end: Google_Protobuf_Timestamp?
  ) throws -> FigurePeriod {
    guard let start else { throw Failure.required("start_time") }
    guard let end else { throw Failure.required("end_time") }
    // Far ends are allowed: what has not happened yet is not counted.
    let from = try time(start, field: "start_time", now: .distantFuture)
    let until = try time(end, field: "end_time", now: .distantFuture)
    guard let period = FigurePeriod(start: from, end: until) else {
      throw Failure.invalid(
        "OUT_OF_RANGE", field: "end_time",
        "end_time 须晚于 start_time，且不超过 92 天。"
          + "end_time comes after start_time, and within 92 days of it.")
    }
    return period
  }

  static func measures(
    _ values: [Quintet_Supervision_V1_IntervalMeasure]
  ) throws -> Set<IntervalMeasure> {
    Set(
      try list(values, field: "measures", 0...8).enumerated().map { index, value in
        switch value {
        case .answer: .answer
        case .processing: .processing
        case .sign: .sign
        case .departure: .departure
        case .arrival: .arrival
        case .onScene: .onScene
        case .queue: .queue
        case .response: .response
        case .unspecified, .UNRECOGNIZED: throw Failure.unspecified("measures[\(index)]")
        }
      })
  }

  static func groupings(
    _ values: [Quintet_Supervision_V1_FigureGrouping]
  ) throws -> Set<FigureGrouping> {
    Set(
      try list(values, field: "groupings", 0...3).enumerated().map { index, value in
        switch value {
        case .area: .area
        case .day: .day
        case .hour: .hour
        case .unspecified, .UNRECOGNIZED: throw Failure.unspecified("groupings[\(index)]")
        }
      })
  }

  /// The number of the first row of a page.
  static func offset(_ token: String) throws -> Int {
    guard let keys = try PageToken.decode(token, count: 1) else { return 0 }
    guard let offset = Int(keys[0]), offset > 0 else { throw PageToken.invalid }
    return offset
  }
}
