// Where units wait, which the file does not say: guessed from where the calls of their area are.
public import Geography

/// Guessed bases.
public enum FireBases {
  /// A unit is named for its station (`E41`, `T03`) or its battalion (`B04`), and waits in the middle of
  /// the calls there; any other in the middle of the calls it went to.
  /// - Returns: one for each unit of the file.
  public static func bases(of calls: [FireCall]) -> [String: Coordinate] {
    var areas: [String: Middle] = [:]
    var battalions: [String: Middle] = [:]
    var units: [String: Middle] = [:]
    for call in calls {
      areas[call.first.stationArea, default: Middle()].add(call.point)
      battalions[call.first.battalion, default: Middle()].add(call.point)
      for response in call.responses { units[response.unitID, default: Middle()].add(call.point) }
    }
    return units.reduce(into: [:]) { bases, unit in
      let number = String(unit.key.drop { !$0.isNumber })
      let letters = String(unit.key.prefix { !$0.isNumber })
      // Ambulances have numbers of their own, which are no stations.
      let home = letters.isEmpty || number.isEmpty ? nil : battalions[unit.key] ?? areas[number]
      bases[unit.key] = home?.coordinate ?? unit.value.coordinate
    }
  }

  private struct Middle {
    private var latitude = 0.0
    private var longitude = 0.0
    private var count = 0.0

    mutating func add(_ point: Coordinate) {
      latitude += point.latitude
      longitude += point.longitude
      count += 1
    }

    /// Nil without any point.
    var coordinate: Coordinate? {
      count == 0
        ? nil : try? Coordinate(latitude: latitude / count, longitude: longitude / count)
    }
  }
}
