// What events say of people, as data, and how it is taken out of an event that has to stay: numbers,
// order and everything that figures rest on are kept. Works on the bytes, so that what another
// version wrote beside it stays as it is.
import Foundation
public import Persistence
import QuintetAPI
import SwiftProtobuf

/// The parts of a payload that go when the matter that it tells about is past its period.
public enum PersonalContent {
  /// By message: the fields that are removed from it, wherever it stands.
  static let fields: [String: Set<String>] = [
    "quintet.command.v1.AgendaItem": ["title", "text"],
    "quintet.command.v1.AgendaLink": ["reason"],
    "quintet.command.v1.Amendment": ["text"],
    "quintet.command.v1.Assignment": ["note"],
    "quintet.command.v1.CallReport": ["masked_phone", "masked_name", "narrative", "end_reason"],
    "quintet.command.v1.CallReportAnswered": ["phone_hash"],
    "quintet.command.v1.CallReportEnded": ["phone_hash"],
    "quintet.command.v1.Consultation": ["title", "reason"],
    "quintet.command.v1.Cordon": ["reason", "rings"],
    "quintet.command.v1.CordonMoved": ["ring"],
    "quintet.command.v1.CordonReleased": ["reason"],
    "quintet.command.v1.Decision": ["text", "reason"],
    "quintet.command.v1.Directive": ["title", "text"],
    "quintet.command.v1.DirectiveReminded": ["text"],
    "quintet.command.v1.Escalation": ["reason"],
    "quintet.command.v1.Incident": ["title", "narrative"],
    "quintet.command.v1.IncidentFeedback": ["text"],
    "quintet.command.v1.IncidentMoved": ["reason"],
    "quintet.command.v1.IncidentOpened": ["phone_hash"],
    "quintet.command.v1.Participant": ["reason"],
    "quintet.command.v1.Muster": ["reason", "stand_down_reason"],
    "quintet.command.v1.MusterMember": ["excuse_reason"],
    "quintet.command.v1.RecipientCourse": ["feedback", "reason", "answers"],
    "quintet.command.v1.SeriesMember": ["reason", "drop_reason"],
    "quintet.command.v1.SeriesMoved": ["reason"],
    "quintet.command.v1.SeriesReference": ["title"],
    "quintet.command.v1.Sighting": ["note", "point"],
    "quintet.command.v1.SupportPart": ["task", "answer", "reason"],
    "quintet.command.v1.SupportRequest": ["title", "text", "reason"],
    "quintet.duty.v1.Deployment": ["reason", "suggested_by", "decided_by"],
    "quintet.duty.v1.Officer": ["name", "actor"],
    "quintet.intelligence.v1.RepeatFinding": ["evidence"],
    "quintet.publicopinion.v1.Topic": ["title"],
    "quintet.supervision.v1.LookUpFinding": ["answer"],
    "quintet.type.v1.FormAnswer": ["text"],
    "quintet.type.v1.FormAttachments": ["digests"],
    "quintet.type.v1.FormChoices": ["codes"],
    "quintet.type.v1.Location": ["address", "description"],
    "quintet.type.v1.RecommendedUnit": ["point"],
  ]

  /// The payload without them; equal to it when there are none.
  /// - Parameter type: full name of the message; one that is not known is returned as it is.
  public static func removed(from payload: [UInt8], type: String) -> [UInt8] {
    guard let message = MessageShapes.known[type] else { return payload }
    // Only a whole message is rewritten: bytes that are not one stay for whoever can read them.
    return message.removed(from: payload[...], at: 0) ?? payload
  }

  /// The same for a message in its JSON form.
  /// - Throws: for a text that is not one of the named type.
  public static func removed(fromJSON text: String, type: String) throws -> String {
    guard let message = QuintetMessages.type(named: type) else { return text }
    var options = JSONDecodingOptions()
    // Another version may have written more.
    options.ignoreUnknownFields = true
    let bytes: [UInt8] = try message.init(jsonString: text, options: options).serializedBytes()
    return try message.init(serializedBytes: removed(from: bytes, type: type)).jsonString()
  }

