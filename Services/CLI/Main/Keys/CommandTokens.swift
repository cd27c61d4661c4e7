// In whose name this program asks: by the token it is given, or else by one it signs itself. Who can
// read the issuer's key is the administrator; nothing here makes more of anybody than that.
import Access
import Credentials
import Foundation
import ServiceHost

/// Tokens for the calls of one command, renewed before they run out.
actor CommandTokens {
  /// What a replay or the demo plays. Not the auditor: whoever checks changes nothing.
  static let wholeHall: Set<Role> = [
    .callTaker, .dispatcher, .shiftLeader, .station, .officer, .opinionEditor, .supervisor,
    .operator, .member,
  ]

  /// Seconds.
  private static let lifetime: TimeInterval = 900

  private let keys: KeyFolder
  private let file: String?
  private let roles: Set<Role>
  private let actor: String
  private var signed: [String: (text: String, renewal: Date)] = [:]

  /// - Parameters:
  ///   - file: a token's; nil to take $QUINTET_TOKEN, or else to sign.
  ///   - roles: those that the command needs.
  ///   - actor: who it is signed for where the call does not say.
  init(
    host: HostOptions, file: String? = nil, roles: Set<Role>,
    actor: String = CommandTokens.loginName
  ) {
    self.keys = host.keys
    self.file = file
    self.roles = roles
    self.actor = actor
  }

  /// - Parameter actor: who acts; the whole command's actor when nil.
  /// - Throws: `KeyFolderError`; `TokenFileError`.
  @Sendable
  func token(_ actor: String? = nil) async throws -> String {
    if let given = try given() { return given }
    let actor = actor ?? self.actor
    let now = Date()
    if let known = signed[actor], now < known.renewal { return known.text }
    var principal = try Principal(parsing: actor)
    principal.roles = roles
    principal.areas = [Principal.everyArea]
    principal.duty = now.addingTimeInterval(-1)..<now.addingTimeInterval(Self.lifetime)
    // A replay calls as fast as the suite answers.
    principal.callRate = 100_000
    let text = try await keys.issuer().sign(
      principal, id: UUID().uuidString.lowercased(), at: now, lifetime: Self.lifetime)
    signed[actor] = (text, now.addingTimeInterval(Self.lifetime / 2))
    return text
  }

  private func given() throws -> String? {
    let text: String
    if let file {
      guard let data = FileManager.default.contents(atPath: file) else {
        throw TokenFileError(path: file)
      }
      text = String(decoding: data, as: UTF8.self)
    } else if let variable = ProcessInfo.processInfo.environment["QUINTET_TOKEN"] {
      text = variable
    } else {
      return nil
    }
    let trimmed = text.trimmingCharacters(in: .whitespacesAndNewlines)
    return trimmed.isEmpty ? nil : trimmed
  }

  /// `person/` and the name of whoever is logged in, as far as it is one that actors may have.
  static var loginName: String {
    let name = NSUserName().lowercased()
    let actor = "\(Principal.Kind.person.rawValue)/\(name)"
    return (try? Principal(parsing: actor))?.actor ?? "person/operator"
  }
}

struct TokenFileError: Error, CustomStringConvertible {
  let path: String

  var description: String {
    "无法读取令牌文件 \(path) / The token file \(path) cannot be read"
  }
}
