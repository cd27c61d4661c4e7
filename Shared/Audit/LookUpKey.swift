// Whoever counts look-ups has to tell people apart, and must not learn who they are.
import Crypto
public import Foundation

public enum LookUpKey {
  /// The same for one person whom one actor looks up on one day (UTC), another on another day or for
  /// another actor: 16 hexadecimal digits, enough to tell apart whom one actor looks up in a day.
  /// - Parameter subject: what the audit log knows the person by.
  public static func of(_ subject: String, lookedUpBy actor: String, at time: Date) -> String {
    let day = Int((time.timeIntervalSince1970 / 86_400).rounded(.down))
    return SHA256.hash(data: Data("\(actor)|\(day)|\(subject)".utf8))
      .prefix(8).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
  }
}
