// `quintet logs`: what all services did, in one stream ordered by time.
import ArgumentParser
import Foundation
import ServiceHost

struct LogsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "logs",
    abstract: "按时间合并各服务日志 / The logs of the services, merged by time.")

  @OptionGroup var host: HostOptions

  @Flag(name: .shortAndLong, help: "持续跟踪 / Go on as lines are written.")
  var follow = false

  @Option(help: "只看一起警情（inc_…）/ Only lines about one incident.")
  var incident: String?

  @Flag(help: "原样输出 JSON / Print the JSON lines as they are.")
  var json = false

  @Argument(help: "服务名，缺省全部 / Services; all when left out.")
  var services: [String] = []

  func validate() throws {
    for name in services where !SuiteProcess.allCases.map(\.rawValue).contains(name) {
      throw ValidationError("没有服务 \(name) / There is no service \(name).")
    }
  }

  func run() async throws {
    let names = services.isEmpty ? SuiteProcess.allCases.map(\.rawValue) : services
    var tails = names.map { LogTail(path: host.logPath(of: $0)) }
    repeat {
      var lines: [LogLine] = []
      for index in tails.indices { lines += try tails[index].newLines() }
      for line in lines.sorted(by: { $0.time < $1.time }) where isWanted(line) {
        print(json ? line.text : line.rendered)
      }
      fflush(nil)
      if follow { try await Task.sleep(for: .milliseconds(200)) }
    } while follow
  }

  private func isWanted(_ line: LogLine) -> Bool {
    guard let incident else { return true }
    return line.fields["incident"] == incident
  }
}

/// One log line.
struct LogLine {
  let text: String
  /// RFC 3339 in UTC: sorts as text.
  let time: String
  let fields: [String: String]

  /// - Returns: nil for what is not a JSON object with a time.
  init?(_ text: String) {
    guard
      let value = try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any],
      let time = value["time"] as? String
    else { return nil }
    self.text = text
    self.time = time
    self.fields = value.mapValues { "\($0)" }
  }

  /// For people.
  var rendered: String {
    let leading = ["time", "level", "service", "message"]
    let rest = fields.filter { !leading.contains($0.key) }.sorted { $0.key < $1.key }
      .map { "\($0.key)=\($0.value)" }.joined(separator: " ")
    let service = (fields["service"] ?? "").padding(toLength: 13, withPad: " ", startingAt: 0)
    let level = (fields["level"] ?? "").padding(toLength: 7, withPad: " ", startingAt: 0)
    return "\(time) \(level) \(service) \(fields["message"] ?? "") \(rest)"
  }
}

/// Reads what was added to a file since the last look; notices when it was replaced.
struct LogTail {
  let path: String
  private var offset: UInt64 = 0
  private var inode: UInt64 = 0
  private var rest = Data()

  init(path: String) {
    self.path = path
  }

  /// Whole lines only; a line half written is kept for the next look.
  mutating func newLines() throws -> [LogLine] {
    guard let attributes = try? FileManager.default.attributesOfItem(atPath: path),
      let handle = FileHandle(forReadingAtPath: path)
    else { return [] }
    defer { try? handle.close() }
    let found = (attributes[.systemFileNumber] as? NSNumber)?.uint64Value ?? 0
    let size = (attributes[.size] as? NSNumber)?.uint64Value ?? 0
    if found != inode || size < offset {
      offset = 0
      rest = Data()
      inode = found
    }
    try handle.seek(toOffset: offset)
    let added = try handle.readToEnd() ?? Data()
    offset += UInt64(added.count)
    rest.append(added)
    guard let end = rest.lastIndex(of: UInt8(ascii: "\n")) else { return [] }
    let whole = rest[...end]
    rest = Data(rest[rest.index(after: end)...])
    return whole.split(separator: UInt8(ascii: "\n"))
      .compactMap { LogLine(String(decoding: $0, as: UTF8.self)) }
  }
}
