// What footings, plans and musters need of a store, and what command tells of them.
public import Foundation
public import Identifiers

public protocol ModeReading {
  func modePlan(_ code: String) throws -> ModePlan?
  /// In the order of their codes, from above `after`.
  func modePlans(after: String, limit: Int) throws -> [ModePlan]
  /// The one that has not been stood down, with its members; nil in peace.
  func runningMuster() throws -> Muster?
  func muster(_ id: MusterID) throws -> Muster?
  /// Newest first, from below `before`; with their members.
  func musters(before: MusterID?, limit: Int) throws -> [Muster]
}

public protocol ModeWriting: ModeReading {
  func save(_ plan: ModePlan, now: Date) throws
  /// With all its members.
  func insert(_ muster: Muster) throws
  /// With the members of these codes, new ones too; the others are as they were.
  func update(_ muster: Muster, members: [String]) throws
}

extension ModeReading {
  /// - Throws: `musterUnknown`.
  public func existing(_ id: MusterID) throws -> Muster {
    guard let muster = try muster(id) else { throw CommandError.mode(.musterUnknown(id)) }
    return muster
  }
}

/// What command tells of footings: one case for each payload of operating_mode_events.proto.
public enum ModeFact: Sendable, Hashable {
  case planDefined(ModePlan)
  case switchedToWar(Muster)
  case escalated(Muster, Escalation)
  /// `from` is nil when it was just summoned.
  case memberMoved(Muster, MusterMember, from: MusterMemberState?)
  case stoodDown(Muster)

  /// Id or code of the thing that changed.
  public var subject: String {
    switch self {
    case .planDefined(let plan): plan.code
    case .switchedToWar(let muster), .escalated(let muster, _), .memberMoved(let muster, _, _),
      .stoodDown(let muster):
      muster.id.description
    }
  }
}
