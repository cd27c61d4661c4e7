// Who is let in: the tokens of a call, and what the access table says of whoever they show. The one
// place where a service asks it.
public import Access
import Credentials
import Foundation
import GRPCCore
import Wire

/// What is known of a caller before the handler runs.
struct Entrance: Sendable {
  var principal = Principal.nobody
  var onBehalfOf: Principal?
  var reach = Reach.nothing
  var kind: AccessTable.Kind?
  var origin: String
  /// `jti` of the caller's token.
  var tokenID: String?
  /// What a token that was refused says of its bearer; not to be believed.
  var claimedSubject: String?
  /// The token of whoever asked first.
  var bearer: String?
  var tokenExpires: Date?
  /// Why the call is refused; nil when it is let in.
  var refusal: Failure?
}

struct CallGate: Sendable {
  let verifier: TokenVerifier
  let policy = Policy()
  /// Such as `quintet.gateway.`: what this host serves, and passes all else on to whoever does. That
  /// one decides, and records what it refuses. Nil where everything is served here.
  let ownMethods: String?
  let clock: @Sendable () -> Date

  /// - Parameters:
  ///   - method: such as `quintet.command.v1.IncidentService/GetIncident`.
  ///   - peer: as the transport names it.
  func entrance(_ metadata: Metadata, method: String, peer: String) -> Entrance {
    let now = clock()
    var entrance = Entrance(origin: peer.hasPrefix("unix") ? "socket" : peer)
    do throws(Failure) {
      try authenticate(metadata, into: &entrance, at: now)
      try decide(method, for: &entrance, at: now)
    } catch {
      entrance.refusal = error
    }
    return entrance
  }

  /// Why somebody who was let in would not be let in now; nil when they would.
  func refusal(of entrance: Entrance, calling method: String) -> Failure? {
    let now = clock()
    if let end = entrance.tokenExpires, end <= now { return Failure(TokenError.expired) }
    var entrance = entrance
    do throws(Failure) {
      try decide(method, for: &entrance, at: now)
    } catch {
      return error
    }
    return nil
  }

  private func authenticate(
    _ metadata: Metadata, into entrance: inout Entrance, at now: Date
  ) throws(Failure) {
    entrance.kind = nil
    do throws(TokenError) {
      guard let text = try CallHeaders.bearer(CallHeaders.authorization, in: metadata) else {
        throw TokenError.required
      }
      let token = try verify(text, claim: &entrance.claimedSubject, at: now)
      entrance.bearer = text
      if let behind = try CallHeaders.bearer(CallHeaders.onBehalf, in: metadata) {
        // Nobody but a service acts for others.
        guard token.principal.kind == .service else { throw TokenError.subject }
        let other = try verify(behind, claim: &entrance.claimedSubject, at: now)
        entrance.onBehalfOf = other.principal
        entrance.bearer = behind
      }
      if let via = try CallHeaders.bearer(CallHeaders.via, in: metadata) {
        let carrier = try verify(via, claim: &entrance.claimedSubject, at: now).principal
        guard carrier.kind == .service else { throw TokenError.subject }
        entrance.origin += " via \(carrier.actor)"
      }
      entrance.principal = token.principal
      entrance.tokenID = token.id
      entrance.tokenExpires = token.expires
    } catch {
      entrance.onBehalfOf = nil
      entrance.bearer = nil
      throw Failure(error)
    }
  }

  private func verify(
    _ text: String, claim: inout String?, at now: Date
  ) throws(TokenError) -> VerifiedToken {
    do throws(TokenError) {
      return try verifier.verify(text, at: now)
    } catch {
      claim = TokenVerifier.claimedSubject(of: text)
      throw error
    }
  }

  private func decide(
    _ method: String, for entrance: inout Entrance, at now: Date
  ) throws(Failure) {
    entrance.kind = policy.table.row(of: method)?.kind
    switch policy.decide(entrance.principal, calls: method, at: now) {
    case .permitted(let kind, let reach): (entrance.kind, entrance.reach) = (kind, reach)
    case .refused(let refusal):
      if let ownMethods, !method.hasPrefix(ownMethods) { return }
      throw Failure(refusal)
    }
  }
}

extension ServiceHost {
  /// Lets a call in that comes by another door than gRPC, such as HTTP.
  ///
  /// - Parameters:
  ///   - authorization: as the caller sent it; nil when not sent.
  ///   - method: such as `quintet.command.v1.IncidentService/GetIncident`.
  /// - Returns: the caller.
  /// - Throws: `Failure` UNAUTHENTICATED or PERMISSION_DENIED.
  public func admit(authorization: String?, calling method: String) throws -> Principal {
    var metadata = Metadata()
    if let authorization {
      metadata.addString(authorization, forKey: CallHeaders.authorization)
    }
    let entrance = gate.entrance(metadata, method: method, peer: "http")
    if let refusal = entrance.refusal { throw refusal }
    return entrance.principal
  }
}
