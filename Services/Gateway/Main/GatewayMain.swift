// The door: one process for everyone outside, with nothing of its own to keep.
import ArgumentParser
import Foundation
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

  @OptionGroup var shown: PageOptions
  @OptionGroup var listening: ListenerOptions

  func run() async throws {
    let host = try ServiceHost(name: "gateway", isDoor: true, options: options)
    let backends = try Backends { try host.neighbour($0.rawValue).client }
    let status = StatusService(backends: backends, partition: options.partition)
    let tls = try listening.tls.web(on: http)
    let routes = WebRoutes(
      calls: ConnectRoutes(
        backends: backends, status: status, admit: host.admit, logger: host.logger),
      live: LiveRoutes(backends: backends, admit: host.admit, logger: host.logger),
      session: SessionRoutes(
        bearer: host.bearer, redeem: host.redeem, isSecure: tls != nil, clock: host.clock),
      pages: try pages(), site: Site(partition: options.partition, tiles: shown.tiles))
    let web = WebServer(
      routes: routes, host: http.host, port: http.port,
      addressFile: "\(options.runDirectory)/gateway.http", tls: tls, logger: host.logger)
    try await host.run(
      services: [Proxy(backends: backends), status], background: [web],
      listeners: try listening.listeners())
  }

  private func pages() throws -> WebFolder? {
    guard let folder = shown.folder else {
      let path =
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
      return WebFolder.beside(executable: URL(fileURLWithPath: path))
    }
    if folder.isEmpty { return nil }
    guard WebFolder.isFolder(folder) else {
      throw ValidationError("没有网页文件夹 \(folder) / There is no folder \(folder).")
    }
    return WebFolder(path: folder)
  }
}
