// The shape of a log line, which tools rely on.
import Foundation
import Logging
import Testing

@testable import ServiceHost

@Suite struct LogTests {
  private func logger(_ path: String) throws -> (Logger, LogSink) {
    let sink = try LogSink(path: path, standardOutput: nil)
    let logger = Logger(label: "test") { _ in
      JSONLogHandler(
        service: "command", sink: sink, level: .info,
        clock: { Date(timeIntervalSince1970: 1_483_200_000.1239) })
    }
    return (logger, sink)
  }

  @Test func aLineIsOneFlatObjectWithItsKeysInOrder() throws {
    let folder = try TemporaryFolder()
    let (logger, _) = try logger(folder.path + "/a.log")
    logger.notice(
      "request",
      metadata: [
        "trace": "abc", "duration_ms": .stringConvertible(1.25), "count": .stringConvertible(7),
        "flag": .stringConvertible(true), "list": ["a", "b"],
      ])
    #expect(
      try String(contentsOfFile: folder.path + "/a.log", encoding: .utf8)
        == #"{"time":"2016-12-31T16:00:00.123Z","level":"notice","service":"command","#
        + #""message":"request","count":7,"duration_ms":1.25,"flag":true,"#
        + #""list":["a","b"],"trace":"abc"}"# + "\n")
  }

  @Test func everyCharacterSurvives() throws {
    let folder = try TemporaryFolder()
    let (logger, _) = try logger(folder.path + "/a.log")
    let text = "引号\" 反斜杠\\ 换行\n 制表\t 零\u{0} 响铃\u{7} 火🔥"
    logger.info("text", metadata: ["text": .string(text)])
    let lines = try logLines(folder.path + "/a.log")
    #expect(lines.count == 1)
    #expect(lines.first?["text"] as? String == text)
  }

  @Test func metadataCannotTakeThePlaceOfALinesOwnKeys() throws {
    let folder = try TemporaryFolder()
    let (logger, _) = try logger(folder.path + "/a.log")
    logger.info("told", metadata: ["level": "high", "service": "other"])
    let line = try #require(try logLines(folder.path + "/a.log").first)
    #expect(line["level"] as? String == "info")
    #expect(line["level_"] as? String == "high")
    #expect(line["service"] as? String == "command")
    #expect(line["service_"] as? String == "other")
  }

  @Test func whatIsBelowTheLevelIsNotWritten() throws {
    let folder = try TemporaryFolder()
    let (logger, _) = try logger(folder.path + "/a.log")
    logger.debug("hidden")
    logger.info("shown")
    #expect(try logLines(folder.path + "/a.log").map { $0["message"] as? String } == ["shown"])
  }

  @Test func linesOfManyWritersStayWhole() async throws {
    let folder = try TemporaryFolder()
    let (logger, _) = try logger(folder.path + "/a.log")
    await withTaskGroup(of: Void.self) { group in
      for writer in 0..<8 {
        group.addTask {
          for line in 0..<200 { logger.info("line", metadata: ["id": "\(writer)-\(line)"]) }
        }
      }
    }
    let ids = try logLines(folder.path + "/a.log").compactMap { $0["id"] as? String }
    #expect(Set(ids).count == 1600)
  }

  @Test func onHangupTheLogGoesOnInANewFile() async throws {
    try await withHost { running in
      let path = running.host.options.logPath(of: "test")
      try FileManager.default.moveItem(atPath: path, toPath: path + ".1")
      kill(getpid(), SIGHUP)
      while try !FileManager.default.fileExists(atPath: path) || running.log().isEmpty {
        try await Task.sleep(for: .milliseconds(5))
      }
      #expect(try running.log().first?["message"] as? String == "log reopened")
      let old = try logLines(path + ".1").map { $0["message"] as? String }
      #expect(old.contains("ready"))
      #expect(!old.contains("log reopened"))
    }
  }
}
