// Leads from an address: a name, a house number on a road, a crossing, and words relative to them.

import Foundation
import Geography

struct AddressSearch {
  /// Names that are followed up.
  private static let nameLimit = 30
  /// Roads whose house numbers are looked at.
  private static let roadLimit = 3
  /// Least fit of a road's name for its house numbers to be looked at.
  private static let roadFit = 0.6

  let query: LocateQuery
  let search: any GazetteerSearch

  private var names: NameSearch { NameSearch(search: search) }

  func leads() throws -> [LocateLead] {
    let whole = query.address
    guard let relative = RelativeWords(whole) else { return try leads(to: whole) }
    // 南边 may be the end of a name.
    let named = try leads(named: [(whole, 1)]).filter { $0.fit == 1 }
    return named + (try leads(to: relative.rest)).map { $0.moved(by: relative) }
  }

  private func leads(to text: String) throws -> [LocateLead] {
    var texts: [(String, Double)] = [(text, 1)]
    let stripped = HouseNumber.withoutRegions(text)
    if stripped != text { texts.append((stripped, 1)) }
    if let crossing = Crossing(text) {
      texts += crossing.joined.map { ($0, 1) }
      let named = try leads(named: texts).map { $0.asCrossing }
      guard !named.contains(where: { $0.fit >= 0.95 }) else { return named }
      return named + (try leads(to: crossing))
    }
    guard let house = HouseNumber(text) else {
      return try leads(named: texts) + roads(stripped)
    }
    // Where no number is known, the road itself is better than nothing.
    texts.append((house.road, 0.6))
    return try leads(named: texts) + leads(to: house)
  }

  // MARK: - Names

  private func leads(named texts: [(String, Double)]) throws -> [LocateLead] {
    var best: [Int64: (found: FoundName, fit: Double)] = [:]
    for (text, factor) in texts {
      let least = Locating.leastFit
      for found in try names.names(like: text, least: least, limit: Self.nameLimit) {
        let fit = found.match.fit * factor
        if fit > best[found.name.number]?.fit ?? 0 { best[found.name.number] = (found, fit) }
      }
    }
    let places = try search.places(
      named: best.mapValues(\.fit), in: [.name, .alias], within: query.bounds,
      limit: Locating.placeLimit)
    return places.compactMap { named in
      let own = named.names.compactMap { number, field in best[number].map { ($0, field) } }
      guard let (hit, field) = own.max(by: { $0.0.fit < $1.0.fit }) else { return nil }
      // Told with all its regions it is that name, whatever they seem to say.
      let isWhole = hit.found.told == query.address
      let fit = hit.fit * (isWhole ? 1 : areaFactor(named.place.content.area))
      return LocateLead(named.place, fit: fit, [LocateEvidence(hit.found, in: field)])
    }
  }

  /// Less than 1 when another area was named than the place's own.
  private func areaFactor(_ area: String) -> Double {
    let told = FoldedName(query.address)
    guard !area.isEmpty, HouseNumber.withoutRegions(query.address) != query.address else {
      return 1
    }
    return told.key.contains(FoldedName(area).key) ? 1 : 0.8
  }

  // MARK: - Roads and house numbers

  /// A road that is known by its houses alone.
  private func roads(_ text: String) throws -> [LocateLead] {
    let found = try names.names(like: text, least: Self.roadFit, limit: Self.roadLimit)
    return try found.compactMap { road in
      let houses = try search.places(
        named: [road.name.number: 1], in: [.road], within: query.bounds,
        limit: Locating.placeLimit)
      guard let middle = Self.middle(of: houses.map(\.place.content.coordinate)) else { return nil }
      return LocateLead(
        key: "road/\(road.name.number)", coordinate: middle.point, name: road.name.key,
        uncertaintyMetres: max(100, middle.radius), fit: road.match.fit * 0.9,
        evidence: [LocateEvidence(road, in: .road)], place: nil)
    }
  }

  private static func middle(of points: [Coordinate]) -> (point: Coordinate, radius: Double)? {
    guard let first = points.first else { return nil }
    let count = Double(points.count)
    // Around the first point, so that the 180th meridian is nothing special.
    let point = try? Coordinate(
      latitude: first.latitude
        + points.reduce(0) { $0 + $1.latitude - first.latitude } / count,
      longitude: first.longitude
        + points.reduce(0) { $0 + $1.longitude - first.longitude } / count)
    guard let point else { return nil }
    return (point, points.map { $0.distance(to: point) }.max() ?? 0)
  }

