// How far a store's own log goes and how far it has read its neighbours', in one value: what must
// agree when several stores are copied as of one moment.
public import Persistence

/// Positions in the feeds, by partition.
public struct FeedPositions: Sendable, Codable, Hashable {
  /// Partition → sequence of the newest event of the own log.
  public var heads: [String: Int64]
  /// Partition → neighbour → sequence up to which its events are applied.
  public var cursors: [String: [String: Int64]]

  public init(heads: [String: Int64], cursors: [String: [String: Int64]]) {
    self.heads = heads
    self.cursors = cursors
  }

  /// Reads them from a store.
  /// - Throws: `DatabaseError`.
  public init(in tx: any Transaction) throws {
    self.init(heads: [:], cursors: [:])
    for row in try tx.query("SELECT partition, n FROM event_head") {
      heads[try row.get("partition")] = try row.get("n")
    }
    for row in try tx.query("SELECT partition, source, cursor FROM subscription") {
      cursors[try row.get("partition"), default: [:]][try row.get("source")] = try row.get("cursor")
    }
  }

  /// Where the stores of these positions contradict each other: a reader that has read more than
  /// its neighbour has recorded. Empty when they agree.
  public static func contradictions(among stores: [String: FeedPositions]) -> [String] {
    stores.sorted { $0.key < $1.key }.flatMap { reader, positions in
      positions.cursors.sorted { $0.key < $1.key }.flatMap { partition, cursors in
        cursors.sorted { $0.key < $1.key }.compactMap { source, cursor in
          let head = stores[source]?.heads[partition] ?? 0
          guard cursor > head else { return nil }
          return "\(reader) has read \(source) up to \(cursor), which goes up to \(head)"
        }
      }
    }
  }
}
