// A file that others replace while we run: looked at by its stamp, read when that has changed.
import Foundation

/// What was last read from one file.
struct WatchedFile: Sendable {
  let path: String
  private var read: Stamp?
  /// The state of the file that was found unreadable, so that it is reported once.
  private var refused: Stamp?

  private struct Stamp: Equatable {
    var changed: Date?
    var size: Int?
    var inode: Int?
  }

  enum Look<Content: Sendable>: Sendable {
    case same
    case changed(Content)
    /// Missing, unreadable or senseless; what was read before stands. Told once for each state.
    case failed(isNews: Bool, problem: String)
  }

  init(path: String) { self.path = path }

  var wasRead: Bool { read != nil }

  /// Reads the file if it is not the one that was read before.
  mutating func look<Content: Sendable>(_ parse: (Data) throws -> Content) -> Look<Content> {
    let stamp = (try? FileManager.default.attributesOfItem(atPath: path)).map {
      Stamp(
        changed: $0[.modificationDate] as? Date, size: $0[.size] as? Int,
        inode: $0[.systemFileNumber] as? Int)
    }
    if let stamp, stamp == read { return .same }
    let state = stamp ?? Stamp()
    do {
      // Stamped before it is read: a change in between is read at the next look.
      let content = try parse(try Data(contentsOf: URL(fileURLWithPath: path)))
      (read, refused) = (state, nil)
      return .changed(content)
    } catch {
      defer { refused = state }
      let problem = stamp == nil ? "no such file" : "\(error)"
      return .failed(isNews: refused != state, problem: problem)
    }
  }
}
