// The pages, as files of a folder: read as they are, without a build step, so that whoever changes one
// sees it at the next reload.

public import Foundation
import NIOCore
import Synchronization

/// Files that are served as they lie there.
public struct WebFolder: Sendable {
  /// One file as it is sent.
  struct File: Sendable {
    let bytes: ByteBuffer
    let contentType: String
    /// Changes with the file.
    let tag: String
  }

  /// Bytes; larger files are none of ours.
  private static let largestFile = 4 << 20
  private static let cachedFiles = 256

  private let root: String
  private let vendorRoot: String
  private let cache = Cache()

  /// - Parameter path: the folder of the pages. The libraries of others, served under `/vendor/`, lie in
  ///   its folder `vendor`; those of a checkout where `Scripts/setup` puts them.
  public init(path: String) {
    root = Self.real(path) ?? path
    let vendor = "\(root)/vendor"
    vendorRoot =
      Self.real(vendor) ?? Self.real("\(root)/../../../.tools/web") ?? vendor
  }

  /// Where the pages lie from a program's own place: in the checkout that it was built in, or beside an
  /// installed one.
  public static func beside(executable: URL) -> WebFolder? {
    var folder = executable.resolvingSymlinksInPath().deletingLastPathComponent()
    let installed = folder.deletingLastPathComponent().path + "/share/quintet/web"
    if isFolder(installed) { return WebFolder(path: installed) }
    for _ in 0..<6 {
      let pages = folder.path + "/Services/Gateway/Web"
      if isFolder(pages) { return WebFolder(path: pages) }
      folder = folder.deletingLastPathComponent()
    }
    return nil
  }

  public static func isFolder(_ path: String) -> Bool {
    var isDirectory = ObjCBool(false)
    return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory)
      && isDirectory.boolValue
  }

  /// - Parameter path: of the URL, such as `/`, `/command/` or `/vendor/leaflet/leaflet.js`.
  /// - Returns: nil for whatever is not a file of a known kind in the folder.
  func file(at path: String) -> File? {
    guard let names = Self.names(in: path), let last = names.last,
      let contentType = Self.contentType(of: last)
    else { return nil }
    let isVendored = names.count > 1 && names[0] == "vendor"
    let base = isVendored ? vendorRoot : root
    let inside = (isVendored ? names.dropFirst() : names[...]).joined(separator: "/")
    // A link may lead to another file of the folder, and nowhere else.
    guard let real = Self.real("\(base)/\(inside)"), real.hasPrefix("\(base)/") else { return nil }
    var status = stat()
    guard stat(real, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
      status.st_size <= Self.largestFile
    else { return nil }
    let changed = Int(status.st_mtim.tv_sec) * 1_000_000_000 + Int(status.st_mtim.tv_nsec)
    let tag = "\"\(String(changed, radix: 36))-\(String(Int(status.st_size), radix: 36))\""
    if let known = cache[real], known.tag == tag { return known }
    guard let content = FileManager.default.contents(atPath: real) else { return nil }
    let file = File(bytes: ByteBuffer(bytes: content), contentType: contentType, tag: tag)
    cache.keep(file, as: real, limit: Self.cachedFiles)
    return file
  }

  /// The parts of a path, `index.html` for a folder; nil for one that is not made of plain names. Nothing
  /// is decoded: no file of ours has a name that needs it.
  static func names(in path: String) -> [String]? {
    guard path.first == "/", path.utf8.count <= 512 else { return nil }
    var names = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
      .map(String.init)
    if names.last == "" { names[names.count - 1] = "index.html" }
    return names.allSatisfy(isPlain) ? names : nil
  }

  private static func isPlain(_ name: String) -> Bool {
    !name.isEmpty && name.first != "."
      && name.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"),
          UInt8(ascii: "-"):
          true
        default: false
        }
      }
  }

  private static let contentTypes = [
    "html": "text/html; charset=utf-8", "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8", "mjs": "text/javascript; charset=utf-8",
    "json": "application/json", "map": "application/json", "geojson": "application/geo+json",
    "webmanifest": "application/manifest+json", "svg": "image/svg+xml", "png": "image/png",
    "webp": "image/webp", "jpg": "image/jpeg", "gif": "image/gif", "ico": "image/x-icon",
    "woff2": "font/woff2", "txt": "text/plain; charset=utf-8",
  ]

  private static func contentType(of name: String) -> String? {
    name.split(separator: ".").dropFirst().last.flatMap { contentTypes[String($0)] }
  }

  private static func real(_ path: String) -> String? {
    guard let found = realpath(path, nil) else { return nil }
    defer { free(found) }
    return String(cString: found)
  }
}

/// Files that were read.
private final class Cache: Sendable {
  private let files = Mutex<[String: WebFolder.File]>([:])

  subscript(_ path: String) -> WebFolder.File? { files.withLock { $0[path] } }

  func keep(_ file: WebFolder.File, as path: String, limit: Int) {
    files.withLock { files in
      if files.count >= limit { files = [:] }
      files[path] = file
    }
  }
}
