// Where other systems say that their devices are: four shapes, one meaning. Each has a decoder of its
// own, from the bytes of one message to what it says.
public import Foundation
public import Geography

/// One position as another system tells it.
public struct ForeignPosition: Sendable, Hashable {
  /// The device's number in that system.
  public let device: String
  public let point: GivenPoint
  public let time: Date
  /// Metres per second; 0 when it was not told.
  public let speed: Double
  /// Degrees from north, 0 … 360; 0 when it was not told.
  public let heading: Double
}

/// Why a message tells no position.
public enum ForeignPositionError: Error, Sendable, Hashable, CustomStringConvertible {
  /// It is not what its format says; the part at fault.
  case malformed(String)
  /// It is a message of another kind, such as a heartbeat.
  case otherKind
  /// The receiver says itself that it does not know where it is.
  case noFix

  public var description: String {
    switch self {
    case .malformed(let part): "内容有误 malformed: \(part)"
    case .otherKind: "非位置消息 another kind of message"
    case .noFix: "未定位 no fix"
    }
  }
}

/// The shapes that are known.
public enum PositionFormat: String, Sendable, Hashable, CaseIterable {
  /// JT/T 808, message 0x0200
  case jt808
  /// GB/T 28181, MobilePosition in the body of a NOTIFY
  case gb28181
  /// Cursor on Target, events
  case cot
  /// A GeoJSON feature a line (RFC 7946)
  case geojson

  /// Cuts what a stream brings into messages; what is not whole yet stays in `bytes`.
  public func messages(in bytes: inout [UInt8]) -> [[UInt8]] {
    var found: [[UInt8]] = []
    while let end = end(in: bytes) {
      found.append(Array(bytes[..<end]))
      bytes.removeFirst(end)
    }
    // What never ends is no message of theirs.
    if bytes.count > Self.longestMessage { bytes = [] }
    return found.filter { !$0.allSatisfy { $0 <= 0x20 } }
  }

  /// - Parameter datum: of coordinates whose format does not say.
  /// - Throws: `ForeignPositionError`.
  public func decode(_ message: [UInt8], datum: Datum) throws(ForeignPositionError)
    -> ForeignPosition
  {
    switch self {
    case .jt808: try JT808.position(in: message, datum: datum)
    case .gb28181: try MobilePosition.position(in: message, datum: datum)
    case .cot: try CursorOnTarget.position(in: message)
    case .geojson: try GeoJSONLine.position(in: message)
    }
  }

  /// Bytes.
  private static let longestMessage = 64 << 10

  /// Where the first message ends; nil while it has not.
  private func end(in bytes: [UInt8]) -> Int? {
    switch self {
    case .jt808:
      // Between two flags; one that ends a message may begin the next.
      guard let begin = bytes.firstIndex(of: JT808.flag),
        let end = bytes[(begin + 1)...].firstIndex(of: JT808.flag)
      else { return nil }
      return end == begin + 1 ? end : end + 1
    case .gb28181: return Self.end(of: "</Notify>", in: bytes)
    case .cot: return Self.end(of: "</event>", in: bytes)
    case .geojson: return bytes.firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 }
    }
  }

  private static func end(of tag: String, in bytes: [UInt8]) -> Int? {
    bytes.firstRange(of: Array(tag.utf8))?.upperBound
  }
}

extension ForeignPosition {
  /// - Throws: `ForeignPositionError.malformed` for what cannot be.
  init(
    device: String, latitude: Double, longitude: Double, datum: Datum, time: Date,
    speed: Double, heading: Double
  ) throws(ForeignPositionError) {
    guard !device.isEmpty, device.count <= 64 else { throw .malformed("device") }
    guard (0...350).contains(speed) else { throw .malformed("speed") }
    guard (0...360).contains(heading) else { throw .malformed("heading") }
    do {
      self.init(
        device: device,
        point: try GivenPoint(latitude: latitude, longitude: longitude, datum: datum),
        time: time, speed: speed, heading: heading)
    } catch {
      throw .malformed("coordinates")
    }
  }
}
