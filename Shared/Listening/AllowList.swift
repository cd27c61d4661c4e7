// Who may connect: the names that certificates bear, in a file that people keep.
import Foundation

/// Names of clients, one a line: `DNS:partner.example` or `URI:spiffe://bureau/partner`. What follows
/// a `#` is a remark. Names of hosts are compared without regard to case, all others exactly; there
/// are no wildcards.
struct AllowList: Sendable {
  private let names: Set<String>

  /// - Throws: `ListeningError`, also for a list that names nobody.
  init(file path: String) throws(ListeningError) {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw .unreadable(path: path)
    }
    try self.init(String(decoding: data, as: UTF8.self), path: path)
  }

  init(_ text: String, path: String) throws(ListeningError) {
    var names: Set<String> = []
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    {
      let name = line.prefix { $0 != "#" }.trimmingCharacters(in: .whitespaces)
      if name.isEmpty { continue }
      guard ["DNS:", "URI:"].contains(name.prefix(4)), name.count > 4 else {
        throw .badFile(
          path: path, problem: "line \(index + 1) is neither DNS:name nor URI:name")
      }
      names.insert(Self.folded(name))
    }
    guard !names.isEmpty else { throw .badFile(path: path, problem: "it names nobody") }
    self.names = names
  }

  /// Whether one of the names of a certificate is on the list.
  func admits(_ candidates: [String]) -> Bool {
    candidates.contains { names.contains(Self.folded($0)) }
  }

  private static func folded(_ name: String) -> String {
    name.hasPrefix("DNS:") ? name.lowercased() : name
  }
}
