// What one process takes on at most. Set, not left to defaults.
import GRPCCore
import GRPCNIOTransportHTTP2Posix
public import Listening

/// The limits of a host's listeners.
public struct CallLimits: Sendable {
  /// Unary calls in progress; what dispatches help may go on up to twice as many.
  public var callsInProgress = 512
  /// Bytes of one message, above which a call is refused with RESOURCE_EXHAUSTED.
  public var messageBytes = 1 << 20
  /// Calls at once on one connection; more wait at the client.
  public var callsPerConnection = 256
  /// The same on a connection from outside, by TCP.
  public var callsPerTCPConnection = 64
  /// A connection by TCP is asked to end after this long and has `connectionGrace` to do so; then
  /// what still runs on it is cut off. Feeds and watches begin again where they were.
  public var connectionAge: Duration = .seconds(3600)
  public var connectionGrace: Duration = .seconds(300)
  /// A connection by TCP without calls ends after this long.
  public var idleTime: Duration = .seconds(300)
  /// Connections of each listener.
  public var connections = ConnectionGate.Limits()

  /// Unary calls of one person. What dispatches has an allowance of its own, four times as large.
  public var personRate = CallRate(perSecond: 50, burst: 200)
  /// Unary calls of one partner.
  public var partnerRate = CallRate(perSecond: 200, burst: 1_000)
  /// Persons and partners whose allowance is remembered at a time.
  public var rememberedCallers = 10_000

  public init() {}

  /// Bytes of one message at which the call is reset, of which the caller sees UNAVAILABLE or
  /// CANCELLED, as its library has it. Above `messageBytes`, so that an honest mistake gets a readable answer.
  static let transportMessageBytes = 4 << 20

  /// The headers of a call, 16 KiB together, their frames, the pace of resets and that of control
  /// frames are limited by the transport itself, which does not let them be set.
  /// - Parameter isOutside: for a listener on TCP.
  func transport(isOutside: Bool) -> DoorTransport.Config {
    var config = DoorTransport.Config.defaults
    config.http2.maxConcurrentStreams = isOutside ? callsPerTCPConnection : callsPerConnection
    config.http2.targetWindowSize = 1 << 18
    config.rpc.maxRequestPayloadSize = Self.transportMessageBytes
    // A caller that vanished without a word is found out within 40 seconds. Connections on Unix
    // sockets may grow old: the suite's own feeds live on theirs for as long as both sides run.
    config.connection.keepalive = .init(
      time: .seconds(30), timeout: .seconds(10),
      clientBehavior: .init(minPingIntervalWithoutCalls: .seconds(5), allowWithoutCalls: true))
    if isOutside {
      config.connection.maxAge = connectionAge
      config.connection.maxGraceTime = connectionGrace
      config.connection.maxIdleTime = idleTime
    }
    return config
  }
}

/// How often one caller may call.
public struct CallRate: Sendable, Hashable {
  public var perSecond: Double
  /// Calls at once after a pause.
  public var burst: Double

  public init(perSecond: Double, burst: Double) {
    self.perSecond = perSecond
    self.burst = burst
  }
}
