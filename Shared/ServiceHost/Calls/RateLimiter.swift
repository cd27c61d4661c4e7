// How often one caller may call: a bucket of tokens each, refilled at a steady rate, so that one
// partner's runaway loop is nobody else's trouble.
import Access
import Synchronization

/// Allowances of persons and partners. Services are not limited.
final class RateLimiter: Sendable {
  private struct Key: Hashable {
    let actor: String
    let isDispatching: Bool
  }

  private struct Bucket {
    var tokens: Double
    var filled: ContinuousClock.Instant
    let rate: CallRate

    mutating func fill(until now: ContinuousClock.Instant) {
      let passed = filled.duration(to: now) / .seconds(1)
      tokens = min(rate.burst, tokens + passed * rate.perSecond)
      filled = now
    }
  }

  private let limits: CallLimits
  private let buckets = Mutex<[Key: Bucket]>([:])

  init(limits: CallLimits) {
    self.limits = limits
  }

  /// - Parameter isDispatching: whether the call helps to dispatch: those have a bucket of their own.
  /// - Returns: nil when the call may go on; otherwise after how long the next one may.
  func take(
    _ principal: Principal, isDispatching: Bool, at now: ContinuousClock.Instant = .now
  ) -> Duration? {
    guard let rate = rate(of: principal, isDispatching: isDispatching) else { return nil }
    let key = Key(actor: principal.actor, isDispatching: isDispatching)
    return buckets.withLock { buckets in
      if buckets[key] == nil, buckets.count >= limits.rememberedCallers {
        makeRoom(in: &buckets, at: now)
      }
      var bucket = buckets[key] ?? Bucket(tokens: rate.burst, filled: now, rate: rate)
      // A new token may allow another rate.
      if bucket.rate != rate {
        bucket = Bucket(tokens: min(bucket.tokens, rate.burst), filled: bucket.filled, rate: rate)
      }
      bucket.fill(until: now)
      defer { buckets[key] = bucket }
      guard bucket.tokens >= 1 else {
        return .seconds((1 - bucket.tokens) / rate.perSecond)
      }
      bucket.tokens -= 1
      return nil
    }
  }

  private func rate(of principal: Principal, isDispatching: Bool) -> CallRate? {
    let common: CallRate
    switch principal.kind {
    case .service: return nil
    case .person, .terminal: common = limits.personRate
    case .partner: common = limits.partnerRate
    }
    let rate =
      principal.callRate.map { CallRate(perSecond: $0, burst: max(1, $0 * 4)) } ?? common
    guard isDispatching else { return rate }
    return CallRate(perSecond: rate.perSecond * 4, burst: rate.burst * 4)
  }

  /// A full bucket is as good as none. Where none is full, whoever comes new takes the place of
  /// whoever has the most left and so loses least by starting again.
  private func makeRoom(in buckets: inout [Key: Bucket], at now: ContinuousClock.Instant) {
    for key in buckets.keys { buckets[key]?.fill(until: now) }
    buckets = buckets.filter { $0.value.tokens < $0.value.rate.burst }
    while buckets.count >= limits.rememberedCallers,
      let fullest = buckets.max(by: { $0.value.tokens < $1.value.tokens })
    {
      buckets[fullest.key] = nil
    }
  }
}
