// Thousands of cases that are the same on every run: a failure seen once can be seen again.

/// SplitMix64 (Steele, Lea, Flood 2014).
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// TypeID's encoding done the slow way, on a row of bits, as an oracle for the quick one.
enum NaiveTypeID {
  static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz")

  static func suffix(_ high: UInt64, _ low: UInt64) -> String {
    let bits =
      [0, 0] + [high, low].flatMap { word in (0..<64).map { Int(word >> (63 - $0) & 1) } }
    return String(
      stride(from: 0, to: 130, by: 5).map { start in
        alphabet[bits[start..<start + 5].reduce(0) { $0 * 2 + $1 }]
      })
  }

  /// Random bits in the shape of a UUIDv7.
  static func randomWords(using generator: inout SeededGenerator) -> (UInt64, UInt64) {
    let high = generator.next() & ~0xF000 | 0x7000
    let low = generator.next() & ~(0b11 << 62) | 0b10 << 62
    return (high, low)
  }
}
