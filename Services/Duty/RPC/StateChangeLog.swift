// One log line for each unit whose own status changed. The store says what happened once it is
// durable, in the task of the call that caused it.
import Access
public import DutyDomain
import Identifiers
public import Logging

public struct StateChangeLog: Sendable {
  private let logger: Logger

  public init(logger: Logger) {
    self.logger = logger
  }

  /// What one mutation changed. Meant for the store's observer.
  @Sendable
  public func tell(_ events: [DutyEvent]) {
    let trace = CallContext.current.trace
    for event in events {
      guard case .unitStatusSet(let unit, let before) = event else { continue }
      logger.info(
        "state changed",
        metadata: [
          "entity": "unit", "id": .string(unit.id.description), "from": .string(Self.words(before)),
          "to": .string(Self.words(unit)), "trace": .string(trace),
        ])
    }
  }

  /// Such as `not_available(off_duty)`.
  private static func words(_ unit: DutyUnit) -> String {
    unit.availability.rawValue + (unit.condition.map { "(\($0.rawValue))" } ?? "")
  }
}
