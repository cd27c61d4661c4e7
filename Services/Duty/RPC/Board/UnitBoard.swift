// 一屏: where ten thousand units are, for many maps at once. Each second the roster is asked what changed,
// once for all who may see the same, and what comes of it is sent to each as it is.
import Access
public import DutyDomain
public import Foundation
import Identifiers
public import Logging
import QuintetAPI
public import ServiceLifecycle
import SwiftProtobuf
import Wire

/// Who follows units, and what they have been told.
public actor UnitBoard: ServiceLifecycle.Service {
  typealias Message = Quintet_Duty_V1_WatchUnitsResponse

  /// Those who are told the same at the same time.
  struct Group: Sendable, Hashable {
    let reach: Reach
    /// Ticks from one message to the next.
    let interval: Int
  }

  private struct Told: Sendable {
    /// Version of the roster up to which everything has been told.
    var version: Int
    /// Numbers of units that the group knows.
    var known: Set<Int>
  }

  let store: any DutyStore
  let clock: @Sendable () -> Date
  private let logger: Logger
  private let tick: Duration
  private let heartbeat: Duration
  private var watchers = Watchers<Group, Message>(bufferLimit: 32)
  private var told: [Group: Told] = [:]
  private var ticks = 0
  private var readingFails = false

  /// - Parameters:
  ///   - tick: what the seconds of an interval take.
  ///   - heartbeat: the longest silence.
  public init(
    store: any DutyStore, logger: Logger, clock: @escaping @Sendable () -> Date,
    tick: Duration = .seconds(1), heartbeat: Duration = .seconds(5)
  ) {
    self.store = store
    self.logger = logger
    self.clock = clock
    self.tick = tick
    self.heartbeat = heartbeat
  }

  /// Tells what changes until the task is cancelled or the service shut down.
  public func run() async throws {
    let pulse = BoardPulse()
    let tick = tick
    await withGracefulShutdownHandler {
      await withTaskGroup(of: Void.self) { group in
        group.addTask { await pulse.run(commits: nil, every: tick) }
        for await _ in pulse.beats { await beat() }
        group.cancelAll()
      }
    } onGracefulShutdown: {
      pulse.stop()
    }
    watchers.finish()
  }

  /// Begins to collect messages. They may repeat what is read after this, and leave nothing out.
  func join(_ group: Group) async throws -> Watchers<Group, Message>.Joined {
    let joined = watchers.join(group)
    guard told[group] == nil else { return joined }
    do {
      let now = try await store.consult(within: group.reach) { roster, reader in
        let reached = try roster.boardUnits(changedAfter: 0).filter {
          try reader.reaches($0.view.unit)
        }
        return Told(version: roster.version, known: Set(reached.map(\.number)))
      }
      // Another may have come first meanwhile, and begun further back.
      if told[group] == nil { told[group] = now }
    } catch {
      leave(joined.number)
      throw error
    }
    return joined
  }

  /// - Returns: whether the watcher was let go for being too slow.
  @discardableResult
  func leave(_ number: Int) -> Bool {
    let wasTooSlow = watchers.leave(number)
    let left = Set(watchers.groups)
    told = told.filter { left.contains($0.key) }
    return wasTooSlow
  }

  private func beat() async {
    ticks += 1
    do {
      for group in watchers.groups where ticks.isMultiple(of: group.interval) {
        try await tellChanges(to: group)
      }
      readingFails = false
    } catch {
      // Tried again with the next tick; said once.
      if !readingFails { logger.error("units could not be read for their watchers", error: error) }
      readingFails = true
    }
    let now = BoardTime(clock())
    watchers.tell(.with { $0.asOf = now.seconds }, toSilentFor: heartbeat)
  }

  private func tellChanges(to group: Group) async throws {
    guard let before = told[group] else { return }
    let (changed, version) = try await store.consult(within: group.reach) { roster, reader in
      let changed = try roster.boardUnits(changedAfter: before.version).map {
        (unit: $0, isReached: try reader.reaches($0.view.unit))
      }
      return (changed, roster.version)
    }
    // While the roster was read, the last of the group may have left and another come.
    guard var after = told[group], after.version == before.version else { return }
    var page = UnitPage(asOf: BoardTime(clock()))
    for (unit, isReached) in changed {
      if !isReached {
        if after.known.remove(unit.number) != nil { page.remove(unit.number) }
      } else if after.known.insert(unit.number).inserted || !unit.hasOnlyMoved {
        page.add(unit)
      } else {
        page.move(unit)
      }
    }
    after.version = version
    told[group] = after
    for message in page.messages { watchers.tell(message, to: group) }
  }
}
