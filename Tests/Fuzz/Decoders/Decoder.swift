// Every way by which bytes from outside come in, each as a function of bytes that must return: a
// refusal is an answer, and only a crash, a hang or a sanitizer's finding is none.

/// A kind of input. Its corpus lies in `Tests/Fuzz/corpus/<name>`.
public enum Decoder: String, CaseIterable, Sendable {
  /// A line with the path of an RPC, then its JSON body; or, after a `!` before the path, its
  /// protobuf bytes.
  case requests
  /// A line with a reader and the type of an event, then its payload as for `requests`.
  case events
  /// A CSV file of each profile.
  case datasets
  /// A key set and a token, a line each.
  case tokens
  /// Page tokens, identifiers, times and points as they are written.
  case texts
  /// What a terminal sends on one connection.
  case frames
  /// A line with a `Last-Event-ID`, then which streams a page follows; or after a `!` what one of them
  /// says.
  case live

  /// - Returns: whether the bytes were what they should be; what is behind them may still be refused.
  @discardableResult
  public func decode(_ bytes: [UInt8]) async -> Bool {
    switch self {
    case .requests: await Requests.shared.decode(bytes)
    case .events: Events.decode(bytes)
    case .datasets: Datasets.decode(bytes)
    case .tokens: await Tokens.decode(bytes)
    case .texts: Texts.decode(bytes)
    case .frames: await TerminalFrames.decode(bytes)
    case .live: Live.decode(bytes)
    }
  }
}

/// A first line and what follows it.
struct Headed {
  let head: String
  let body: [UInt8]

  init(_ bytes: [UInt8]) {
    let end = bytes.firstIndex(of: UInt8(ascii: "\n")) ?? bytes.endIndex
    head = String(decoding: bytes[..<end], as: UTF8.self)
    body = Array(bytes[end...].dropFirst())
  }
}
