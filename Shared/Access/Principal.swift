// Who is acting: a person, a partner's system, one of the suite's services or a terminal, as their
// token says.
public import Foundation

/// Somebody or something that acts.
public struct Principal: Sendable, Hashable, CustomStringConvertible {
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    case person, partner, service
    /// A device. It plays no role: it reports at the terminal port, and calls nothing.
    case terminal
  }

  /// Stands in `areas` for the whole partition.
  public static let everyArea = "*"

  /// Whoever has not been let in; no call is served on behalf of it.
  public static let nobody = Principal(kind: .person, checkedName: "nobody")

  public let kind: Kind
  /// 1 to 64 characters of `a-z 0-9 . _ -`.
  public let name: String
  public var roles: Set<Role> = []
  /// Set for a partner only.
  public var partnerKind: PartnerKind?
  /// Ids of organisational units whose affairs are the principal's, with all below them; or
  /// `everyArea`.
  public var areas: Set<String> = []
  /// The unit, beat or seat held during `duty`.
  public var seat: String?
  /// From the start of the shift to just before its end; nil when off duty.
  public var duty: Range<Date>?
  /// As OpenID providers tell it; nil when the issuer did not.
  public var familyName: String?
  /// Calls a second that the issuer of the token allows instead of what everybody may.
  public var callRate: Double?

  /// - Throws: `ActorError` when the name is empty, too long or has a character outside its alphabet.
  public init(kind: Kind, name: String) throws(ActorError) {
    guard Self.isName(name) else { throw ActorError(text: "\(kind.rawValue)/\(name)") }
    self.init(kind: kind, checkedName: name)
  }

  /// Reads `kind/name`, such as `person/zhang.wei`. A service plays the role of one.
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
    if kind == .service { roles = [.service] }
  }

  /// `kind/name`: the form kept in events, audit and logs.
  public var actor: String { "\(kind.rawValue)/\(name)" }

  public var description: String { actor }

  /// Whether a person of this name is of the principal's family, as far as names can tell: the family
  /// name comes first in Chinese, and is the last word elsewhere.
  public func sharesFamilyName(with personName: String) -> Bool {
    let name = personName.trimmingCharacters(in: .whitespacesAndNewlines)
    guard let familyName, !familyName.isEmpty, !name.isEmpty else { return false }
    if familyName.unicodeScalars.allSatisfy(\.properties.isIdeographic) {
      // A name of one character more at least: a title or nickname is no family name.
      return name.hasPrefix(familyName) && name.count > familyName.count
    }
    return name.split(separator: " ").last?.lowercased() == familyName.lowercased()
  }

  public func isOnDuty(at now: Date) -> Bool { duty?.contains(now) == true }

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
    "“\(text)” is not an actor: write person/NAME, partner/NAME, service/NAME or terminal/NAME, "
      + "where NAME is 1 to 64 characters of a-z 0-9 . _ -"
  }
}
