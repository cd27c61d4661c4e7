// What all subscriptions of this house share: a neighbour's event becomes a fact, and the fact is
// applied at the time at which it happened, never at the time at which it was heard.
import Foundation
public import Identifiers
public import QuintetAPI
public import SupervisionDomain
import SwiftProtobuf
import Wire

/// One neighbour's feed.
public protocol Following: Sendable {
  /// The neighbour's name.
  static var source: String { get }
  /// Full message names to ask for.
  static var types: [String] { get }
  /// What an event means here; nil for nothing.
  /// - Throws: `Failure`, `BinaryDecodingError` for an event that cannot be understood.
  static func fact(_ event: Quintet_Events_V1_Event) throws -> Fact?
  /// What an event tells the figures.
  /// - Throws: as `fact`.
  static func activity(_ event: Quintet_Events_V1_Event) throws -> [ActivityFact]
}

extension Following {
  public static func activity(_ event: Quintet_Events_V1_Event) throws -> [ActivityFact] { [] }

  /// - Throws: as `fact`; what the writer throws.
  public static func apply(
    _ event: Quintet_Events_V1_Event, _ writer: any SupervisionWriter
  ) throws {
    for fact in try activity(event) {
      try writer.keep(fact, sequence: Int64(clamping: event.sequence))
    }
    guard let fact = try fact(event) else { return }
    try DeadlineBook.apply(fact, at: event.occurTime.microsecondDate, in: writer)
  }
}

extension Quintet_Events_V1_Event {
  /// What our work on this event rests on.
  public var provenance: Provenance {
    Provenance(actor: "service/supervision", cause: "event/\(id)", trace: trace)
  }

  func decoded<M: SwiftProtobuf.Message>(_ type: M.Type) throws -> M {
    try M(serializedBytes: payload.value)
  }
}
