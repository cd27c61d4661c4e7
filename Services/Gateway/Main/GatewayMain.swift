// The door: one process for everyone outside, with nothing of its own to keep.
import ArgumentParser
import GatewayRouting
import ServiceHost

@main
struct GatewayMain: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "quintet-gateway",
    abstract: "网关：接入、分送 / Gateway: takes calls from outside to the five services.")

  @OptionGroup var options: HostOptions

  @Option(help: "HTTP 监听地址 / HOST:PORT for HTTP; port 0 takes a free one.")
  // A literal address: it parses.
  var http = TCPAddress(argument: "127.0.0.1:8080")!

  @OptionGroup var listening: ListenerOptions

  func run() async throws {
    let host = try ServiceHost(name: "gateway", isDoor: true, options: options)
    let backends = try Backends { try host.neighbour($0.rawValue).client }
    let status = StatusService(backends: backends, partition: options.partition)
    let web = WebServer(
      routes: ConnectRoutes(
        backends: backends, status: status, admit: host.admit, logger: host.logger),
      host: http.host, port: http.port, addressFile: "\(options.runDirectory)/gateway.http",
      tls: try listening.tls.web(on: http), logger: host.logger)
    try await host.run(
      services: [Proxy(backends: backends), status], background: [web],
      listeners: try listening.listeners())
  }
}
