// Command tells which incidents there are; a topic can be tied to no other.

import Foundation
import Identifiers
public import PublicOpinionDomain
public import QuintetAPI
import SwiftProtobuf
import Wire

public struct FromCommand: Sendable {
  /// What to ask command's feed for.
  public static let types = [Quintet_Command_V1_IncidentOpened.protoMessageName]

  public init() {}

  /// - Throws: `Failure` for an event that breaks its contract; what the writer throws.
  public func apply(_ event: Quintet_Events_V1_Event, _ writer: any OpinionWriter) throws {
    guard event.type == Quintet_Command_V1_IncidentOpened.protoMessageName else { return }
    let incident = try Check.identifier(
      event.subject, field: "subject", as: IncidentTag.self)
    try writer.know(incident, since: event.occurTime.microsecondDate)
  }
}
