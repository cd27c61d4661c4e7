// A port for what does not speak gRPC: connections of plain bytes, with the same doors, limits and
// TLS as all others. What the bytes mean is its owner's affair.
import Foundation
import Listening
import Logging
import NIOCore
import NIOPosix
public import ServiceLifecycle
import Synchronization

/// One connection, as its owner sees it.
public struct ByteConnection: Sendable {
  /// `socket` or an address.
  public let origin: String
  /// Puts bytes on their way, without waiting. Whoever does not take them is cut off.
  public let send: @Sendable ([UInt8]) -> Void
  public let cut: @Sendable () -> Void
}

/// What a connection's owner does with it.
public struct ByteLine: Sendable {
  /// - Returns: false to close the connection.
  let take: @Sendable ([UInt8]) async -> Bool
  let closed: @Sendable () -> Void

  public init(
    take: @escaping @Sendable ([UInt8]) async -> Bool, closed: @escaping @Sendable () -> Void
  ) {
    self.take = take
    self.closed = closed
  }
}

/// What a byte port takes on.
public struct ByteLimits: Sendable {
  /// Connections open at once; beyond, whoever has been silent longest gives way.
  public var connections = 4096
  /// Seconds without a byte after which a connection is closed.
  public var silence = 90
  /// Bytes on their way to a client that does not take them.
  public var unsent = 64 << 10
  /// Bytes read at once.
  public var read = 8 << 10

  public init() {}
}

/// Serves `<run-dir>/<name>.sock`, and TCP where asked for, until shutdown.
public struct BytePort: ServiceLifecycle.Service, CustomStringConvertible {
  private let name: String
  private let socket: ListeningSocket
  private let tcp: (socket: TCPListeningSocket, tls: ServerTLS?)?
  private let limits: ByteLimits
  private let gate: ConnectionGate
  private let logger: Logger
  private let open: @Sendable (ByteConnection) -> ByteLine
  private let live = LiveChannels()

  init(
    name: String, socket: ListeningSocket, tcp: (socket: TCPListeningSocket, tls: ServerTLS?)?,
    limits: ByteLimits, logger: Logger, open: @escaping @Sendable (ByteConnection) -> ByteLine
  ) {
    self.name = name
    self.socket = socket
    self.tcp = tcp
    self.limits = limits
    var gateLimits = ConnectionGate.Limits()
    gateLimits.connections = limits.connections
    // After a break of the line all come at once.
    gateLimits.newConnections = limits.connections
    self.gate = ConnectionGate(limits: gateLimits, logger: logger)
    self.logger = logger
    self.open = open
  }

  public var description: String { name }

  public func run() async throws {
    defer { socket.remove() }
    var listening = [try await listen(socket.descriptor, nil)]
    if let tcp { listening.append(try await listen(tcp.socket.descriptor, tcp.tls)) }
    var metadata: Logger.Metadata = ["socket": .string(socket.path)]
    if let tcp { metadata["listener"] = .string(tcp.socket.address.description) }
    logger.info("port open", metadata: metadata)
    let ports = listening
    try await withGracefulShutdownHandler {
      try await withThrowingTaskGroup(of: Void.self) { group in
        for port in ports { group.addTask { try await accept(port) } }
        try await group.waitForAll()
      }
    } onGracefulShutdown: {
      for port in ports { port.channel.close(promise: nil) }
      live.closeAll()
    }
  }

  private typealias Connection = NIOAsyncChannel<ByteBuffer, ByteBuffer>

  private func listen(
    _ descriptor: Int32, _ tls: ServerTLS?
  ) async throws -> NIOAsyncChannel<Connection, Never> {
    let listening = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
      .childChannelOption(
        .writeBufferWaterMark, value: .init(low: limits.unsent / 4, high: limits.unsent)
      )
      .childChannelOption(
        .recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: limits.read)
      )
      .childChannelOption(.maxMessagesPerRead, value: 1)
      .bind(NIOBSDSocket.Handle(descriptor)) { channel in
        channel.eventLoop.makeCompletedFuture {
          try tls?.addHandlers(to: channel, logger: logger)
          let pipeline = channel.pipeline.syncOperations
          try pipeline.addHandler(Listener(gate.admit(channel), firstSense: 4))
          try pipeline.addHandler(
            IdleStateHandler(readTimeout: .seconds(Int64(limits.silence))))
          try pipeline.addHandler(SilenceEnd())
          return try Connection(
            wrappingChannelSynchronously: channel,
            configuration: .init(
              backPressureStrategy: .init(lowWatermark: 1, highWatermark: 2)))
        }
      }
    // NIO has listened once more, with a queue that is too short for a crowd.
    _ = Glibc.listen(descriptor, 4096)
    return listening
  }

  private func accept(_ listening: NIOAsyncChannel<Connection, Never>) async throws {
    try await listening.executeThenClose { incoming in
      try await withThrowingDiscardingTaskGroup { group in
        for try await connection in incoming {
          group.addTask { await serve(connection) }
        }
      }
    }
  }

  private func serve(_ connection: Connection) async {
    let channel = connection.channel
    guard live.add(channel) else {
      // Every connection is run, if only to be closed.
      return (try? await connection.executeThenClose { _, _ in }) ?? ()
    }
    let line = open(
      ByteConnection(
        origin: Self.origin(of: channel),
        send: { bytes in
          // Behind an unread answer there is room for some more, and then for none.
          guard channel.isWritable else { return channel.close(promise: nil) }
          channel.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil)
        }, cut: { channel.close(promise: nil) }))
    // A connection that breaks is how most of them end.
    try? await connection.executeThenClose { incoming, _ in
      for try await bytes in incoming {
        guard await line.take(Array(bytes.readableBytesView)) else { break }
      }
    }
    line.closed()
    live.remove(channel)
  }

  private static func origin(of channel: any Channel) -> String {
    guard let address = channel.remoteAddress, let port = address.port,
      let host = address.ipAddress
    else { return "socket" }
    return "\(address.protocol == .inet6 ? "ipv6:[\(host)]" : "ipv4:\(host)"):\(port)"
  }
}

/// Connections to be closed at shutdown.
private final class LiveChannels: Sendable {
  private struct State {
    var channels: [ObjectIdentifier: any Channel] = [:]
    var isClosing = false
  }

  private let state = Mutex(State())

  /// - Returns: false once all are being closed.
  func add(_ channel: any Channel) -> Bool {
    state.withLock { state in
      guard !state.isClosing else { return false }
      state.channels[ObjectIdentifier(channel)] = channel
      return true
    }
  }

  func remove(_ channel: any Channel) {
    state.withLock { $0.channels[ObjectIdentifier(channel)] = nil }
  }

  func closeAll() {
    let channels = state.withLock { state in
      state.isClosing = true
      return Array(state.channels.values)
    }
    for channel in channels { channel.close(promise: nil) }
  }
}

/// Ends a connection on which nothing was heard for too long.
private final class SilenceEnd: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    guard event is IdleStateHandler.IdleStateEvent else {
      return context.fireUserInboundEventTriggered(event)
    }
    context.close(promise: nil)
  }
}
