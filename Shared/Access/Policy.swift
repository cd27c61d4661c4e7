// The one question: may this principal call this method now, and how far does it see? Default deny;
// what forbids wins over what grants.
public import Foundation

public struct Policy: Sendable {
  public enum Refusal: String, Sendable, Hashable, CaseIterable {
    /// None of the principal's roles may call it.
    case roleNotAllowed = "ROLE_NOT_ALLOWED"
    /// A role of the principal's forbids it.
    case roleForbids = "ROLE_FORBIDS"
    /// A role would allow it during the shift.
    case notOnDuty = "NOT_ON_DUTY"
  }

  public enum Decision: Sendable, Hashable {
    case permitted(AccessTable.Kind, Reach)
    case refused(Refusal)
  }

  public let table: AccessTable

  public init(table: AccessTable = .standard) {
    self.table = table
  }

  /// - Parameter method: such as `quintet.command.v1.IncidentService/GetIncident`.
  public func decide(_ principal: Principal, calls method: String, at now: Date) -> Decision {
    // Not even what is open to all who are signed in: a device that was carried off opens nothing.
    guard principal.kind != .terminal, let row = table.row(of: method) else {
      return .refused(.roleNotAllowed)
    }
    let roles = principal.roles
    if table.forbids.contains(where: { $0.kind == row.kind && roles.contains($0.role) }) {
      return .refused(.roleForbids)
    }
    if row.kind == .open {
      return .permitted(.open, reach(of: principal, roles: roles, at: now))
    }
    let granting = roles.filter { role in
      row.grants.contains { $0.role == role && $0.covers(principal) }
    }
    if granting.isEmpty { return .refused(.roleNotAllowed) }
    let active = granting.filter { mayAct($0, principal, at: now) }
    if active.isEmpty { return .refused(.notOnDuty) }
    return .permitted(row.kind, reach(of: principal, roles: active, at: now))
  }

  /// Whether somebody may be looked up for this purpose by one of the principal's roles.
  /// - Parameter purpose: such as `call-back`.
  public func permits(_ purpose: String, to principal: Principal, at now: Date) -> Bool {
    guard let row = table.purposes.first(where: { $0.code == purpose }) else { return false }
    return principal.roles.contains { row.roles.contains($0) && mayAct($0, principal, at: now) }
  }

  private func mayAct(_ role: Role, _ principal: Principal, at now: Date) -> Bool {
    table.row(of: role)?.needsDuty != true || principal.isOnDuty(at: now)
  }

  private func reach(of principal: Principal, roles: Set<Role>, at now: Date) -> Reach {
    roles.filter { mayAct($0, principal, at: now) }.reduce(.nothing) { reach, role in
      switch table.row(of: role)?.scope {
      case .all: reach.union(.everywhere)
      case .area:
        reach.union(
          Reach(
            isEverywhere: principal.areas.contains(Principal.everyArea),
            areas: principal.areas.subtracting([Principal.everyArea]), seat: principal.seat))
      case .own:
        reach.union(
          Reach(
            seat: principal.seat, partner: principal.kind == .partner ? principal.name : nil))
      case nil: reach
      }
    }
  }
}
