// How long a unit will take, until there is a road network to ask.
import Foundation

/// Straight line × detour factor ÷ speed, after the time it takes to get moving.
public struct TravelModel: Codable, Sendable, Hashable {
  /// Road distance over straight line, 1 … 5.
  public let detourFactor: Double
  /// Metres per second, 0.5 … 100.
  public let speed: Double
  /// Seconds from order to moving, 0 … 600.
  public let turnout: Double

  public init(detourFactor: Double, speed: Double, turnout: Double) {
    self.detourFactor = detourFactor
    self.speed = speed
    self.turnout = turnout
  }

  /// In force until another is set: 30 km/h over 1.4 times the straight line, a minute to set out.
  public static let initial = TravelModel(detourFactor: 1.4, speed: 8.3, turnout: 60)

  /// Seconds for a straight-line distance in metres; never less for a greater distance.
  public func seconds(metres: Double) -> Double {
    turnout + metres * detourFactor / speed
  }

  /// Names the model with its figures, for whoever reads a recommendation later.
  public var estimator: String {
    String(
      format: "straight_line factor=%.2f speed_mps=%.2f turnout_s=%.0f", detourFactor, speed,
      turnout)
  }
}
