// From words to names of the index: those equal to them, and those that share the most telling sounds.

import Foundation

/// A name of the index and how well it fits.
struct FoundName: Sendable {
  let name: IndexedName
  let match: NameMatch
  /// As it was told.
  let told: String
}

struct NameSearch {
  /// Names that are compared for one text.
  static let nameLimit = 100

  let search: any GazetteerSearch

  /// The best first.
  /// - Parameter least: fit below which a name is left out.
  func names(
    like text: String, as weighing: NameMatch.Weighing = .name, least: Double, limit: Int
  ) throws -> [FoundName] {
    // Nobody says more in one name; and the work for each stays bounded.
    let told = FoldedName(FoldedName(text).characters.prefix(PlaceNames.keyLimit))
    guard !told.isEmpty else { return [] }
    var names = try search.names(equalTo: [told.key])
    names += try search.names(sharing: told.terms, length: told.count, limit: Self.nameLimit)
    var seen: Set<Int64> = []
    let found = names.filter { seen.insert($0.number).inserted }.map { name in
      FoundName(
        name: name, match: NameMatch(told: told, name: FoldedName(name.key), as: weighing),
        told: text)
    }
    return Array(
      found.filter { $0.match.fit >= least }
        .sorted { ($1.match.fit, $0.name.key) < ($0.match.fit, $1.name.key) }
        .prefix(limit))
  }
}

extension LocateEvidence {
  /// How a name was found again.
  init(_ found: FoundName, in field: NameField) {
    let kind: Kind =
      switch found.match.kind {
      case .exact: .exact
      case .soundsAlike: .soundsAlike
      case .similar: .similar
      }
    let name = field == .road ? "address" : field.rawValue
    self.init(
      kind, field: name, told: kind == .exact ? found.told : found.match.matched,
      matched: found.name.key)
  }
}
