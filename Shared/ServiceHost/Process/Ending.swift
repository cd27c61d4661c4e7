// How a process ends: asked to, or because a part of it failed. The parts are watched so that one
// can be told from the other, and time is kept so that being asked is always enough.
import Foundation
import Logging
import ServiceLifecycle
import Synchronization

final class Ending: Sendable {
  let drain = Drain()
  private let logger: Logger
  private let exit: @Sendable (Int32) -> Void
  private let firstFailure = Mutex<(any Error)?>(nil)
  private let isFinished = Atomic(false)

  /// - Parameter exit: how the process is ended when its time is up.
  init(logger: Logger, exit: @escaping @Sendable (Int32) -> Void) {
    self.logger = logger
    self.exit = exit
  }

  /// What ended the process before it was asked to end.
  var failure: (any Error)? { firstFailure.withLock { $0 } }

  /// The drain has begun: from now on the process has `ServiceHost.lastMoment` left.
  func begin() {
    drain.begin()
    // On a thread of its own queue: what is stuck may have taken all of Swift's.
    let patience = Int(ServiceHost.lastMoment / .milliseconds(1))
    DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(patience)) { [self] in
      guard !isFinished.load(ordering: .acquiring) else { return }
      logger.warning("stopped before everything had ended")
      exit(failure == nil ? 0 : 1)
    }
  }

  func finished() {
    isFinished.store(true, ordering: .releasing)
  }

  func watching(_ service: any ServiceLifecycle.Service) -> Watched {
    Watched(service: service, ending: self)
  }

  /// A part of the host. Ending before the shutdown is a failure, with an error or without.
  struct Watched: ServiceLifecycle.Service, CustomStringConvertible {
    let service: any ServiceLifecycle.Service
    let ending: Ending

    var description: String { "\(service)" }

    func run() async throws {
      do {
        try await service.run()
        guard ending.drain.hasBegun || Task.isCancelled || Task.isShuttingDownGracefully else {
          throw HostError.endedByItself("\(type(of: service))")
        }
      } catch {
        if !(ending.drain.hasBegun || Task.isCancelled || Task.isShuttingDownGracefully) {
          ending.firstFailure.withLock { $0 = $0 ?? error }
        }
        throw error
      }
    }
  }
}
