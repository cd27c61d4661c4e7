// Keeps six child processes: starts them, says when all are healthy, restarts what died, and ends
// them in order. Nothing here knows what they do.
import Access
import ArgumentParser
import Credentials
import Foundation
import GRPCCore
import QuintetAPI
import ServiceHost
import Synchronization
import UnixSignals

/// What is known once the suite answers.
struct SuiteStarted: Sendable {
  let milliseconds: Int64
  /// Where the gateway listens for HTTP, such as `127.0.0.1:8080`.
  let http: String
}

/// A child that ended.
private struct Ended: Sendable {
  let process: SuiteProcess
  let reason: Foundation.Process.TerminationReason
  let status: Int32

  var isOrderly: Bool { reason == .exit && status == 0 }

  var description: String {
    reason == .exit ? "exit \(status)" : "signal \(status)"
  }
}

/// What `SuiteRunner` waits for.
private enum Occurrence: Sendable {
  case ended(Ended)
  case asked
  case healthy(SuiteStarted)
  case restart(SuiteProcess)
  case failed(String)
  case finished(Result<WhatNext, any Error>)
}

/// What becomes of the suite when the work with it is done.
enum WhatNext: Sendable {
  /// It goes on until a signal asks for its end.
  case stay
  case stop
}

/// Runs the suite as child processes of this one.
struct SuiteRunner: Sendable {
  let host: HostOptions
  let listening: ListeningOptions
  let restarts: Bool
  let say: @Sendable (String) -> Void

  /// How long the suite may take to become healthy, and a child to end.
  private static let startLimit: Duration = .seconds(60)
  private static let stopLimit: Duration = .seconds(6)

  /// Starts the suite and calls `ready` once it is healthy; as `run(until:during:)`.
  func run(
    until signals: UnixSignalsSequence, ready: @escaping @Sendable (SuiteStarted) -> Void
  ) async throws {
    try await run(until: signals) { started in
      ready(started)
      return .stay
    }
  }

