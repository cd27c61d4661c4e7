// Fuzzing for everyone: what libFuzzer does with instruments, done blindly but always, with a seed that
// repeats it. `QUINTET_SEED` and `QUINTET_STEPS` choose another walk and a longer one.
import Foundation
import FuzzDecoders
import Testing

@Suite struct MutationTests {
  @Test(arguments: Decoder.allCases) func everySampleIsReadAsWhatItIs(decoder: Decoder) async throws
  {
    for sample in try samples(of: decoder) {
      let isRead = await decoder.decode(sample.bytes)
      #expect(isRead, "\(decoder.rawValue)/\(sample.name)")
    }
  }

  @Test(arguments: Decoder.allCases) func noBytesBringADecoderDown(decoder: Decoder) async throws {
    let samples = try samples(of: decoder).map { $0.bytes }
    var mutator = Mutator(seed: number("QUINTET_SEED") ?? 1, samples: samples)
    var read = 0
    let steps = number("QUINTET_STEPS") ?? 2_000
    for _ in 0..<steps {
      if await decoder.decode(mutator.next()) { read += 1 }
    }
    // Neither noise that is refused at the door, nor nothing new.
    #expect(read > steps / 50 && read < steps)
  }

  private func number(_ name: String) -> UInt64? {
    ProcessInfo.processInfo.environment[name].flatMap(UInt64.init)
  }

  private func samples(of decoder: Decoder) throws -> [(name: String, bytes: [UInt8])] {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../Fuzz/corpus/\(decoder.rawValue)")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    try #require(!names.isEmpty)
    return try names.map { ($0, Array(try Data(contentsOf: folder.appendingPathComponent($0)))) }
  }
}

/// Changes samples as bytes, and now and then as the text they are.
private struct Mutator {
  private var generator: SplitMix
  private let samples: [[UInt8]]

  /// What breaks things: ends of ranges, and texts that are more or less than they look.
  private static let oddities: [[UInt8]] = [
    "0", "-1", "1e999", "-0.0", "NaN", "9223372036854775807", "-9223372036854775808",
    "18446744073709551616", "253402300800", "null", "true", "{}", "[]", "\"\"", "\u{0}", "\u{FEFF}",
    "\u{202E}", "e\u{301}", "👨‍👩‍👧‍👦", "\\uD800", ",", "\"", "\n", "\r\n", "\u{1F}",
    "9999-12-31T23:59:59.999999999Z", "0001-01-01T00:00:00Z", "-62135596800s",
  ].map { Array($0.utf8) }

  init(seed: UInt64, samples: [[UInt8]]) {
    generator = SplitMix(state: seed)
    self.samples = samples
  }

  mutating func next() -> [UInt8] {
    var bytes = sample()
    for _ in 0..<Int.random(in: 1...4, using: &generator) { change(&bytes) }
    return bytes
  }

  private mutating func sample() -> [UInt8] {
    samples[Int.random(in: 0..<samples.count, using: &generator)]
  }

  private mutating func change(_ bytes: inout [UInt8]) {
    let place = Int.random(in: 0...bytes.count, using: &generator)
    let length = min(Int.random(in: 1...16, using: &generator), bytes.count - place)
    let range = place..<place + length
    switch Int.random(in: 0..<7, using: &generator) {
    case 0 where place < bytes.count:
      bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
    case 1 where place < bytes.count: bytes[place] = .random(in: 0...255, using: &generator)
    case 2: bytes.removeSubrange(range)
    case 3: bytes.insert(contentsOf: bytes[range], at: place)
    case 4: bytes.replaceSubrange(number(at: place, in: bytes), with: oddity())
    case 5: bytes.insert(contentsOf: oddity(), at: place)
    default:
      let other = sample()
      let start = Int.random(in: 0...other.count, using: &generator)
      bytes.replaceSubrange(range, with: other[start..<min(other.count, start + 64)])
    }
  }

  private mutating func oddity() -> [UInt8] {
    Self.oddities[Int.random(in: 0..<Self.oddities.count, using: &generator)]
  }

  /// The word or number that is next.
  private func number(at place: Int, in bytes: [UInt8]) -> Range<Int> {
    func isWord(_ byte: UInt8) -> Bool {
      (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
        || [0x2D, 0x2E, 0x5F].contains(byte)
    }
    guard let start = bytes[place...].firstIndex(where: isWord) else {
      return bytes.count..<bytes.count
    }
    return start..<(bytes[start...].firstIndex { !isWord($0) } ?? bytes.count)
  }
}

/// Steele, Lea and Flood, "Fast splittable pseudorandom number generators" (2014).
private struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
