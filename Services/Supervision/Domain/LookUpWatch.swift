// Counts look-ups against the rules, and has findings opened, counted further and answered.
import Foundation
public import Identifiers

public enum LookUpWatch {
  /// Keeps one look-up, and opens or counts further what it makes unusual.
  /// - Throws: what the writer throws.
  public static func apply(_ lookUp: LookUp, in writer: any SupervisionWriter) throws {
    guard try writer.insert(lookUp) else { return }
    for rule in try writer.lookUpRules() where lookUp.concerns.contains(rule.concern) {
      try apply(rule, to: lookUp, in: writer)
    }
  }

  private static func apply(
    _ rule: LookUpRule, to lookUp: LookUp, in writer: any SupervisionWriter
  ) throws {
    if var finding = try writer.openFinding(about: lookUp.actor, rule.concern) {
      let start = min(finding.count.firstTime, lookUp.time)
      let end = max(finding.count.lastTime, lookUp.time)
      guard
        let count = try writer.lookUpCount(
          of: lookUp.actor, rule.concern, from: start, through: end)
      else { return }
      finding.grow(to: count)
      try writer.update(finding)
      writer.record(.findingChanged(finding), incident: nil, occurTime: lookUp.time)
      return
    }
    // What was answered for is not asked about again.
    let answered = try writer.lastAnsweredLookUp(of: lookUp.actor, rule.concern)
    var start = lookUp.time.addingTimeInterval(-TimeInterval(rule.window))
    if let answered { start = max(start, answered.addingTimeInterval(0.000_001)) }
    guard start <= lookUp.time,
      let count = try writer.lookUpCount(
        of: lookUp.actor, rule.concern, from: start, through: lookUp.time),
      count.measure(of: rule.concern) >= rule.threshold
    else { return }
    let finding = LookUpFinding(
      id: writer.mint(LookUpFindingTag.self), actor: lookUp.actor, areas: lookUp.areas,
      rule: rule, count: count)
    try writer.insert(finding)
    writer.record(.findingChanged(finding), incident: nil, occurTime: lookUp.time)
  }

  /// Answers a finding.
  ///
  /// - Parameters:
  ///   - etag: the state it is to be in; nil for any.
  ///   - actor: who answers.
  /// - Throws: `findingUnknown`, `etagMismatch`, `findingAnswered`, `ownLookUps`; what the writer
  ///   throws.
  public static func answer(
    _ id: LookUpFindingID, etag: String?, as state: LookUpFinding.State,
    _ answer: LookUpFinding.Answer, in writer: any SupervisionWriter
  ) throws -> LookUpFinding {
    guard var finding = try writer.finding(id) else { throw SupervisionError.findingUnknown(id) }
    if let etag, etag != finding.etag { throw SupervisionError.etagMismatch }
    try finding.close(as: state, answer)
    try writer.update(finding)
    writer.record(.findingChanged(finding), incident: nil, occurTime: answer.time)
    return finding
  }
}
