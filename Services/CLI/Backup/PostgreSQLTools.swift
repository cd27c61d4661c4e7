// PostgreSQL's own programs, which alone know what makes up a schema. The password goes to them in
// their environment: all can read their arguments.
import Foundation
import Persistence

struct PostgreSQLTools: Sendable {
  private let parts: PostgreSQLParts
  /// The release of the server.
  private let server: Int

  /// Makes sure that the programs are there, and not older than the server.
  /// - Throws: `BackupError.toolMissing`, `.toolTooOld`, `.server`.
  init(url: String) async throws {
    do {
      parts = try PostgreSQLParts(url: url)
      let schemas = try PostgreSQLSchemas(url: url, purpose: "backup")
      server = try schemas.serverVersion()
      schemas.close()
    } catch let error as DatabaseError {
      throw BackupError.server(problem: "\(error)")
    }
    for name in ["pg_dump", "pg_restore", "psql"] {
      let version = try await Self.version(of: name, server)
      guard version >= server else {
        throw BackupError.toolTooOld(name: name, version: version, server: server)
      }
    }
  }

  func dump(schema: String, snapshot: String, to path: String) async throws {
    try await run(
      "pg_dump",
      [
        "--format=custom", "--schema=\"\(schema)\"", "--snapshot=\(snapshot)", "--no-owner",
        "--no-privileges", "--no-password", "--file=\(path)", "--dbname=\(parts.openAddress)",
      ], purpose: "backup")
  }

  /// Reads the contents of a dump.
  func list(_ path: String) async throws {
    try await run("pg_restore", ["--list", path], purpose: "backup")
  }

  /// Runs `before`, brings all dumps back, runs `after`: in one transaction, so that nothing of it
  /// remains when anything fails or the power does.
  /// - Parameter database: another of the same server than the one of the address.
  func load(
    _ dumps: [String], before: [String], after: [String], database: String? = nil
  ) async throws {
    // psql ends at its first mistake, and those who feed it must live to say why.
    signal(SIGPIPE, SIG_IGN)
    let errors = try ErrorFile()
    defer { errors.remove() }
    let feed = Pipe()
    let psql = try child(
      "psql",
      [
        "--no-psqlrc", "--quiet", "--no-password", "--set=ON_ERROR_STOP=1",
        "--dbname=\((database.map { parts.of(database: $0) } ?? parts).openAddress)",
      ], purpose: "restore", errors: errors)
    psql.standardInput = feed
    let status = try Self.start(psql)
    let input = feed.fileHandleForWriting
    var failure: (any Error)?
    do {
      try input.write(contentsOf: Data((["BEGIN;"] + before).joined(separator: "\n").utf8))
      for dump in dumps {
        try input.write(contentsOf: Data("\n".utf8))
        try await run(
          "pg_restore", ["--file=-", "--no-owner", "--no-privileges", "--exit-on-error", dump],
          purpose: "restore", output: input)
      }
      // What is not committed when the input ends is rolled back.
      try input.write(contentsOf: Data(((after + ["COMMIT;"]).joined(separator: "\n") + "\n").utf8))
    } catch {
      failure = error
    }
    try? input.close()
    let ended = await status.first { _ in true }
    guard ended == 0 else {
      throw BackupError.server(problem: errors.words.isEmpty ? "psql" : errors.words)
    }
    if let failure { throw failure }
  }

  private func run(
    _ name: String, _ arguments: [String], purpose: String, output: FileHandle? = nil
  ) async throws {
    let errors = try ErrorFile()
    defer { errors.remove() }
    let process = try child(name, arguments, purpose: purpose, errors: errors)
    process.standardInput = FileHandle.nullDevice
    if let output { process.standardOutput = output }
    let status = try Self.start(process)
    guard await status.first(where: { _ in true }) == 0 else {
      throw BackupError.server(problem: errors.words.isEmpty ? name : errors.words)
    }
  }

  private func child(
    _ name: String, _ arguments: [String], purpose: String, errors: ErrorFile
  ) throws -> Process {
    guard let path = Self.path(of: name) else {
      throw BackupError.toolMissing(name: name, server: server)
    }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment
      .merging(["PGAPPNAME": "quintet-\(purpose)"]) { $1 }
      .merging(parts.environment) { $1 }
    process.standardOutput = FileHandle.nullDevice
    process.standardError = errors.handle
    return process
  }

  /// - Returns: one element, the status with which it ended.
  private static func start(_ process: Process) throws -> AsyncStream<Int32> {
    let (statuses, ended) = AsyncStream.makeStream(of: Int32.self)
    process.terminationHandler = {
      ended.yield($0.terminationReason == .exit ? $0.terminationStatus : -1)
      ended.finish()
    }
    try process.run()
    return statuses
  }

  private static func path(of name: String) -> String? {
    (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
      .map { "\($0)/\(name)" }.first { access($0, X_OK) == 0 }
  }

  /// Such as 15, of `pg_dump (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)`.
  private static func version(of name: String, _ server: Int) async throws -> Int {
    guard let path = path(of: name) else {
      throw BackupError.toolMissing(name: name, server: server)
    }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = ["--version"]
    process.standardInput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    let words = Pipe()
    process.standardOutput = words
    let status = try start(process)
    // A line: it fits into the pipe.
    let code = await status.first { _ in true }
    let text = String(
      decoding: (try words.fileHandleForReading.readToEnd()) ?? Data(), as: UTF8.self)
    guard code == 0,
      let number = text.split(separator: " ").lazy.compactMap({ word in
        Int(word.prefix { $0.isNumber })
      }).first
    else { throw BackupError.toolMissing(name: name, server: server) }
    return number
  }
}

/// What a program says when it fails.
private struct ErrorFile {
  private let path: String
  let handle: FileHandle

  init() throws {
    path =
      FileManager.default.temporaryDirectory
      .appendingPathComponent("quintet-\(UUID().uuidString)").path
    try BackupFiles.write(Data(), to: path)
    guard let handle = FileHandle(forWritingAtPath: path) else {
      throw BackupError.system(operation: "open", path: path, problem: "")
    }
    self.handle = handle
  }

  var words: String {
    String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
      .trimmingCharacters(in: .whitespacesAndNewlines)
  }

  func remove() {
    try? handle.close()
    try? FileManager.default.removeItem(atPath: path)
  }
}
