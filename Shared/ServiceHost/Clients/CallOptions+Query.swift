// The deadline of a question put to another service.
import Access
public import GRPCCore

extension CallOptions {
  /// Options with a deadline: `atMost` from now, or what is left to the call in progress if less.
  public static func query(atMost: Duration = .seconds(2)) -> CallOptions {
    var options = CallOptions.defaults
    var timeout = atMost
    if let deadline = CallContext.current.deadline {
      // A deadline that has passed still needs a positive timeout to be sent as one.
      timeout = max(.milliseconds(1), min(atMost, ContinuousClock.now.duration(to: deadline)))
    }
    options.timeout = timeout
    return options
  }
}
