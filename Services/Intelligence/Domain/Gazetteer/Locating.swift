// The use case: from what a caller told to ranked places. Each kind of words makes leads of its own;
// leads to one place are put together, and what lies outside the searched area is left out.

import Foundation
import Geography
import Identifiers

/// One kind of words pointing at one place.
struct LocateLead: Sendable {
  /// Leads of one key are one candidate.
  var key: String
  var coordinate: Coordinate
  var name: String
  var uncertaintyMetres: Double
  /// 0 … 1.
  var fit: Double
  var evidence: [LocateEvidence]
  var place: GazetteerPlace?

  init(
    key: String, coordinate: Coordinate, name: String, uncertaintyMetres: Double, fit: Double,
    evidence: [LocateEvidence], place: GazetteerPlace?
  ) {
    self.key = key
    self.coordinate = coordinate
    self.name = name
    self.uncertaintyMetres = uncertaintyMetres
    self.fit = fit
    self.evidence = evidence
    self.place = place
  }

  /// - Parameter evidence: why it is this place.
  init(_ place: GazetteerPlace, fit: Double, _ evidence: [LocateEvidence]) {
    self.init(
      key: place.id.description, coordinate: place.content.coordinate, name: place.content.name,
      uncertaintyMetres: Self.uncertainty(of: place.content), fit: fit, evidence: evidence,
      place: place)
  }

  /// Metres; a plate stands where it stands, a park has a size even where nobody told it.
  static func uncertainty(of content: PlaceContent) -> Double {
    let least: Double =
      switch content.kind {
      case .plate, .pillar, .kiosk, .camera, .streetLight: 10
      case .address, .shop: 20
      case .intersection: 30
      case .road: 300
      case .park, .estate, .village, .school: 100
      default: 50
      }
    return max(content.radiusMetres, least)
  }
}

/// Finds where somebody is.
public struct Locating: Sendable {
  /// Least fit that is worth telling.
  static let leastFit = 0.25
  /// Metres from a told point within which named places are looked for, in growing circles.
  private static let circles: [Double] = [150, 600, 2_000]
  /// Rows that one search looks at.
  static let placeLimit = 300

  public init() {}

  /// - Throws: what the search throws.
  public func locate(_ query: LocateQuery, in search: any GazetteerSearch) throws -> LocateAnswer {
    var leads = try plates(query, search) + device(query, search)
    if !query.address.isEmpty {
      leads += try AddressSearch(query: query, search: search).leads()
    }
    if !query.description.isEmpty {
      leads += try DescriptionSearch(query: query, search: search).leads()
    }
    let notices = Self.doubts(query, leads)
    leads += try points(query, search)
    let candidates = Self.merged(leads.filter { query.allows($0.coordinate) })
      .filter { $0.fit >= Self.leastFit }
      .map { Self.candidate($0, query) }
      .sorted(by: Self.isBefore)
    return LocateAnswer(candidates: Array(candidates.prefix(query.limit)), notices: notices)
  }

  private static func candidate(_ lead: LocateLead, _ query: LocateQuery) -> LocateCandidate {
    var evidence = lead.evidence
    if let near = query.near {
      evidence.append(
        LocateEvidence(
          .hint, field: "point", told: "", matched: "",
          distanceMetres: near.distance(to: lead.coordinate)))
    }
    return LocateCandidate(
      coordinate: lead.coordinate, name: lead.name, uncertaintyMetres: lead.uncertaintyMetres,
      confidence: min(1, lead.fit * query.nearness(of: lead.coordinate)), evidence: evidence,
      place: lead.place)
  }

  /// Ties by name and code, so that the same question has the same answer.
  private static func isBefore(_ left: LocateCandidate, _ right: LocateCandidate) -> Bool {
    guard left.confidence == right.confidence else { return left.confidence > right.confidence }
    let (one, other) = (left.place?.content.code ?? "", right.place?.content.code ?? "")
    return (left.uncertaintyMetres, left.name, one) < (right.uncertaintyMetres, right.name, other)
  }

