// Signing in to pages: whose token it is, and the token behind a one-time code.
public import Access
public import Credentials
public import Foundation
import GRPCCore
import Wire

extension ServiceHost {
  /// Whose token this is, and until when. What its bearer may call is decided with each call.
  ///
  /// - Parameter authorization: as a caller sends it; nil when not sent.
  /// - Throws: `Failure` UNAUTHENTICATED.
  public func bearer(
    of authorization: String?
  ) throws -> (principal: Principal, expires: Date) {
    var metadata = Metadata()
    if let authorization {
      metadata.addString(authorization, forKey: CallHeaders.authorization)
    }
    // A door leaves the rest to whoever serves what is called: only the token counts.
    let entrance = gate.entrance(metadata, method: "", peer: "http")
    if let refusal = entrance.refusal { throw refusal }
    guard let expires = entrance.tokenExpires else { throw Failure(TokenError.required) }
    return (entrance.principal, expires)
  }

  /// The token behind a one-time code, which is worth nothing from then on.
  ///
  /// - Returns: nil for a code that is unknown, was used, or has run out.
  @Sendable
  public func redeem(code: String) -> String? {
    options.signInCodes.redeem(code, at: clock())
  }
}

extension HostOptions {
  /// Where one-time codes for signing in lie.
  public var signInCodes: SignInCodes { SignInCodes(folder: "\(runDirectory)/sign-in") }
}
