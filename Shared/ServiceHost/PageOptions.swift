// The flags of what the gateway serves to browsers, each also settable by environment.
public import ArgumentParser
import Foundation

/// Which pages, and which map below them. Use it as an `@OptionGroup`.
public struct PageOptions: ParsableArguments, Sendable {
  @Option(
    name: .customLong("web-dir"),
    help: """
      网页文件夹，缺省为源码或安装目录中的，空则不提供 / Folder of the pages; found beside the program when left \
      out, none when empty. [$QUINTET_WEB_DIR]
      """)
  var folderFlag: String?

  @Option(
    name: .customLong("tiles"),
    help: """
      地图瓦片地址模板 / URL template of the map's tiles, such as https://HOST/{z}/{x}/{y}.png. \
      [$QUINTET_TILES]
      """)
  var tilesFlag: String?

  public init() {}

  /// nil to find it beside the program; empty for no pages.
  public var folder: String? { folderFlag ?? Self.environment("QUINTET_WEB_DIR") }

  /// Empty for none.
  public var tiles: String { tilesFlag ?? Self.environment("QUINTET_TILES") ?? "" }

  /// As flags, for a process that is started with the same.
  public var arguments: [String] {
    (folder.map { ["--web-dir", $0] } ?? []) + (tiles.isEmpty ? [] : ["--tiles", tiles])
  }

  private static func environment(_ name: String) -> String? {
    ProcessInfo.processInfo.environment[name]
  }
}
