// The real tree, found from where this file was compiled.
import Foundation

enum Repository {
  static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// The files under a folder, generated ones aside, in the order of their paths.
  static func files(
    under folder: String, where isWanted: (String) -> Bool = { $0.hasSuffix(".swift") }
  ) throws -> [SourceFile] {
    try paths(under: folder, directories: false).filter(isWanted).map { path in
      SourceFile(
        path: path,
        text: try String(contentsOf: root.appending(path: path), encoding: .utf8))
    }
  }

  /// The folders under a folder, itself included.
  static func folders(under folder: String) throws -> [String] {
    [folder] + (try paths(under: folder, directories: true))
  }

  /// The names of the folders directly in a folder.
  static func folderNames(in folder: String) throws -> [String] {
    try folders(under: folder).map { $0.dropFirst(folder.count + 1) }
      .filter { !$0.isEmpty && !$0.contains("/") }.map(String.init)
  }

  private static func paths(under folder: String, directories: Bool) throws -> [String] {
    let start = root.appending(path: folder)
    var isDirectory: ObjCBool = false
    guard
      FileManager.default.fileExists(
        atPath: start.path(percentEncoded: false), isDirectory: &isDirectory),
      isDirectory.boolValue,
      let walk = FileManager.default.enumerator(atPath: start.path(percentEncoded: false))
    else { throw CocoaError(.fileNoSuchFile) }
    var found: [String] = []
    while let path = walk.nextObject() as? String {
      let parts = path.split(separator: "/")
      if parts.contains("Generated") || parts.contains("__pycache__") { continue }
      let type = walk.fileAttributes?[.type] as? FileAttributeType
      if (type == .typeDirectory) == directories { found.append("\(folder)/\(path)") }
    }
    return found.sorted()
  }
}
