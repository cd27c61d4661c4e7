// Files that are there after a power cut or not at all.
import Crypto
import Foundation

enum BackupFiles {
  /// Flushes a file, or the names in a folder.
  static func flush(_ path: String) throws {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure("open", path) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw failure("fsync", path) }
  }

  /// Writes a new file that its owner alone can read.
  static func write(_ data: Data, to path: String) throws {
    guard
      FileManager.default.createFile(
        atPath: path, contents: data, attributes: [.posixPermissions: 0o600])
    else { throw failure("write", path) }
    try flush(path)
  }

  /// - Returns: size and SHA-256 of the file.
  static func measure(_ path: String, as name: String) throws -> Manifest.File {
    guard let handle = FileHandle(forReadingAtPath: path) else { throw failure("open", path) }
    defer { try? handle.close() }
    var hash = SHA256()
    var bytes: Int64 = 0
    while let data = try handle.read(upToCount: 1 << 20), !data.isEmpty {
      hash.update(data: data)
      bytes += Int64(data.count)
    }
    return Manifest.File(name: name, bytes: bytes, sha256: hexadecimal(hash.finalize()))
  }

  static func checksum(of data: Data) -> String { hexadecimal(SHA256.hash(data: data)) }

  private static func hexadecimal(_ digest: SHA256.Digest) -> String {
    digest.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
  }

  static func copy(_ source: String, to target: String) throws {
    try FileManager.default.copyItem(atPath: source, toPath: target)
    // A backup may have been made read-only; a store cannot be.
    guard chmod(target, 0o600) == 0 else { throw failure("chmod", target) }
    try flush(target)
  }

  static func makeFolder(_ path: String) throws {
    guard mkdir(path, 0o700) == 0 else { throw failure("mkdir", path) }
  }

  /// Over an empty folder too.
  static func rename(_ source: String, to target: String) throws {
    guard Foundation.rename(source, target) == 0 else { throw failure("rename", target) }
  }

  static func parent(of path: String) -> String {
    URL(fileURLWithPath: path).deletingLastPathComponent().path
  }

  private static func failure(_ operation: String, _ path: String) -> BackupError {
    .system(operation: operation, path: path, problem: String(cString: strerror(errno)))
  }
}
