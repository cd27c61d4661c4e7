// What was signed about a log, in the store and in the folder that was carried away: both must agree,
// bear a known signature, and be true of the log as it is now.
import Foundation
import Persistence

/// A folder of checkpoints as it was found.
struct ExportedCheckpoints {
  let folder: CheckpointFolder
  private(set) var notes: [Int64: String] = [:]
  /// By file name.
  private(set) var keys: [String: VerifierKey?] = [:]
  private(set) var strangers: [String] = []

  init(_ folder: CheckpointFolder) throws {
    self.folder = folder
    for name in try folder.names() {
      if CheckpointFolder.isKeyFile(name) {
        keys[name] = .some(folder.key(in: name))
      } else if let size = Int64(name), "\(size)" == name, size > 0 {
        notes[size] = folder.text(of: name) ?? ""
      } else {
        strangers.append(name)
      }
    }
  }

  /// Looks once more for one that may have come meanwhile.
  mutating func lookAgain(for size: Int64) {
    if notes[size] == nil { notes[size] = folder.text(of: "\(size)") }
  }
}

struct CheckpointCheck {
  private let log: AuditLog
  private var exports: ExportedCheckpoints
  private var stored: [Int64: String] = [:]

  init(log: AuditLog, _ exports: ExportedCheckpoints) {
    self.log = log
    self.exports = exports
  }

  mutating func read(_ snapshot: any StoreSnapshot) throws {
    try snapshot.forEachRow(
      "SELECT size, note FROM audit_checkpoint WHERE partition = $1", [log.partition]
    ) { stored[try $0.get("size")] = try $0.get("note") }
  }

  private var exported: [Int64: String] { exports.notes }
  private var folder: String { exports.folder.path }

  /// Entries in the trees that were signed.
  var sizes: Set<Int64> { Set(stored.keys).union(exported.keys) }

  /// - Parameters:
  ///   - size: entries in the log.
  ///   - roots: of the trees of `sizes`, as far as the log reaches.
  mutating func compare(size: Int64, roots: [Int64: MerkleTree.Hash], _ report: inout AuditReport) {
    var (unsigned, unequal, truncated, untrue) = (Faults(), Faults(), Faults(), Faults())
    var good: Int64 = 0
    let keys = exports.keys.values.compactMap(\.self).filter { $0.name == log.origin }
    for size in stored.keys { exports.lookAgain(for: size) }
    for checkpoint in sizes.sorted() {
      compareCopies(checkpoint, &unequal)
      for note in Set([stored[checkpoint], exported[checkpoint]].compactMap(\.self)) {
        guard let signed = SignedNote(parsing: note), signed.isSigned(by: keys),
          let claim = Checkpoint(parsing: signed.text), claim.origin == log.origin,
          claim.size == checkpoint
        else {
          unsigned.add(
            "\(checkpoint) 条的检查点没有有效签名，或属于别的日志",
            "the checkpoint of \(checkpoint) entries is not signed by a known key, or is another log's"
          )
          continue
        }
        guard let root = roots[checkpoint] else {
          truncated.add(
            "日志被截断：已签署 \(checkpoint) 条，现仅有 \(size) 条，从第 \(size) 条起缺失",
            "the log was truncated: \(checkpoint) entries were signed and \(size) are there; "
              + "entry \(size) is the first that is missing")
          continue
        }
        guard claim.root != root else {
          if unequalRoots(checkpoint) == false { good = checkpoint }
          continue
        }
        untrue.add(
          "日志分叉或被改写：与 \(checkpoint) 条的检查点不符，首个不符者在第 \(good)–\(checkpoint - 1) 条之中",
          "the log was forked or rewritten: it is not what the checkpoint of \(checkpoint) entries says; "
            + "the first wrong one is among entries \(good) to \(checkpoint - 1)")
      }
    }
    for faults in [truncated, untrue, unsigned, unequal, strangers()] { faults.tell(&report) }
    report.checkpoints = sizes.count
    if let newest = sizes.max(), newest < size {
      report.note(
        "最新检查点之后还有 \(size - newest) 条", "\(size - newest) entries came after the newest checkpoint")
    } else if sizes.isEmpty, size > 0 {
      report.note("尚无检查点", "no checkpoint has been made so far")
    }
  }

  private func strangers() -> Faults {
    var faults = Faults()
    for name in exports.strangers {
      faults.add("\(folder)/\(name) 不是检查点", "\(folder)/\(name) is no checkpoint")
    }
    for (name, key) in exports.keys.sorted(by: { $0.key < $1.key }) where key?.name != log.origin {
      faults.add("\(folder)/\(name) 不是本日志的公钥", "\(folder)/\(name) is no key of this log")
    }
    return faults
  }

  private func unequalRoots(_ size: Int64) -> Bool {
    stored[size] != nil && exported[size] != nil && stored[size] != exported[size]
  }

  private func compareCopies(_ size: Int64, _ faults: inout Faults) {
    switch (stored[size], exported[size]) {
    case (nil, _):
      faults.add(
        "\(size) 条的检查点已导出，存储中却没有",
        "the checkpoint of \(size) entries was exported and is not in the store")
    case (_, nil):
      faults.add(
        "\(size) 条的检查点不在 \(folder)",
        "the checkpoint of \(size) entries is not in \(folder)")
    case (let one?, let other?) where one != other:
      faults.add(
        "\(size) 条有两个不同的检查点", "there are two different checkpoints of \(size) entries")
    default: break
    }
  }
}
