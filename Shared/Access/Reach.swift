// How far a call may see. Decided once, before the handler runs; the handler's own store compares
// it with where a thing lies, inside the query.

/// What of a service's data one call may read or change.
public struct Reach: Sendable, Hashable {
  /// No limit by place: the hall of the whole partition, and the suite itself.
  public var isEverywhere: Bool
  /// Ids of organisational units; each stands for all below it in the tree.
  public var areas: Set<String>
  /// The unit, beat or seat that the caller holds: what is addressed to it is the caller's own.
  public var seat: String?
  /// Name of the partner whose own records these are.
  public var partner: String?

  public init(
    isEverywhere: Bool = false, areas: Set<String> = [], seat: String? = nil,
    partner: String? = nil
  ) {
    self.isEverywhere = isEverywhere
    self.areas = areas
    self.seat = seat
    self.partner = partner
  }

  public static let everywhere = Reach(isEverywhere: true)
  /// What whoever was not let in may see.
  public static let nothing = Reach()

  /// Both together: of a principal with two roles that may call a method, the wider one counts.
  func union(_ other: Reach) -> Reach {
    Reach(
      isEverywhere: isEverywhere || other.isEverywhere, areas: areas.union(other.areas),
      seat: seat ?? other.seat, partner: partner ?? other.partner)
  }
}
