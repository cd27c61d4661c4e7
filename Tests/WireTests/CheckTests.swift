// Every check of a request field: what passes, what is refused, and by which name.
import Foundation
import Geography
import Identifiers
import QuintetAPI
import SwiftProtobuf
import Testing

@testable import Wire

private let now = Date(timeIntervalSince1970: 1_790_000_000)

private func refusal(_ body: () throws -> Void) -> String? {
  do {
    try body()
    return nil
  } catch let failure as Failure {
    return "\(failure.reason) \(failure.field ?? "-")"
  } catch {
    return "\(error)"
  }
}

@Suite struct CheckTests {
  @Test func requestIDsAreShortPrintableASCII() {
    #expect(refusal { _ = try Check.requestID("a-1/b:2") } == nil)
    #expect(refusal { _ = try Check.requestID(String(repeating: "x", count: 128)) } == nil)
    #expect(refusal { _ = try Check.requestID("") } == "REQUIRED request_id")
    for bad in ["a b", "号", "a\n", "a\u{7F}"] {
      #expect(refusal { _ = try Check.requestID(bad) } == "CHARACTERS_NOT_ALLOWED request_id")
    }
    #expect(
      refusal { _ = try Check.requestID(String(repeating: "x", count: 129)) }
        == "TOO_LONG request_id")
  }

  @Test func textLimitsCountEveryScalarAndControlCharactersAreRefused() throws {
    #expect(try Check.text("  你好\n", field: "t", max: 5) == "你好")
    #expect(
      refusal { _ = try Check.text("   ", field: "t", max: 5, required: true) } == "REQUIRED t")
    #expect(refusal { _ = try Check.text("你好吗朋友们", field: "t", max: 5) } == "TOO_LONG t")
    let marks = "e" + String(repeating: "\u{301}", count: 5)
    #expect(marks.count == 1)
    #expect(refusal { _ = try Check.text(marks, field: "t", max: 5) } == "TOO_LONG t")
    for control in ["a\u{0}b", "a\u{1B}[31m", "a\u{7F}"] {
      #expect(
        refusal { _ = try Check.text(control, field: "t", max: 9) } == "CHARACTERS_NOT_ALLOWED t")
    }
  }

  @Test func idsAreCheckedForKindAndForm() {
    var mint = IdentifierMint(service: "test", cause: "request/1", now: now)
    let incident: IncidentID = mint.next()
    #expect(
      refusal { _ = try Check.identifier("\(incident)", field: "id", as: IncidentTag.self) } == nil)
    #expect(
      refusal { _ = try Check.identifier("\(incident)", field: "id", as: UnitTag.self) }
        == "ID_INVALID id")
    #expect(
      refusal { _ = try Check.identifier("", field: "id", as: UnitTag.self) } == "REQUIRED id")
  }

  @Test func timesAreNowWhenUnsetAndNeverInTheFuture() throws {
    #expect(try Check.time(nil, field: "t", now: now) == now)
    #expect(try Check.time(now.addingTimeInterval(5).timestamp, field: "t", now: now) > now)
    #expect(
      refusal { _ = try Check.time(now.addingTimeInterval(5.1).timestamp, field: "t", now: now) }
        == "TIME_IN_FUTURE t")
    var broken = now.timestamp
    broken.nanos = 2_000_000_000
    #expect(refusal { _ = try Check.time(broken, field: "t", now: now) } == "OUT_OF_RANGE t")
    broken = .init(seconds: .min, nanos: 0)
    #expect(refusal { _ = try Check.time(broken, field: "t", now: now) } == "OUT_OF_RANGE t")
  }

  @Test func timesSurviveTheWireToTheMicrosecond() {
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<2000 {
      let micros = Int64.random(
        in: 0...4_000_000_000_000_000, using: &generator)
      let date = Date(timeIntervalSince1970: Double(micros) / 1_000_000)
      let stamp = date.timestamp
      #expect((0..<1_000_000_000).contains(stamp.nanos))
      #expect(stamp.seconds * 1_000_000 + Int64(stamp.nanos / 1000) == micros)
      #expect(abs(stamp.microsecondDate.timeIntervalSince(date)) < 1e-6)
    }
  }

  @Test func aPointNamesItsDatumAndLiesOnTheGlobe() throws {
    func point(_ latitude: Double, _ longitude: Double, _ datum: Quintet_Type_V1_Datum) -> String? {
      refusal {
        _ = try Check.givenPoint(
          .with {
            $0.latitude = latitude
            $0.longitude = longitude
            $0.datum = datum
          }, field: "p")
      }
    }
    #expect(point(28, 120, .wgs84) == nil)
    #expect(point(28, 120, .unspecified) == "DATUM_REQUIRED p.datum")
    #expect(point(28, 120, .UNRECOGNIZED(9)) == "UNSPECIFIED p.datum")
    for bad in [90.1, -91, .nan, .infinity] {
      #expect(point(bad, 120, .wgs84) == "OUT_OF_RANGE p.latitude")
    }
    for bad in [180.1, -181, .nan, .infinity] {
      #expect(point(28, bad, .gcj02) == "OUT_OF_RANGE p.longitude")
    }
  }

  @Test func aPlaceKeepsWhatWasGivenBesideWhatWasMadeOfIt() throws {
    let place = try Check.place(
      .with {
        $0.point = .with {
          $0.latitude = 39.90873
          $0.longitude = 116.39734
          $0.datum = .gcj02
        }
        $0.address = "长安街"
      }, field: "l")
    let location = Quintet_Type_V1_Location(place)
    #expect(location.point.datum == .gcj02 && location.point.latitude == 39.90873)
    #expect(location.wgs84Point.datum == .wgs84)
    #expect(abs(location.wgs84Point.latitude - 39.90733) < 3e-5)
    #expect(refusal { _ = try Check.place(.init(), field: "l") } == "REQUIRED l")
  }

  @Test func polygonsHaveThreeCornersOfOneDatum() {
    func polygon(_ data: [Quintet_Type_V1_Datum]) -> String? {
      refusal {
        _ = try Check.polygon(
          .with {
            $0.corners = data.enumerated().map { index, datum in
              .with {
                $0.latitude = 28 + Double(index % 2)
                $0.longitude = 120 + Double(index / 2)
                $0.datum = datum
              }
            }
          }, field: "a")
      }
    }
    #expect(polygon([.wgs84, .wgs84, .wgs84]) == nil)
    #expect(polygon([.wgs84, .wgs84]) == "TOO_FEW_CORNERS a.corners")
    #expect(polygon([.wgs84, .gcj02, .wgs84]) == "DATUM_MIXED a.corners")
  }

  @Test func pageTokensComeBackAsTheyWereGivenAndOthersAreRefused() throws {
    let keys = ["1790000000000000", "inc_1", ""]
    #expect(try PageToken.decode(PageToken.encode(keys), count: 3) == keys)
    #expect(try PageToken.decode("", count: 3) == nil)
    for bad in ["x", "!!", PageToken.encode(["one"])] {
      #expect(
        refusal { _ = try PageToken.decode(bad, count: 3) } == "PAGE_TOKEN_INVALID page_token")
    }
  }
}
