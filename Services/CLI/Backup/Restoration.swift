// Brings a backup back: beside what is there until all of it is whole, then by names alone.
public import Foundation

/// One restore. The caller holds the locks of the stores.
public struct Restoration: Sendable {
  private static let stagePrefix = "restoring-"

  let backup: String
  let target: String
  let marker: String
  let movesAside: Bool

  /// - Parameters:
  ///   - target: the data folder.
  ///   - marker: a path in it. While a file lies there, no service opens a store of that folder.
  ///   - movesAside: stores that are there already are moved into a folder of their own.
  public init(backup: String, target: String, marker: String, movesAside: Bool) {
    self.backup = backup
    self.target = target
    self.marker = marker
    self.movesAside = movesAside
  }

  /// - Parameters:
  ///   - services: all that may have a store in the data folder.
  ///   - check: asks whether stores are sound; false gives the restore up.
  /// - Returns: the backup's manifest, and where earlier stores were moved to.
  /// - Throws: `BackupError`; what `check` throws. Up to the moment of renaming nothing is changed.
  public func run(
    services: [String], now: Date, check: (StoresToCheck) async throws -> Bool
  ) async throws -> (manifest: Manifest, aside: String?) {
    let manifest = try BackupReader.check(backup, engine: .sqlite)
    try FileManager.default.createDirectory(
      atPath: target, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o750])
    let present = self.present(services, manifest)
    guard present.isEmpty || movesAside else {
      throw BackupError.targetHolds(folder: target, files: present)
    }
    try removeEarlierStages()
    let stage = "\(target)/\(Self.stagePrefix)\(ProcessInfo.processInfo.processIdentifier)"
    try BackupFiles.makeFolder(stage)
    defer { try? FileManager.default.removeItem(atPath: stage) }
    for file in manifest.files {
      let copy = "\(stage)/\(file.name)"
      try BackupFiles.copy("\(backup)/\(file.name)", to: copy)
      guard try BackupFiles.measure(copy, as: file.name) == file else {
        throw BackupError.altered(file: file.name)
      }
    }
    guard try await check(StoresToCheck(folder: stage)) else { throw BackupError.unsound(backup) }
    return (manifest, try exchange(present, for: manifest, from: stage, now: now))
  }

  /// From the first rename to the last the marker lies there: a power cut in between leaves a folder
  /// that no service takes for whole.
  private func exchange(
    _ present: [String], for manifest: Manifest, from stage: String, now: Date
  ) throws -> String? {
    if !FileManager.default.fileExists(atPath: marker) {
      try BackupFiles.write(Data("\(backup)\n".utf8), to: marker)
      try BackupFiles.flush(target)
    }
    var aside: String?
    if !present.isEmpty {
      let folder = freeName(now)
      try BackupFiles.makeFolder(folder)
      for name in present {
        try BackupFiles.rename("\(target)/\(name)", to: "\(folder)/\(name)")
      }
      try BackupFiles.flush(folder)
      aside = folder
    }
    for file in manifest.files {
      try BackupFiles.rename("\(stage)/\(file.name)", to: "\(target)/\(file.name)")
    }
    try BackupFiles.flush(target)
    guard unlink(marker) == 0 else { throw BackupError.altered(file: marker) }
    try BackupFiles.flush(target)
    return aside
  }

  /// What a restore that was cut off had copied; the backup itself still has it.
  private func removeEarlierStages() throws {
    for name in try FileManager.default.contentsOfDirectory(atPath: target)
    where name.hasPrefix(Self.stagePrefix) {
      try FileManager.default.removeItem(atPath: "\(target)/\(name)")
    }
  }

  private func present(_ services: [String], _ manifest: Manifest) -> [String] {
    let names =
      services.flatMap { ["\($0).sqlite", "\($0).sqlite-wal", "\($0).sqlite-shm"] }
      + manifest.others.map(\.name)
    return names.filter { FileManager.default.fileExists(atPath: "\(target)/\($0)") }
  }

  private func freeName(_ now: Date) -> String {
    let style = Date.ISO8601FormatStyle(dateSeparator: .omitted, timeSeparator: .omitted)
    let name = "\(target)/before-restore-\(now.formatted(style))"
    return FileManager.default.fileExists(atPath: name)
      ? "\(name)-\(ProcessInfo.processInfo.processIdentifier)" : name
  }
}
