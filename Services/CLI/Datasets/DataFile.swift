// A data file as it lies on the disk: its bytes, unpacked, and a fingerprint that names it in request
// ids, so that the same file replayed again is known as the same.
import Foundation

/// The text of a data file.
public struct DataFile: Sendable {
  public let bytes: [UInt8]
  /// 16 hexadecimal digits; equal for equal text, packed or not. Names a file, proves nothing.
  public let fingerprint: String

  public init(bytes: [UInt8]) {
    self.bytes = bytes
    self.fingerprint = Fingerprint.hex(bytes)
  }

  /// Reads a file; one that begins like gzip is unpacked by a `gzip -dc` child process, whatever
  /// its name.
  ///
  /// - Throws: `DatasetError.unreadable`, `.damaged` when gzip does not find it whole.
  public init(path: String) throws(DatasetError) {
    let data: Data
    do {
      data = try Data(contentsOf: URL(fileURLWithPath: path))
    } catch {
      throw .unreadable(path: path)
    }
    if data.starts(with: [0x1f, 0x8b]) {
      self.init(bytes: try Self.unpack(path))
    } else {
      self.init(bytes: [UInt8](data))
    }
  }

  private static func unpack(_ path: String) throws(DatasetError) -> [UInt8] {
    let child = Process()
    let output = Pipe()
    child.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    child.arguments = ["gzip", "-dc", "--", path]
    child.standardInput = FileHandle.nullDevice
    child.standardOutput = output
    child.standardError = FileHandle.nullDevice
    let text: Data?
    do {
      try child.run()
      text = try output.fileHandleForReading.readToEnd()
    } catch {
      throw .unreadable(path: path)
    }
    child.waitUntilExit()
    guard child.terminationReason == .exit, child.terminationStatus == 0 else {
      throw .damaged(path: path)
    }
    return text.map { [UInt8]($0) } ?? []
  }
}

/// FNV-1a, 64 bits: enough to tell the files and rows of one bureau apart.
enum Fingerprint {
  static func hex(_ bytes: some Sequence<UInt8>) -> String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}

/// Why a file cannot be used at all. What is wrong with single rows is in `Quarantine`.
public enum DatasetError: Error, Hashable, Sendable, CustomStringConvertible {
  case unreadable(path: String)
  case damaged(path: String)
  case noHeader
  case columnsMissing([String])
  case notGeoJSON

  /// For people, Chinese first.
  public var description: String {
    switch self {
    case .unreadable(let path): "无法读取文件 \(path) / cannot read \(path)"
    case .damaged(let path): "压缩文件已损坏 \(path) / \(path) is damaged or incomplete"
    case .noHeader: "文件没有表头 / the file has no header line"
    case .notGeoJSON: "文件不是 GeoJSON 要素 / the file is no GeoJSON feature or collection"
    case .columnsMissing(let names):
      "缺少列 \(names.joined(separator: "、")) / columns missing: \(names.joined(separator: ", "))"
    }
  }
}
