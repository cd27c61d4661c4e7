// A name with its point: what callers speak of when they say where they are. Places only; who lives or
// works there is nowhere in it.

public import Foundation
public import Geography
public import Identifiers

/// Kinds of places and plates. Raw values are stored; never rename one.
public enum PlaceKind: String, Sendable, Codable, CaseIterable {
  case address, road, intersection, landmark, estate, shop, school, hospital, park, transport
  case village, office, other
  case plate, pillar, kiosk, camera
  case streetLight = "street_light"

  /// Whether it stands there to be read or pressed, and has a number.
  public var isPlate: Bool {
    switch self {
    case .plate, .pillar, .kiosk, .camera, .streetLight: true
    default: false
    }
  }

  /// The word on the screen.
  public var chineseName: String {
    switch self {
    case .address: "门牌"
    case .road: "道路"
    case .intersection: "路口"
    case .landmark: "地标"
    case .estate: "小区"
    case .shop: "商铺"
    case .school: "学校"
    case .hospital: "医院"
    case .park: "公园"
    case .transport: "车站码头"
    case .village: "村"
    case .office: "单位"
    case .other: "其他"
    case .plate: "定位牌"
    case .pillar: "报警柱"
    case .kiosk: "岗亭"
    case .camera: "监控点"
    case .streetLight: "路灯杆"
    }
  }
}

/// What is told of a place or plate by whoever keeps the gazetteer.
public struct PlaceContent: Sendable, Hashable, Codable {
  /// Unique; a plate's is its number.
  public var code: String
  public var kind: PlaceKind
  public var name: String
  public var aliases: [String]
  public var address: String
  /// District or town.
  public var area: String
  /// What is seen around it.
  public var description: String
  /// Empty when there is no device.
  public var deviceCode: String
  public var coordinate: Coordinate
  /// Metres around the point that it covers.
  public var radiusMetres: Double
  /// No longer there.
  public var isRetired: Bool

  public init(
    code: String, kind: PlaceKind, name: String, aliases: [String] = [], address: String = "",
    area: String = "", description: String = "", deviceCode: String = "", coordinate: Coordinate,
    radiusMetres: Double = 0, isRetired: Bool = false
  ) {
    self.code = code
    self.kind = kind
    self.name = name
    self.aliases = aliases
    self.address = address
    self.area = area
    self.description = description
    self.deviceCode = deviceCode
    self.coordinate = coordinate
    self.radiusMetres = radiusMetres
    self.isRetired = isRetired
  }
}

/// A place or plate of the gazetteer.
public struct GazetteerPlace: Sendable, Hashable, Codable {
  public var id: PlaceID
  public var content: PlaceContent
  public var revision: Int
  public var occurTime: Date
  public var recordTime: Date

  public init(
    id: PlaceID, content: PlaceContent, revision: Int, occurTime: Date, recordTime: Date
  ) {
    self.id = id
    self.content = content
    self.revision = revision
    self.occurTime = occurTime
    self.recordTime = recordTime
  }

  public var etag: String { String(revision) }
}

/// Add or replace one.
public struct PutPlace: Sendable, Hashable {
  public var content: PlaceContent
  /// Empty to replace whatever is there.
  public var etag: String
  public var occurTime: Date

  public init(content: PlaceContent, etag: String = "", occurTime: Date) {
    self.content = content
    self.etag = etag
    self.occurTime = occurTime
  }
}

/// What became of one entry of an import.
public enum ImportOutcome: Sendable, Hashable, Codable {
  case added, kept
  case refused(GazetteerProblem)
}

/// Why a place was not stored.
public enum GazetteerProblem: String, Error, Sendable, Hashable, Codable {
  /// A place has the code that a plate was to have, or the other way about.
  case codeTaken
  /// Another plate has the device.
  case deviceCodeTaken
  /// It was changed meanwhile.
  case changedMeanwhile
}

/// The use cases that change the gazetteer.
public struct GazetteerKeeping: Sendable {
  public init() {}

  /// Adds a place or replaces the one of its code; what is as it was stays untouched.
  ///
  /// - Throws: `GazetteerProblem`, before anything is changed; what the writer throws.
  public func put(
    _ command: PutPlace, in writer: any GazetteerWriter
  ) throws -> (place: GazetteerPlace, isNew: Bool) {
    let content = command.content
    let known = try writer.place(code: content.code)
    if let known, known.content.kind.isPlate != content.kind.isPlate {
      throw GazetteerProblem.codeTaken
    }
    guard command.etag.isEmpty || command.etag == known?.etag else {
      throw GazetteerProblem.changedMeanwhile
    }
    if !content.deviceCode.isEmpty, let holder = try writer.place(device: content.deviceCode),
      holder.content.code != content.code
    {
      throw GazetteerProblem.deviceCodeTaken
    }
    if let known, known.content == content { return (known, false) }
    let place = GazetteerPlace(
      id: known?.id ?? writer.mint(PlaceTag.self), content: content,
      revision: (known?.revision ?? 0) + 1, occurTime: command.occurTime, recordTime: writer.now)
    try writer.save(place, names: PlaceNames(content))
    writer.record(.placeDefined(place), incident: nil, occurTime: command.occurTime)
    return (place, known == nil)
  }

  /// Many, each for itself: what is wrong with one stops none of the others.
  public func put(
    all commands: [PutPlace], in writer: any GazetteerWriter
  ) throws -> [ImportOutcome] {
    try commands.map { command in
      do {
        return try put(command, in: writer).isNew ? .added : .kept
      } catch let problem as GazetteerProblem {
        return .refused(problem)
      }
    }
  }
}
