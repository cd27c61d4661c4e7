// What the errors of store and feed mean to a caller. Only those that a caller can act on.
import EventLog
import Persistence
public import Wire

extension Failure {
  /// What a caller is told of an error of the store or a feed; nil when it is none of his business.
  /// For the items of a stream, which are answered one by one; unary calls are mapped by the host.
  @Sendable
  public static func explaining(_ error: any Error) -> Failure? {
    switch error {
    case DatabaseError.overloaded: .storeOverloaded
    case DatabaseError.full: .storeFull
    case DatabaseError.busy, DatabaseError.conflict, DatabaseError.unavailable: .storeUnavailable
    case let reused as RequestReused: .requestReused(method: reused.method)
    case let error as FeedError:
      Failure(
        code: error.code, reason: error.reason, field: error.field, message: error.sentence)
    default: nil
    }
  }
}
