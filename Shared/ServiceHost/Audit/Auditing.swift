// What every service with a store does for its audit log, put together.
import Audit
import EventLog
import Foundation

struct Auditing {
  let trail: AuditTrail
  let service: AuditLogService
  let keeping: CheckpointKeeping
  /// Replicas of a service share its audit key, so a repeat is known to each of them.
  let ledgerKey: [UInt8]
}

extension ServiceHost {
  /// Nil for a host without a store.
  /// - Throws: `HostError`; `SecretFileError`.
  func auditing() throws -> Auditing? {
    guard let database = parts.database else { return nil }
    let log = AuditLog(beside: eventLog)
    try Folders.prepare(options.checkpointDirectory)
    let key = try AuditKey(file: options.auditKeyPath(of: name), name: log.origin)
    let folder = CheckpointFolder(
      directory: options.checkpointDirectory, service: name, partition: options.partition)
    do {
      try folder.announce(key.verifier)
    } catch {
      throw HostError.folder(path: folder.path, problem: "\(error)")
    }
    let trail = AuditTrail(log: log, database: database)
    return Auditing(
      trail: trail,
      service: AuditLogService(log: log, database: database, verifierKey: key.verifier),
      keeping: CheckpointKeeping(
        trail: trail, key: key, folder: folder, interval: .seconds(options.checkpointSeconds),
        logger: logger, clock: clock),
      ledgerKey: key.derived("request ledger"))
  }
}
