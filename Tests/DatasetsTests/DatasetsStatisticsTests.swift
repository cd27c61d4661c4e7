// Figures against their definitions, computed another way.
import Datasets
import Foundation
import Testing

@Suite struct DatasetsStatisticsTests {
  /// The definition, read literally: no ranks, no sorting.
  private func byDefinition(_ percent: Int, _ values: [Double]) -> Double? {
    values.filter { candidate in
      let within = values.filter { $0 <= candidate }.count
      return within * 100 >= percent * values.count
    }.min()
  }

  @Test func percentilesAreTheSmallestValueThatEnoughValuesDoNotExceed() {
    var state: UInt64 = 42
    func random(_ bound: UInt64) -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (state >> 33) % bound
    }
    for count in [1, 2, 3, 4, 5, 9, 10, 11, 20, 21, 100, 101] {
      // Few different values, so that ties are common.
      let values = (0..<count).map { _ in Double(random(12)) }
      for percent in [1, 10, 25, 50, 75, 89, 90, 91, 99, 100] {
        #expect(
          NearestRank.percentile(percent, of: values) == byDefinition(percent, values),
          "\(percent) % of \(values)")
      }
    }
    #expect(NearestRank.percentile(90, of: []) == nil)
  }

  @Test func negativeIntervalsAreLeftOutAndCounted() {
    let summary = IntervalSummary([60, -1, 0, 120, -300])
    #expect(summary.count == 3)
    #expect(summary.negative == 2)
    #expect(summary.medianSeconds == 60)
    #expect(summary.p90Seconds == 120)
  }

  @Test func aFigureThatDoesNotExistIsNullInTheReport() throws {
    let text = String(decoding: try JSONEncoder().encode(IntervalSummary([-5])), as: UTF8.self)
    #expect(text.contains("\"median_s\":null"))
    #expect(text.contains("\"p90_s\":null"))
  }

  @Test func timesAreReadAsTheCalendarHasThem() throws {
    let format = ISO8601DateFormatter()
    var seconds = 0.0
    while seconds < 4_000_000_000 {
      let date = Date(timeIntervalSince1970: seconds)
      let text = format.string(from: date).replacing("Z", with: "")
      #expect(WallTime.parse(text) == date)
      #expect(WallTime.format(date) == text.replacing("T", with: " "))
      seconds += 86_400 * 23 + 7919
    }
    #expect(WallTime.parse("2016-02-29 12:00:00.250") != nil)
    for text in ["2015-02-29T00:00:00", "2016-1-01T00:00:00", "2016-01-01", "1969-01-01T00:00:00"] {
      #expect(WallTime.parse(text) == nil)
    }
  }

  @Test func aFitFindsTheSpeedBehindNoisyJourneys() throws {
    let journeys = (0..<400).map { index -> Journey in
      let metres = Double(index % 100) * 60
      // Every tenth record is absurd, as records are.
      let noise = index % 10 == 0 ? 5000 : Double(index * 37 % 41) - 20
      return Journey(metres: metres, seconds: 90 + metres / 12 + noise)
    }
    let fit = try #require(TravelFit.fit(journeys))
    #expect(abs(fit.metresPerSecond - 12) < 1)
    #expect(abs(fit.fixedSeconds - 90) < 15)
    #expect(TravelFit.fit(Array(journeys.prefix(10))) == nil)
  }

  @Test func journeysStartWhereTheUnitWasLastOnScene() throws {
    func row(_ call: String, _ hour: String, _ lat: String, _ scene: Bool) -> String {
      FireRows.row(
        call: call, unit: "E1",
        [
          "Received DtTm": "2016-12-31T\(hour):00:00", "Response DtTm": "2016-12-31T\(hour):02:00",
          "On Scene DtTm": scene ? "2016-12-31T\(hour):05:00" : "", "lat": lat, "lon": "-122.4",
        ])
    }
    let file = try FireRows.file([
      row("1", "01", "37.70", true), row("2", "02", "37.80", false), row("3", "03", "37.71", true),
    ])
    let halves = Journey.halves(of: FireCall.group(file.responses))
    #expect(halves.first.isEmpty)
    let journey = try #require(halves.second.first)
    #expect(abs(journey.metres - 1112) < 1)
    #expect(journey.seconds == 180)
    #expect(halves.second.count == 1)
  }
}
