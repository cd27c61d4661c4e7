// Damage in the log that SQLite would take for the log's end.
//
// SQLite reads its log up to the first frame whose checksum is wrong, and drops what follows without
// a word. That is right for the commit that a power cut tore, and wrong for a byte that the disk has
// turned over: commits that were acknowledged would be gone, and nobody told. The two can be told
// apart, because a commit is written only after the one before it was flushed: what lies before a
// later commit was whole once. So the log is looked through before SQLite opens it.
//
// The format: https://www.sqlite.org/fileformat2.html#the_write_ahead_log
import Foundation

enum WriteAheadLog {
  private static let headerSize = 32
  private static let frameHeaderSize = 24

  /// Looks through the log at `path`, which may be missing. Reads all of it, some megabytes.
  ///
  /// Not found is damage to the very last commit, which looks like a torn one.
  /// - Throws: `DatabaseError.corrupt`; `.inputOutput` when the file cannot be read.
  static func check(_ path: String) throws(DatabaseError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    if descriptor < 0, errno == ENOENT { return }
    guard descriptor >= 0,
      let data = try? FileHandle(fileDescriptor: descriptor, closeOnDealloc: true).readToEnd()
        ?? Data()
    else { throw .inputOutput("\(path) cannot be read: \(String(cString: strerror(errno)))") }
    let damaged = data.withUnsafeBytes { damagedFrame(in: $0) }
    guard let damaged else { return }
    let place = damaged < 0 ? "in its header" : "in frame \(damaged + 1)"
    throw .corrupt("the log \(path) is damaged \(place), before commits that were acknowledged")
  }

  /// - Returns: the index of the first damaged frame that something later stands behind; -1 for a
  ///   damaged header; nil when there is none.
  private static func damagedFrame(in bytes: UnsafeRawBufferPointer) -> Int? {
    guard bytes.count >= headerSize + frameHeaderSize else { return nil }
    // Never written, as far as the disk knows.
    if bytes.prefix(headerSize).allSatisfy({ $0 == 0 }) { return nil }
    guard let log = Log(bytes) else { return -1 }
    var sum = log.headerSum
    for frame in 0..<log.count {
      guard log.isOfThisRound(frame), log.sum(of: frame, after: sum) == log.storedSum(of: frame)
      else { return log.hasLaterCommit(behind: frame) ? frame : nil }
      sum = log.storedSum(of: frame)
    }
    return nil
  }

  /// Two running sums, as SQLite makes them.
  private struct Sum: Equatable {
    var first: UInt32
    var second: UInt32
  }

  private struct Log {
    let bytes: UnsafeRawBufferPointer
    let isBigEndian: Bool
    let frameSize: Int
    let salts: UInt64
    let headerSum: Sum
    let count: Int

    /// Nil when the header contradicts itself.
    init?(_ bytes: UnsafeRawBufferPointer) {
      let magic = Self.number(in: bytes, at: 0)
      guard magic & ~1 == 0x377f_0682 else { return nil }
      let pageSize = Int(Self.number(in: bytes, at: 8))
      guard pageSize >= 512, pageSize <= 65536, pageSize & (pageSize - 1) == 0 else { return nil }
      self.bytes = bytes
      isBigEndian = magic & 1 == 1
      frameSize = pageSize + WriteAheadLog.frameHeaderSize
      salts = Self.pair(in: bytes, at: 16)
      headerSum = Sum(
        first: Self.number(in: bytes, at: 24), second: Self.number(in: bytes, at: 28))
      count = (bytes.count - WriteAheadLog.headerSize) / frameSize
      var sum = Sum(first: 0, second: 0)
      add(0..<24, to: &sum)
      guard sum == headerSum else { return nil }
    }

    private static func number(in bytes: UnsafeRawBufferPointer, at offset: Int) -> UInt32 {
      UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }

    private static func pair(in bytes: UnsafeRawBufferPointer, at offset: Int) -> UInt64 {
      UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    private func start(of frame: Int) -> Int { WriteAheadLog.headerSize + frame * frameSize }

    /// Frames of earlier rounds are left standing behind the end; their salts are others.
    func isOfThisRound(_ frame: Int) -> Bool {
      Self.pair(in: bytes, at: start(of: frame) + 8) == salts
    }

    func storedSum(of frame: Int) -> Sum {
      Sum(
        first: Self.number(in: bytes, at: start(of: frame) + 16),
        second: Self.number(in: bytes, at: start(of: frame) + 20))
    }

    func sum(of frame: Int, after sum: Sum) -> Sum {
      var sum = sum
      let start = start(of: frame)
      add(start..<(start + 8), to: &sum)
      add((start + WriteAheadLog.frameHeaderSize)..<(start + frameSize), to: &sum)
      return sum
    }

    private func add(_ range: Range<Int>, to sum: inout Sum) {
      var offset = range.lowerBound
      while offset < range.upperBound {
        let words = bytes.loadUnaligned(fromByteOffset: offset, as: SIMD2<UInt32>.self)
        let (one, two) =
          isBigEndian
          ? (UInt32(bigEndian: words.x), UInt32(bigEndian: words.y))
          : (UInt32(littleEndian: words.x), UInt32(littleEndian: words.y))
        sum.first = sum.first &+ one &+ sum.second
        sum.second = sum.second &+ two &+ sum.first
        offset += 8
      }
    }

    /// Whether, from the broken `frame` on, a commit ends and something of a later one is whole: then
    /// the broken one was flushed. Each frame carries the sum that the next one starts from, so those
    /// behind the break can still be judged.
    func hasLaterCommit(behind frame: Int) -> Bool {
      var hasEnded = false
      for next in frame..<count - 1 {
        // The frame's size field is not 0 where it ends a commit.
        if Self.number(in: bytes, at: start(of: next) + 4) != 0 { hasEnded = true }
        if hasEnded, isOfThisRound(next + 1),
          sum(of: next + 1, after: storedSum(of: next)) == storedSum(of: next + 1)
        {
          return true
        }
      }
      return false
    }
  }
}
