// How many connections a listener holds. Whoever connects and says nothing costs a descriptor and
// some memory; those are bounded here, and the silent give way to those who speak.
public import Logging
public import NIOCore
import Synchronization

/// The door of one listener.
///
/// A connection is *new* until it has made its first sense: the beginning of HTTP/2, or the head of a
/// request, behind a handshake where there is TLS. New ones are few, have little time, and the oldest
/// gives way to the next. Where all are taken, whoever has been silent longest gives way. So a crowd of
/// silent ones does not keep others out.
public final class ConnectionGate: Sendable {
  /// What a listener takes on.
  public struct Limits: Sendable {
    /// Connections open at once.
    public var connections = 1024
    /// New connections at once, among them.
    public var newConnections = 256
    /// Time to the first sense.
    public var firstSense: TimeAmount = .seconds(10)

    public init() {}
  }

  private struct State {
    /// By the order in which they came.
    var seats: [UInt64: Seat] = [:]
    /// Those that are new.
    var new: Set<UInt64> = []
    var next: UInt64 = 0
    var isCrowded = false

    /// Linear: only a crowd asks, and there are at most as many as the limit.
    func givingWay(_ limits: Limits) -> Seat? {
      if new.count > limits.newConnections { return new.min().flatMap { seats[$0] } }
      guard seats.count > limits.connections else { return nil }
      return seats.values.min { $0.lastHeard < $1.lastHeard }
    }
  }

  private let limits: Limits
  private let logger: Logger
  private let state = Mutex(State())

  public init(limits: Limits, logger: Logger) {
    self.limits = limits
    self.logger = logger
  }

  /// Counts a connection until it closes. Another may be closed at once to make room for it.
  public func admit(_ channel: any Channel) -> Seat {
    let (seat, leaving) = state.withLock { state -> (Seat, Seat?) in
      let seat = Seat(number: state.next, channel: channel, gate: self)
      state.next += 1
      state.seats[seat.number] = seat
      state.new.insert(seat.number)
      guard let leaving = state.givingWay(limits) else { return (seat, nil) }
      // At once, so that the next to come finds another.
      state.seats[leaving.number] = nil
      state.new.remove(leaving.number)
      return (seat, leaving)
    }
    if let leaving {
      tellCrowded()
      leaving.channel.close(promise: nil)
    }
    let deadline = channel.eventLoop.scheduleTask(in: limits.firstSense) {
      if self.noLongerNew(seat.number) { channel.close(promise: nil) }
    }
    channel.closeFuture.whenComplete { _ in
      deadline.cancel()
      self.leave(seat.number)
    }
    return seat
  }

  /// Whether it was new.
  @discardableResult
  fileprivate func noLongerNew(_ number: UInt64) -> Bool {
    state.withLock { $0.new.remove(number) != nil }
  }

  private func leave(_ number: UInt64) {
    state.withLock { state in
      state.seats[number] = nil
      state.new.remove(number)
      if state.seats.count < limits.connections / 2 { state.isCrowded = false }
    }
  }

  /// Once for each crowd, not for each of its members.
  private func tellCrowded() {
    let isFirst = state.withLock { state in
      defer { state.isCrowded = true }
      return !state.isCrowded
    }
    if isFirst { logger.warning("more connections came than are held, and silent ones give way") }
  }
}

/// The place of one connection among those of its listener.
public final class Seat: Sendable {
  fileprivate let number: UInt64
  fileprivate let channel: any Channel
  private let gate: ConnectionGate
  private let heard = Atomic(NIODeadline.now().uptimeNanoseconds)

  fileprivate init(number: UInt64, channel: any Channel, gate: ConnectionGate) {
    self.number = number
    self.channel = channel
    self.gate = gate
  }

  fileprivate var lastHeard: UInt64 { heard.load(ordering: .relaxed) }

  fileprivate func hear() {
    heard.store(NIODeadline.now().uptimeNanoseconds, ordering: .relaxed)
  }

  /// The connection is new no more.
  public func madeSense() { gate.noLongerNew(number) }
}

/// Notices that a connection speaks, and, where that is a matter of so many bytes, that it made sense.
/// Stands behind TLS.
public final class Listener: ChannelInboundHandler {
  public typealias InboundIn = ByteBuffer

  private let seat: Seat
  private var missing: Int?

  /// - Parameter firstSense: bytes; nil where somebody else tells.
  public init(_ seat: Seat, firstSense: Int?) {
    self.seat = seat
    self.missing = firstSense
  }

  public func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    seat.hear()
    if let missing {
      let left = missing - unwrapInboundIn(data).readableBytes
      self.missing = left > 0 ? left : nil
      if left <= 0 { seat.madeSense() }
    }
    context.fireChannelRead(data)
  }
}
