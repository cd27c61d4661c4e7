// Writes a backup: under another name until it is whole, checked and durable.
import EventLog
public import Foundation
import Persistence

/// Makes one backup.
public struct BackupWriter: Sendable {
  /// Service → file of its store. Whether its process runs makes no difference.
  let stores: [String: String]
  /// Other files to be kept, by their names; those that are not there are left out.
  let others: [String: String]
  /// How long to look for a moment at which no store is being written.
  let patience: Duration

  public init(stores: [String: String], others: [String: String], patience: Duration) {
    self.stores = stores
    self.others = others
    self.patience = patience
  }

  /// - Parameters:
  ///   - folder: new or empty.
  ///   - check: looks at the copies in the folder it is given; false gives the backup up.
  /// - Throws: `BackupError`; what `check` throws. Nothing is left behind then.
  public func write(
    to folder: String, now: Date, check: (String) async throws -> Bool
  ) async throws -> (manifest: Manifest, tries: Int) {
    let folder = URL(fileURLWithPath: folder).standardizedFileURL.path
    let held = try? FileManager.default.contentsOfDirectory(atPath: folder)
    guard held?.isEmpty ?? !FileManager.default.fileExists(atPath: folder) else {
      throw BackupError.folderInUse(folder)
    }
    let parent = DurableFiles.parent(of: folder)
    try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
    let draft = "\(folder).partial-\(ProcessInfo.processInfo.processIdentifier)"
    try DurableFiles.makeFolder(draft)
    do {
      let (manifest, tries) = try copyAll(to: draft, now: now)
      guard try await check(draft) else { throw BackupError.unsound(folder) }
      let text = try manifest.encoded()
      try DurableFiles.write(text, to: "\(draft)/\(Manifest.fileName)")
      try DurableFiles.write(
        Data("\(DurableFiles.checksum(of: text))  \(Manifest.fileName)\n".utf8),
        to: "\(draft)/\(Manifest.fileName).sha256")
      try DurableFiles.flush(draft)
      try DurableFiles.rename(draft, to: folder)
      try DurableFiles.flush(parent)
      return (manifest, tries)
    } catch {
      try? FileManager.default.removeItem(atPath: draft)
      throw (error as? DatabaseError).map(BackupError.init) ?? error
    }
  }

  private func copyAll(
    to draft: String, now: Date
  ) throws -> (manifest: Manifest, tries: Int) {
    for path in stores.values { try SQLiteSnapshot.checkLog(ofStore: path) }
    let agreed = try AgreedSnapshots.take(of: stores, patience: patience)
    var records: [Manifest.Store] = []
    for (service, snapshot) in agreed.snapshots.sorted(by: { $0.key < $1.key }) {
      let path = "\(draft)/\(service).sqlite"
      try snapshot.copy(to: path)
      guard chmod(path, 0o600) == 0 else { throw BackupError.altered(file: path) }
      try DurableFiles.flush(path)
      records.append(
        Manifest.Store(
          service: service, engine: .sqlite,
          file: try DurableFiles.measure(path, as: "\(service).sqlite"),
          migrations: try snapshot.appliedMigrations(),
          positions: agreed.positions[service] ?? FeedPositions(heads: [:], cursors: [:])))
    }
    try agreed.close()
    var files: [Manifest.File] = []
    for (name, path) in others.sorted(by: { $0.key < $1.key })
    where FileManager.default.fileExists(atPath: path) {
      try DurableFiles.copy(path, to: "\(draft)/\(name)")
      files.append(try DurableFiles.measure("\(draft)/\(name)", as: name))
    }
    let manifest = Manifest(
      time: now, stores: records, others: files,
      contradictions: FeedPositions.contradictions(among: agreed.positions))
    return (manifest, agreed.tries)
  }
}

extension BackupError {
  fileprivate init(_ error: DatabaseError) {
    self = error == .full ? .diskFull : .uncopied(problem: "\(error)")
  }
}
