// Findings expire by themselves: with every hour that command's feed moves on, and while it is
// silent by this loop.

import Foundation
import IntelligenceStore
import Persistence
import ServiceLifecycle

struct ExpiryLoop: Service {
  let store: IntelligenceDatabaseStore
  let clock: @Sendable () -> Date

  func run() async throws {
    do {
      try await cancelWhenGracefulShutdown {
        while true {
          try await Task.sleep(for: .seconds(3600))
          do {
            try await store.prune(now: clock())
          } catch let error as DatabaseError where error.isTransient {
            // A full disk or a long queue: the next hour will do.
          }
        }
      }
    } catch is CancellationError {
      // The shutdown.
    }
  }
}
