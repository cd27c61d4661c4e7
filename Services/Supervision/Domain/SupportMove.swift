// 支撑请求: which facts of it start and end which deadlines.
public import Identifiers

/// One seat's part of a support request was offered, taken or ended.
public struct SupportMove: Sendable, Hashable {
  public enum State: Sendable, Hashable, CaseIterable {
    case offered, taken, answered, givenBack, released
  }

  /// A seat, and where its part stands.
  public struct Part: Sendable, Hashable {
    public var seatCode: String
    public var state: State

    public init(seatCode: String, state: State) {
      self.seatCode = seatCode
      self.state = state
    }
  }

  public var request: SupportRequestID
  public var incident: IncidentID
  public var parts: [Part]

  public init(request: SupportRequestID, incident: IncidentID, parts: [Part]) {
    self.request = request
    self.incident = incident
    self.parts = parts
  }
}

extension DeadlineBook {
  /// 接办、答复: each seat has clocks of its own, one part at a time.
  mutating func apply(_ move: SupportMove) throws {
    let scope = move.incident.description
    try enter(scope)
    for part in move.parts {
      let matter = Deadline.Matter(
        subject: move.request.description, responsible: "seat/\(part.seatCode)",
        incidentID: move.incident, scope: scope)
      let mine = { (kind: DeadlineKind) in
        { (deadline: Deadline) in
          deadline.subject == matter.subject && deadline.responsible == matter.responsible
            && deadline.kind == kind
        }
      }
      switch part.state {
      case .offered: try start("support.take", matter)
      case .taken:
        try stop(where: mine(.sign))
        try start("support.answer", matter)
      case .answered:
        try stop(where: mine(.sign))
        try stop(where: mine(.directiveFeedback))
      case .givenBack, .released:
        try cancel(where: mine(.sign))
        try cancel(where: mine(.directiveFeedback))
      }
    }
  }
}
