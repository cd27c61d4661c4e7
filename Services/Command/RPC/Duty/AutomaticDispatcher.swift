// Dispatches by itself what a rule covers that a named person switched on, and nothing else. It goes by
// what stands in the store, not by what it has seen, so it does the same after a restart, and a
// request id made of rule and incident lets it happen once.

import Access
import CommandDomain
import Crypto
import Foundation
import Identifiers
import Logging
import QuintetAPI
public import ServiceLifecycle
import Wire

public actor AutomaticDispatcher: ServiceLifecycle.Service {
  /// Incidents looked at in one go, the newest first.
  private static let viewLimit = 200
  /// Seconds until an incident for which nobody was found is tried again.
  private static let patience: TimeInterval = 5

  private let room: CommandRoom
  private let advice: UnitAdvice
  private let journal: any FeedJournal
  private let pause: Duration
  /// When to try again what could not be dispatched.
  private var postponed: [IncidentID: Date] = [:]

  init(
    room: CommandRoom, advice: UnitAdvice, journal: any FeedJournal,
    pause: Duration = .seconds(1)
  ) {
    self.room = room
    self.advice = advice
    self.journal = journal
    self.pause = pause
  }

  /// Looks after every commit, and from time to time, until shut down.
  public func run() async throws {
    let (signals, signal) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
    let (journal, pause) = (journal, pause)
    await withGracefulShutdownHandler {
      await withTaskGroup(of: Void.self) { group in
        group.addTask {
          for await _ in journal.commits() { signal.yield() }
          signal.finish()
        }
        group.addTask {
          while (try? await Task.sleep(for: pause)) != nil { signal.yield() }
        }
        for await _ in signals {
          await look()
          // In a storm of commits one look serves many.
          try? await Task.sleep(for: pause / 20)
        }
        group.cancelAll()
      }
    } onGracefulShutdown: {
      signal.finish()
    }
  }

  /// One round: ends what is due, and dispatches what is covered.
  func look() async {
    do {
      let now = room.now
      let rules = try await withContext("rules") { [room] in
        try await room.read { try $0.dispatchRulesNotSwitchedOff() }
      }
      guard !rules.isEmpty else {
        postponed = [:]
        return
      }
      for rule in rules where !rule.isOn(at: now) { try await end(rule, now: now) }
      let on = rules.filter { $0.isOn(at: now) }
      guard !on.isEmpty else { return }
      try await dispatch(by: on, now: now)
    } catch {
      room.logger.warning("automatic dispatch failed", metadata: ["error": "\(error)"])
    }
  }

  private func dispatch(by rules: [DispatchRule], now: Date) async throws {
    let limit = Self.viewLimit
    let views = try await withContext("incidents") { [room] in
      try await room.read {
        try $0.views(IncidentFilter(states: [.new, .queued]), before: nil, limit: limit)
      }
    }
    let waiting = Set(views.map(\.incident.id))
    postponed = postponed.filter { waiting.contains($0.key) }
    // Oldest first: nobody overtakes.
    for view in views.reversed() {
      guard let rule = rules.first(where: { $0.covers(view, at: now) }),
        postponed[view.incident.id] ?? .distantPast <= now
      else { continue }
      do {
        try await dispatch(view.incident, by: rule)
      } catch {
        postponed[view.incident.id] = now.addingTimeInterval(Self.patience)
        room.logger.warning(
          "automatic dispatch did not find units",
          metadata: [
            "incident": .string(view.incident.id.description),
            "rule": .string(rule.id.description), "error": "\(error)",
          ])
      }
    }
  }

  private func dispatch(_ incident: Incident, by rule: DispatchRule) async throws {
    let cause = "rule/\(rule.id)/\(incident.id)"
    let now = room.now
    try await withContext(cause) { [room, advice] in
      let recommendation = try await advice.ask(
        for: UnitAdvice.Wanted(
          incidentID: incident.id, limit: 0, capabilities: [], asOf: nil, byPlan: true),
        // Asked again later, it is another question.
        key: Self.key("\(cause)/\(Int(now.timeIntervalSince1970))", "PlanResponse"), now: now)
      let command = DispatchUnits(
        incidentID: incident.id, unitIDs: [], recommendationID: recommendation.id,
        dispatchRuleID: rule.id, instruction: rule.instruction, occurTime: now)
      _ = try await room.write(Self.key(cause, "DispatchUnits"), now: now) { writer in
        // Switched off meanwhile: then nothing is sent.
        guard try writer.dispatchRule(rule.id)?.isOn(at: now) == true,
          let view = try writer.view(incident.id), rule.covers(view, at: now)
        else { throw NotCoveredAnyMore() }
        return try Dispatching().dispatch(
          try command.adopting(writer.recommendation(recommendation.id)), in: writer, now: now)
      }
      room.logger.info(
        "dispatched by rule",
        metadata: [
          "incident": .string(incident.id.description), "rule": .string(rule.id.description),
          "person": .string(rule.switchedOnBy),
        ])
    }
  }

  private struct NotCoveredAnyMore: Error {}

  private func end(_ rule: DispatchRule, now: Date) async throws {
    try await withContext("rule/\(rule.id)/end") { [room] in
      _ = try await room.write(
        Self.key("rule/\(rule.id)/end", "SwitchOffDispatchRule"), now: now
      ) {
        try DispatchRuling().switchOff(rule.id, by: "service/command", in: $0, now: now)
      }
    }
  }

  /// The method whose place it takes is kept with the entry of the audit.
  private static func key(_ id: String, _ method: String) -> RequestKey {
    let service = method == "SwitchOffDispatchRule" ? "DispatchRuleService" : "DispatchService"
    return RequestKey(
      id: id, method: "quintet.command.v1.\(service)/\(method)", fingerprint: hash(id))
  }

  private static func hash(_ text: String) -> String {
    SHA256.hash(data: Data(text.utf8)).map { String(format: "%02x", $0) }.joined()
  }

  /// Acts as the service itself, with all that happens on one trace.
  private func withContext<R: Sendable>(
    _ cause: String, _ body: @Sendable () async throws -> R
  ) async throws -> R {
    let context = CallContext(
      principal: try Principal(kind: .service, name: "command"), reach: .everywhere,
      origin: "rule", trace: String(Self.hash(cause).prefix(32)))
    return try await CallContext.$current.withValue(context) { try await body() }
  }
}
