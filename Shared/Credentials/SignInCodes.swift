// One-time codes for signing in to pages: a link that is shown on a screen, or stays in a browser's
// history, must not hold a token. The code names a file with the token, and whoever redeems it first
// takes the file away.
import DurableFiles
public import Foundation

/// Codes that wait to be redeemed, each a file of its own.
public struct SignInCodes: Sendable {
  private struct Entry: Codable {
    let token: String
    /// Seconds since 1970.
    let until: Double
  }

  /// 26 letters of 32: 130 bits, not to be guessed.
  private static let length = 26
  private static let letters = Array("abcdefghijklmnopqrstuvwxyz234567")
  /// Bytes; no token is longer.
  private static let largestEntry = 16 << 10

  private let folder: String

  public init(folder: String) { self.folder = folder }

  /// - Parameter until: when the code runs out, used or not.
  /// - Returns: the code.
  /// - Throws: `FileFailure`.
  public func issue(_ token: String, until: Date) throws -> String {
    let code = String((0..<Self.length).map { _ in Self.letters[Int.random(in: 0..<32)] })
    let entry = try JSONEncoder().encode(Entry(token: token, until: until.timeIntervalSince1970))
    try DurableFile.makeFolder(folder, mode: 0o700)
    try DurableFile.create(path(of: code), entry, mode: 0o600)
    return code
  }

  /// - Returns: the token; nil for a code that is unknown, was used, or has run out.
  public func redeem(_ code: String, at now: Date) -> String? {
    guard code.count == Self.length, code.allSatisfy({ Self.letters.contains($0) }) else {
      return nil
    }
    let path = path(of: code)
    guard let data = FileManager.default.contents(atPath: path), data.count <= Self.largestEntry,
      let entry = try? JSONDecoder().decode(Entry.self, from: data)
    else { return nil }
    // Of two at once, one takes it away.
    guard unlink(path) == 0 else { return nil }
    return now.timeIntervalSince1970 < entry.until ? entry.token : nil
  }

  private func path(of code: String) -> String { "\(folder)/\(code)" }
}
