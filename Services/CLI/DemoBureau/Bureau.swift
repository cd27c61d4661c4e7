// The demo bureau 青澜分局: an invented county bureau of the size of a real one, drawn from a seed.
public import Geography

/// A county bureau: who is responsible where, what stands where, and who can be sent.
///
/// Sizes follow Ouhai's as published: 15 stations, 56 beats, 181 villages, 3 standby points, 37
/// kiosks, 153 patrol cars. All names are invented.
public struct Bureau: Sendable {
  public static let name = "青澜分局"

  public let seed: UInt64
  /// The whole area; the stations' areas make it up, as the beats' do theirs.
  public let area: Polygon
  public let stations: [Station]
  public let beats: [Beat]
  public let roads: [Road]
  public let riverside: Riverside
  public let places: [Landmark]
  /// About ten places with an arrival target of one minute, each in a beat of its own.
  public let keyPlaces: [KeyPlace]
  public let villages: [Landmark]
  public let kiosks: [Landmark]
  /// 巡特警待命点
  public let standbyPoints: [Landmark]
  public let units: [PatrolUnit]

  /// - Throws: `PolygonError` when a seed drew an area that is none; no seed is known that does.
  public init(seed: UInt64) throws {
    var names = NamePool(seed: seed)
    let parcels = Parcels(seed: seed)
    let (stations, beats) = try Self.territory(parcels, names: &names)
    let area = try parcels.outline(of: Parcels.fields.map(\.field))
    let streets = try StreetPlan(seed: seed, bureau: area, names: &names)
    let landmarks = try LandmarkPlan(
      seed: seed, beats: beats, roads: streets.roads, names: &names)
    self.seed = seed
    self.area = area
    self.stations = stations
    self.beats = beats
    roads = streets.roads
    riverside = streets.riverside
    places = landmarks.places
    keyPlaces = landmarks.keyPlaces
    villages = landmarks.villages
    kiosks = landmarks.kiosks
    standbyPoints = landmarks.standbyPoints
    units =
      Fleet(
        seed: seed, stations: stations, beats: beats, kiosks: kiosks, standbyPoints: standbyPoints,
        riverside: riverside
      ).units
  }

  private static func territory(
    _ parcels: Parcels, names: inout NamePool
  ) throws -> (stations: [Station], beats: [Beat]) {
    let letters = Set(Parcels.fields.map(\.letter)).sorted()
    var stations: [Station] = []
    var beats: [Beat] = []
    for (index, letter) in letters.enumerated() {
      let fields = Parcels.fields.filter { $0.letter == letter }.map(\.field)
      let shortName = names.next()
      let isCentre = Parcels.centre.contains(letter)
      let code = "QL\(twoDigits(index + 1))"
      let first = beats.count
      for (number, field) in fields.enumerated() {
        beats.append(
          Beat(
            code: "\(code)-\(twoDigits(number + 1))",
            name: "\(shortName)派出所\(names.next())社区责任区", station: index,
            isCentre: isCentre, area: try parcels.outline(of: [field])))
      }
      stations.append(
        Station(
          code: code, shortName: shortName, isCentre: isCentre,
          beats: Array(first..<beats.count), area: try parcels.outline(of: fields)))
    }
    return (stations, beats)
  }

  /// The beat that holds the point; nil outside the bureau.
  public func beat(at point: Coordinate) -> Int? {
    beats.firstIndex { $0.area.contains(point) }
  }

  /// Whether the point is in the area of a key place.
  public func isKeyPlace(_ point: Coordinate) -> Bool {
    keyPlaces.contains { $0.area.contains(point) }
  }
}

/// 派出所
public struct Station: Sendable, Hashable {
  public let code: String
  /// Without 派出所.
  public let shortName: String
  /// Whether it lies in the centre, with its target of three minutes.
  public let isCentre: Bool
  /// Indices into `Bureau.beats`.
  public let beats: [Int]
  public let area: Polygon

  public var name: String { shortName + "派出所" }
}

/// 责任区
public struct Beat: Sendable, Hashable {
  public let code: String
  public let name: String
  /// Index into `Bureau.stations`.
  public let station: Int
  public let isCentre: Bool
  public let area: Polygon
}

func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }
