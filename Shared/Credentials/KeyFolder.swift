// The keys of a small site, in files: private ones that each service reads for itself, and the public
// ones in one JWKS that all of them read. Whoever reads the private folder can act as anybody.
import Access
import Crypto
import DurableFiles
public import Foundation

/// A folder of keys. `quintet keys` makes and rotates them; services only read.
public struct KeyFolder: Sendable {
  /// Whose key signs for persons and partners, and who is named as their issuer.
  public static let issuer = "quintet"
  private static let issuerFile = "issuer"

  public let path: String

  public init(path: String) { self.path = path }

  public var publicKeysPath: String { "\(path)/jwks.json" }
  public var revocationsPath: String { "\(path)/revoked.jsonl" }
  private var privatePath: String { "\(path)/private" }

  public var hasKeys: Bool { FileManager.default.fileExists(atPath: publicKeysPath) }

  func privateKeyPath(of owner: String) -> String { "\(privatePath)/\(owner).jwk" }

  /// Makes the issuer's key and one for each service.
  ///
  /// - Parameter services: such as `command`.
  /// - Returns: false when there were keys already; then nothing is changed.
  /// - Throws: `KeyFolderError`.
  public func make(services: [String], at now: Date) throws(KeyFolderError) -> Bool {
    try Self.durably { () throws(FileFailure) in
      try DurableFile.makeFolder(path, mode: 0o750)
      try DurableFile.makeFolder(privatePath, mode: 0o700)
    }
    return try locked { () throws(KeyFolderError) in
      if hasKeys { return false }
      try replace([Self.issuerFile] + services, keeping: [], at: now)
      return true
    }
  }

  /// A fresh key in the place of each. Old public keys stay until the last token that they may have
  /// signed has run out, and go with the first rotation after that.
  ///
  /// - Returns: how many keys are fresh and how many old ones are still accepted.
  /// - Throws: `KeyFolderError`.
  public func rotate(at now: Date) throws(KeyFolderError) -> (fresh: Int, kept: Int) {
    try locked { () throws(KeyFolderError) in
      let owners = try owners()
      guard owners.contains(Self.issuerFile) else { throw .missing(path: path) }
      let kept = try publicKeys().keys.compactMap { key -> JSONWebKey? in
        var key = key
        let retired = key.retired ?? now.timeIntervalSince1970
        key.retired = retired
        // Until a service has noticed, it signs with the old key.
        let last = retired + TokenVerifier.longestLifetime + ServiceTokens.lifetime
        return last > now.timeIntervalSince1970 ? key : nil
      }
      try replace(owners, keeping: kept, at: now)
      return (owners.count, kept.count)
    }
  }

  /// Signs for persons and partners.
  public func issuer() throws(KeyFolderError) -> TokenSigner {
    try signer(file: Self.issuerFile, name: Self.issuer)
  }

  /// Signs for one service, as which it also issues.
  func signer(ofService name: String) throws(KeyFolderError) -> TokenSigner {
    try signer(file: name, name: "\(Principal.Kind.service.rawValue)/\(name)")
  }

  /// Adds a token to those that are refused, and forgets those that have run out.
  ///
  /// - Parameters:
  ///   - id: `jti`, 1 to 200 characters.
  ///   - expires: when the token runs out by itself; nil when that is not known.
  public func revoke(_ id: String, expires: Date?, at now: Date) throws(KeyFolderError) {
    guard (1...200).contains(id.count) else { throw .badTokenID }
    guard FileManager.default.fileExists(atPath: path) else { throw .missing(path: path) }
    try locked { () throws(KeyFolderError) in
      let old = FileManager.default.contents(atPath: revocationsPath).map(Revocation.lines) ?? []
      let end = expires ?? now.addingTimeInterval(TokenVerifier.longestTerminalLifetime)
      var lines = old.filter { $0.exp > now.timeIntervalSince1970 && $0.jti != id }
      lines.append(
        Revocation(jti: id, exp: end.timeIntervalSince1970, at: now.timeIntervalSince1970))
      var data = Data()
      for line in lines { data += try Self.encoded(line) + Data("\n".utf8) }
      try Self.durably { () throws(FileFailure) in
        try DurableFile.replace(revocationsPath, with: data, mode: 0o640)
      }
    }
  }

  // MARK: - Files

