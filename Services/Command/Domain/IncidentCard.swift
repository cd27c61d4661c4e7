// 一屏上的警情: what a screen for many eyes shows of an incident. Whoever stands in the hall reads it, so
// nothing on it leads to who called.

/// An incident in short.
public struct IncidentCard: Sendable, Hashable {
  public static let summaryLimit = 60

  public let incident: Incident
  /// Nil until assessed.
  public let advice: IncidentAdvice?
  /// Units on it now, first one first.
  public let openAssignments: [Assignment]
  /// Where the most advanced of them stands; nil when there is none.
  public let progress: AssignmentState?
  /// Dispatches aside.
  public let unansweredDirectiveCount: Int

  public init(_ view: IncidentView, unansweredDirectiveCount: Int) {
    incident = view.incident
    advice = view.advice
    openAssignments = view.assignments.filter(\.state.isOpen)
    let states = Set(openAssignments.map(\.state))
    progress = AssignmentState.allCases.last { states.contains($0) }
    self.unansweredDirectiveCount = unansweredDirectiveCount
  }

  public var summary: String {
    let text = Self.withoutNumbers(incident.title)
    return text.count <= Self.summaryLimit
      ? text : text.prefix(Self.summaryLimit - 1) + "…"
  }

  /// Numbers of seven digits and more, however they are grouped, are those of telephones, documents and
  /// accounts; those of houses and plates are shorter.
  public static func withoutNumbers(_ text: String) -> String {
    var shown = ""
    var run = ""
    var digits = 0
    func flushed() -> String {
      guard digits >= 7 else { return run }
      let end = run.reversed().prefix { !$0.isNumberDigit }
      return "***" + String(end.reversed())
    }
    for character in text {
      if character.isNumberDigit {
        run.append(character)
        digits += 1
      } else if digits > 0, " -－—·".contains(character) {
        run.append(character)
      } else {
        shown += flushed()
        shown.append(character)
        run = ""
        digits = 0
      }
    }
    return shown + flushed()
  }
}

extension Character {
  /// Of either width.
  fileprivate var isNumberDigit: Bool {
    ("0"..."9").contains(self) || ("０"..."９").contains(self)
  }
}
