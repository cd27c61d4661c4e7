// `quintet demo`: a county bureau and one of its days, for whoever wants to see the suite at work.
import ArgumentParser
import DemoBureau
import Foundation
import ServiceHost
import UnixSignals

struct DemoCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo",
    abstract: "演示分局：放一天的警情 / The demo bureau: a day of calls, played faster than life.",
    discussion: """
      每次重新开始；内容只取决于 --seed。演完后保持运行，直到 Ctrl-C。
      Each run starts afresh, and what happens depends on --seed alone. Stays up until Ctrl-C.
      """)

  @Flag(help: "演完即退，未结清则返回 1 / Leave after the day, with 1 if anything is left open.")
  var once = false

  @Option(help: "种子 / Seed of the bureau and its day.")
  var seed: UInt64 = 1

  @Option(help: "快放倍数，或 max / Simulated seconds per second, or max.")
  var speed = ReplaySpeed.times(1_300)

  @Option(
    help: "年-月-日，缺省为最近已过完的一天 / The day as YYYY-MM-DD; the last one that is over when left out.")
  var date: String?

  @Option(help: "把地图写成 GeoJSON / Writes the bureau's map as GeoJSON to this file.")
  var geojson: String?

  @Option(help: "文件夹，缺省 .quintet/demo-<seed> / Folder of sockets, stores and logs.")
  var folder: String?

  @Option(
    help: "HTTP 地址，缺省 127.0.0.1:8080，被占用时另取 / HOST:PORT; 8080, or a free port when taken.")
  var http: String?

  func run() async throws {
    let bureau = try Bureau(seed: seed)
    let midnight = try DemoCalendar.midnight(of: date, now: Date())
    if let geojson {
      try bureau.geoJSON().write(to: URL(fileURLWithPath: geojson))
      print("地图 map → \(geojson)")
    }
    let folder = try opened(self.folder ?? ".quintet/demo-\(seed)")
    let address = http ?? DemoPort.preferred()
    let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
    let runner = SuiteRunner(
      host: folder.host, listening: try ListeningOptions.parse(["--http", address]), restarts: true,
      say: say)
    let speed = speed
    let end = once ? nil : DemoEnd()
    let wanted = try await runner.run(until: signals) { started in
      let show = DemoShow(
        bureau: bureau, midnight: midnight, speed: speed, folder: folder, started: started)
      guard try await show.play(goingOnAfter: end) else { throw ExitCode(1) }
      return .stop
    }
    withExtendedLifetime(folder) {}
    // Ctrl-C before the day was over: nobody may take that for a day that ended well.
    if wanted == nil, end?.isOver != true { throw ExitCode(Interrupted.exitCode) }
  }

  private func opened(_ path: String) throws -> DemoFolder {
    do {
      return try DemoFolder(path: path)
    } catch let error as DemoFolderError {
      tell(error.description)
      throw ExitCode(1)
    }
  }
}

/// Which day is played.
enum DemoCalendar {
  /// The last incidents of a day are closed up to three hours after midnight, and no service takes
  /// a time in the future.
  private static let afterMidnight: TimeInterval = 3 * 3_600
  /// Asia/Shanghai has had no summer time since 1991.
  private static let offset: TimeInterval = 8 * 3_600

  /// Midnight in Asia/Shanghai at which the day begins.
  ///
  /// - Throws: `ValidationError` when the date is none, or is not over yet.
  static func midnight(of date: String?, now: Date) throws -> Date {
    let latest = now.timeIntervalSince1970 + offset - 86_400 - afterMidnight
    let newest = Date(timeIntervalSince1970: (latest / 86_400).rounded(.down) * 86_400 - offset)
    guard let date else { return newest }
    guard let utc = try? Date(date, strategy: .iso8601.year().month().day()) else {
      throw ValidationError("“\(date)” 不是 年-月-日 / “\(date)” is not YYYY-MM-DD")
    }
    let midnight = utc.addingTimeInterval(-offset)
    guard midnight <= newest else {
      throw ValidationError("\(date) 尚未过完 / \(date) is not over yet")
    }
    return midnight
  }
}

/// Where the gateway can listen.
enum DemoPort {
  static func preferred() -> String {
    isFree(8080) ? "127.0.0.1:8080" : "127.0.0.1:0"
  }

  private static func isFree(_ port: UInt16) -> Bool {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    // As the server will: a port that a connection of the run before lingers on is free.
    var reuse: Int32 = 1
    setsockopt(
      descriptor, SOL_SOCKET, SO_REUSEADDR, &reuse, socklen_t(MemoryLayout<Int32>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    let size = socklen_t(MemoryLayout<sockaddr_in>.size)
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, size) == 0
      }
    }
  }
}
