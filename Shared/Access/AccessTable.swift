// Who may call what, as one table. Docs/access.md is written from it, and a test calls every method
// with every role and compares: a method without a row is refused to everybody.

/// The rows of the access table.
public struct AccessTable: Sendable {
  /// What a method does to data about people; decides what else is asked and what is recorded.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// Tells nothing about anybody's affairs: anyone who is signed in, on duty or not; not recorded.
    case open
    case read
    case change
    /// A search by, or the unmasking of, what belongs to a person: purpose and open case required.
    case lookup
  }

  /// How far a role sees.
  public enum Scope: String, Sendable, Hashable, CaseIterable {
    /// Everything in the partition.
    case all
    /// What lies in the principal's areas, or is addressed to them.
    case area
    /// What is addressed to the principal's seat, or came from the partner itself.
    case own
  }

  public struct RoleRow: Sendable, Hashable {
    public let role: Role
    public let name: String
    public let scope: Scope
    /// Privileges come and go with the shift.
    public let needsDuty: Bool
  }

  /// A role, or one kind of partner (`partner:bank`), or one service (`service:command`).
  public struct Grant: Sendable, Hashable, CustomStringConvertible {
    public let role: Role
    /// The kind of partner, or the name of the service; nil for all of them.
    public let qualifier: String?

    public var description: String { role.rawValue + (qualifier.map { ":" + $0 } ?? "") }

    func covers(_ principal: Principal) -> Bool {
      guard let qualifier else { return true }
      return role == .partner
        ? principal.partnerKind?.rawValue == qualifier : principal.name == qualifier
    }
  }

  public struct MethodRow: Sendable, Hashable {
    /// Such as `quintet.command.v1.IncidentService/GetIncident`.
    public let method: String
    public let kind: Kind
    /// Empty for `open`.
    public let grants: [Grant]
  }

  /// Whoever has the role may call no method of the kind, whatever else they are.
  public struct ForbidRow: Sendable, Hashable {
    public let role: Role
    public let kind: Kind
  }

  /// Who may look somebody up for it.
  public struct PurposeRow: Sendable, Hashable {
    /// Such as `call-back`.
    public let code: String
    public let name: String
    public let roles: Set<Role>
  }

  public let roles: [RoleRow]
  public let methods: [MethodRow]
  public let forbids: [ForbidRow]
  public let purposes: [PurposeRow]
  private let byMethod: [String: MethodRow]
  private let byRole: [Role: RoleRow]

  /// The table of this version of the suite.
  public static let standard: AccessTable = {
    do { return try AccessTable(parsing: AccessRows.text) } catch {
      // The text is part of the program, and a test parses it.
      preconditionFailure("\(error)")
    }
  }()

  public func row(of method: String) -> MethodRow? { byMethod[method] }

  public func row(of role: Role) -> RoleRow? { byRole[role] }

  /// - Throws: `AccessTableError` with the line at fault.
  init(parsing text: String) throws(AccessTableError) {
    var roles: [RoleRow] = []
    var methods: [MethodRow] = []
    var forbids: [ForbidRow] = []
    var purposes: [PurposeRow] = []
    var service = ""
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    {
      let error = AccessTableError(line: index + 1, text: String(line))
      let words = line.split(separator: " ").map(String.init)
      guard let first = words.first, !first.hasPrefix("#") else { continue }
      switch first {
      case "role":
        roles.append(try Self.role(words, error))
      case "forbid":
        guard words.count == 3, let role = Role(rawValue: words[1]),
          let kind = Kind(rawValue: words[2])
        else { throw error }
        forbids.append(ForbidRow(role: role, kind: kind))
      case "purpose":
        let roles = words.dropFirst(3).compactMap(Role.init)
        guard words.count > 3, roles.count == words.count - 3 else { throw error }
        purposes.append(PurposeRow(code: words[1], name: words[2], roles: Set(roles)))
      case "service":
        guard words.count == 2 else { throw error }
        service = words[1]
      default:
        guard !service.isEmpty else { throw error }
        methods.append(try Self.method(words, in: service, error))
      }
    }
    self.roles = roles
    self.methods = methods
    self.forbids = forbids
    self.purposes = purposes
    self.byMethod = Dictionary(methods.map { ($0.method, $0) }, uniquingKeysWith: { $1 })
    self.byRole = Dictionary(roles.map { ($0.role, $0) }, uniquingKeysWith: { $1 })
    guard byMethod.count == methods.count, byRole.count == Role.allCases.count else {
      throw AccessTableError(line: 0, text: "a row is missing or there twice")
    }
  }

  private static func role(
    _ words: [String], _ error: AccessTableError
  ) throws(AccessTableError) -> RoleRow {
    guard words.count >= 4, let role = Role(rawValue: words[1]),
      let scope = Scope(rawValue: words[3])
    else { throw error }
    let needsDuty = words.count == 5 && words[4] == "on-duty"
    guard needsDuty || words.count == 4 else { throw error }
    return RoleRow(role: role, name: words[2], scope: scope, needsDuty: needsDuty)
  }

  private static func method(
    _ words: [String], in service: String, _ error: AccessTableError
  ) throws(AccessTableError) -> MethodRow {
    guard words.count >= 2, let kind = Kind(rawValue: words[1]) else { throw error }
    var grants: [Grant] = []
    for word in words.dropFirst(2) {
      let parts = word.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
      guard let role = Role(rawValue: parts[0]), parts.count <= 2 else { throw error }
      let qualifier = parts.count == 2 ? parts[1] : nil
      if let qualifier {
        guard role == .service || (role == .partner && PartnerKind(rawValue: qualifier) != nil)
        else { throw error }
      }
      grants.append(Grant(role: role, qualifier: qualifier))
    }
    guard grants.isEmpty == (kind == .open), Set(grants).count == grants.count else { throw error }
    return MethodRow(method: "\(service)/\(words[0])", kind: kind, grants: grants)
  }
}

/// A line of the table that cannot be read.
struct AccessTableError: Error, Hashable, CustomStringConvertible {
  /// From 1; 0 when the table as a whole is at fault.
  let line: Int
  let text: String

  var description: String { "access table, line \(line): \(text)" }
}