  private static func merged(_ leads: [LocateLead]) -> [LocateLead] {
    var byKey: [String: LocateLead] = [:]
    for lead in leads {
      guard let known = byKey[lead.key] else {
        byKey[lead.key] = lead
        continue
      }
      let (best, other) = lead.fit > known.fit ? (lead, known) : (known, lead)
      var merged = best
      merged.evidence += other.evidence.filter { !best.evidence.contains($0) }
      merged.fit = 1 - (1 - best.fit) * (1 - other.fit)
      byKey[lead.key] = merged
    }
    return Array(byKey.values)
  }

  // MARK: - Numbers, devices and points

  private func plates(_ query: LocateQuery, _ search: any GazetteerSearch) throws -> [LocateLead] {
    let key = PlateNumber.key(query.plateNumber)
    guard !key.isEmpty else { return [] }
    let exact = try search.plates(numbered: [key]).map { place in
      let isWhole = PlateNumber.key(place.content.code) == key
      return LocateLead(
        place, fit: isWhole ? 1 : 0.85,
        [
          LocateEvidence(
            isWhole ? .exact : .similar, field: "number", told: query.plateNumber,
            matched: place.content.code)
        ])
    }
    // With nothing else to go by, a number that there is was not misread.
    let hasMore = query.near != nil || !query.description.isEmpty || !query.address.isEmpty
    guard exact.isEmpty || hasMore else { return exact }
    let known = Set(exact.map(\.key))
    let misread = try search.plates(numbered: PlateNumber.misreadings(of: key)).map { place in
      LocateLead(
        place, fit: 0.6,
        [
          LocateEvidence(
            .misread, field: "number", told: query.plateNumber, matched: place.content.code)
        ])
    }
    return exact + misread.filter { !known.contains($0.key) }
  }

  private func device(_ query: LocateQuery, _ search: any GazetteerSearch) throws -> [LocateLead] {
    guard !query.deviceCode.isEmpty, let place = try search.place(device: query.deviceCode) else {
      return []
    }
    return [
      LocateLead(
        place, fit: 1,
        [
          LocateEvidence(
            .exact, field: "device_code", told: query.deviceCode, matched: query.deviceCode)
        ])
    ]
  }

  private func points(_ query: LocateQuery, _ search: any GazetteerSearch) throws -> [LocateLead] {
    guard let point = query.point?.coordinate else { return [] }
    for circle in Self.circles {
      let found = try search.places(around: point, metres: circle, limit: Self.placeLimit)
        .map { (place: $0, metres: point.distance(to: $0.content.coordinate)) }
        .filter { $0.metres <= circle && query.allows($0.place.content.coordinate) }
      guard found.count >= query.limit || circle == Self.circles.last else { continue }
      return found.map { place, metres in
        var lead = LocateLead(
          place, fit: 1 / (1 + metres / 200),
          [
            LocateEvidence(
              .distance, field: "point", told: "", matched: place.content.name,
              distanceMetres: metres)
          ])
        lead.uncertaintyMetres = max(lead.uncertaintyMetres, metres)
        return lead
      }
    }
    return []
  }

  /// Whether the point would fit the rest far better in another datum.
  private static func doubts(_ query: LocateQuery, _ leads: [LocateLead]) -> [LocateNotice] {
    guard let given = query.point, let best = leads.max(by: { $0.fit < $1.fit }), best.fit >= 0.7
    else { return [] }
    let told = given.coordinate.distance(to: best.coordinate)
    let other: Datum = given.datum == .gcj02 ? .wgs84 : .gcj02
    guard told > 150,
      let moved = try? Coordinate(
        latitude: given.latitude, longitude: given.longitude, datum: other)
    else { return [] }
    let distance = moved.distance(to: best.coordinate)
    guard distance < told / 3 else { return [] }
    return [LocateNotice(datum: other, distanceMetres: told, otherDistanceMetres: distance)]
  }
}
