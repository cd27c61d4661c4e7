// Road files: what OSMnx writes is read, what is no good is told by its line.
import Testing

@testable import Datasets

@Suite struct DatasetsRoadFileTests {
  func file(_ body: String, kind: String = "directed") throws -> RoadFile {
    let text = """
      <graphml>
      <key id="d1" attr.name="y"/><key id="d2" attr.name="x"/><key id="d3" attr.name="length"/>
      <key id="d4" attr.name="highway"/><key id="d5" attr.name="maxspeed"/>
      <key id="d6" attr.name="oneway"/><key id="d7" attr.name="geometry"/>
      <graph edgedefault="\(kind)">
      \(body)
      </graph></graphml>
      """
    return try RoadFile(DataFile(bytes: Array(text.utf8)))
  }

  @Test func anEdgeIsReadWithTheFirstClassAndTheLowestLimit() throws {
    let roads = try file(
      """
      <node id="7"><data key="d1">22.5</data><data key="d2">114.25</data></node>
      <edge source="7" target="8" id="0"><data key="d3">63.337</data>
      <data key="d4">['primary', 'trunk']</data><data key="d5">['60', '40', 'none']</data>
      <data key="d6">True</data><data key="d7">LINESTRING (1 2, 3 4)</data></edge>
      """)
    #expect(roads.nodes == [RoadFileNode(id: 7, latitude: 22.5, longitude: 114.25, line: 6)])
    #expect(
      roads.edges == [
        RoadFileEdge(
          from: 7, to: 8, length: 63.337, roadClass: "primary", speedLimit: 40, line: 7)
      ])
    #expect(roads.problems.isEmpty)
  }

  @Test func limitsAreReadInBothUnitsAndWordsAreNone() {
    #expect(RoadFileReader.kilometresPerHour("40") == 40)
    #expect(RoadFileReader.kilometresPerHour("40 km/h") == 40)
    #expect(RoadFileReader.kilometresPerHour("25 mph") == 25 * 1.609344)
    for text in ["", "none", "walk", "-3", "0", "nan", "inf", "999"] {
      #expect(RoadFileReader.kilometresPerHour(text) == nil, "\(text)")
    }
  }

  @Test func whatIsNoGoodIsToldByItsLineAndTheRestIsRead() throws {
    let roads = try file(
      """
      <node id="a"/>
      <node id="2"><data key="d1">north</data></node>
      <edge source="1" target="x"/>
      <edge source="1" target="2"/>
      <edge source="1" target="2"><data key="d3">5</data></edge>
      """)
    #expect(roads.edges.count == 1)
    #expect(
      roads.problems.map { $0.split(separator: "：")[0] }
        == ["第 6 行", "第 7 行", "第 8 行", "第 9 行"])
  }

  @Test func aStreetOfAnUndirectedFileGoesBothWaysUnlessItIsOneWay() throws {
    let body = """
      <edge source="1" target="2"><data key="d3">5</data></edge>
      <edge source="3" target="4"><data key="d3">5</data><data key="d6">yes</data></edge>
      """
    #expect(try file(body, kind: "undirected").edges.map(\.from) == [1, 2, 3])
    #expect(try file(body).edges.map(\.from) == [1, 3])
  }

  @Test(arguments: [
    "", "text", "<graphml>", "<a></b>",
    "<!DOCTYPE x [<!ENTITY y SYSTEM \"/etc/passwd\">]><x>&y;</x>",
  ])
  func whatIsNotWellFormedIsRefused(_ text: String) {
    #expect((try? RoadFile(DataFile(bytes: Array(text.utf8))))?.edges.count == nil)
  }

  /// At which the library's parser would end the process.
  @Test func aNameThatIsNoUTF8IsRefused() {
    let bytes = Array("<graphml><da".utf8) + [0xCD] + Array("a key=\"x\">1</graphml>".utf8)
    #expect(throws: RoadFileError.self) { try RoadFile(DataFile(bytes: bytes)) }
  }
}
