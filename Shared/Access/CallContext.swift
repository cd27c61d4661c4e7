// What is known about the call that is being served. It travels as a task-local value, so that a
// handler need not pass it through every function, and the log line of the request can be told
// things (such as the incident) that only the handler knows.
import Synchronization

/// The circumstances of the call in progress; outside of a call, of nobody, who may see nothing.
public struct CallContext: Sendable {
  @TaskLocal public static var current = CallContext()

  public let principal: Principal
  /// Who asked `principal` to act, where a service acts for somebody; checked like the principal.
  public let onBehalfOf: Principal?
  /// How far this call may see, as the access table decided.
  public let reach: Reach
  /// Where the call came from: `socket` or an address, and `via service/gateway` behind it.
  public let origin: String
  /// W3C trace id, 32 hexadecimal digits; empty outside of a call.
  public let trace: String
  /// When the caller stops waiting; nil where none was said, as streams need not.
  public let deadline: ContinuousClock.Instant?
  /// The secret under which this service hashes what it was asked. Empty outside of a service.
  public let ledgerKey: [UInt8]
  /// What the handler adds to the log line of this call.
  public let notes: CallNotes

  public init(
    principal: Principal = .nobody, onBehalfOf: Principal? = nil, reach: Reach = .nothing,
    origin: String = "", trace: String = "", deadline: ContinuousClock.Instant? = nil,
    ledgerKey: [UInt8] = []
  ) {
    self.principal = principal
    self.onBehalfOf = onBehalfOf
    self.reach = reach
    self.origin = origin
    self.trace = trace
    self.deadline = deadline
    self.ledgerKey = ledgerKey
    self.notes = CallNotes()
  }
}

/// Facts about one call, gathered while it is handled and written with its log line.
public final class CallNotes: Sendable {
  /// What makes a look-up one that somebody should ask about. It goes to the audit, never into a log
  /// that anybody reads: it tells something about whom was looked up.
  public enum Mark: Sendable, Hashable {
    /// The person and the caller have the same family name.
    case ownFamilyName
    /// Part of what was found is the affair of others.
    case heldElsewhere
  }

  private let values = Mutex<[String: String]>([:])
  private let marked = Mutex<Set<Mark>>([])

  public init() {}

  /// Says which incident the call was about. The last one said stays.
  public func incident(_ id: String) {
    self["incident"] = id
  }

  /// A fact under a key of its own, such as `subject`.
  public subscript(key: String) -> String? {
    get { values.withLock { $0[key] } }
    set { values.withLock { $0[key] = newValue } }
  }

  public func mark(_ mark: Mark) {
    marked.withLock { _ = $0.insert(mark) }
  }

  public var marks: Set<Mark> {
    marked.withLock { $0 }
  }

  /// All facts so far.
  public var all: [String: String] {
    values.withLock { $0 }
  }
}
