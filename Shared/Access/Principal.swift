// Who is acting. Every call has a principal; until tokens exist it is named by one metadata entry,
// and this is the one place that knows its spelling.

/// Somebody or something that acts: a person, a partner's system or one of the suite's services.
public struct Principal: Sendable, Hashable, CustomStringConvertible {
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    case person, partner, service
  }

  /// Name of the gRPC metadata entry that carries the actor.
  public static let metadataKey = "quintet-actor"

  /// Stands for whoever did not say, until calls are authenticated.
  public static let development = Principal(kind: .person, checkedName: "development")

  public let kind: Kind
  /// 1 to 64 characters of `a-z 0-9 . _ -`.
  public let name: String

  /// - Throws: `ActorError` when the name is empty, too long or has a character outside its alphabet.
  public init(kind: Kind, name: String) throws(ActorError) {
    guard Self.isName(name) else { throw ActorError(text: "\(kind.rawValue)/\(name)") }
    self.init(kind: kind, checkedName: name)
  }

  /// Reads `kind/name`, such as `person/zhang.wei`.
  ///
  /// - Throws: `ActorError` for anything else.
  public init(parsing actor: String) throws(ActorError) {
    let parts = actor.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, let kind = Kind(rawValue: String(parts[0])), Self.isName(parts[1])
    else { throw ActorError(text: actor) }
    self.init(kind: kind, checkedName: String(parts[1]))
  }

  private init(kind: Kind, checkedName: String) {
    self.kind = kind
    self.name = checkedName
  }

  /// `kind/name`: the form kept in events and logs.
  public var actor: String { "\(kind.rawValue)/\(name)" }

  public var description: String { actor }

  private static func isName(_ text: some StringProtocol) -> Bool {
    (1...64).contains(text.utf8.count)
      && text.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
          UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
          true
        default:
          false
        }
      }
  }
}

/// The text does not name an actor.
public struct ActorError: Error, Hashable, CustomStringConvertible {
  /// What was given, at most its first 80 characters: it comes from outside and ends in logs.
  public let text: String

  init(text: String) {
    self.text = String(text.prefix(80))
  }

  public var description: String {
    "“\(text)” is not an actor: write person/NAME, partner/NAME or service/NAME, "
      + "where NAME is 1 to 64 characters of a-z 0-9 . _ -"
  }
}
