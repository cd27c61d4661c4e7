// The trace of a call, as W3C's Trace Context writes it, for callers that brought none.

enum TraceParent {
  static func fresh() -> String {
    var generator = SystemRandomNumberGenerator()
    func hex(_ words: Int) -> String {
      (0..<words).map { _ in
        let text = String(generator.next() | 1, radix: 16)
        return String(repeating: "0", count: 16 - text.count) + text
      }.joined()
    }
    return "00-\(hex(2))-\(hex(1))-01"
  }

  /// The part that all calls of a trace share; empty when there is none.
  static func id(in text: String) -> Substring {
    text.split(separator: "-").dropFirst().first ?? ""
  }
}
