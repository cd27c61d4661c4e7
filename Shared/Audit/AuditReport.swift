// What a look at an audit log found, in sentences for the person who asked: Chinese first.

/// The outcome of `AuditCheck`.
public struct AuditReport: Sendable {
  /// Sentences, each naming the first place of its kind; empty for a sound log.
  public private(set) var findings: [String] = []
  /// What is no fault, and should be known.
  public private(set) var notes: [String] = []
  public internal(set) var entries: Int64 = 0
  /// Entries whose content is gone by retention.
  public internal(set) var withoutContent: Int64 = 0
  public internal(set) var checkpoints = 0

  let log: String

  init(log: String) { self.log = log }

  mutating func find(_ chinese: String, _ english: String) {
    findings.append("\(log)：\(chinese) / \(english)")
  }

  mutating func note(_ chinese: String, _ english: String) {
    notes.append("\(log)：\(chinese) / \(english)")
  }
}

/// Faults of one kind: the first is told, the others are counted.
struct Faults {
  private var first: (chinese: String, english: String)?
  private var count = 0

  mutating func add(_ chinese: @autoclosure () -> String, _ english: @autoclosure () -> String) {
    count += 1
    if first == nil { first = (chinese(), english()) }
  }

  func tell(_ report: inout AuditReport) {
    guard let first else { return }
    let rest = count - 1
    report.find(
      first.chinese + (rest > 0 ? "（另有 \(rest) 处）" : ""),
      first.english + (rest > 0 ? " (and \(rest) more)" : ""))
  }
}
