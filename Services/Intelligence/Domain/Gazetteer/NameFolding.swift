// Names in the form in which they are indexed and compared.

import Foundation

/// A text brought into that form.
struct FoldedName: Hashable, Sendable {
  let characters: [FoldedCharacter]

  var key: String { Self.text(characters.map(\.scalar)) }
  var count: Int { characters.count }
  var isEmpty: Bool { characters.isEmpty }

  init(_ text: String) {
    characters = TextFolding.fold(text).unicodeScalars.compactMap { scalar in
      scalar.properties.isAlphabetic || scalar.properties.numericType != nil
        ? HanReading.fold(scalar) : nil
    }
  }

  init(_ characters: some Sequence<FoldedCharacter>) {
    self.characters = Array(characters)
  }

  static func text(_ scalars: [Unicode.Scalar]) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    return String(view)
  }

  /// What the name is found by: each two sounds at most two apart, in either order. One wrong,
  /// missing, added or exchanged character leaves some of them as they were.
  ///
  /// Names of one or two characters are found by single sounds as well.
  var terms: [String] {
    var terms: Set<String> = []
    let sounds = characters.map { HanReading.text(of: $0.nearSyllable) }
    for (index, sound) in sounds.enumerated() {
      for other in sounds[(index + 1)...].prefix(2) {
        terms.insert(sound < other ? "\(sound) \(other)" : "\(other) \(sound)")
      }
      if count <= 2 { terms.insert(sound) }
    }
    return terms.sorted()
  }
}

/// All names under which a place is indexed.
public struct PlaceNames: Sendable, Hashable {
  /// Key → terms, for each field; the same key once a field.
  public struct Name: Sendable, Hashable {
    public let key: String
    public let terms: [String]
    public let field: NameField
  }

  /// Longest key; what is longer is cut.
  static let keyLimit = 80
  /// Most phrases of a description.
  static let phraseLimit = 40

  public let names: [Name]
  /// The key among `names` that is the road of the address, with the house number on it.
  public let house: (road: String, number: Int)?

  public init(_ content: PlaceContent) {
    var names: [Name] = []
    var seen: Set<String> = []
    func add(_ text: FoldedName, _ field: NameField) {
      let cut = FoldedName(text.characters.prefix(Self.keyLimit))
      guard !cut.isEmpty, seen.insert("\(field.rawValue) \(cut.key)").inserted else { return }
      names.append(Name(key: cut.key, terms: cut.terms, field: field))
    }
    let house =
      HouseNumber(content.address) ?? (content.kind == .address ? HouseNumber(content.name) : nil)
    let road = house.map { FoldedName($0.road) }
    if let road { add(road, .road) }
    // Of a hundred thousand house numbers only the roads need be searched.
    if content.kind != .address || house == nil { add(FoldedName(content.name), .name) }
    for alias in content.aliases { add(FoldedName(alias), .alias) }
    if content.kind == .intersection, let crossing = Crossing(content.name) {
      for name in crossing.joined { add(FoldedName(name), .alias) }
    }
    for phrase in DescriptionWords.phrases(of: content.description).prefix(Self.phraseLimit) {
      add(FoldedName(phrase), .description)
    }
    self.names = names
    self.house = house.flatMap { house in
      guard let road, !road.isEmpty else { return nil }
      return (FoldedName(road.characters.prefix(Self.keyLimit)).key, house.number)
    }
  }

  public static func == (left: PlaceNames, right: PlaceNames) -> Bool {
    left.names == right.names && left.house?.road == right.house?.road
      && left.house?.number == right.house?.number
  }

  public func hash(into hasher: inout Hasher) { hasher.combine(names) }
}
