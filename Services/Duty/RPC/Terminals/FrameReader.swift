// Frames out of the pieces in which a connection delivers them: four bytes of length, then as many
// bytes. Nothing is kept of a frame that is longer than it may be.
import Wire

struct FrameReader {
  /// Bytes of one frame without its length.
  static let limit = 4096

  private var waiting: [UInt8] = []

  /// - Parameter bytes: as they came. Whoever calls takes all frames before it calls again, so that
  ///   no more than one unfinished frame is kept.
  mutating func append(_ bytes: [UInt8]) {
    waiting += bytes
  }

  /// - Returns: the next frame; nil until more has come.
  /// - Throws: `Failure` FRAME_TOO_LARGE. There is no way to go on then.
  mutating func next() throws(Failure) -> [UInt8]? {
    guard waiting.count >= 4 else { return nil }
    let length = waiting[..<4].reduce(0) { $0 << 8 | Int($1) }
    guard length <= Self.limit else {
      waiting = []
      throw Failure.invalid(
        "FRAME_TOO_LARGE", field: "length",
        "帧长 \(length) 字节，最多 \(Self.limit)。"
          + "The frame has \(length) bytes, and \(Self.limit) are taken at most.")
    }
    guard waiting.count >= 4 + length else { return nil }
    let frame = Array(waiting[4..<4 + length])
    waiting.removeFirst(4 + length)
    return frame
  }

  /// A frame with its length.
  static func framed(_ content: [UInt8]) -> [UInt8] {
    let length = UInt32(content.count)
    return [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: length >> $0) } + content
  }
}
