// All terminals that are on the line, and what they are told of their units' assignments.
public import DutyDomain
public import Foundation
import Identifiers
public import Logging
import QuintetAPI
public import ServiceLifecycle
import SwiftProtobuf
import Synchronization

/// Where the terminal port's connections end. Run it, so that orders go out.
public final class TerminalDesk: ServiceLifecycle.Service, CustomStringConvertible {
  /// Seconds without a word after which a connection is given up.
  public static let silenceLimit = 90

  /// Orders go out at this pace at most, so that a thousand changes at once are looked up together.
  private static let pace: Duration = .milliseconds(100)

  private struct State {
    var lines: [String: TerminalLine] = [:]
    /// Those that have not been told yet what their unit is on.
    var fresh: [TerminalLine] = []
  }

  let store: any TerminalStore
  let logger: Logger
  let clock: @Sendable () -> Date
  private let authenticate: @Sendable (String) throws -> String
  private let state = Mutex(State())
  /// A signal, not a queue.
  private let wake = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))

  /// - Parameter authenticate: from the text of a token to the code of the terminal that it was
  ///   issued to; throws what refuses it.
  public init(
    store: any TerminalStore, logger: Logger, clock: @escaping @Sendable () -> Date,
    authenticate: @escaping @Sendable (String) throws -> String
  ) {
    self.store = store
    self.logger = logger
    self.clock = clock
    self.authenticate = authenticate
  }

  public var description: String { "terminals" }

  /// A connection was made.
  /// - Parameters:
  ///   - send: puts bytes on the way without waiting; a terminal that does not read is cut off.
  ///   - cut: closes the connection.
  public func open(
    origin: String, send: @escaping @Sendable ([UInt8]) -> Void, cut: @escaping @Sendable () -> Void
  ) -> TerminalLine {
    TerminalLine(desk: self, origin: origin, send: send, cut: cut)
  }

  /// Tells terminals of the assignments of their units, until shutdown.
  public func run() async throws {
    await cancelWhenGracefulShutdown { [self] in
      await withTaskGroup(of: Void.self) { group in
        group.addTask {
          for await _ in self.store.commits() { self.wake.continuation.yield() }
        }
        group.addTask { await self.tellOrders() }
        await group.waitForAll()
      }
    }
  }

  func code(ofToken token: String) throws -> String { try authenticate(token) }

  func enter(_ line: TerminalLine, _ link: TerminalLink) {
    let before = state.withLock { state in
      state.fresh.append(line)
      return state.lines.updateValue(line, forKey: link.terminal.code)
    }
    before?.cut()
    wake.continuation.yield()
  }

  func leave(_ line: TerminalLine) {
    guard let code = line.link?.terminal.code else { return }
    state.withLock { state in
      state.fresh.removeAll { $0 === line }
      if state.lines[code] === line { state.lines[code] = nil }
    }
  }

  // MARK: - Orders

  private func tellOrders() async {
    var change: Int64?
    for await _ in wake.stream {
      do {
        // Before the fresh ones are read: what moves in between is told twice rather than not.
        let (moved, head) = try await moved(after: change)
        try await greetFresh()
        tell(moved)
        change = head
      } catch is CancellationError {
        return
      } catch {
        logger.error("orders to terminals are not told, it is tried again", error: error)
        wake.continuation.yield()
      }
      guard (try? await Task.sleep(for: Self.pace)) != nil else { return }
    }
  }

  private func moved(after change: Int64?) async throws -> ([Commitment], Int64) {
    // Before the first look nobody has been told anything: each hears all of its own on coming.
    guard let change else { return ([], try await store.commitments(after: .max).change) }
    let (moved, head) = try await store.commitments(after: change)
    return (moved, head)
  }

  private func greetFresh() async throws {
    let fresh = state.withLock { $0.fresh }
    let units = Set(fresh.compactMap { $0.link?.terminal.unitID }).sorted()
    if !units.isEmpty {
      let open = Dictionary(
        grouping: try await store.openCommitments(of: units), by: \.unitID)
      for line in fresh {
        guard let unit = line.link?.terminal.unitID else { continue }
        for commitment in open[unit] ?? [] { Self.tell(commitment, to: line) }
      }
    }
    state.withLock { state in state.fresh.removeAll { line in fresh.contains { $0 === line } } }
  }

  private func tell(_ moved: [Commitment]) {
    guard !moved.isEmpty else { return }
    let byUnit = Dictionary(grouping: moved, by: \.unitID)
    for line in state.withLock({ Array($0.lines.values) }) {
      guard let unit = line.link?.terminal.unitID else { continue }
      for commitment in byUnit[unit] ?? [] { Self.tell(commitment, to: line) }
    }
  }

  private static func tell(_ commitment: Commitment, to line: TerminalLine) {
    line.send(.with { $0.order = Quintet_Terminal_V1_Order(commitment) })
  }
}
