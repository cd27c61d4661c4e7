// Intelligence's events as payloads of its feed.

import Identifiers
public import IntelligenceDomain
import QuintetAPI
import SwiftProtobuf

public enum EventEncoder {
  /// Payloads that say how a thing that lasts stands now.
  public static let lastingTypes: Set<String> = [
    Quintet_Intelligence_V1_PlaceDefined.protoMessageName
  ]

  /// Full message name, subject and bytes of the payload.
  public static func encode(
    _ event: IntelligenceEvent
  ) throws -> (type: String, subject: String, payload: [UInt8]) {
    switch event {
    case .incidentAssessed(let assessment):
      let message = Quintet_Intelligence_V1_IncidentAssessed.with {
        $0.assessment = .init(assessment)
      }
      return (
        Quintet_Intelligence_V1_IncidentAssessed.protoMessageName,
        assessment.incident.description, try message.serializedBytes()
      )
    case .placeDefined(let place):
      let message = Quintet_Intelligence_V1_PlaceDefined.with { $0.place = .init(place) }
      return (
        Quintet_Intelligence_V1_PlaceDefined.protoMessageName, place.id.description,
        try message.serializedBytes()
      )
    }
  }
}