  /// Starts the suite, runs `work` once it is healthy, and returns when `work` wants no more or
  /// `signals` asked for the end, and all processes are gone. `work` is cancelled by a signal.
  ///
  /// - Returns: what `work` wanted; nil when a signal came before it was done.
  /// - Throws: `ExitCode` 1 when the suite did not become healthy; what `work` throws.
  @discardableResult
  func run(
    until signals: UnixSignalsSequence,
    during work: @escaping @Sendable (SuiteStarted) async throws -> WhatNext
  ) async throws -> WhatNext? {
    let (occurrences, report) = AsyncStream.makeStream(of: Occurrence.self)
    let (starts, begin) = AsyncStream.makeStream(of: SuiteStarted.self)
    let children = Children()
    if try host.keys.make(services: SuiteProcess.allCases.map(\.rawValue), at: Date()) {
      say("已生成密钥 \(host.keysDirectory) / made keys in \(host.keysDirectory)")
    }
    for process in SuiteProcess.allCases { try start(process, children, report) }
    return try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        for await _ in signals {
          report.yield(.asked)
          break
        }
      }
      group.addTask { await watchHealth(report) }
      group.addTask {
        for await started in starts {
          do {
            report.yield(.finished(.success(try await work(started))))
          } catch {
            report.yield(.finished(.failure(error)))
          }
          break
        }
      }
      let end: Result<WhatNext?, any Error>
      do {
        end = .success(
          try await follow(occurrences, report, children, ready: { begin.yield($0) }))
      } catch {
        end = .failure(error)
      }
      // The work ends before the suite it works with.
      group.cancelAll()
      await stop(children)
      return try end.get()
    }
  }

  private func follow(
    _ occurrences: AsyncStream<Occurrence>, _ report: AsyncStream<Occurrence>.Continuation,
    _ children: Children, ready: @Sendable (SuiteStarted) -> Void
  ) async throws -> WhatNext? {
    var isHealthy = false
    var wanted: WhatNext?
    for await occurrence in occurrences {
      switch occurrence {
      case .asked: return wanted
      case .healthy(let started):
        isHealthy = true
        ready(started)
      case .finished(let result):
        wanted = try result.get()
        if wanted == .stop { return wanted }
      case .failed(let why):
        tell(why)
        throw ExitCode(1)
      case .restart(let process):
        try start(process, children, report)
        say("已重启 \(process.rawValue) / restarted \(process.rawValue)")
      case .ended(let ended):
        if ended.isOrderly {
          say("\(ended.process.rawValue) 已停止 / \(ended.process.rawValue) stopped")
        } else if isHealthy, restarts {
          say(
            "\(ended.process.rawValue) 意外退出（\(ended.description)）/ "
              + "\(ended.process.rawValue) died (\(ended.description))")
          // A process that cannot live must not keep the machine busy dying.
          Task {
            try? await Task.sleep(for: .milliseconds(200))
            report.yield(.restart(ended.process))
          }
        } else {
          tell(
            "\(ended.process.rawValue) 未能运行（\(ended.description)），详见 "
              + "\(host.logPath(of: ended.process.rawValue)) / "
              + "\(ended.process.rawValue) could not run; see its log")
          throw ExitCode(1)
        }
      }
    }
    return wanted
  }

  private func start(
    _ process: SuiteProcess, _ children: Children,
    _ report: AsyncStream<Occurrence>.Continuation
  ) throws {
    let child = Foundation.Process()
    child.executableURL = process.program
    child.arguments = arguments(of: process)
    // Not as an argument: an address may hold a password, and arguments can be read by everybody.
    var environment = ProcessInfo.processInfo.environment
    environment["QUINTET_STORE"] = host.store.argument
    child.environment = environment
    child.standardInput = FileHandle.nullDevice
    // Each writes its own log file; the terminal is for people.
    child.standardOutput = FileHandle.nullDevice
    child.terminationHandler = { ended in
      report.yield(
        .ended(
          Ended(
            process: process, reason: ended.terminationReason, status: ended.terminationStatus)))
    }
    try child.run()
    children.add(child, process)
  }

  private func arguments(of process: SuiteProcess) -> [String] {
    var arguments = [
      "--run-dir", host.runDirectory, "--data-dir", host.dataDirectory,
      "--log-dir", host.logDirectory, "--keys-dir", host.keysDirectory,
      "--provider-keys", host.providerKeys, "--issuers", host.issuers, "--partition",
      host.partition,
      "--log-level", host.logLevel.rawValue,
    ]
    if host.isProduction { arguments.append("--production") }
    if process == .gateway {
      arguments += ["--http", listening.http] + listening.tls.arguments + listening.shown.arguments
      if let grpc = listening.grpc { arguments += ["--grpc", grpc] }
    }
    return arguments
  }

  private func watchHealth(_ report: AsyncStream<Occurrence>.Continuation) async {
    let start = ContinuousClock.now
    while start.duration(to: .now) < Self.startLimit, !Task.isCancelled {
      if await isHealthy() {
        let elapsed = start.duration(to: .now).components
        let address = try? String(
          contentsOfFile: "\(host.runDirectory)/gateway.http", encoding: .utf8)
        report.yield(
          .healthy(
            SuiteStarted(
              milliseconds: elapsed.seconds * 1000 + elapsed.attoseconds / 1_000_000_000_000_000,
              http: address?.trimmingCharacters(in: .whitespacesAndNewlines) ?? listening.http)))
        return
      }
      try? await Task.sleep(for: .milliseconds(25))
    }
    report.yield(
      .failed("60 秒内未全部健康，见日志 / not all processes became healthy within 60 s; see the logs"))
  }

  private func isHealthy() async -> Bool {
    let tokens = CommandTokens(host: host, roles: [.operator])
    guard
      let client = try? Connection.unix(
        path: host.socketPath(of: "gateway"), token: tokens.token)
    else { return false }
    var options = CallOptions.defaults
    options.timeout = .seconds(2)
    let status = try? await Connection.with(client) { client in
      try await Quintet_Gateway_V1_StatusService.Client(wrapping: client)
        .getStatus(.init(), options: options)
    }
    return status.map { $0.services.count == 5 && $0.services.allSatisfy(\.healthy) } ?? false
  }

  /// The gateway first, so that nobody is let in any more; then the others at once.
  private func stop(_ children: Children) async {
    await children.end([.gateway], within: Self.stopLimit)
    await children.end(SuiteProcess.services, within: Self.stopLimit)
  }
}

/// The child processes that live.
private final class Children: Sendable {
  private let running = Mutex<[SuiteProcess: Int32]>([:])

  func add(_ child: Foundation.Process, _ process: SuiteProcess) {
    let identifier = child.processIdentifier
    running.withLock { $0[process] = identifier }
  }

  func end(_ processes: [SuiteProcess], within limit: Duration) async {
    let identifiers = running.withLock { running in processes.compactMap { running[$0] } }
    for identifier in identifiers { kill(identifier, SIGTERM) }
    let start = ContinuousClock.now
    while identifiers.contains(where: { kill($0, 0) == 0 }) {
      if start.duration(to: .now) > limit {
        for identifier in identifiers { kill(identifier, SIGKILL) }
        return
      }
      try? await Task.sleep(for: .milliseconds(20))
    }
  }
}
