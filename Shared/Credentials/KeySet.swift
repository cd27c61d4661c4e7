// Whose signatures count. Keys come from files that are replaced while the suite runs, so that a
// rotation needs no restart; a file that cannot be read changes nothing.
import Access
import Foundation

/// The public keys of one moment, by key id.
struct KeySet: Sendable {
  struct Key: Sendable {
    let verifying: VerifyingKey
    /// The only subject it signs for; nil for a key that signs for persons and partners.
    let subject: String?
  }

  private(set) var keys: [String: Key] = [:]

  /// - Parameter bindsServices: whether keys of this file may be those of services. They may in our
  ///   own file; a provider's keys sign for persons and partners whatever their file says.
  mutating func add(_ set: JSONWebKeySet, bindsServices: Bool) {
    for key in set.keys {
      guard let id = key.kid, !id.isEmpty, keys[id] == nil, let verifying = VerifyingKey(key)
      else { continue }
      if let subject = key.subject {
        let isService = (try? Principal(parsing: subject))?.kind == .service
        guard bindsServices, isService else { continue }
      }
      keys[id] = Key(verifying: verifying, subject: key.subject)
    }
  }
}

/// The files that keys and revocations come from. Not shared: its owner guards it.
struct KeySources: Sendable {
  private var own: WatchedFile
  private var provider: WatchedFile?
  private var revocations: WatchedFile
  private var ownKeys = JSONWebKeySet(keys: [])
  private var providerKeys = JSONWebKeySet(keys: [])
  private(set) var revoked: Set<String> = []

  /// What a look found out that must be told.
  struct Findings: Sendable {
    var hasChanged = false
    /// File and problem.
    var problems: [(path: String, problem: String)] = []
  }

  init(own: String, provider: String?, revocations: String) {
    self.own = WatchedFile(path: own)
    self.provider = provider.map(WatchedFile.init)
    self.revocations = WatchedFile(path: revocations)
  }

  var keySet: KeySet {
    var set = KeySet()
    set.add(ownKeys, bindsServices: true)
    set.add(providerKeys, bindsServices: false)
    return set
  }

  mutating func look() -> Findings {
    var findings = Findings()
    func note<Content>(_ path: String, _ look: WatchedFile.Look<Content>) -> Content? {
      switch look {
      case .same: return nil
      case .changed(let content):
        findings.hasChanged = true
        return content
      case .failed(let isNews, let problem):
        if isNews { findings.problems.append((path, problem)) }
        return nil
      }
    }
    if let keys = note(own.path, own.look(Self.keys)) { ownKeys = keys }
    if var file = provider {
      if let keys = note(file.path, file.look(Self.keys)) { providerKeys = keys }
      provider = file
    }
    // Nothing was ever revoked where there is no file. One that vanishes revokes as before.
    if revocations.wasRead || FileManager.default.fileExists(atPath: revocations.path),
      let ids = note(revocations.path, revocations.look(Revocation.ids))
    {
      revoked = ids
    }
    return findings
  }

  private static func keys(_ data: Data) throws -> JSONWebKeySet {
    let set = try JSONDecoder().decode(JSONWebKeySet.self, from: data)
    guard set.keys.contains(where: { VerifyingKey($0) != nil }) else { throw NoUsableKey() }
    return set
  }
}

/// A file with no key of a kind that is taken here: more likely the wrong file than a wish to let
/// nobody in.
struct NoUsableKey: Error, CustomStringConvertible {
  var description: String { "no Ed25519 or P-256 key for signatures" }
}

/// A line of the file of revoked tokens.
struct Revocation: Codable, Sendable {
  let jti: String
  /// Seconds since 1970; after it the line may be removed.
  let exp: Double
  /// When it was revoked, in seconds since 1970.
  let at: Double

  /// A line that was cut short by a full disk must not bring back those before and after it.
  static func ids(_ data: Data) -> Set<String> {
    Set(lines(data).map(\.jti))
  }

  static func lines(_ data: Data) -> [Revocation] {
    data.split(separator: UInt8(ascii: "\n")).compactMap {
      try? JSONDecoder().decode(Revocation.self, from: Data($0))
    }
  }
}
