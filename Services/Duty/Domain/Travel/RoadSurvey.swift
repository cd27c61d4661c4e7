// A road network as it comes in, piece by piece: what is good is kept, what is not is told with its
// line, and the whole becomes the network in one step.
public import Foundation
public import Geography
public import Identifiers

/// One edge as it was given.
public struct GivenRoad: Sendable, Hashable {
  public let from: Int64
  public let to: Int64
  /// More than 0, up to 100 000.
  public let metres: Double
  public let roadClass: String
  /// Kilometres per hour, up to 200; 0 when not known.
  public let limit: Double

  public init(from: Int64, to: Int64, metres: Double, roadClass: String, limit: Double) {
    self.from = from
    self.to = to
    self.metres = metres
    self.roadClass = roadClass
    self.limit = limit
  }
}

public struct RoadSurvey: Sendable {
  public static let nodeLimit = 500_000
  public static let edgeLimit = 1_500_000
  /// Refusals that are told; the rest are counted.
  public static let problemLimit = 20

  /// Why a piece was left out.
  public enum Fault: String, Error, Sendable, Hashable {
    case nodeOffTheGlobe, nodeTwice, nodeUnknown, lengthOutOfRange, limitOutOfRange
  }

  public struct Refusal: Sendable, Hashable {
    /// Of the file.
    public let line: Int
    public let fault: Fault
  }

  public let source: String
  public let speeds: TravelSpeeds
  public private(set) var nodes: [Coordinate] = []
  public private(set) var edges: [RoadEdge] = []
  public private(set) var refusedCount = 0
  public private(set) var refusals: [Refusal] = []
  private var numbers: [Int64: Int32] = [:]

  public init(source: String, speeds: TravelSpeeds) {
    self.source = source
    self.speeds = speeds
  }

  public mutating func addNode(_ id: Int64, latitude: Double, longitude: Double, line: Int) {
    guard let point = try? Coordinate(latitude: latitude, longitude: longitude) else {
      return refuse(.nodeOffTheGlobe, line)
    }
    guard numbers[id] == nil else { return refuse(.nodeTwice, line) }
    numbers[id] = Int32(nodes.count)
    nodes.append(point)
  }

  public mutating func addEdge(_ road: GivenRoad, line: Int) {
    guard let from = numbers[road.from], let to = numbers[road.to] else {
      return refuse(.nodeUnknown, line)
    }
    guard road.metres > 0, road.metres <= 100_000 else { return refuse(.lengthOutOfRange, line) }
    guard (0...200).contains(road.limit) else { return refuse(.limitOutOfRange, line) }
    let speed = road.limit > 0 ? max(1, road.limit / 3.6) : speeds.speed(road.roadClass)
    edges.append(
      RoadEdge(from: from, to: to, metres: road.metres, seconds: road.metres / speed))
  }

  private mutating func refuse(_ fault: Fault, _ line: Int) {
    refusedCount += 1
    if refusals.count < Self.problemLimit { refusals.append(Refusal(line: line, fault: fault)) }
  }
}

/// Which network is in force.
public struct RoadNetworkFacts: Codable, Sendable, Hashable {
  public let id: RoadNetworkID
  public let source: String
  public let nodeCount: Int
  public let edgeCount: Int
  public let importTime: Date
  public let speeds: TravelSpeeds

  public init(
    id: RoadNetworkID, source: String, nodeCount: Int, edgeCount: Int, importTime: Date,
    speeds: TravelSpeeds
  ) {
    self.id = id
    self.source = source
    self.nodeCount = nodeCount
    self.edgeCount = edgeCount
    self.importTime = importTime
    self.speeds = speeds
  }
}

public struct RoadKeeping: Sendable {
  public init() {}

  /// Puts the survey in place of the network before.
  /// - Throws: `DutyError.networkEmpty`.
  public func replace(
    with survey: RoadSurvey, in writer: any DutyWriter, now: Date
  ) throws -> RoadNetworkFacts {
    guard !survey.edges.isEmpty else { throw DutyError.networkEmpty }
    let facts = RoadNetworkFacts(
      id: writer.mint(RoadNetworkTag.self), source: survey.source, nodeCount: survey.nodes.count,
      edgeCount: survey.edges.count, importTime: now, speeds: survey.speeds)
    try writer.save(facts, nodes: survey.nodes, edges: survey.edges)
    return facts
  }
}
