// A place as it was told: what was given is kept beside what was made of it.

/// A point in the datum it was given in, with the same point in WGS 84.
public struct GivenPoint: Hashable, Sendable, Codable {
  /// Degrees in `datum`, −90 … 90.
  public let latitude: Double
  /// Degrees in `datum`, −180 … 180.
  public let longitude: Double
  public let datum: Datum
  /// The point in WGS 84.
  public let coordinate: Coordinate

  /// - Throws: `CoordinateError` when the point is not on the globe.
  public init(latitude: Double, longitude: Double, datum: Datum) throws(CoordinateError) {
    self.latitude = latitude
    self.longitude = longitude
    self.datum = datum
    self.coordinate = try Coordinate(latitude: latitude, longitude: longitude, datum: datum)
  }
}

/// Where something is, as it was told.
public struct Place: Hashable, Sendable, Codable {
  public var given: GivenPoint?
  public var address: String
  public var description: String
  /// Radius of uncertainty in metres; 0 when unknown.
  public var uncertaintyMetres: Double

  public init(
    given: GivenPoint? = nil, address: String = "", description: String = "",
    uncertaintyMetres: Double = 0
  ) {
    self.given = given
    self.address = address
    self.description = description
    self.uncertaintyMetres = uncertaintyMetres
  }

  /// The point in WGS 84, when one was given.
  public var coordinate: Coordinate? { given?.coordinate }
}
