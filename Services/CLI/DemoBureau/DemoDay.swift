// What happens in the demo bureau on one day: calls, what becomes of them, and who answers what.
// Seconds count from midnight, Asia/Shanghai; which midnight is the player's business.
public import Classification
public import Geography

/// A day of about 300 calls, in the order in which they come in.
public struct DemoDay: Sendable {
  public let calls: [DemoCall]
  public let opinion: [DemoTopic]
  /// Units that are off duty at midnight, and when each comes on. Call signs.
  public let startingLater: [(callSign: String, second: Int)]
}

/// By which way a call came.
public enum DemoChannel: String, Sendable, Hashable, CaseIterable {
  case phone, sms, app, pillar, partner
  case walkIn = "walk_in"
}

/// A story that is told in full.
public enum Story: String, Sendable, Hashable, CaseIterable {
  case accident, familyDispute, lostChild, burglars, fire, pillar, weakFeedback, lateSign
  case lateArrival, refusedDiversion, reopened, crowd

  /// Its headline.
  public var title: String {
    switch self {
    case .accident: "一事多警 One crash, three callers"
    case .familyDispute: "一人多警 The same family again"
    case .lostChild: "寻找走失儿童 A lost child"
    case .burglars: "合围盗窃嫌疑人 Burglars on the run"
    case .fire: "市场火情与舆情 A fire people talk about"
    case .pillar: "岛上一键报警 A press on the island's pillar"
    case .weakFeedback: "弱反馈退回 Feedback that says nothing"
    case .lateSign: "逾时签收 A late signature"
    case .lateArrival: "逾时到场 A late arrival"
    case .refusedDiversion: "分流被拒 A diversion refused"
    case .reopened: "重新启动 Opened again, with a reason"
    case .crowd: "聚集处置 A crowd over unpaid wages"
    }
  }
}

/// Where a call says it is.
public struct Spot: Sendable, Hashable {
  public let point: Coordinate
  /// How the caller's device gave the point; phones in apps give GCJ-02.
  public let datum: Datum
  public let address: String
  public let description: String
  public let uncertaintyMetres: Double
}

/// One call.
public struct DemoCall: Sendable, Hashable {
  /// Unique in the day, such as `c0001`.
  public let key: String
  public let receiveSecond: Int
  /// Seconds until it was answered and until the matter was clear.
  public let ringSeconds: Int
  public let talkSeconds: Int
  public let channel: DemoChannel
  public let origin: IncidentOrigin
  /// Empty when the channel has none.
  public let phone: String
  public let spot: Spot
  public let narrative: String
  /// The reporting system; empty for calls.
  public let source: String
  public let ending: CallEnding
}

/// What becomes of a call.
public enum CallEnding: Sendable, Hashable {
  case opens(IncidentPlan)
  /// The key of the call that opened the incident.
  case attaches(to: String)
  case advised(String)
  case diverted(String)
  case hoax(String)
  case accidental
  case abandoned
}

/// How an incident will be handled.
public struct IncidentPlan: Sendable, Hashable {
  public var incidentClass: IncidentClass
  public var level: IncidentLevel
  public var title: String
  public var handling: Handling
  /// Of the first, second … unit sent; at least one where units are sent.
  public var paces: [UnitPace]
  public var review: ReviewPace
  /// Whether class and level are given at once, or by a second look.
  public var isClassedAtOnce: Bool
  public var directives: [DirectivePlan] = []
  public var story: Story?
}

/// The ways an incident can go.
public enum Handling: Sendable, Hashable {
  /// This many units, each with these capabilities.
  case units(count: Int, capabilities: [String])
  /// Handed to an authority, which takes it or refuses it; then units are sent.
  case divert(to: String, isAccepted: Bool)
  /// Watched without a unit; feedback is asked for after these seconds.
  case monitor(reason: String, seconds: Int)
  case cancel(reason: String)
  /// Merged into the incident of the call with this key.
  case merge(into: String, reason: String)
}

/// What one unit needs for each step, in seconds.
public struct UnitPace: Sendable, Hashable {
  public var signSeconds: Int
  /// From signing to moving.
  public var turnoutSeconds: Int
  /// Over its usual travel time.
  public var slowness: Double
  /// Held up on the way, such as by a closed road.
  public var delaySeconds: Int = 0
  public var workSeconds: Int
}

/// From the scene cleared to the incident closed, in seconds.
public struct ReviewPace: Sendable, Hashable {
  public var feedbackSeconds: Int
  public var closeSeconds: Int
  public var disposalCode: String
  public var feedback: String
  /// What was written at first, when it was too little.
  public var weakFeedback: String?
  /// Why it is opened again after it was closed.
  public var reopenReason: String?
}

/// An order to stations, beats and seats.
public struct DirectivePlan: Sendable, Hashable {
  public enum Urgency: String, Sendable, Hashable { case urgent, priority, routine, general }

  public var afterOpeningSeconds: Int
  public var urgency: Urgency
  public var title: String
  public var text: String
  public var recipients: [RecipientPlan]
}

public enum DemoRecipient: Sendable, Hashable {
  /// Index into `Bureau.stations`.
  case station(Int)
  /// Index into `Bureau.beats`.
  case beat(Int)
  /// Code and name.
  case seat(String, name: String)
}

/// What one recipient does, in seconds from the issue.
public struct RecipientPlan: Sendable, Hashable {
  public var recipient: DemoRecipient
  public var signSeconds: Int
  public var feedbackSeconds: Int
  public var feedback: String
  /// Gives its part to someone else at that time, instead of signing.
  public var handOver: HandOver?

  public init(
    recipient: DemoRecipient, signSeconds: Int, feedbackSeconds: Int, feedback: String,
    handOver: HandOver? = nil
  ) {
    self.recipient = recipient
    self.signSeconds = signSeconds
    self.feedbackSeconds = feedbackSeconds
    self.feedback = feedback
    self.handOver = handOver
  }
}

public struct HandOver: Sendable, Hashable {
  public var seconds: Int
  public var to: DemoRecipient
  public var reason: String
}

/// Texts about one matter, and the bureau's answer.
public struct DemoTopic: Sendable, Hashable {
  public struct Item: Sendable, Hashable {
    public var second: Int
    public var source: String
    public var text: String
    /// What the partner's system sent beside it, an author among it.
    public var attributes: [String: String]
  }

  public var items: [Item]
  /// The key of the call whose incident it is about, and when it is tied; nil for idle talk.
  public var tie: Tie?

  public struct Tie: Sendable, Hashable {
    public var callKey: String
    public var second: Int
    public var responseSecond: Int
    public var response: String
  }
}
