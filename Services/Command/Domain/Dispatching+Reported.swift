// What units report of their assignments by their terminals: a fact, not a wish. It has happened, and
// command follows as far as the assignment's own course allows.
public import Foundation
public import Identifiers

/// A step that a unit reported by its terminal.
public struct ReportedStep: Sendable, Hashable {
  public var assignmentID: AssignmentID
  public var step: AssignmentStep
  public var occurTime: Date

  public init(assignmentID: AssignmentID, step: AssignmentStep, occurTime: Date) {
    self.assignmentID = assignmentID
    self.step = step
    self.occurTime = occurTime
  }
}

extension Dispatching {
  /// Takes a step that was reported, and those left out before it, whose times nobody recorded. One
  /// that comes too late, or for an assignment that is not known, is passed over: the unit has been
  /// told where its assignment stands.
  public func follow(_ reported: ReportedStep, in writer: any CommandWriter, now: Date) throws {
    guard let held = try writer.assignment(reported.assignmentID), held.state.isOpen else { return }
    let order = AssignmentStep.allCases
    guard let next = order.firstIndex(where: { $0.source == held.state }),
      let last = order.firstIndex(of: reported.step), next <= last
    else { return }
    for step in order[next...last] {
      _ = try advance(
        AdvanceAssignment(
          assignmentID: held.id, step: step, occurTime: reported.occurTime,
          timeUnknown: step != reported.step),
        in: writer, now: now)
    }
  }
}
