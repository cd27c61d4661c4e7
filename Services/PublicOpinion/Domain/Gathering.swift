// Texts come in and gather into topics.

public import Foundation
public import Identifiers

/// A text as it was handed in, with nothing left of who wrote it.
public struct SubmittedText: Sendable, Hashable {
  public let source: OpinionSource
  public let text: String
  public let publishTime: Date
  public let attributes: [String: String]

  /// The only way to make one: names addressed in the text are replaced here.
  ///
  /// - Parameter attributes: what `ItemAttributes.sort` kept.
  public init(
    source: OpinionSource, text: String, publishTime: Date, attributes: [String: String]
  ) {
    self.source = source
    self.text = AccountRemoval.removingAccounts(
      from: NameRemoval.removingNames(from: text))
    self.publishTime = publishTime
    self.attributes = attributes
  }
}

/// What became of a text.
public struct GatheredItem: Sendable, Hashable, Codable {
  public var item: OpinionItemID
  public var topic: Topic
  /// To the topic's first text; 1 when it is that text.
  public var similarity: Double

  public init(item: OpinionItemID, topic: Topic, similarity: Double) {
    self.item = item
    self.topic = topic
    self.similarity = similarity
  }
}

public struct Gathering: Sendable {
  /// Most topics that are compared with a text.
  static let candidateLimit = 50
  /// Topics are searched for this much longer than they take texts, for texts that come late.
  static let restFactor = 2.0

  public init() {}

  /// The text joins the most similar topic that was fed within the window around its publication;
  /// of equals the oldest, then the one whose id has the smaller stable part. Otherwise it begins
  /// a topic of its own.
  public func submit(_ submitted: SubmittedText, in writer: any OpinionWriter) throws
    -> GatheredItem
  {
    let rule = try writer.rule()
    let sketch = TextSketch(of: submitted.text)
    let time = submitted.publishTime
    let window =
      time.addingTimeInterval(-rule.windowSeconds)...time.addingTimeInterval(rule.windowSeconds)
    let candidates = try writer.candidates(
      for: sketch, in: window, threshold: rule.threshold, limit: Self.candidateLimit)
    let best = Self.best(candidates, for: sketch, threshold: rule.threshold)

    var topic: Topic
    if let found = best?.topic {
      topic = found
      topic.feed(at: time)
      try writer.save(topic)
    } else {
      topic = Topic(id: writer.mint(TopicTag.self), openedBy: submitted.text, at: time)
      try writer.open(topic, sketch: sketch)
      try writer.rest(
        fedBefore: time.addingTimeInterval(-rule.windowSeconds * Self.restFactor))
    }
    let item = OpinionItem(
      id: writer.mint(OpinionItemTag.self), topic: topic.id, source: submitted.source,
      text: submitted.text, publishTime: time, attributes: submitted.attributes)
    try writer.save(item)
    writer.record(
      best == nil ? .topicOpened(topic) : .topicFed(topic, item.id), incident: topic.incident,
      occurTime: time)
    return GatheredItem(item: item.id, topic: topic, similarity: best?.similarity ?? 1)
  }

  static func best(
    _ candidates: [TopicCandidate], for sketch: TextSketch, threshold: Double
  ) -> (topic: Topic, similarity: Double)? {
    candidates
      .map { (topic: $0.topic, similarity: sketch.similarity(to: $0.sketch)) }
      .filter { $0.similarity >= threshold }
      .min { left, right in
        if left.similarity != right.similarity { return left.similarity > right.similarity }
        return (left.topic.firstTime, left.topic.id.stablePart)
          < (right.topic.firstTime, right.topic.id.stablePart)
      }
  }
}
