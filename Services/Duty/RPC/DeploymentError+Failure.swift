// The one mapping from what coverage and deployments refuse to what a caller is told.
public import DutyDomain
import Identifiers
public import Wire

extension DeploymentError: FailureConvertible {
  public var failure: Failure {
    switch self {
    case .tooManyCells:
      .invalid(
        "TOO_MANY_CELLS", field: "cell_m",
        "网格过细，最多 \(CoverageGrid.cellLimit) 格，请加大 cell_m 或缩小范围。"
          + "The map takes at most \(CoverageGrid.cellLimit) cells; ask for larger ones or for less."
      )
    case .unknown(let id):
      .notFound("DEPLOYMENT_UNKNOWN", field: "deployment_id", id.description)
    case .changed: .stale()
    case .moveNotAllowed(let from, let to):
      .precondition(
        "MOVE_NOT_ALLOWED",
        "不能从 \(from.rawValue) 变为 \(to.rawValue)。"
          + "It cannot go from \(from.rawValue) to \(to.rawValue).")
    case .notOver(let end):
      .precondition(
        "DEPLOYMENT_NOT_OVER",
        "部署到 \(end.timestamp.text) 才结束。The deployment goes on until \(end.timestamp.text).")
    case .areaMissing(let id):
      .precondition(
        "AREA_MISSING",
        "\(id) 尚无辖区，请先划定。\(id) has no area; draw one first.")
    case .noUnits:
      .precondition(
        "NO_UNITS", "没有可部署的巡逻警力。There is no patrol to deploy.")
    case .unitUnknown(let id, let field): .notFound("UNIT_UNKNOWN", field: field, id.description)
    case .orgUnitOutsideReach: .outsideArea("org_unit_id")
    case .hoursInvalid(let field):
      .invalid(
        "HOURS_INVALID", field: field,
        "\(field)：起止须在部署时段内，且先起后止。"
          + "\(field): the hours must lie within those of the deployment, the end after the start.")
    case .hoursOverlap(let field):
      .invalid(
        "HOURS_OVERLAP", field: field,
        "\(field)：同一单元的时段重叠。\(field): a unit cannot be at two posts at once.")
    case .reasonRequired: .required("reason")
    }
  }
}
