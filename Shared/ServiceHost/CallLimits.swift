// What one process takes on at most. Set, not left to defaults.
import GRPCCore
import GRPCNIOTransportHTTP2Posix

/// The limits of a host's listeners.
public struct CallLimits: Sendable {
  /// Unary calls in progress; what dispatches help may go on up to twice as many.
  public var callsInProgress = 512
  /// Bytes of one message, above which a call is refused with RESOURCE_EXHAUSTED.
  public var messageBytes = 1 << 20
  /// Calls at once on one connection; more wait at the client.
  public var callsPerConnection = 256

  /// Unary calls of one person. What dispatches has an allowance of its own, four times as large.
  public var personRate = CallRate(perSecond: 50, burst: 200)
  /// Unary calls of one partner.
  public var partnerRate = CallRate(perSecond: 200, burst: 1_000)
  /// Persons and partners whose allowance is remembered at a time.
  public var rememberedCallers = 10_000

  public init() {}

  /// Bytes of one message at which the connection gives up reading: the caller sees UNAVAILABLE.
  /// Far above `messageBytes`, so that an honest mistake gets a readable answer.
  static let transportMessageBytes = 4 << 20

  var transport: HTTP2ServerTransport.Posix.Config {
    .defaults { config in
      config.http2.maxConcurrentStreams = callsPerConnection
      config.http2.targetWindowSize = 1 << 18
      config.rpc.maxRequestPayloadSize = Self.transportMessageBytes
      // A caller that vanished without a word is found out within 40 seconds. The age of a
      // connection is not limited: feeds live on theirs for as long as both sides run.
      config.connection.keepalive = .init(
        time: .seconds(30), timeout: .seconds(10),
        clientBehavior: .init(minPingIntervalWithoutCalls: .seconds(5), allowWithoutCalls: true))
    }
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
