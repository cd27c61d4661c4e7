// The names of status codes as gRPC has them in other languages, in its documents and in our logs.
import GRPCCore

/// `RESOURCE_EXHAUSTED` and so on: the names that gRPC uses in other languages and in logs.
func codeName(_ code: RPCError.Code?) -> String {
  switch code {
  case nil: "OK"
  case .cancelled?: "CANCELLED"
  case .invalidArgument?: "INVALID_ARGUMENT"
  case .deadlineExceeded?: "DEADLINE_EXCEEDED"
  case .notFound?: "NOT_FOUND"
  case .alreadyExists?: "ALREADY_EXISTS"
  case .permissionDenied?: "PERMISSION_DENIED"
  case .resourceExhausted?: "RESOURCE_EXHAUSTED"
  case .failedPrecondition?: "FAILED_PRECONDITION"
  case .aborted?: "ABORTED"
  case .outOfRange?: "OUT_OF_RANGE"
  case .unimplemented?: "UNIMPLEMENTED"
  case .internalError?: "INTERNAL"
  case .unavailable?: "UNAVAILABLE"
  case .dataLoss?: "DATA_LOSS"
  case .unauthenticated?: "UNAUTHENTICATED"
  default: "UNKNOWN"
  }
}
