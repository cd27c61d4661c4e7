// An operator's calls about feeds, over the wire: what is wrong with one is said by field and rule.
import Foundation
import GRPCCore
import GRPCProtobuf
import QuintetAPI
import SwiftProtobuf
import Testing

@testable import ServiceHost

@Suite struct FeedOperationsTests {
  private typealias Feeds = Quintet_Operations_V1_FeedService

  private var options: CallOptions {
    var options = CallOptions.defaults
    options.timeout = .seconds(60)
    return options
  }

  @Test func aHostWithAStoreAnswersAndRefusesWithFieldAndRule() async throws {
    try await withHost(withStore: true) { running in
      let feeds = Feeds.Client(wrapping: running.client)
      #expect(try await feeds.listParkedEvents(.init(), options: options).parkedEvents == [])
      let pruned = try await feeds.pruneFeed(.with { $0.keepDays = 365 }, options: options)
      #expect(pruned == .init())
      await expect("PAGE_TOKEN_INVALID", "page_token") {
        _ = try await feeds.listParkedEvents(.with { $0.pageToken = "x" }, options: options)
      }
      await expect("OUT_OF_RANGE", "page_size") {
        _ = try await feeds.listParkedEvents(.with { $0.pageSize = 501 }, options: options)
      }
      await expect("REQUIRED", "source") {
        _ = try await feeds.retryParkedEvent(.with { $0.sequence = 1 }, options: options)
      }
      await expect("REQUIRED", "sequence") {
        _ = try await feeds.retryParkedEvent(.with { $0.source = "command" }, options: options)
      }
      await expect("SOURCE_UNKNOWN", "source") {
        _ = try await feeds.retryParkedEvent(
          .with {
            $0.source = "nobody"
            $0.sequence = 1
          }, options: options)
      }
      await expect("REQUIRED", "reason") {
        _ = try await feeds.skipParkedEvent(
          .with {
            $0.source = "command"
            $0.sequence = 1
            $0.reason = "  "
          }, options: options)
      }
      await expect("PARKED_EVENT_UNKNOWN", "sequence") {
        _ = try await feeds.skipParkedEvent(
          .with {
            $0.source = "command"
            $0.sequence = 1
            $0.reason = "why"
          }, options: options)
      }
      for days: Int32 in [-1, 364, 36_501] {
        await expect("OUT_OF_RANGE", "keep_days") {
          _ = try await feeds.pruneFeed(.with { $0.keepDays = days }, options: options)
        }
      }
      await expect("REQUIRED", "keep_days") {
        _ = try await feeds.pruneFeed(.init(), options: options)
      }
      // A long name must not come back in the refusal: the trailers of an answer are small.
      await expect("TOO_LONG", "source") {
        _ = try await feeds.retryParkedEvent(
          .with {
            $0.source = String(repeating: "s", count: 65)
            $0.sequence = 1
          }, options: options)
      }
      await expect("TOO_LONG", "open_ids") {
        _ = try await feeds.pruneFeed(
          .with {
            $0.keepDays = 365
            $0.openIds = [String(repeating: "s", count: 65)]
          }, options: options)
      }
      await expect("TOO_MANY", "open_ids") {
        _ = try await feeds.pruneFeed(
          .with {
            $0.keepDays = 365
            $0.openIds = Array(repeating: "inc", count: 20_001)
          }, options: options)
      }
    }
  }

  /// How a refusal names its reason and the field at fault.
  private func expect(
    _ reason: String, _ field: String, _ body: () async throws -> Void
  ) async {
    let error = await #expect(throws: RPCError.self) { try await body() }
    let details = (try? error?.unpackGoogleRPCStatus())?.details ?? []
    #expect(details.compactMap { $0.errorInfo?.reason } == [reason])
    #expect(details.compactMap { $0.badRequest?.violations.map(\.field) } == [[field]])
  }
}
