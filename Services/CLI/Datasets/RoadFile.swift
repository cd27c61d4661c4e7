// Roads as OSMnx and its kin write them: GraphML, with a node's point in `y` and `x`, and an edge's
// `length`, `highway` and `maxspeed`. Read as it comes, so that only the roads are held, not the tree.
import Foundation
import FoundationXML

/// A crossing or an end of a road.
public struct RoadFileNode: Sendable, Hashable {
  public let id: Int64
  public let latitude: Double
  public let longitude: Double
  public let line: Int
}

/// A way in one direction.
public struct RoadFileEdge: Sendable, Hashable {
  public let from: Int64
  public let to: Int64
  /// Metres.
  public let length: Double
  /// The first of several; empty when not given.
  public let roadClass: String
  /// Kilometres per hour, the lowest of several; 0 when not known.
  public let speedLimit: Double
  public let line: Int
}

/// The roads of a GraphML file, and the lines that are none.
public struct RoadFile: Sendable {
  public let nodes: [RoadFileNode]
  public let edges: [RoadFileEdge]
  /// In the order of the file, each with its line; Chinese first.
  public let problems: [String]

  /// - Throws: `RoadFileError` when it is not GraphML in UTF-8 to its end, or declares entities.
  public init(_ file: DataFile) throws(RoadFileError) {
    let reader = RoadFileReader()
    guard let parser = XMLParser.reading(file.bytes) else { throw RoadFileError(line: 1) }
    parser.delegate = reader
    // A file that was cut off may parse as far as it goes.
    guard parser.parse(), reader.isComplete else { throw RoadFileError(line: parser.lineNumber) }
    nodes = reader.nodes
    edges = reader.edges
    problems = reader.problems
  }
}

/// The file is not well-formed.
public struct RoadFileError: Error, Hashable, Sendable, CustomStringConvertible {
  public let line: Int

  public var description: String {
    "第 \(line) 行起不是 GraphML / not GraphML from line \(line) on"
  }
}

/// A class because XMLParser asks for one; it lives as long as one file is read.
final class RoadFileReader: NSObject, XMLParserDelegate {
  var nodes: [RoadFileNode] = []
  var edges: [RoadFileEdge] = []
  var problems: [String] = []
  /// Key ids and what they stand for: `d15` → `length`.
  private var names: [String: String] = [:]
  /// Of the node or edge that is being read.
  private var attributes: [String: String] = [:]
  private var values: [String: String] = [:]
  private var line = 0
  private var key: String?
  private var text = ""
  private var isDirected = true
  private(set) var isComplete = false

  func parser(
    _ parser: XMLParser, didStartElement element: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String]
  ) {
    switch element {
    case "key":
      if let id = attributes["id"], let name = attributes["attr.name"] { names[id] = name }
    case "graph": isDirected = attributes["edgedefault"] != "undirected"
    case "node", "edge":
      self.attributes = attributes
      values = [:]
      line = parser.lineNumber
    case "data":
      key = attributes["key"].flatMap { names[$0] }
      text = ""
    default: break
    }
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) {
    // A geometry may be long, and is not asked for.
    if key != nil, text.utf8.count < 1024 { text += string }
  }

  func parser(
    _ parser: XMLParser, didEndElement element: String, namespaceURI: String?,
    qualifiedName: String?
  ) {
    switch element {
    case "data":
      if let key { values[key] = text.trimmingCharacters(in: .whitespacesAndNewlines) }
      key = nil
    case "node": endNode()
    case "edge": endEdge()
    case "graphml": isComplete = true
    default: break
    }
  }

  private func endNode() {
    guard let id = attributes["id"].flatMap({ Int64($0) }) else {
      return refuse("节点编号不是整数", "the node's id is no whole number")
    }
    guard let latitude = number("y"), let longitude = number("x") else {
      return refuse("节点没有坐标 y、x", "the node has no y and x")
    }
    nodes.append(
      RoadFileNode(id: id, latitude: latitude, longitude: longitude, line: line))
  }

  private func endEdge() {
    guard let from = attributes["source"].flatMap({ Int64($0) }),
      let to = attributes["target"].flatMap({ Int64($0) })
    else { return refuse("道路端点不是整数", "an end of the edge is no whole number") }
    guard let length = number("length") else {
      return refuse("道路没有长度 length", "the edge has no length")
    }
    func add(_ from: Int64, _ to: Int64) {
      edges.append(
        RoadFileEdge(
          from: from, to: to, length: length, roadClass: Self.list(values["highway"]).first ?? "",
          speedLimit: Self.list(values["maxspeed"]).compactMap(Self.kilometresPerHour).min() ?? 0,
          line: line))
    }
    add(from, to)
    // A directed file has both directions of a street; another has each street once.
    let isOneWay = ["true", "yes", "1"].contains(values["oneway", default: ""].lowercased())
    if !isDirected, !isOneWay { add(to, from) }
  }

  private func number(_ name: String) -> Double? {
    values[name].flatMap { Double($0) }.flatMap { $0.isFinite ? $0 : nil }
  }

  private func refuse(_ chinese: String, _ english: String) {
    problems.append("第 \(line) 行：\(chinese) / line \(line): \(english)")
  }

  /// `primary`, or OSMnx's `['primary', 'secondary']`.
  static func list(_ value: String?) -> [String] {
    guard let value, !value.isEmpty else { return [] }
    guard value.hasPrefix("[") else { return [value] }
    return value.split(separator: ",").map {
      $0.trimmingCharacters(in: CharacterSet(charactersIn: "[]'\" "))
    }.filter { !$0.isEmpty }
  }

  /// `40`, `40 km/h` or `25 mph`; nil for anything else, such as `none` or `walk`.
  static func kilometresPerHour(_ text: String) -> Double? {
    let parts = text.split(separator: " ")
    guard let first = parts.first, let value = Double(first), value > 0, value <= 200 else {
      return nil
    }
    return parts.count > 1 && parts[1] == "mph" ? value * 1.609344 : value
  }
}
