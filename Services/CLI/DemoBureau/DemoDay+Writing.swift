// Puts the day together: ordinary calls, story lines, shifts; then numbers the calls by time.

extension DemoDay {
  /// The day of a bureau; the same bureau has the same day.
  public init(of bureau: Bureau) {
    var ordinary = OrdinaryCalls(bureau: bureau)
    var stories = StoryLines(bureau: bureau)
    stories.write()
    let drafts = (ordinary.all() + stories.drafts).enumerated().sorted { left, right in
      (left.element.receiveSecond, left.offset) < (right.element.receiveSecond, right.offset)
    }.map(\.element)
    let numbered = drafts.enumerated().map { index, draft in
      (draft: draft, key: "c" + String(10_000 + index + 1).dropFirst())
    }
    let keys = Dictionary(
      numbered.filter { !$0.draft.id.isEmpty }.map { ($0.draft.id, $0.key) },
      uniquingKeysWith: { first, _ in first })
    var generator = SeededGenerator(seed: bureau.seed, part: "day")
    calls = numbered.map { draft, key in
      DemoCall(
        key: key, receiveSecond: draft.receiveSecond,
        ringSeconds: draft.ringSeconds
          ?? (generator.chance(0.07) ? generator.integer(11...20) : generator.integer(2...9)),
        talkSeconds: draft.ending.isShort
          ? generator.integer(4...9) : generator.integer(20...48),
        channel: draft.channel, origin: draft.origin, phone: draft.phone, spot: draft.spot,
        narrative: draft.narrative, source: draft.source,
        ending: draft.ending.renamed { keys[$0] ?? $0 })
    }
    opinion = stories.topics.map { topic in
      var topic = topic
      if let id = topic.tie?.callKey { topic.tie?.callKey = keys[id] ?? id }
      return topic
    }
    startingLater = bureau.units.filter { $0.kind != .boat && $0.kind != .drone }
      .filter { _ in generator.chance(0.12) }
      .map { ($0.callSign, 7 * 3600 + generator.integer(0...5_400)) }
  }
}

extension CallEnding {
  fileprivate var isShort: Bool {
    switch self {
    case .accidental, .abandoned: true
    default: false
    }
  }

  /// With the drafts' ids replaced by the calls' keys.
  fileprivate func renamed(_ name: (String) -> String) -> CallEnding {
    switch self {
    case .attaches(let id): return .attaches(to: name(id))
    case .opens(var plan):
      if case .merge(let id, let reason) = plan.handling {
        plan.handling = .merge(into: name(id), reason: reason)
      }
      return .opens(plan)
    default: return self
    }
  }
}
