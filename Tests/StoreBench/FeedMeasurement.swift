// The feed as a consumer sees it: how fast history comes, and how far behind live is.
import ArgumentParser
import Foundation
import GRPCCore
import QuintetAPI
import ServiceHost
import SwiftProtobuf
import Synchronization

struct FeedMeasurement: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "feed")

  @Option(help: "The socket of the command service.") var socket: String
  @Option(help: "Then calls a second, for the lag.") var rate: Double = 0
  @Option var seconds: Double = 10

  func run() async throws {
    let client = try Connection.unix(path: socket, token: BenchToken.source)
    try await Connection.with(client) { client in
      let lags = Lags()
      let start = ContinuousClock.now
      let replayed = AsyncStream<Double>.makeStream()
      let events = try await Self.head(client)
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
          try await Self.follow(client) { event, count in
            if count == events {
              replayed.continuation.yield(start.duration(to: .now).milliseconds / 1000)
            } else if count > events {
              let lag = Date().timeIntervalSince(event.recordTime.date) * 1000
              lags.values.withLock { $0.append(lag) }
            }
          }
        }
        var seconds = 0.0
        for await taken in replayed.stream {
          seconds = taken
          break
        }
        try await load(client)
        try await Task.sleep(for: .seconds(1))
        group.cancelAll()
        let sorted = lags.values.withLock { $0.sorted() }
        print(
          """
          {"events_per_s": \(Double(events) / seconds), "lags": \(sorted.count), \
          "p50_ms": \(sorted.nearestRank(0.5)), "p99_ms": \(sorted.nearestRank(0.99))}
          """)
      }
    }
  }

  /// Calls at a steady pace, whatever each takes.
  private func load(_ client: ServiceClient) async throws {
    let start = ContinuousClock.now
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<Int(rate * seconds) {
        try await Task.sleep(until: start + .seconds(Double(number) / rate))
        group.addTask { try await CallMeasurement.report(client) }
      }
      try await group.waitForAll()
    }
  }

  /// How many events of history there are.
  private static func head(_ client: ServiceClient) async throws -> Int {
    var options = CallOptions.defaults
    options.timeout = .seconds(30)
    let status = try await Quintet_Events_V1_EventService.Client(wrapping: client).getFeedStatus(
      .with { $0.partition = "main" }, options: options)
    return Int(status.headSequence)
  }

  private static func follow(
    _ client: ServiceClient,
    _ receive: @escaping @Sendable (Quintet_Events_V1_Event, Int) -> Void
  ) async throws {
    do {
      try await Quintet_Events_V1_EventService.Client(wrapping: client).watch(
        .with { $0.partition = "main" }
      ) { response in
        var count = 0
        for try await message in response.messages {
          guard case .event(let event) = message.item else { continue }
          count += 1
          receive(event, count)
        }
      }
    } catch  where Task.isCancelled {
      // The measurement is over.
    }
  }
}

/// How many milliseconds after its recording each live event came.
private final class Lags: Sendable {
  let values = Mutex<[Double]>([])
}
