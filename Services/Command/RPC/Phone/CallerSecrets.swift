// Who called: kept so that nobody reads it in a stolen store, a backup or a dump, and opened for those
// only who say why.

import Crypto
public import Foundation

/// What a caller said of themselves, whole.
struct CallerDetails: Sendable, Hashable, Codable {
  var phone: String
  var name: String

  var isEmpty: Bool { phone.isEmpty && name.isEmpty }
}

/// What is done with numbers and names under the key of the bureau.
public struct CallerSecrets: Sendable {
  /// Keyed hash of a normalised number: equal numbers find each other, nobody finds the number.
  let hash: @Sendable (String) -> String
  /// - Throws: what the cipher throws.
  let seal: @Sendable (Data) throws -> [UInt8]
  /// - Throws: when it was sealed under another key, or changed since.
  let open: @Sendable ([UInt8]) throws -> Data

  /// `PhoneKey.secrets` is the one that keeps anything secret.
  public init(
    hash: @escaping @Sendable (String) -> String,
    seal: @escaping @Sendable (Data) throws -> [UInt8],
    open: @escaping @Sendable ([UInt8]) throws -> Data
  ) {
    self.hash = hash
    self.seal = seal
    self.open = open
  }

  func sealed(_ details: CallerDetails) throws -> [UInt8]? {
    if details.isEmpty { return nil }
    let encoder = JSONEncoder()
    // In one order only: the same details have to seal to the same bytes.
    encoder.outputFormatting = .sortedKeys
    return try seal(encoder.encode(details))
  }

  func opened(_ sealed: [UInt8]?) throws -> CallerDetails {
    guard let sealed else { return CallerDetails(phone: "", name: "") }
    return try JSONDecoder().decode(CallerDetails.self, from: open(sealed))
  }
}

extension PhoneKey {
  /// Hashing under the key itself; sealing by AES-256-GCM under two keys derived from it (HKDF,
  /// RFC 5869). The nonce is a keyed hash of what is sealed, so that a repeated request seals to the
  /// same bytes; equal bytes tell no more than equal hashes do.
  public var secrets: CallerSecrets {
    let (sealing, nonces) = (derived("caller sealing"), derived("caller nonce"))
    return CallerSecrets(
      hash: hash,
      seal: { plain in
        let nonce = Array(
          HMAC<SHA256>.authenticationCode(for: plain, using: nonces).prefix(12))
        let box = try AES.GCM.seal(plain, using: sealing, nonce: AES.GCM.Nonce(data: nonce))
        return Array(box.nonce) + Array(box.ciphertext) + Array(box.tag)
      },
      open: { sealed in
        try AES.GCM.open(AES.GCM.SealedBox(combined: Data(sealed)), using: sealing)
      })
  }
}

/// The name with all but its first character hidden: 王小明 becomes 王**.
enum NameMask {
  static func mask(_ name: String) -> String {
    guard let first = name.first else { return "" }
    // A fixed number of stars: how long the name is, is not told either.
    return "\(first)**"
  }
}
