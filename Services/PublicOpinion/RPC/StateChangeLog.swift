// One log line for each topic or statement that moved, with incident and trace. The store
// says so once it is durable, in the task of the call that caused it.

import Access
import Identifiers
public import Logging
public import PublicOpinionDomain

public struct StateChangeLog: Sendable {
  private let logger: Logger

  public init(logger: Logger) {
    self.logger = logger
  }

  /// What one mutation changed. Meant for the store's observer. A further text changes no state.
  @Sendable
  public func tell(_ events: [OpinionEvent]) {
    let trace = CallContext.current.trace
    for event in events {
      guard let move = Self.move(event) else { continue }
      logger.info(
        "state changed",
        metadata: [
          "entity": .string(move.entity), "id": .string(move.id), "from": .string(move.from),
          "to": .string(move.to), "incident": .string(move.incident?.description ?? ""),
          "trace": .string(trace),
        ])
    }
  }

  private struct Move {
    var entity = "topic"
    var id: String
    var from: String
    var to: String
    var incident: IncidentID?

    init(_ topic: Topic, from: String, to: String) {
      (id, incident) = (topic.id.description, topic.incident)
      (self.from, self.to) = (from, to)
    }

    init(_ statement: Statement, from: StatementState?) {
      (entity, id, incident) = ("statement", statement.id.description, statement.incident)
      (self.from, self.to) = (from?.rawValue ?? "", statement.state.rawValue)
    }
  }

  private static func move(_ event: OpinionEvent) -> Move? {
    switch event {
    case .topicOpened(let topic): Move(topic, from: "", to: "open")
    case .topicFed: nil
    case .topicTied(let topic): Move(topic, from: "open", to: "tied")
    case .topicAnswered(let topic): Move(topic, from: "tied", to: "answered")
    case .statementMoved(let statement, let from): Move(statement, from: from)
    }
  }
}
