// The PostgreSQL server of these tests: one for the whole run, on a Unix socket of its own.
import Foundation

enum TestServer {
  /// Its address. The server ends with this process.
  static let shared = Result { try start() }

  struct NotStarted: Error { let status: Int32 }

  private static func start() throws -> String {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("quintet-pg-\(ProcessInfo.processInfo.processIdentifier)")
    let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../Scripts/test-postgresql").standardizedFileURL
    let process = Process()
    process.executableURL = script
    process.arguments = [
      "start", folder.path, String(ProcessInfo.processInfo.processIdentifier),
    ]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let answer = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw NotStarted(status: process.terminationStatus)
    }
    return String(decoding: answer, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
