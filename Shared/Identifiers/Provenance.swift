// Every event says who acted and on what it rests; from one incident's events one can walk back to
// the call that began it. What minted ids rest on is taken from here too.

/// Who did something, and on what it rests.
public struct Provenance: Sendable, Hashable {
  /// `person/…`, `partner/…`, `service/…` or `terminal/…`.
  public var actor: String
  /// `request/<id>`, `event/<event id>` or `clock/<deadline id>`. Where one deadline acts more than
  /// once (a warning, then the expiry), the occasion follows: `clock/<deadline id>/<occasion>`. What
  /// a terminal reports: `terminal/<code>/<sequence of its first report in the transaction>`.
  public var cause: String
  /// Follows the work through all services' logs.
  public var trace: String
  /// For whom `actor` acted, in the same form; empty when for itself.
  public var onBehalfOf: String
  /// Where the call came from: `socket` or an address, and what it went through; empty for what no
  /// call asked for.
  public var origin: String

  public init(
    actor: String, cause: String, trace: String, onBehalfOf: String = "", origin: String = ""
  ) {
    self.actor = actor
    self.cause = cause
    self.trace = trace
    self.onBehalfOf = onBehalfOf
    self.origin = origin
  }

  /// `cause` with the time part of an event or deadline id cut off: what `IdentifierMint` is given.
  ///
  /// `event/evt_` + 26 characters becomes `event/evt_` + the last 16; the same for `clock/dl_…`;
  /// anything after a further slash stays. Every other cause stays as it is: a request's id is the
  /// caller's own text, and equal whenever the request is repeated.
  public var stableCause: String {
    let parts = cause.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count >= 2 else { return cause }
    let identifier = String(parts[1])
    let stable: String
    switch parts[0] {
    case "event":
      guard let id = EventID(identifier) else { return cause }
      stable = EventTag.prefix + "_" + id.stablePart
    case "clock":
      guard let id = DeadlineID(identifier) else { return cause }
      stable = DeadlineTag.prefix + "_" + id.stablePart
    default:
      return cause
    }
    return ([parts[0], stable[...]] + parts.dropFirst(2)).joined(separator: "/")
  }
}
