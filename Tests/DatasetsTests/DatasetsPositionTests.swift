// Positions of other systems, by examples as their documents have them, and what is wrong in each way.
import Datasets
import Foundation
import Geography
import Testing

@Suite struct DatasetsPositionTests {
  private func decoded(
    _ format: PositionFormat, _ text: String, datum: Datum = .wgs84
  ) throws -> ForeignPosition {
    try format.decode(Array(text.utf8), datum: datum)
  }

  private func error(_ body: () throws -> ForeignPosition) -> ForeignPositionError? {
    do {
      _ = try body()
      return nil
    } catch {
      return error as? ForeignPositionError
    }
  }

  private func time(_ text: String) throws -> Date { try Date(text, strategy: .iso8601) }

  // MARK: JT/T 808

  /// An example that libraries of the standard print: with both escapes in it.
  private let example = bytes(
    """
    7E 02 00 00 26 12 34 56 78 90 12 00 7D 02 00 00 00 01 00 00 00 02 00 BA 7F 0E 07 E4 F1 1C 00 28
    00 3C 00 00 18 10 15 10 10 10 01 04 00 00 00 64 02 02 00 7D 01 13 7E
    """)

  @Test func jt808AsItsExampleHasIt() throws {
    let found = try PositionFormat.jt808.decode(example, datum: .cgcs2000)
    #expect(found.device == "123456789012")
    #expect(found.point.latitude == 12.222222 && found.point.longitude == 132.444444)
    #expect(found.point.datum == .cgcs2000)
    #expect(found.time == (try time("2018-10-15T10:10:10+08:00")))
    #expect(abs(found.speed - 6 / 3.6) < 1e-9 && found.heading == 0)
  }

  /// The edition of 2019 has a version and ten bytes of number.
  @Test func jt808OfTheLaterEditionSouthAndWest() throws {
    let found = try PositionFormat.jt808.decode(
      framed(
        bytes(
          """
          02 00 40 1C 01 00 00 00 00 01 38 12 34 56 78 00 01 00 00 00 00 00 00 00 0E 01 AB 3F 00
          07 26 0E 00 00 00 03 84 01 0E 26 11 22 00 00 00
          """)), datum: .wgs84)
    #expect(found.device == "13812345678")
    #expect(found.point.latitude == -28 && found.point.longitude == -119.934464)
    #expect(found.speed == 25 && found.heading == 270)
  }

  @Test func whatIsWrongWithAJT808MessageIsNamed() throws {
    var wrongSum = example
    wrongSum[example.count - 2] ^= 1
    var noFix = Array(unescapedExample)
    noFix[19] = 0
    var heartbeat = unescapedExample
    heartbeat[1] = 2
    var badTime = unescapedExample
    badTime[35] = 0x13
    var notDecimal = unescapedExample
    notDecimal[4] = 0xAB
    let cases: [([UInt8], ForeignPositionError)] = [
      (wrongSum, .malformed("check sum")), (framed(noFix), .noFix),
      (framed(heartbeat), .otherKind), (framed(badTime), .malformed("time")),
      (framed(notDecimal), .malformed("device")),
      (framed(Array(unescapedExample.dropLast(4))), .malformed("length")),
      (Array(example.dropLast()), .malformed("flags")), ([0x7E, 0x7D, 0x7E], .malformed("escape")),
      ([0x7E, 0x7E], .malformed("length")), ([], .malformed("flags")),
    ]
    for (message, expected) in cases {
      #expect(error { try PositionFormat.jt808.decode(message, datum: .wgs84) } == expected)
    }
  }

  // MARK: GB/T 28181

  private let notify = """
    <?xml version="1.0" encoding="GB2312"?>
    <Notify>
    <CmdType>MobilePosition</CmdType>
    <SN>5</SN>
    <DeviceID>34020000001320000001</DeviceID>
    <Time>2022-03-23T19:17:12</Time>
    <Longitude>120.64511</Longitude>
    <Latitude>28.018742</Latitude>
    <Speed>36.0</Speed>
    <Direction>90.5</Direction>
    <Altitude>12.5</Altitude>
    </Notify>
    """

  @Test func gb28181MobilePosition() throws {
    let found = try decoded(.gb28181, notify, datum: .gcj02)
    #expect(found.device == "34020000001320000001" && found.point.datum == .gcj02)
    #expect(found.point.latitude == 28.018742 && found.point.longitude == 120.64511)
    #expect(found.time == (try time("2022-03-23T19:17:12+08:00")))
    #expect(found.speed == 10 && found.heading == 90.5)
    let zoned = notify.replacing("19:17:12", with: "11:17:12Z")
    #expect(try decoded(.gb28181, zoned).time == found.time)
  }

  @Test func whatIsWrongWithAMobilePositionIsNamed() {
    let cases: [(String, String, ForeignPositionError)] = [
      ("MobilePosition", "Alarm", .otherKind),
      ("<Latitude>28", "<Latitude>98", .malformed("coordinates")),
      ("<Latitude>28.018742", "<Latitude>", .malformed("Latitude")),
      ("<Longitude>120.64511", "<Longitude>east", .malformed("Longitude")),
      ("36.0", "nan", .malformed("Speed")), ("90.5", "361", .malformed("heading")),
      ("2022-03-23T19", "yesterday", .malformed("Time")),
      ("34020000001320000001", "", .malformed("device")), ("</Notify>", "", .malformed("XML")),
      ("<Notify>", "<!DOCTYPE x [<!ENTITY a \"b\">]><Notify>", .malformed("XML")),
    ]
    for (old, new, expected) in cases {
      let text = notify.replacing(old, with: new)
      #expect(error { try decoded(.gb28181, text) } == expected, "\(new)")
    }
  }

