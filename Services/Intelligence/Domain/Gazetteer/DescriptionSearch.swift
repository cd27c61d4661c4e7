// Leads from what is seen: 大石头 两棵松树 灯塔. What few places have around them says more than what
// many have.

import Foundation
import Geography

struct DescriptionSearch {
  /// Things seen that are looked at.
  private static let phraseLimit = 12
  private static let nameLimit = 60
  /// Least fit of one phrase.
  private static let leastFit = 0.5

  let query: LocateQuery
  let search: any GazetteerSearch

  func leads() throws -> [LocateLead] {
    let phrases = Array(
      DescriptionWords.phrases(of: query.description).prefix(Self.phraseLimit))
    guard !phrases.isEmpty else { return [] }
    let names = NameSearch(search: search)
    let found = try phrases.map { phrase in
      try names.names(like: phrase, as: .phrase, least: Self.leastFit, limit: Self.nameLimit)
    }
    var weights: [Int64: Double] = [:]
    for one in found.joined() {
      weights[one.name.number] = max(weights[one.name.number] ?? 0, one.match.fit)
    }
    let places = try search.places(
      named: weights, in: [.description, .name, .alias], within: query.bounds,
      limit: Locating.placeLimit
    ).filter { query.allows($0.place.content.coordinate) }
    let hits = places.map { place in found.map { Self.best(of: $0, for: place) } }
    let tellings = phrases.indices.map { index in
      Self.telling(hits.filter { $0[index] != nil }.count, of: places.count)
    }
    let whole = tellings.reduce(0, +)
    return zip(places, hits).map { place, hits in
      var explained = 0.0
      var evidence: [LocateEvidence] = []
      for (index, hit) in hits.enumerated() {
        guard let hit else { continue }
        explained += tellings[index] * hit.found.match.fit
        evidence.append(LocateEvidence(hit.found, in: hit.field))
      }
      return LocateLead(place.place, fit: min(0.99, explained / whole), evidence)
    }
  }

  /// The less places have it around them, the more it tells.
  private static func telling(_ count: Int, of places: Int) -> Double {
    log(2 + Double(places) / Double(count + 1))
  }

  private static func best(
    of found: [FoundName], for place: NamedPlace
  ) -> (found: FoundName, field: NameField)? {
    // Sorted by fit: the first that the place has is its best.
    for one in found {
      if let field = place.names[one.name.number] { return (one, field) }
    }
    return nil
  }
}