  /// Rewrites the payloads of the events that a condition selects. Their place, type and times stay.
  /// - Parameters:
  ///   - table: has the columns `id`, `type` and `payload`.
  ///   - condition: with `$1` for the partition, and `$2` for `key`.
  public static func removeFromEvents(
    in table: String = "event", where condition: String, _ partition: String, _ key: String,
    _ tx: any Transaction
  ) throws {
    let rows = try tx.query(
      "SELECT id, type, payload FROM \(table) WHERE partition = $1 AND \(condition)",
      [partition, key])
    for row in rows {
      let payload = try row.get("payload", as: [UInt8].self)
      let rest = removed(from: payload, type: try row.get("type"))
      guard rest != payload else { continue }
      try tx.execute(
        "UPDATE \(table) SET payload = $3 WHERE partition = $1 AND id = $2",
        [partition, try row.get("id", as: String.self), rest])
    }
  }
}

/// The fields of one message that matter here, by number.
private struct MessageShape {
  /// Messages nest as far as our own do; a payload that goes on for ever is not one of ours.
  static let depthLimit = 32

  var personal: Set<Int> = []
  /// Field → full name of the message it holds.
  var nested: [Int: String] = [:]

  /// Nil when the bytes are not a message.
  func removed(from bytes: ArraySlice<UInt8>, at depth: Int) -> [UInt8]? {
    guard depth < Self.depthLimit else { return nil }
    var rest = bytes
    var kept: [UInt8] = []
    kept.reserveCapacity(bytes.count)
    while !rest.isEmpty {
      let start = rest.startIndex
      guard let tag = Self.varint(&rest), let field = Int(exactly: tag >> 3), field > 0 else {
        return nil
      }
      guard tag & 7 == 2 else {
        guard Self.skip(&rest, wireType: tag & 7) else { return nil }
        if !personal.contains(field) { kept += bytes[start..<rest.startIndex] }
        continue
      }
      guard let length = Self.varint(&rest), length <= UInt64(rest.count) else { return nil }
      let content = rest.prefix(Int(length))
      rest = rest.dropFirst(Int(length))
      if personal.contains(field) { continue }
      guard let shape = nested[field].flatMap({ MessageShapes.known[$0] }) else {
        kept += bytes[start..<rest.startIndex]
        continue
      }
      guard let inner = shape.removed(from: content, at: depth + 1) else { return nil }
      Self.append(tag, to: &kept)
      Self.append(UInt64(inner.count), to: &kept)
      kept += inner
    }
    return kept
  }

  private static func varint(_ rest: inout ArraySlice<UInt8>) -> UInt64? {
    var value: UInt64 = 0
    for shift in stride(from: 0, to: 64, by: 7) {
      guard let byte = rest.popFirst() else { return nil }
      value |= UInt64(byte & 0x7F) << UInt64(shift)
      if byte & 0x80 == 0 { return value }
    }
    return nil
  }

  private static func append(_ value: UInt64, to bytes: inout [UInt8]) {
    var value = value
    while value >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: value) | 0x80)
      value >>= 7
    }
    bytes.append(UInt8(value))
  }

  private static func skip(_ rest: inout ArraySlice<UInt8>, wireType: UInt64) -> Bool {
    let length: Int
    switch wireType {
    case 0: return varint(&rest) != nil
    case 1: length = 8
    case 5: length = 4
    default: return false
    }
    guard rest.count >= length else { return false }
    rest = rest.dropFirst(length)
    return true
  }
}

private enum MessageShapes {
  /// Of every message of ours, by full name; read once from the descriptors.
  static let known: [String: MessageShape] = {
    let set = try? Google_Protobuf_FileDescriptorSet(
      serializedBytes: QuintetDescriptors.fileDescriptorSet)
    var shapes: [String: MessageShape] = [:]
    for file in set?.file ?? [] where file.package.hasPrefix("quintet.") {
      for message in file.messageType { add(message, in: file.package, to: &shapes) }
    }
    return shapes
  }()

  private static func add(
    _ message: Google_Protobuf_DescriptorProto, in scope: String,
    to shapes: inout [String: MessageShape]
  ) {
    let name = "\(scope).\(message.name)"
    let personal = PersonalContent.fields[name] ?? []
    var shape = MessageShape()
    for field in message.field {
      if personal.contains(field.name) { shape.personal.insert(Int(field.number)) }
      if field.type == .message {
        shape.nested[Int(field.number)] = String(field.typeName.dropFirst())
      }
    }
    shapes[name] = shape
    for nested in message.nestedType { add(nested, in: name, to: &shapes) }
  }
}
