// What the gazetteer asks of its store.

public import Foundation
public import Geography
public import Identifiers

/// In which of a place's words a name stands. Raw values are stored; never rename one.
public enum NameField: String, Sendable, Codable, CaseIterable {
  case name, alias
  /// The road of its address.
  case road
  case description
}

/// A name of the index that may be what was told.
public struct IndexedName: Sendable, Hashable {
  public var number: Int64
  /// As `NameFolding` writes it.
  public var key: String

  public init(number: Int64, key: String) {
    self.number = number
    self.key = key
  }
}

/// A place with the indexed names of it that were asked for.
public struct NamedPlace: Sendable, Hashable {
  public var place: GazetteerPlace
  public var names: [Int64: NameField]

  public init(place: GazetteerPlace, names: [Int64: NameField]) {
    self.place = place
    self.names = names
  }
}

/// Searches that the store answers from its indexes. None of them answers what is retired.
public protocol GazetteerSearch {
  /// Names that share the most telling of these terms, the best at most `limit`.
  ///
  /// - Parameter length: characters of what was told: of names that share as much, those of its
  ///   length come first.
  func names(sharing terms: [String], length: Int, limit: Int) throws -> [IndexedName]
  /// Names equal to one of the keys.
  func names(equalTo keys: [String]) throws -> [IndexedName]
  /// Places with these names, those with the greatest sum of weights first.
  func places(
    named weights: [Int64: Double], in fields: Set<NameField>, within bounds: Polygon.Bounds?,
    limit: Int
  ) throws -> [NamedPlace]
  /// Places on the road with the nearest house numbers, at most `limit` on either side of `number`;
  /// `number` itself among those below.
  func houses(on road: Int64, around number: Int, limit: Int) throws -> [HousePlace]
  func plates(numbered keys: [String]) throws -> [GazetteerPlace]
  func place(device: String) throws -> GazetteerPlace?
  /// All within `metres`, perhaps more, at most `limit` and then not the nearest only.
  func places(around point: Coordinate, metres: Double, limit: Int) throws -> [GazetteerPlace]
}

/// A place with the house number of its address.
public struct HousePlace: Sendable, Hashable {
  public var place: GazetteerPlace
  public var number: Int

  public init(place: GazetteerPlace, number: Int) {
    self.place = place
    self.number = number
  }
}

/// Reads of the gazetteer.
public protocol GazetteerReader: GazetteerSearch {
  func place(_ id: PlaceID) throws -> GazetteerPlace?
  func place(code: String) throws -> GazetteerPlace?
  /// By code.
  /// - Parameter kinds: empty for all.
  func places(after code: String?, kinds: Set<PlaceKind>, limit: Int) throws -> [GazetteerPlace]
}

/// Reads and changes, inside one transaction.
public protocol GazetteerWriter: GazetteerReader {
  /// When the work is recorded.
  var now: Date { get }
  func mint<Tag>(_ tag: Tag.Type) -> Identifier<Tag>
  func record(_ event: IntelligenceEvent, incident: IncidentID?, occurTime: Date)
  /// Adds or replaces, with all its names.
  func save(_ place: GazetteerPlace, names: PlaceNames) throws
}

/// The gazetteer as its calls see it. Places are nobody's affair: who may ask is the access table's
/// business, and no answer is cut to a caller's area.
public protocol GazetteerStore: Sendable {
  func readGazetteer<R: Sendable>(
    _ body: @escaping @Sendable (any GazetteerReader) throws -> R
  ) async throws -> R

  /// Does it once for each request, with its events and its audit record.
  func writeGazetteer<R: Codable & Sendable>(
    _ request: RequestKey, provenance: Provenance, now: Date,
    _ body: @escaping @Sendable (any GazetteerWriter) throws -> R
  ) async throws -> R
}
