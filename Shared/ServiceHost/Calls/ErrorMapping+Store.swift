// What the errors of store and feed mean to a caller. Only those that a caller can act on.
import EventLog
import Persistence
import Wire

extension ErrorMapping {
  func storeFailure(_ error: any Error) -> Failure? {
    switch error {
    case DatabaseError.overloaded: .storeOverloaded
    case DatabaseError.full: .storeFull
    case let reused as RequestReused: .requestReused(method: reused.method)
    case let error as FeedError:
      Failure(
        code: error.code, reason: error.reason, field: error.field, message: error.sentence)
    default: nil
    }
  }
}
