// What walks met with, in figures: a walk that met with nothing proves nothing.

/// What a walk met with, to know that it met with everything.
struct Tally: CustomStringConvertible {
  /// Requests sent, first or again, deliveries, and power cuts between them.
  var steps = 0
  var requests = 0
  var done = 0
  var repeats = 0
  var deaths = 0
  var powerCuts = 0
  var events = 0
  var deliveries = 0
  var refusals: [String: Int] = [:]

  mutating func add(_ other: Tally) {
    steps += other.steps
    requests += other.requests
    done += other.done
    repeats += other.repeats
    deaths += other.deaths
    powerCuts += other.powerCuts
    events += other.events
    deliveries += other.deliveries
    refusals.merge(other.refusals, uniquingKeysWith: +)
  }

  var description: String {
    "步 steps \(steps) 请求 requests \(requests) 完成 done \(done) "
      + "拒绝 refused \(refusals.values.reduce(0, +)) 重复 repeated \(repeats) "
      + "中断 deaths \(deaths) 断电 power cuts \(powerCuts) 事件 events \(events) "
      + "递送 deliveries \(deliveries)"
  }
}
