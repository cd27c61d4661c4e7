// What passing time does: to one scope before a fact, to all that is due when a clock comes by, and
// to the exercise clock, which is moved by hand.
public import Foundation
import Identifiers

/// Where the clock of the deadlines stands.
public struct ClockState: Sendable, Hashable {
  /// Set while an exercise is on.
  public var exerciseTime: Date?
  /// The latest time of the machine's clock at which deadlines were fired.
  public var highestSeen: Date?

  public var mode: ClockMode { exerciseTime == nil ? .system : .exercise }

  public init(exerciseTime: Date? = nil, highestSeen: Date? = nil) {
    self.exerciseTime = exerciseTime
    self.highestSeen = highestSeen
  }
}

/// One bounded step of a clock.
public struct Sweep: Sendable, Hashable {
  public var fired: Int
  /// Whether everything due has been fired.
  public var isComplete: Bool
}

public enum Timekeeping {
  /// How many deadlines one transaction fires at most.
  public static let batchLimit = 200

  /// Fires what is due in these deadlines, in order of time, and writes it down.
  /// - Returns: the deadlines as they are then, in an order that no clock has a part in.
  static func fire(
    _ deadlines: [Deadline], upTo time: Date, in writer: any SupervisionWriter
  ) throws -> [Deadline] {
    var deadlines = deadlines.sorted {
      ($0.dueTime.microseconds, $0.ruleCode, $0.id.stablePart)
        < ($1.dueTime.microseconds, $1.ruleCode, $1.id.stablePart)
    }
    var firings: [Firing] = []
    for index in deadlines.indices {
      let fired = deadlines[index].fire(upTo: time)
      if !fired.isEmpty { try writer.update(deadlines[index]) }
      firings += fired
    }
    // Stable: steps of one deadline at one time keep their order.
    for (_, firing) in firings.enumerated().sorted(by: {
      ($0.element.time.microseconds, $0.offset) < ($1.element.time.microseconds, $1.offset)
    }) {
      writer.record(firing)
    }
    return deadlines
  }

  /// Fires up to `batchLimit` deadlines of a clock in order of time. Between two batches nothing is
  /// passed over: a batch goes no further than the next step of the first deadline outside it.
  /// - Returns: how many steps were taken, and the time that has been reached.
  static func fireBatch(
    of mode: ClockMode, upTo time: Date, limit: Int, in writer: any SupervisionWriter
  ) throws -> (sweep: Sweep, reached: Date) {
    let due = try writer.deadlines(of: mode, dueBy: time, limit: limit)
    let isComplete = due.count < limit
    let reached = isComplete ? time : (due.last?.nextTime ?? time)
    let before = due.reduce(0) { sum, deadline in
      var copy = deadline
      return sum + copy.fire(upTo: reached).count
    }
    _ = try fire(due, upTo: reached, in: writer)
    return (Sweep(fired: before, isComplete: isComplete), reached)
  }

  /// The machine's clock comes by. Does nothing during an exercise.
  public static func sweepSystem(
    at time: Date, limit: Int = batchLimit, in writer: any SupervisionWriter
  ) throws -> Sweep {
    var state = try writer.clockState()
    guard state.mode == .system else { return Sweep(fired: 0, isComplete: true) }
    let effective = max(time, state.highestSeen ?? time)
    let (sweep, _) = try fireBatch(of: .system, upTo: effective, limit: limit, in: writer)
    if sweep.fired > 0 {
      state.highestSeen = effective
      try writer.save(state)
    }
    return sweep
  }

  /// Moves the exercise clock towards `time` by one batch. A time before the clock moves nothing.
  /// - Throws: `SupervisionError.noExercise`.
  public static func sweepExercise(
    to time: Date, limit: Int = batchLimit, in writer: any SupervisionWriter
  ) throws -> Sweep {
    var state = try writer.clockState()
    guard let now = state.exerciseTime else { throw SupervisionError.noExercise }
    guard now.isNotAfter(time) else { return Sweep(fired: 0, isComplete: true) }
    let (sweep, reached) = try fireBatch(of: .exercise, upTo: time, limit: limit, in: writer)
    // Late facts may have left steps before the clock; firing them does not set it back.
    let moved = max(now, reached)
    if moved != now {
      state.exerciseTime = moved
      try writer.save(state)
    }
    return sweep
  }

  /// Begins an exercise, or finds one.
  /// - Throws: `SupervisionError.liveDeadlinesRunning`.
  public static func startExercise(
    at time: Date, in writer: any SupervisionWriter
  ) throws -> ClockState {
    var state = try writer.clockState()
    if state.mode == .exercise { return state }
    guard try !writer.hasOpenDeadlines(of: .system) else {
      throw SupervisionError.liveDeadlinesRunning
    }
    state.exerciseTime = time
    try writer.save(state)
    return state
  }

  /// Ends the exercise. What it left open stays silent until a fact ends it or an exercise goes on.
  /// - Throws: `SupervisionError.noExercise`.
  public static func endExercise(in writer: any SupervisionWriter) throws -> ClockState {
    var state = try writer.clockState()
    guard state.mode == .exercise else { throw SupervisionError.noExercise }
    state.exerciseTime = nil
    try writer.save(state)
    return state
  }
}