  private func signer(file: String, name: String) throws(KeyFolderError) -> TokenSigner {
    let path = privateKeyPath(of: file)
    guard let data = FileManager.default.contents(atPath: path) else {
      throw .missing(path: path)
    }
    guard let key = try? JSONDecoder().decode(JSONWebKey.self, from: data), let id = key.kid,
      let secret = key.d.flatMap(Base64URL.decode),
      let made = try? Curve25519.Signing.PrivateKey(rawRepresentation: secret)
    else { throw .malformed(path: path) }
    return TokenSigner(key: made, id: id, issuer: name)
  }

  private func owners() throws(KeyFolderError) -> [String] {
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: privatePath) else {
      throw .missing(path: privatePath)
    }
    return names.filter { $0.hasSuffix(".jwk") }.map { String($0.dropLast(4)) }.sorted()
  }

  private func publicKeys() throws(KeyFolderError) -> JSONWebKeySet {
    guard let data = FileManager.default.contents(atPath: publicKeysPath) else {
      throw .missing(path: publicKeysPath)
    }
    guard let set = try? JSONDecoder().decode(JSONWebKeySet.self, from: data) else {
      throw .malformed(path: publicKeysPath)
    }
    return set
  }

  /// Public keys first: what the new private ones sign must be known by then.
  private func replace(
    _ owners: [String], keeping old: [JSONWebKey], at now: Date
  ) throws(KeyFolderError) {
    let day = now.formatted(.iso8601.year().month().day().dateSeparator(.omitted))
    let fresh = owners.map { owner in
      let chance = UInt32.random(in: 0 ... .max)
      return (
        owner,
        JSONWebKey(
          ed25519: Curve25519.Signing.PrivateKey(),
          id: "\(owner)-\(day)-\(String(chance, radix: 36))",
          subject: owner == Self.issuerFile
            ? nil : "\(Principal.Kind.service.rawValue)/\(owner)")
      )
    }
    let set = JSONWebKeySet(keys: fresh.map(\.1.published) + old)
    let published = try Self.encoded(set)
    let files = try fresh.map { owner, key throws(KeyFolderError) in
      (privateKeyPath(of: owner), try Self.encoded(key))
    }
    try Self.durably { () throws(FileFailure) in
      try DurableFile.replace(publicKeysPath, with: published, mode: 0o640)
      for (path, key) in files { try DurableFile.replace(path, with: key, mode: 0o600) }
    }
  }

  private static func durably(_ body: () throws(FileFailure) -> Void) throws(KeyFolderError) {
    do { try body() } catch {
      throw .system(operation: error.operation, path: error.path, problem: error.problem)
    }
  }

  private static func encoded(_ value: some Encodable) throws(KeyFolderError) -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do { return try encoder.encode(value) } catch { throw .malformed(path: "\(error)") }
  }

  /// One at a time: two rotations at once would each drop what the other made.
  private func locked<R>(_ body: () throws(KeyFolderError) -> R) throws(KeyFolderError) -> R {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .missing(path: path) }
    defer { close(descriptor) }
    guard flock(descriptor, LOCK_EX) == 0 else { throw .system("flock", path) }
    return try body()
  }
}

/// Why keys cannot be made, found or used. For the terminal: Chinese first.
public enum KeyFolderError: Error, Sendable, Hashable, CustomStringConvertible {
  case missing(path: String)
  case malformed(path: String)
  case system(operation: String, path: String, problem: String)
  case badTokenID

  static func system(_ operation: String, _ path: String) -> KeyFolderError {
    .system(operation: operation, path: path, problem: String(cString: strerror(errno)))
  }

  public var description: String {
    switch self {
    case .missing(let path):
      "没有您可读取的密钥 \(path)：首次使用请运行 quintet keys new，无权读取者请用 --token-file / "
        + "There is no key that you may read at \(path): the first time, run quintet keys new; "
        + "who may not read keys gives --token-file"
    case .malformed(let path):
      "密钥 \(path) 无法使用，请恢复备份或运行 quintet keys rotate / "
        + "The key \(path) cannot be used: bring back a copy, or run quintet keys rotate"
    case .system(let operation, let path, let problem):
      "\(path)：\(operation) 失败（\(problem)）/ \(operation) failed on \(path): \(problem)"
    case .badTokenID:
      "令牌编号须为 1–200 个字符 / A token id has 1 to 200 characters"
    }
  }
}
