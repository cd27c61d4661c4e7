// Asks each service's program to check its own store: only it knows what an event does to a row.
import Backup
import Foundation

struct ServicePrograms {
  let partition: String

  /// Lets the programs print what they find.
  /// - Returns: whether all stores are sound.
  func verify(
    _ services: [String], in stores: StoresToCheck, isQuick: Bool
  ) async throws -> Bool {
    var isSound = true
    for service in SuiteProcess.services where services.contains(service.rawValue) {
      let child = Process()
      child.executableURL = service.program
      child.arguments =
        ["verify-store"] + stores.arguments + ["--partition", partition]
        + (isQuick ? ["--quick"] : [])
      child.environment = ProcessInfo.processInfo.environment
        .merging(stores.environment) { $1 }
      child.standardInput = FileHandle.nullDevice
      let status = try await withCheckedThrowingContinuation { continuation in
        child.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
        do { try child.run() } catch { continuation.resume(throwing: error) }
      }
      isSound = isSound && status == 0
    }
    return isSound
  }
}
