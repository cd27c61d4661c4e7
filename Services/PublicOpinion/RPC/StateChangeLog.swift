// One log line for each topic that began, was tied or answered, with incident and trace. The store
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
      guard let (from, to) = Self.move(event) else { continue }
      logger.info(
        "state changed",
        metadata: [
          "entity": "topic", "id": .string(event.topic.id.description), "from": .string(from),
          "to": .string(to), "incident": .string(event.topic.incident?.description ?? ""),
          "trace": .string(trace),
        ])
    }
  }

  private static func move(_ event: OpinionEvent) -> (from: String, to: String)? {
    switch event {
    case .topicOpened: ("", "open")
    case .topicFed: nil
    case .topicTied: ("open", "tied")
    case .topicAnswered: ("tied", "answered")
    }
  }
}
