// Says often enough, in writing, how long the audit log is and what is in it, and puts that where
// others can take it away.
import Audit
import Foundation
import Logging
import Persistence
import ServiceLifecycle

struct CheckpointKeeping: ServiceLifecycle.Service, CustomStringConvertible {
  private static let batch = 256

  let trail: AuditTrail
  let key: AuditKey
  let folder: CheckpointFolder
  let interval: Duration
  let logger: Logger
  let clock: @Sendable () -> Date

  var description: String { "audit checkpoints" }

  func run() async throws {
    // What a crash kept from being exported comes first.
    let first = await keep(after: 0)
    let exported = await cancelWhenGracefulShutdown {
      var exported = first
      while (try? await Task.sleep(for: interval)) != nil {
        exported = await keep(after: exported)
      }
      return exported
    }
    // Nothing is recorded any more: the last word covers all.
    _ = await keep(after: exported)
  }

  /// Signs and exports what is there. A failure is told, and is made up for the next time.
  /// - Returns: the size up to which all checkpoints are exported.
  private func keep(after exported: Int64) async -> Int64 {
    var exported = exported
    do {
      let (log, database) = (trail.log, trail.database)
      try await trail.recordCounted(now: clock())
      let state = try await database.read { try log.covered(in: $0) }
      if state.covered < state.size {
        try await database.write { try log.makeCheckpoint(key, in: $0) }
      }
      let present = exported == 0 ? try folder.sizes() : []
      while true {
        let after = exported
        let page = try await database.read {
          try log.checkpoints(above: after, limit: Self.batch, in: $0)
        }
        for checkpoint in page {
          if !present.contains(checkpoint.size) {
            try folder.export(size: checkpoint.size, checkpoint.note)
          }
          exported = checkpoint.size
        }
        if page.count < Self.batch { return exported }
      }
    } catch {
      logger.error("the audit log's checkpoint is not kept, it is tried again", error: error)
      return exported
    }
  }
}
