// Where checkpoints are put for others to carry away: one file each, named by its size, beside the key
// that they are checked with. Nothing in it is ever changed or removed from here.
import DurableFiles
import Foundation

/// The exported checkpoints of one service.
public struct CheckpointFolder: Sendable {
  static let keyFile = "vkey"

  public let path: String

  /// - Parameter directory: holds the folders of all services.
  public init(directory: String, service: String, partition: String) {
    let name = partition == "main" ? service : "\(service)@\(partition)"
    path = "\(directory)/\(name)"
  }

  /// Names the key that signs from now on, below those that signed before.
  /// - Throws: `FileFailure`; what Foundation throws.
  public func announce(_ key: VerifierKey) throws {
    try DurableFile.makeFolder(path, mode: 0o750)
    // A further key gets a file of its own: nothing that was exported is written to.
    guard try !keys().contains(key) else { return }
    let known = try names().filter(Self.isKeyFile).count
    let name = known == 0 ? Self.keyFile : "\(Self.keyFile).\(known + 1)"
    try DurableFile.create("\(path)/\(name)", Data("\(key)\n".utf8), mode: 0o640)
  }

  /// Puts a checkpoint beside the others, flushed.
  /// - Throws: `CheckpointConflict` where another one of that size is there; `FileFailure`.
  public func export(size: Int64, _ note: String) throws {
    let file = "\(path)/\(size)"
    if !FileManager.default.fileExists(atPath: file) {
      try DurableFile.create(file, Data(note.utf8), mode: 0o640)
    }
    guard FileManager.default.contents(atPath: file) == Data(note.utf8) else {
      throw CheckpointConflict(file: file)
    }
  }

  /// Names of all files, drafts left by a power cut aside.
  func names() throws -> [String] {
    guard FileManager.default.fileExists(atPath: path) else { return [] }
    return try FileManager.default.contentsOfDirectory(atPath: path)
      .filter { !$0.hasPrefix(".") }.sorted()
  }

  static func isKeyFile(_ name: String) -> Bool {
    name == keyFile || name.hasPrefix(keyFile + ".")
  }

  /// Sizes of the checkpoints that are there.
  public func sizes() throws -> Set<Int64> { Set(try names().compactMap { Int64($0) }) }

  func keys() throws -> [VerifierKey] {
    try names().filter(Self.isKeyFile).compactMap(key)
  }

  func key(in name: String) -> VerifierKey? {
    guard let line = text(of: name), line.hasSuffix("\n") else { return nil }
    return VerifierKey(parsing: String(line.dropLast()))
  }

  /// Nil for a file that is not there, and for one that is no text.
  func text(of name: String) -> String? {
    FileManager.default.contents(atPath: "\(path)/\(name)").flatMap {
      String(data: $0, encoding: .utf8)
    }
  }
}

/// Another checkpoint of the same size was exported before: the log has forked, or an older backup
/// goes on beside the checkpoints of what was lost.
public struct CheckpointConflict: Error, Hashable, CustomStringConvertible {
  public let file: String

  public var description: String {
    "\(file) 已有另一检查点，未予覆盖 / \(file) holds another checkpoint, which was left as it is"
  }
}
