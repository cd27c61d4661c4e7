// Reads a backup, and believes nothing that its sums do not bear out.
import Foundation

public enum BackupReader {
  /// Reads the manifest and every file it names.
  /// - Parameter engine: the only one of which the backup may be; any, when left out.
  /// - Throws: `BackupError`.
  public static func check(_ folder: String, engine: Manifest.Engine? = nil) throws -> Manifest {
    let path = "\(folder)/\(Manifest.fileName)"
    guard let text = FileManager.default.contents(atPath: path) else {
      throw BackupError.notABackup(folder)
    }
    let sum = FileManager.default.contents(atPath: path + ".sha256") ?? Data()
    let manifest = try Manifest(decoding: text)
    guard String(decoding: sum, as: UTF8.self).hasPrefix(BackupFiles.checksum(of: text)) else {
      throw BackupError.altered(file: Manifest.fileName)
    }
    if let engine, let other = manifest.stores.map(\.engine).first(where: { $0 != engine }) {
      throw BackupError.otherEngine(other)
    }
    for file in manifest.files {
      // A name that leads elsewhere was not written by us.
      guard !file.name.contains("/"), !file.name.hasPrefix("."),
        let found = try? BackupFiles.measure("\(folder)/\(file.name)", as: file.name),
        found == file
      else { throw BackupError.altered(file: file.name) }
    }
    return manifest
  }
}
