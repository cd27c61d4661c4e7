// 志愿者、保安: people who help and are not of the bureau. They are told what they are asked to do, and
// nothing of what others found out: feedback and photographs of others name people.
import Access
import QuintetAPI

enum NarrowView {
  /// Whose seat it is that sees no more than its own part; nil for everybody else.
  static var seat: String? {
    let context = CallContext.current
    let reach = context.reach
    guard context.principal.roles.contains(.volunteer),
      !context.principal.roles.contains(.officer), !reach.isEverywhere, reach.areas.isEmpty
    else { return nil }
    return reach.seat ?? ""
  }
}

extension Quintet_Command_V1_Directive {
  /// As far as the caller of this moment may know it.
  var narrowed: Quintet_Command_V1_Directive {
    guard let seat = NarrowView.seat else { return self }
    var own = self
    own.recipients = recipients.filter { $0.recipient.id == seat }
    own.selections = []
    // A dispatch has the incident's title, which begins with the caller's own words.
    if directiveClass == .dispatch { own.title = "出动 Dispatch" }
    own.overdueCount = Int32(own.recipients.count { $0.signOverdue || $0.feedbackOverdue })
    return own
  }
}
