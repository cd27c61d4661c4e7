// Everything that coverage and deployments refuse to do.
public import Foundation
public import Identifiers

public enum DeploymentError: Error, Sendable, Hashable {
  /// The map would have too many squares.
  case tooManyCells
  case unknown(DeploymentID)
  /// Somebody else changed it since the caller read it.
  case changed
  case moveNotAllowed(from: Deployment.Standing, to: Deployment.Standing)
  /// Its hours go on.
  case notOver(end: Date)
  /// Nobody drew the area of the organisation.
  case areaMissing(OrgUnitID)
  /// There is nobody to place.
  case noUnits
  case unitUnknown(UnitID, field: String)
  case orgUnitOutsideReach
  /// A post lies outside the deployment's hours; `field` names it.
  case hoursInvalid(field: String)
  /// Two posts of one unit at once; `field` names the second.
  case hoursOverlap(field: String)
  /// Other posts than those suggested need one.
  case reasonRequired
}
