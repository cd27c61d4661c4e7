// What comes with the address of a live stream, and the bytes that the gateway passes on to the page.
import GatewayConnect
import QuintetAPI
import SwiftProtobuf

enum Live {
  static func decode(_ bytes: [UInt8]) -> Bool {
    if bytes.first == UInt8(ascii: "!") { return told(Array(bytes.dropFirst())) }
    let input = Headed(bytes)
    let cursor = LiveCursor(input.head)
    guard let watches = try? LiveWatch.list(String(decoding: input.body, as: UTF8.self)) else {
      return false
    }
    return watches.allSatisfy { watch in
      (try? watch.input(
        as: Quintet_Command_V1_WatchIncidentsRequest.self, after: cursor[watch.name])) != nil
    }
  }

  /// - Returns: whether a sequence was found.
  private static func told(_ message: [UInt8]) -> Bool {
    let type = Quintet_Command_V1_WatchIncidentsResponse.self
    let sequence = SequenceField(of: type)?.value(in: message)
    guard let read = try? type.init(serializedBytes: message) else { return sequence != nil }
    // Read in two ways, it is the same. (Groups, which no message of ours has, are not read.)
    if let sequence { precondition(sequence == read.sequence) }
    _ = EventText.event("incidents", id: sequence.map { "\($0)" }, data: message)
    return sequence != nil
  }
}
