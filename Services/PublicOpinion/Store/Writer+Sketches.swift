// The search for topics that a text may belong to, by the runs of characters they share.

public import Foundation
import Identifiers
import Persistence
public import PublicOpinionDomain

extension OpinionDatabaseWriter {
  /// Most topics that are taken out of the search in one step; the rest follow with later texts.
  static let restLimit = 20

  public func open(_ topic: Topic, sketch: TextSketch) throws {
    try tx.execute(
      """
      INSERT INTO topic (
        partition, topic_id, revision, title, item_count, first_time, last_time, sketch,
        record_time)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
      """,
      [
        partition, topic.id, topic.revision, topic.title, topic.itemCount, topic.firstTime,
        topic.lastTime, SketchBytes.bytes(sketch), recordTime,
      ])
    for hash in sketch.hashes {
      try tx.execute(
        "INSERT INTO topic_shingle (partition, shingle, topic_id) VALUES ($1, $2, $3)",
        [partition, hash, topic.id])
    }
  }

  public func candidates(
    for sketch: TextSketch, in window: ClosedRange<Date>, threshold: Double, limit: Int
  ) throws -> [TopicCandidate] {
    // With a similarity of s two whole sketches share at least s of either. Samples of long texts
    // may share fewer: half is asked for, and the exact comparison decides.
    let least = max(1, Int((threshold * Double(sketch.hashes.count) / 2).rounded(.down)))
    let shingles = Self.padded(sketch.hashes)
    let places = shingles.indices.map { "$\($0 + 6)" }.joined(separator: ", ")
    return try tx.query(
      """
      SELECT \(DatabaseReader.columns), t.sketch FROM (
        SELECT topic_id, count(*) AS common FROM topic_shingle
        WHERE partition = $1 AND shingle IN (\(places))
        GROUP BY topic_id HAVING count(*) >= $2
      ) s JOIN topic t ON t.partition = $1 AND t.topic_id = s.topic_id
      WHERE t.last_time >= $3 AND t.first_time <= $4
      ORDER BY s.common DESC, t.first_time, substr(t.topic_id, -16) LIMIT $5
      """,
      [partition, least, window.lowerBound, window.upperBound, limit] + shingles
    ).map { row in
      TopicCandidate(
        topic: try DatabaseReader.topic(row), sketch: try SketchBytes.sketch(row.get("sketch")))
    }
  }

  public func rest(fedBefore time: Date) throws {
    let resting = try tx.query(
      """
      SELECT topic_id FROM topic WHERE partition = $1 AND is_resting = 0 AND last_time < $2
      ORDER BY last_time LIMIT $3
      """, [partition, time, Self.restLimit])
    for row in resting {
      let id = try row.get("topic_id", as: String.self)
      try tx.execute(
        "DELETE FROM topic_shingle WHERE partition = $1 AND topic_id = $2", [partition, id])
      try tx.execute(
        "UPDATE topic SET is_resting = 1 WHERE partition = $1 AND topic_id = $2", [partition, id])
    }
  }

  /// To one of a few lengths, by repeating the last, so that few statements are prepared.
  private static func padded(_ hashes: [UInt64]) -> [UInt64] {
    guard let last = hashes.last else { return [0] }
    var length = 16
    while length < hashes.count { length *= 2 }
    return hashes + Array(repeating: last, count: length - hashes.count)
  }
}

/// Eight little-endian bytes for each hash.
enum SketchBytes {
  static func bytes(_ sketch: TextSketch) -> [UInt8] {
    sketch.hashes.flatMap { hash in
      (0..<8).map { UInt8(truncatingIfNeeded: hash >> (8 * UInt64($0))) }
    }
  }

  static func sketch(_ bytes: [UInt8]) throws -> TextSketch {
    guard bytes.count.isMultiple(of: 8) else {
      throw DatabaseError.unexpectedValue("a sketch is not made of whole hashes")
    }
    return TextSketch(
      hashes: stride(from: 0, to: bytes.count, by: 8).map { start in
        bytes[start..<start + 8].reversed().reduce(0) { $0 << 8 | UInt64($1) }
      })
  }
}
