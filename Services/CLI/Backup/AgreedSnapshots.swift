// All stores as they were at one and the same moment, without holding anyone up: look, take, look
// again, and keep what was taken only if nobody has committed in between (Docs/decisions/0009).
import EventLog
import Foundation
import Persistence

/// Snapshots of several stores as of one moment.
struct AgreedSnapshots {
  let snapshots: [String: SQLiteSnapshot]
  let positions: [String: FeedPositions]
  /// How often it was looked.
  let tries: Int

  /// - Parameters:
  ///   - stores: service → file.
  ///   - renew: takes one snapshot; a test lets something happen before.
  /// - Throws: `BackupError.noQuietMoment`; `DatabaseError`.
  static func take(
    of stores: [String: String], patience: Duration,
    renew: (SQLiteSnapshot) throws -> Void = { try $0.renew() }
  ) throws -> AgreedSnapshots {
    let snapshots = try stores.mapValues { try SQLiteSnapshot(path: $0) }
    let end = ContinuousClock.now + patience
    var tries = 0
    repeat {
      tries += 1
      let before = try snapshots.mapValues { try $0.commitMark() }
      for snapshot in snapshots.values { try renew(snapshot) }
      if try snapshots.mapValues({ try $0.commitMark() }) == before {
        return AgreedSnapshots(
          snapshots: snapshots,
          positions: try snapshots.mapValues { try $0.read { try FeedPositions(in: $0) } },
          tries: tries)
      }
      // Out of step with writers that have a rhythm of their own.
      usleep(UInt32.random(in: 0...2000))
    } while ContinuousClock.now < end
    throw BackupError.noQuietMoment(seconds: Int(patience.components.seconds))
  }

  func close() throws {
    for snapshot in snapshots.values { try snapshot.close() }
  }
}
