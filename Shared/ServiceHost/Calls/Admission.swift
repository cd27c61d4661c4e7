// How much is taken on at once. Beyond it callers are told at once, while they can still do
// something about it; what moves help towards people gets a reserve of its own.
import GRPCCore
import Synchronization

/// Counts unary calls in progress, those included whose callers have stopped waiting.
final class Admission: Sendable {
  private let limit: Int
  private let reserved: Set<String>
  private let inProgress = Mutex(0)

  /// Services that may go on up to twice the limit.
  static let dispatching: Set<String> = [
    "quintet.command.v1.DirectiveService", "quintet.command.v1.DispatchService",
  ]

  init(limit: Int, reserved: Set<String> = Admission.dispatching) {
    self.limit = limit
    self.reserved = reserved
  }

  /// - Returns: false when the call must be refused; otherwise `leave` must follow.
  func enter(_ descriptor: MethodDescriptor) -> Bool {
    let limit = isReserved(descriptor) ? 2 * limit : limit
    return inProgress.withLock { count in
      guard count < limit else { return false }
      count += 1
      return true
    }
  }

  /// Whether the call helps to dispatch.
  func isReserved(_ descriptor: MethodDescriptor) -> Bool {
    reserved.contains(descriptor.service.fullyQualifiedService)
  }

  func leave() {
    inProgress.withLock { $0 -= 1 }
  }
}
