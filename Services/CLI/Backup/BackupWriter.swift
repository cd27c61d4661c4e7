// Writes a backup: under another name until it is whole, checked and durable.
import EventLog
public import Foundation
import Persistence

/// Makes one backup.
public struct BackupWriter: Sendable {
  private enum Source {
    /// Service → file of its store, and how long to look for a moment at which none is written.
    case files([String: String], patience: Duration)
    /// Services, and where their schemas are.
    case server([String], url: String)
  }

  /// Whether the services' processes run makes no difference.
  private let source: Source
  /// Other files to be kept, by their names; those that are not there are left out.
  let others: [String: String]

  /// Of files.
  /// - Parameters:
  ///   - stores: service → file.
  ///   - patience: how long to look for a moment at which no store is being written.
  public init(stores: [String: String], others: [String: String], patience: Duration) {
    source = .files(stores, patience: patience)
    self.others = others
  }

  /// Of schemas on a server.
  /// - Parameter services: those without a schema are left out.
  public init(url: String, services: [String], others: [String: String]) {
    source = .server(services, url: url)
    self.others = others
  }

  /// - Parameters:
  ///   - folder: new or empty.
  ///   - check: asks whether stores are sound: those in files by their copies, those on a server
  ///     at the moment of which the dumps are. False gives the backup up.
  /// - Throws: `BackupError`; what `check` throws. Nothing is left behind then.
  public func write(
    to folder: String, now: Date,
    check: ([String], StoresToCheck) async throws -> Bool
  ) async throws -> (manifest: Manifest, tries: Int) {
    let folder = URL(fileURLWithPath: folder).standardizedFileURL.path
    let held = try? FileManager.default.contentsOfDirectory(atPath: folder)
    guard held?.isEmpty ?? !FileManager.default.fileExists(atPath: folder) else {
      throw BackupError.folderInUse(folder)
    }
    let parent = BackupFiles.parent(of: folder)
    try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
    let draft = "\(folder).partial-\(ProcessInfo.processInfo.processIdentifier)"
    try BackupFiles.makeFolder(draft)
    do {
      let (stores, positions, tries) = try await copyStores(to: draft) { services, stores in
        guard try await check(services, stores) else { throw BackupError.unsound(folder) }
      }
      let manifest = Manifest(
        time: now, stores: stores, others: try copyOthers(to: draft),
        contradictions: FeedPositions.contradictions(among: positions))
      let text = try manifest.encoded()
      try BackupFiles.write(text, to: "\(draft)/\(Manifest.fileName)")
      try BackupFiles.write(
        Data("\(BackupFiles.checksum(of: text))  \(Manifest.fileName)\n".utf8),
        to: "\(draft)/\(Manifest.fileName).sha256")
      try BackupFiles.flush(draft)
      try BackupFiles.rename(draft, to: folder)
      try BackupFiles.flush(parent)
      return (manifest, tries)
    } catch {
      try? FileManager.default.removeItem(atPath: draft)
      throw (error as? DatabaseError).map(BackupError.init) ?? error
    }
  }

  private func copyStores(
    to draft: String, check: ([String], StoresToCheck) async throws -> Void
  ) async throws -> (stores: [Manifest.Store], positions: [String: FeedPositions], tries: Int) {
    switch source {
    case .files(let files, let patience):
      let agreed = try copyFiles(files, patience: patience, to: draft)
      try await check(files.keys.sorted(), StoresToCheck(folder: draft))
      return agreed
    case .server(let services, let url):
      let stores = try ServerStores(url: url, services: services)
      defer { stores.close() }
      guard !stores.present.isEmpty else { throw BackupError.serverIsEmpty }
      let records = try await stores.copy(to: draft)
      try await check(stores.present, stores.toCheck)
      return (records, stores.positions, 1)
    }
  }

  private func copyFiles(
    _ files: [String: String], patience: Duration, to draft: String
  ) throws -> (stores: [Manifest.Store], positions: [String: FeedPositions], tries: Int) {
    for path in files.values { try SQLiteSnapshot.checkLog(ofStore: path) }
    let agreed = try AgreedSnapshots.take(of: files, patience: patience)
    var records: [Manifest.Store] = []
    for (service, snapshot) in agreed.snapshots.sorted(by: { $0.key < $1.key }) {
      let path = "\(draft)/\(service).sqlite"
      try snapshot.copy(to: path)
      guard chmod(path, 0o600) == 0 else { throw BackupError.altered(file: path) }
      try BackupFiles.flush(path)
      records.append(
        Manifest.Store(
          service: service, engine: .sqlite,
          file: try BackupFiles.measure(path, as: "\(service).sqlite"),
          migrations: try snapshot.appliedMigrations(),
          positions: agreed.positions[service] ?? FeedPositions(heads: [:], cursors: [:])))
    }
    try agreed.close()
    return (records, agreed.positions, agreed.tries)
  }

  private func copyOthers(to draft: String) throws -> [Manifest.File] {
    try others.sorted { $0.key < $1.key }
      .filter { FileManager.default.fileExists(atPath: $0.value) }
      .map { name, path in
        try BackupFiles.copy(path, to: "\(draft)/\(name)")
        return try BackupFiles.measure("\(draft)/\(name)", as: name)
      }
  }
}

extension BackupError {
  fileprivate init(_ error: DatabaseError) {
    self = error == .full ? .diskFull : .uncopied(problem: "\(error)")
  }
}
