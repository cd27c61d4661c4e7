// What can be carried away from a log: its size and root, signed. The bytes are those of C2SP's
// tlog-checkpoint and signed-note (c2sp.org), so that others' tools read them.
import Crypto
import Foundation

/// How long a log was and what was in it.
public struct Checkpoint: Sendable, Hashable {
  /// Which log; the name of its key as well.
  public let origin: String
  /// Entries.
  public let size: Int64
  public let root: MerkleTree.Hash

  public init(origin: String, size: Int64, root: MerkleTree.Hash) {
    self.origin = origin
    self.size = size
    self.root = root
  }

  /// The text that is signed.
  public var text: String {
    "\(origin)\n\(size)\n\(Data(root).base64EncodedString())\n"
  }

  /// - Returns: nil unless `text` is one, to the byte; lines that extend it are not taken.
  init?(parsing text: String) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.count == 4, let size = Int64(lines[1]),
      let root = Data(base64Encoded: "\(lines[2])")
    else { return nil }
    self.init(origin: String(lines[0]), size: size, root: Array(root))
    guard self.text == text, size >= 0, root.count == 32, !origin.isEmpty else { return nil }
  }
}

/// A public key as readers of signed notes take it: `name+hash+key`.
public struct VerifierKey: Sendable, Hashable, CustomStringConvertible {
  /// Ed25519, as signed-note numbers the kinds of signature.
  private static let kind: UInt8 = 0x01

  public let name: String
  let publicKey: [UInt8]

  init(name: String, publicKey: [UInt8]) {
    self.name = name
    self.publicKey = publicKey
  }

  /// - Returns: nil unless the text is a key of this form, its hash included.
  public init?(parsing text: String) {
    // A key in base64 may hold further plus signs.
    let parts = text.split(separator: "+", maxSplits: 2).map(String.init)
    guard parts.count == 3, let bytes = Data(base64Encoded: parts[2]), bytes.count == 33,
      bytes.first == Self.kind
    else { return nil }
    self.init(name: parts[0], publicKey: Array(bytes.dropFirst()))
    guard description == text else { return nil }
  }

  /// The first four bytes of SHA-256(name ‖ 0x0A ‖ kind ‖ key).
  var identifier: [UInt8] {
    Array(SHA256.hash(data: Array(name.utf8) + [0x0A, Self.kind] + publicKey).prefix(4))
  }

  public var description: String {
    let hash = identifier.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    return "\(name)+\(hash)+\(Data([Self.kind] + publicKey).base64EncodedString())"
  }
}

/// A text with a blank line and signatures below it.
struct SignedNote {
  /// Ends in a newline, which is signed too.
  let text: String
  private let signatures: [(name: String, bytes: [UInt8])]

  /// - Returns: nil for anything that is not a note.
  init?(parsing note: String) {
    guard let blank = note.range(of: "\n\n", options: [.backwards, .literal]) else { return nil }
    text = note[..<blank.lowerBound] + "\n"
    var signatures: [(String, [UInt8])] = []
    let lines = note[blank.upperBound...].split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.last == "", lines.count > 1 else { return nil }
    for line in lines.dropLast() {
      let words = line.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
      guard words.count == 3, words[0] == "—", let bytes = Data(base64Encoded: words[2]),
        bytes.base64EncodedString() == words[2], bytes.count > 4
      else { return nil }
      signatures.append((words[1], Array(bytes)))
    }
    self.signatures = signatures
  }

  /// Whether one of the keys signed it, and none of them signed something else.
  func isSigned(by keys: [VerifierKey]) -> Bool {
    var isSigned = false
    for signature in signatures {
      for key in keys
      where key.name == signature.name && key.identifier == Array(signature.bytes.prefix(4)) {
        let publicKey = try? Curve25519.Signing.PublicKey(rawRepresentation: key.publicKey)
        guard
          publicKey?.isValidSignature(
            Data(signature.bytes.dropFirst(4)), for: Data(text.utf8)) == true
        else { return false }
        isSigned = true
      }
    }
    return isSigned
  }
}

extension AuditKey {
  /// The checkpoint as a signed note.
  public func sign(_ checkpoint: Checkpoint) throws -> String {
    let signature = try signature(of: Array(checkpoint.text.utf8))
    let bytes = Data(verifier.identifier + signature).base64EncodedString()
    return "\(checkpoint.text)\n— \(verifier.name) \(bytes)\n"
  }
}
