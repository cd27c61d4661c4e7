// An event before and after it is recorded. Its form on the wire is quintet.events.v1.Event.
public import Foundation
import Persistence
public import QuintetAPI
import SwiftProtobuf

/// A fact that is to be recorded.
public struct EventDraft: Sendable {
  /// Full name of the payload's message, such as `quintet.command.v1.IncidentOpened`.
  public var type: String
  /// Id of the thing that changed.
  public var subject: String
  /// Id of the incident whose timeline this belongs to; nil when it belongs to none.
  public var incidentID: String?
  /// When it happened; may lie before the time of recording.
  public var occurTime: Date
  /// The serialized message named by `type`.
  public var payload: [UInt8]

  public init(
    type: String, subject: String, incidentID: String?, occurTime: Date, payload: [UInt8]
  ) {
    self.type = type
    self.subject = subject
    self.incidentID = incidentID
    self.occurTime = occurTime
    self.payload = payload
  }
}

/// A fact as it stands in the log. Never changed; a correction is a new event.
public struct StoredEvent: Sendable {
  public let partition: String
  /// 1, 2, 3 … within the partition of one service, in commit order, without gaps.
  public let sequence: Int64
  /// `evt_…`
  public let id: String
  public let type: String
  public let subject: String
  public let incidentID: String?
  public let occurTime: Date
  public let recordTime: Date
  /// `person/…`, `partner/…` or `service/…`.
  public let actor: String
  /// `request/…`, `event/…` or `clock/…`.
  public let cause: String
  /// W3C trace id; empty when unknown.
  public let trace: String
  public let payload: [UInt8]
  /// The service that recorded it.
  public let service: String

  /// The event as it goes over the wire.
  public var message: Quintet_Events_V1_Event {
    Quintet_Events_V1_Event.with { message in
      message.partition = partition
      message.sequence = UInt64(sequence)
      message.id = id
      message.type = type
      message.subject = subject
      message.incidentID = incidentID ?? ""
      message.occurTime = timestamp(occurTime)
      message.recordTime = timestamp(recordTime)
      message.actor = actor
      message.cause = cause
      message.trace = trace
      message.service = service
      message.payload = Google_Protobuf_Any.with { any in
        any.typeURL = "type.googleapis.com/" + type
        any.value = Data(payload)
      }
    }
  }
}

extension StoredEvent {
  static let columns = """
    partition, sequence, id, type, subject, incident_id, occur_time, record_time, actor, cause, \
    trace, service, payload
    """

  init(_ row: Row) throws {
    partition = try row.get("partition")
    sequence = try row.get("sequence")
    id = try row.get("id")
    type = try row.get("type")
    subject = try row.get("subject")
    incidentID = try row.get("incident_id")
    occurTime = try row.get("occur_time")
    recordTime = try row.get("record_time")
    actor = try row.get("actor")
    cause = try row.get("cause")
    trace = try row.get("trace")
    payload = try row.get("payload")
    service = try row.get("service")
  }
}

/// To the microsecond, as the store keeps it: the nanoseconds of a `Date` are rounding noise.
func timestamp(_ date: Date) -> Google_Protobuf_Timestamp {
  let microseconds = Int64((date.timeIntervalSince1970 * 1_000_000).rounded())
  let (seconds, rest) = microseconds.quotientAndRemainder(dividingBy: 1_000_000)
  return Google_Protobuf_Timestamp.with { stamp in
    stamp.seconds = rest < 0 ? seconds - 1 : seconds
    stamp.nanos = Int32(rest < 0 ? rest + 1_000_000 : rest) * 1000
  }
}