  // MARK: Cursor on Target

  /// As the guide of the message router has it, with a track.
  private let event = """
    <event version="2.0" uid="J-01334" type="a-h-A-M-F-U-M" time="2005-04-05T11:43:38.07Z"
      start="2005-04-05T11:43:38.07Z" stale="2005-04-05T11:45:38.07Z">
      <detail><track course="245.5" speed="31.2"/></detail>
      <point lat="30.0090027" lon="-85.9578735" ce="45.3" hae="-42.6" le="99.5"/>
    </event>
    """

  @Test func cursorOnTarget() throws {
    let found = try decoded(.cot, event, datum: .gcj02)
    #expect(found.device == "J-01334" && found.point.datum == .wgs84)
    #expect(found.point.latitude == 30.0090027 && found.point.longitude == -85.9578735)
    #expect(abs(found.time.timeIntervalSince(try time("2005-04-05T11:43:38Z")) - 0.07) < 0.001)
    #expect(found.speed == 31.2 && found.heading == 245.5)
  }

  @Test func whatIsWrongWithAnEventIsNamed() {
    let cases: [(String, String, ForeignPositionError)] = [
      ("uid=\"J-01334\"", "", .malformed("device")), ("30.0090027", "x", .malformed("lat")),
      ("point lat", "spot lat", .otherKind), ("11:43:38.07Z\"\n", "noon\"\n", .malformed("time")),
      ("lat=\"30.0090027\" lon=\"-85.9578735\"", "lat=\"0.0\" lon=\"0.0\"", .noFix),
    ]
    for (old, new, expected) in cases {
      #expect(error { try decoded(.cot, event.replacing(old, with: new)) } == expected, "\(new)")
    }
  }

  // MARK: GeoJSON

  @Test func geoJSONLines() throws {
    let line = """
      {"type":"Feature","geometry":{"type":"Point","coordinates":[120.65,28.02,5]},\
      "properties":{"device":"drone-1","time":"2026-11-21T23:50:00Z","speed_mps":8}}
      """
    let found = try decoded(.geojson, line)
    #expect(found.device == "drone-1" && found.speed == 8 && found.heading == 0)
    #expect(found.point.latitude == 28.02 && found.point.longitude == 120.65)
    let cases: [(String, String, ForeignPositionError)] = [
      ("\"Feature\"", "\"FeatureCollection\"", .otherKind),
      ("\"Point\"", "\"Polygon\"", .otherKind),
      ("[120.65,28.02,5]", "[120.65]", .malformed("coordinates")),
      ("[120.65,28.02,5]", "[28.02,120.65]", .malformed("coordinates")),
      ("2026-11-21T23:50:00Z", "now", .malformed("time")),
      ("{\"type\"", "{type", .malformed("JSON")),
      ("drone-1", "", .malformed("device")),
    ]
    for (old, new, expected) in cases {
      #expect(error { try decoded(.geojson, line.replacing(old, with: new)) } == expected, "\(new)")
    }
  }

  // MARK: Streams

  @Test func messagesComeOutWholeWhateverThePieces() {
    let streams: [(PositionFormat, [UInt8], Int)] = [
      (.jt808, example + example + example, 3), (.gb28181, Array((notify + "\n" + notify).utf8), 2),
      (.cot, Array((event + event).utf8), 2), (.geojson, Array("{}\n\n{}\n".utf8), 2),
    ]
    for (format, stream, count) in streams {
      for size in [1, 7, 1000] {
        var waiting: [UInt8] = []
        var found: [[UInt8]] = []
        for begin in stride(from: 0, to: stream.count, by: size) {
          waiting += stream[begin..<min(begin + size, stream.count)]
          found += format.messages(in: &waiting)
        }
        #expect(found.count == count, "\(format) \(size)")
      }
    }
  }

  private var unescapedExample: [UInt8] {
    bytes(
      """
      02 00 00 26 12 34 56 78 90 12 00 7E 00 00 00 01 00 00 00 02 00 BA 7F 0E 07 E4 F1 1C 00 28 00 3C
      00 00 18 10 15 10 10 10 01 04 00 00 00 64 02 02 00 7D
      """)
  }
}

private func bytes(_ text: String) -> [UInt8] {
  text.split { $0 == " " || $0 == "\n" }.compactMap { UInt8($0, radix: 16) }
}

/// With check sum, escapes and flags.
private func framed(_ content: [UInt8]) -> [UInt8] {
  let whole = content + [content.reduce(0, ^)]
  let escaped = whole.flatMap { byte -> [UInt8] in
    switch byte {
    case 0x7D: [0x7D, 1]
    case 0x7E: [0x7D, 2]
    default: [byte]
    }
  }
  return [0x7E] + escaped + [0x7E]
}
