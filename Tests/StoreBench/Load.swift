// Callers that ask again as soon as they are answered.
import Foundation

struct Load {
  let perSecond: Double
  let median: Double
  let percentile99: Double

  /// Runs `call` from `callers` tasks until `end`.
  static func run(
    callers: Int, until end: ContinuousClock.Instant,
    _ call: @escaping @Sendable (_ caller: Int, _ number: Int) async throws -> Void
  ) async throws -> Load {
    let start = ContinuousClock.now
    let times = try await withThrowingTaskGroup(of: [Double].self) { group in
      for caller in 0..<callers {
        group.addTask {
          var times: [Double] = []
          while ContinuousClock.now < end {
            let begin = ContinuousClock.now
            try await call(caller, times.count)
            times.append(begin.duration(to: .now).milliseconds)
          }
          return times
        }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
    return Load(times, in: start.duration(to: .now).milliseconds / 1000)
  }

  init(_ times: [Double], in seconds: Double) {
    let sorted = times.sorted()
    perSecond = Double(times.count) / seconds
    median = sorted.nearestRank(0.5)
    percentile99 = sorted.nearestRank(0.99)
  }

  var json: String {
    """
    {"per_s": \(perSecond), "p50_ms": \(median), "p99_ms": \(percentile99)}
    """
  }
}

extension Duration {
  var milliseconds: Double {
    Double(components.seconds) * 1000 + Double(components.attoseconds) / 1e15
  }
}

extension [Double] {
  /// Of a sorted series; 0 of an empty one.
  func nearestRank(_ share: Double) -> Double {
    isEmpty ? 0 : self[Swift.max(0, Int((share * Double(count)).rounded(.up)) - 1)]
  }
}
