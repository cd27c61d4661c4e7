// Places from tables and maps, and the demo's own gazetteer.
import Datasets
import Foundation
import Geography
import Testing

@testable import DemoBureau

private func read(_ text: String) throws -> PlaceFile {
  try PlaceFile(DataFile(bytes: Array(text.utf8)))
}

@Test func aTableOfPlacesIsReadByTheNamesOfItsColumns() throws {
  let file = try read(
    """
    name,kind,longitude,latitude,aliases,number,radius_m
    中山公园,park,120.65,28.02,中央公园; 江边,,80
    ,plate,120.66,28.03,,QL-0137,
    """)
  #expect(file.rowCount == 2)
  #expect(file.quarantine.count == 0)
  #expect(file.places.map(\.name) == ["中山公园", ""])
  #expect(file.places[0].aliases == ["中央公园", "江边"])
  #expect(file.places[0].radiusMetres == 80)
  #expect(file.places[0].latitude == 28.02)
  #expect(file.places[1].code == "QL-0137")
  #expect(file.places[1].isPlate)
}

/// Without a code of its own a place is known by what it is, in whatever file and row it stands.
@Test func aPlaceWithoutACodeHasTheSameOneInEveryFile() throws {
  let row = "park,中山公园,28.02,120.65"
  let head = "kind,name,latitude,longitude\n"
  let one = try read(head + row)
  let other = try read(head + "park,别的,28.02,120.65\n" + row)
  #expect(one.places[0].code == other.places[1].code)
  #expect(other.places[0].code != other.places[1].code)
}

@Test(arguments: [
  ("palace,甲,28,120,,", "kind_unknown"), ("park,,28,120,,", "name_missing"),
  ("plate,,28,120,,", "number_missing"), ("park,甲,,120,,", "location_missing"),
  ("park,甲,x,120,,", "location_unreadable"), ("park,甲,91,120,,", "location_out_of_range"),
  ("park,甲,0,0,,", "location_zero"), ("park,甲,28,120,,-1", "radius_invalid"),
  ("park,甲,28,120,,nan", "radius_invalid"), ("park,甲,28,120", "wrong_field_count"),
])
func aBadRowIsSetAsideWithItsReasonAndStopsNothing(_ row: String, _ reason: String) throws {
  let file = try read(
    "kind,name,latitude,longitude,number,radius_m\n\(row)\npark,乙,28,120,,\n")
  #expect(file.quarantine.rows.map(\.reason.rawValue) == [reason])
  #expect(file.quarantine.rows.map(\.line) == [2])
  #expect(file.places.map(\.name) == ["乙"])
}

@Test func pointsLinesAndAreasOfAMapArePlaces() throws {
  let file = try read(
    """
    {"type": "FeatureCollection", "features": [
      {"type": "Feature", "properties": {"name": "望潮楼", "aliases": ["潮楼"]},
       "geometry": {"type": "Point", "coordinates": [120.5, 28.5, 3]}},
      {"type": "Feature", "properties": {"name": "听涛路", "kind": "road"},
       "geometry": {"type": "LineString", "coordinates": [[120, 28], [120.1, 28.2], [120.3, 28.2]]}},
      {"type": "Feature", "properties": {"name": "湖", "kind": "park"}, "geometry":
       {"type": "Polygon", "coordinates": [[[120, 28], [120.2, 28], [120.2, 28.2], [120, 28]]]}},
      {"type": "Feature", "properties": {"name": "无处"}, "geometry": null},
      {"type": "Feature", "properties": {"name": "天外"},
       "geometry": {"type": "Point", "coordinates": [120, 95]}}]}
    """)
  #expect(file.rowCount == 5)
  #expect(file.places.map(\.name) == ["望潮楼", "听涛路", "湖"])
  #expect(file.places.map(\.kind) == ["landmark", "road", "park"])
  #expect(file.places[0].aliases == ["潮楼"])
  #expect(file.places[0].radiusMetres == 0)
  #expect((file.places[1].longitude, file.places[1].latitude) == (120.1, 28.2))
  #expect(abs(file.places[2].latitude - 28.1) < 1e-9)
  #expect(file.places[2].radiusMetres > 10_000)
  #expect(
    file.quarantine.rows.map(\.reason.rawValue) == ["location_missing", "location_out_of_range"])
}

@Test(arguments: [
  "{}", "{\"type\":\"Topology\"}", "{\"type\":", "{\"type\":\"FeatureCollection\"}",
])
func whatIsNoMapIsRefused(_ text: String) {
  #expect(throws: DatasetError.notGeoJSON) { try read(text) }
}

@Test func theDemosIslandHas220NumberedPlatesAndPillars() throws {
  for seed in UInt64(1)...3 {
    let bureau = try Bureau(seed: seed)
    let entries = bureau.gazetteer
    #expect(entries == (try Bureau(seed: seed).gazetteer))
    #expect(Set(entries.map(\.code)).count == entries.count)
    let plates = entries.filter { bureau.riverside.island.contains($0.point) && $0.isPlate }
      .filter { $0.area == bureau.riverside.islandName }
    #expect(plates.count == 220)
    #expect(plates.filter { $0.kind == "pillar" }.count == 12)
    #expect(Set(plates.map(\.description)).count == 220)
    #expect(entries.count > 500)
  }
}

/// One misread digit makes a number that no plate has.
@Test func noPlateOfTheIslandIsOneDigitFromAnother() {
  let numbers = (1...IslandPlates.plateCount).map { Array(IslandPlates.number($0)) }
  for (index, one) in numbers.enumerated() {
    for other in numbers[(index + 1)...] {
      #expect(zip(one, other).filter { $0 != $1 }.count > 1)
    }
  }
}
