// One log line for each unit, swap, leave and seat whose state changed. The store says what happened
// once it is durable, in the task of the call that caused it.
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
      guard let change = Self.change(event) else { continue }
      logger.info(
        "state changed",
        metadata: [
          "entity": .string(change.entity), "id": .string(event.subject),
          "from": .string(change.from), "to": .string(change.to), "trace": .string(trace),
        ])
    }
  }

  /// What moved; nil for what has no states. Where a thing came from is not told where its moves
  /// leave no choice.
  private static func change(
    _ event: DutyEvent
  ) -> (entity: String, from: String, to: String)? {
    switch event {
    case .unitStatusSet(let unit, let before): ("unit", words(before), words(unit))
    case .swapMoved(let swap): ("swap", "", swap.state.rawValue)
    case .leaveMoved(let leave): ("leave", "", leave.state.rawValue)
    case .seatTaken: ("seat_taking", "", "held")
    case .seatLeft: ("seat_taking", "held", "left")
    case .gapFlagged: ("shift", "", "short")
    case .gapFilled: ("shift", "short", "filled")
    case .deploymentMoved(let deployment, let from, let time):
      ("deployment", from?.rawValue ?? "", deployment.standing(at: time).rawValue)
    case .taskMoved(let move) where move.from != move.task.state:
      ("task", move.from?.rawValue ?? "", move.task.state.rawValue)
    case .taskWithdrawn: ("task", "planned", "withdrawn")
    default: nil
    }
  }

  /// Such as `not_available(off_duty)`.
  private static func words(_ unit: DutyUnit) -> String {
    unit.availability.rawValue + (unit.condition.map { "(\($0.rawValue))" } ?? "")
  }
}
