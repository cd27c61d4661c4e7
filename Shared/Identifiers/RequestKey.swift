// A caller that lost the answer asks again. To give the same answer, and to notice another request
// under the same id, a mutation is kept with what this file holds.

/// One mutation as its caller identified it.
public struct RequestKey: Sendable, Hashable {
  /// The caller's `request_id`.
  public var id: String
  /// `/package.Service/Method`.
  public var method: String
  /// SHA-256 of the content, 64 lowercase hexadecimal digits: same id, other content is an error.
  public var fingerprint: String

  public init(id: String, method: String, fingerprint: String) {
    self.id = id
    self.method = method
    self.fingerprint = fingerprint
  }
}