  private func leads(to house: HouseNumber) throws -> [LocateLead] {
    let roads = try names.names(like: house.road, least: Self.roadFit, limit: Self.roadLimit)
    return try roads.flatMap { road in
      let houses = try search.houses(on: road.name.number, around: house.number, limit: 8)
        .filter { query.allows($0.place.content.coordinate) }
      let fit = road.match.fit
      let evidence = LocateEvidence(road, in: .road)
      let exact = houses.filter { $0.number == house.number }
      if !exact.isEmpty {
        return exact.map { LocateLead($0.place, fit: fit, [evidence]) }
      }
      let estimate = HouseEstimate(house.number, among: houses)
      guard let estimate else { return [LocateLead]() }
      let told = "\(road.name.key)\(house.number)号"
      return [
        LocateLead(
          key: "house/\(road.name.number)/\(house.number)", coordinate: estimate.point, name: told,
          uncertaintyMetres: estimate.uncertaintyMetres, fit: fit * estimate.fit,
          evidence: [
            evidence,
            LocateEvidence(
              .interpolated, field: "address", told: told,
              matched: estimate.from.map { "\($0)号" }.joined(separator: "与")),
          ], place: nil)
      ]
    }
  }

  // MARK: - Crossings

  /// Where two roads come nearest each other, as far as places on them are known.
  private func leads(to crossing: Crossing) throws -> [LocateLead] {
    guard
      let first = try names.names(like: crossing.first, least: Self.roadFit, limit: 1).first,
      let second = try names.names(like: crossing.second, least: Self.roadFit, limit: 1).first,
      first.name.number != second.name.number
    else { return [] }
    let points = try [first, second].map { road in
      try search.places(
        named: [road.name.number: 1], in: [.road, .name], within: query.bounds,
        limit: Locating.placeLimit
      ).map(\.place.content.coordinate)
    }
    var nearest: (point: Coordinate, metres: Double)?
    for one in points[0] {
      for other in points[1] {
        let metres = one.distance(to: other)
        guard metres < nearest?.metres ?? 800 else { continue }
        nearest = Self.middle(of: [one, other]).map { ($0.point, metres) }
      }
    }
    guard let nearest else { return [] }
    let roads = "\(first.name.key)与\(second.name.key)"
    return [
      LocateLead(
        key: "crossing/\(roads)", coordinate: nearest.point, name: roads + "路口附近",
        uncertaintyMetres: max(60, nearest.metres),
        fit: min(first.match.fit, second.match.fit) * (0.85 - nearest.metres / 2_000),
        evidence: [
          LocateEvidence(
            .crossing, field: "address", told: query.address, matched: roads,
            distanceMetres: nearest.metres)
        ], place: nil)
    ]
  }
}

/// A house number worked out from its neighbours.
struct HouseEstimate: Sendable {
  let point: Coordinate
  let uncertaintyMetres: Double
  /// 0 … 1.
  let fit: Double
  /// The numbers it rests on.
  let from: [Int]

  /// Between the nearest numbers below and above, of its own side of the road where both are known;
  /// beside the nearest where only one is.
  ///
  /// - Returns: nil when no house is known.
  init?(_ number: Int, among houses: [HousePlace]) {
    let sameSide = houses.filter { $0.number % 2 == number % 2 }
    for group in [sameSide, houses] {
      let below = group.filter { $0.number < number }.max { $0.number < $1.number }
      let above = group.filter { $0.number > number }.min { $0.number < $1.number }
      guard let below, let above else { continue }
      let (from, to) = (below.place.content.coordinate, above.place.content.coordinate)
      let gap = Double(above.number - below.number)
      let along = Double(number - below.number) / gap
      let middle = try? Coordinate(
        latitude: from.latitude + (to.latitude - from.latitude) * along,
        longitude: from.longitude + (to.longitude - from.longitude) * along)
      guard let middle else { continue }
      point = middle
      uncertaintyMetres = max(25, from.distance(to: to) / 2)
      fit = max(0.5, 0.95 - gap / 100)
      self.from = [below.number, above.number]
      return
    }
    let nearest = houses.min { abs($0.number - number) < abs($1.number - number) }
    guard let nearest else { return nil }
    let gap = Double(abs(nearest.number - number))
    point = nearest.place.content.coordinate
    uncertaintyMetres = min(2_000, max(50, gap * 10))
    fit = max(0.3, 0.8 - gap / 100)
    from = [nearest.number]
  }
}

extension LocateLead {
  /// Of two roads told, one alone explains little.
  var asCrossing: LocateLead {
    var lead = self
    if place?.content.kind != .intersection, fit < 1 { lead.fit *= 0.7 }
    return lead
  }

  /// The same, as far away as the words say.
  func moved(by relative: RelativeWords) -> LocateLead {
    var lead = self
    lead.key += "/" + relative.words
    lead.name += relative.words
    lead.coordinate = coordinate.offset(northMetres: relative.north, eastMetres: relative.east)
    lead.uncertaintyMetres = uncertaintyMetres + relative.uncertainty
    // What stands there was told exactly; how far off it is, was not.
    lead.fit *= 0.95
    lead.evidence.append(
      LocateEvidence(
        .relative, field: "point", told: relative.words, matched: name,
        distanceMetres: hypot(relative.north, relative.east)))
    return lead
  }
}
