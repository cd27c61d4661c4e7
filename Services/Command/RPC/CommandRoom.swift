// What every handler of this room works with, and the way of every mutation: the store does it,
// and a refusal leaves in the form that callers know.

import Access
import CommandDomain
import Foundation
import GRPCCore
import Identifiers
import Logging
import Wire

struct CommandRoom: Sendable {
  let store: any CommandStore
  let logger: Logger
  let clock: @Sendable () -> Date
  let secrets: CallerSecrets
  /// What a refusal of the store means to a caller; nil for what no caller should see. This room
  /// knows no store, so it is told.
  let explain: @Sendable (any Error) -> Failure?

  /// To the microsecond, as stores and feeds keep time: what is answered now equals what is read
  /// back later.
  var now: Date {
    Date(timeIntervalSince1970: (clock().timeIntervalSince1970 * 1_000_000).rounded() / 1_000_000)
  }

  /// - Parameter fields: names of fields in this request that differ from the domain's.
  /// - Throws: `Failure` for what the caller may know; anything else as it came.
  func write<R: Codable & Sendable>(
    _ key: RequestKey, now: Date, fields: [String: String] = [:],
    _ body: @escaping @Sendable (any CommandWriter) throws -> R
  ) async throws -> R {
    do {
      return try await store.write(
        key, provenance: key.provenance, reach: CallContext.current.reach, now: now, body)
    } catch {
      throw failure(for: error, fields: fields) ?? error
    }
  }

  /// - Throws: as `write`.
  func read<R: Sendable>(
    fields: [String: String] = [:],
    _ body: @escaping @Sendable (any CommandReader) throws -> R
  ) async throws -> R {
    do {
      return try await store.read(within: CallContext.current.reach, body)
    } catch {
      throw failure(for: error, fields: fields) ?? error
    }
  }

  func failure(for error: any Error, fields: [String: String] = [:]) -> Failure? {
    var failure = error as? Failure ?? (error as? any FailureConvertible)?.failure
    if let field = failure?.field { failure?.field = fields[field] ?? field }
    return (failure ?? explain(error))?.told(within: CallContext.current.reach)
  }
}

extension CommandRoom {
  /// An item of a stream, checked: ready for the store, or refused before it.
  enum Item<R: Codable & Sendable>: Sendable {
    case ready(requestID: String, request: CommandRequest<R>)
    case refused(requestID: String, failure: Failure)
  }

  /// - Parameter check: throws the `Failure` that refuses the item.
  func item<R>(
    requestID: String,
    _ check: () throws -> (key: RequestKey, body: @Sendable (any CommandWriter) throws -> R)
  ) -> Item<R> {
    do {
      let (key, body) = try check()
      return .ready(
        requestID: requestID,
        request: (key, key.provenance, CallContext.current.reach, body))
    } catch {
      return .refused(requestID: requestID, failure: told(error, requestID: requestID))
    }
  }

  /// What became of items that went to the store together.
  struct Outcome<R: Sendable>: Sendable {
    /// In the order of the items, up to the first for which the store had no room.
    var answers: [(requestID: String, result: Result<R, Failure>)] = []
    /// Why there was no room: that item and those after it are as if they had not been sent.
    var obstacle: Failure?
  }

  /// Does what is ready in one go.
  func write<R>(_ items: [Item<R>]) async -> Outcome<R> {
    let requests = items.compactMap { item -> CommandRequest<R>? in
      if case .ready(_, let request) = item { request } else { nil }
    }
    var results = await store.writeEach(requests, now: now).makeIterator()
    var outcome = Outcome<R>()
    for item in items {
      switch item {
      case .refused(let requestID, let failure):
        outcome.answers.append((requestID, .failure(failure)))
      case .ready(let requestID, _):
        switch results.next() {
        case .success(let value):
          outcome.answers.append((requestID, .success(value)))
        case .failure(let error):
          let failure = told(error, requestID: requestID)
          if failure.code == .unavailable || failure.code == .resourceExhausted {
            outcome.obstacle = failure
            return outcome
          }
          outcome.answers.append((requestID, .failure(failure)))
        case nil:
          outcome.answers.append((requestID, .failure(.unexplained(requestID))))
        }
      }
    }
    return outcome
  }

  /// In a stream nobody above maps what is unexpected, so it is logged here.
  private func told(_ error: any Error, requestID: String) -> Failure {
    if let failure = failure(for: error) { return failure }
    logger.error(
      "an item of a stream failed",
      metadata: [
        "request": .string(requestID), "trace": .string(CallContext.current.trace),
        "error": "\(error)",
      ])
    return .unexplained(requestID)
  }
}

extension Failure {
  fileprivate static func unexplained(_ requestID: String) -> Failure {
    Failure(
      code: .internalError, reason: "INTERNAL",
      message: "内部错误，请求 \(requestID) 见日志。Something went wrong; the log has it by request id.")
  }
}
