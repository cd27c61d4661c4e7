// Work is done again: a caller repeats a request, a service is killed and reads its feed anew, a
// replay is compared with an undisturbed run. Ids drawn from a random source would differ each time.

import Crypto
public import Foundation

/// Mints ids that are a pure function of the cause: the same cause gives the same 74 random bits,
/// whatever the clock says.
///
/// random bits = SHA-256(service | cause | prefix | ordinal); time bits = now. Repeated work is
/// idempotent, and dumps are comparable by `stablePart`. One mint serves one cause once: two mints
/// of equal service and cause hand out equal stable parts, so work that one cause makes necessary
/// at two occasions must name the occasion in the cause (see `Provenance.cause`).
///
/// The ids are unique, not secret: who knows the cause can compute them.
public struct IdentifierMint: Sendable {
  private let service: String
  private let cause: String
  private let milliseconds: UInt64
  private var ordinals: [String: UInt64] = [:]

  /// - Parameters:
  ///   - service: who mints, such as `command`; two services never mint the same id.
  ///   - cause: what makes the work necessary, without times: `Provenance.stableCause`.
  ///   - now: the time in the ids, cut to milliseconds; outside 1970 … 10889 the nearest end.
  public init(service: String, cause: String, now: Date) {
    self.service = service
    self.cause = cause
    let end = Double((UInt64(1) << 48) - 1)
    let elapsed = (now.timeIntervalSince1970 * 1000).rounded(.down)
    // max and min first: a conversion of NaN or of what is out of range would trap.
    self.milliseconds = elapsed.isNaN ? 0 : UInt64(min(max(elapsed, 0), end))
  }

  /// The next id of this kind; each kind counts for itself, so the order between kinds is free.
  public mutating func next<Tag>(_ tag: Tag.Type = Tag.self) -> Identifier<Tag> {
    let ordinal = ordinals[Tag.prefix, default: 0]
    ordinals[Tag.prefix] = ordinal + 1
    let random = digest(prefix: Tag.prefix, ordinal: ordinal)
    let high = milliseconds << 16 | 0x7000 | random.high & 0x0FFF
    let low = 0b10 << 62 | random.low >> 2
    return Identifier(high: high, low: low)
  }

  /// The first 128 bits of the hash, as two big-endian words.
  private func digest(prefix: String, ordinal: UInt64) -> (high: UInt64, low: UInt64) {
    var hash = SHA256()
    for field in [service, cause, prefix] {
      // Each field goes with its length, so that ("a", "bc") and ("ab", "c") differ.
      hash.update(data: Self.bytes(UInt64(field.utf8.count)))
      hash.update(data: Array(field.utf8))
    }
    hash.update(data: Self.bytes(ordinal))
    let words = hash.finalize().prefix(16).map(UInt64.init)
    return (
      words[..<8].reduce(0) { $0 << 8 | $1 }, words[8...].reduce(0) { $0 << 8 | $1 }
    )
  }

  private static func bytes(_ number: UInt64) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * UInt64($0))) }
  }
}
