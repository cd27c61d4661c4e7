// Seats in terms of keys: a taken seat as a signed grant, a seat that was left as a refused token. Here,
// because no room of a service knows keys.
import Access
import Credentials
public import Foundation

extension ServiceHost {
  /// Signs, with this service's own key, that somebody may act in a seat.
  ///
  /// - Parameters:
  ///   - id: becomes the id of tokens made of the grant.
  ///   - area: id of an organisational unit; nil for the whole partition.
  /// - Throws: `KeyFolderError`.
  public func seatGrant(
    id: String, actor: String, seat: String, role: String, area: String?, from: Date, until: Date
  ) async throws -> String {
    try await options.keys.sign(
      SeatGrant(
        id: id, actor: actor, seat: seat, role: role, area: area ?? Principal.everyArea,
        from: from, until: until), ofService: name, at: clock())
  }

  /// Has tokens with this id refused by every process that reads the same folder of keys, within a
  /// second. Done again it changes nothing.
  /// - Throws: `KeyFolderError`.
  public func revokeTokens(id: String, expires: Date) throws {
    try options.keys.revoke(id, expires: expires, at: clock())
  }
}
