// One fact of an incident's course, in the envelope that its own service's feed gave it.

import CommandDomain
import Foundation
import QuintetAPI
import SwiftProtobuf
import Wire

extension Quintet_Events_V1_Event {
  init(_ event: TimelineEvent) {
    self = .with {
      $0.partition = event.partition
      $0.sequence = UInt64(clamping: event.sequence)
      $0.id = event.id
      $0.type = event.type
      $0.subject = event.subject
      $0.incidentID = event.incidentID ?? ""
      $0.occurTime = event.occurTime.timestamp
      $0.recordTime = event.recordTime.timestamp
      $0.actor = event.actor
      $0.cause = event.cause
      $0.trace = event.trace
      $0.service = event.service
      $0.payload = .with {
        $0.typeURL = "type.googleapis.com/" + event.type
        $0.value = Data(event.payload)
      }
    }
  }
}
