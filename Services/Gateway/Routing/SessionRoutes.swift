// Signing in, for pages: the token goes into a cookie that scripts cannot read, and nothing is kept here.

public import Access
public import Foundation
import GRPCCore
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore
import Wire

/// `POST`, `GET` and `DELETE /session`.
public struct SessionRoutes: Sendable {
  /// Browsers keep cookies of up to 4 096 bytes, names and attributes among them.
  private static let longestToken = 3_800
  private static let bodyLimit = 8 << 10

  /// Whose token it is, from the header `Authorization`, and until when; throws the refusal.
  public typealias Bearer =
    @Sendable (_ authorization: String?) throws -> (principal: Principal, expires: Date)

  private let bearer: Bearer
  private let redeem: @Sendable (_ code: String) -> String?
  private let isSecure: Bool
  private let clock: @Sendable () -> Date

  /// - Parameters:
  ///   - redeem: the token behind a one-time code; nil when there is none.
  ///   - isSecure: whether the port speaks TLS.
  public init(
    bearer: @escaping Bearer, redeem: @escaping @Sendable (_ code: String) -> String?,
    isSecure: Bool, clock: @escaping @Sendable () -> Date
  ) {
    self.bearer = bearer
    self.redeem = redeem
    self.isSecure = isSecure
    self.clock = clock
  }

  func add(to router: Router<WebContext>) {
    router.get("/session") { request, _ in
      answer {
        guard let authorization = try Caller.authorization(of: request) else {
          return signedOut
        }
        return try told(authorization)
      }
    }
    router.post("/session") { request, context in
      let body = try? await request.collected(on: context.channel, upTo: Self.bodyLimit)
      return answer { try signIn(request.headers, body ?? []) }
    }
    router.delete("/session") { request, _ in
      answer {
        _ = try Caller.authorization(of: request)
        var response = Response(status: .noContent)
        response.headers[.setCookie] = Caller.cookie("", seconds: 0, isSecure: isSecure)
        return response
      }
    }
  }

  private func answer(_ body: () throws -> Response) -> Response {
    var response: Response
    do { response = try body() } catch { response = ConnectError(error).response }
    response.headers[.cacheControl] = "no-store"
    return response
  }

  private struct SignIn: Decodable {
    var token: String?
    var code: String?
  }

  private func signIn(_ headers: HTTPFields, _ body: [UInt8]) throws -> Response {
    // A form of another site's cannot send this type.
    guard headers[.contentType]?.hasPrefix("application/json") == true else {
      throw Failure.invalid(
        "CONTENT_TYPE_UNKNOWN", field: "Content-Type",
        "Content-Type 须为 application/json。Content-Type must be application/json.")
    }
    try Caller.refuseOtherSites(headers)
    guard let asked = try? JSONDecoder().decode(SignIn.self, from: Data(body)) else {
      throw Failure.invalid(
        "JSON_INVALID", field: "body",
        "须为 {\"token\": …} 或 {\"code\": …}。Send {\"token\": …} or {\"code\": …}.")
    }
    let token: String
    if let code = asked.code {
      guard let found = redeem(code) else {
        throw Failure(
          code: .unauthenticated, reason: "CODE_UNKNOWN", field: "code",
          message: "登录码无效、已用过或已过期。The code is not known, was used, or has run out.")
      }
      token = found
    } else {
      token = (asked.token ?? "").trimmingCharacters(in: .whitespacesAndNewlines)
    }
    guard token.utf8.count <= Self.longestToken else {
      throw Failure.invalid(
        "TOKEN_TOO_LONG", field: "token",
        "令牌过长，浏览器无法保存。The token is too long for a browser to keep.")
    }
    return try told("Bearer \(token)", keeping: token)
  }

  private var signedOut: Response {
    ConnectError(
      Failure(
        code: .unauthenticated, reason: "TOKEN_REQUIRED", message: "请先登录。Sign in first.")
    ).response
  }

  /// - Parameter token: what the browser is to keep; nil to change nothing.
  private func told(_ authorization: String, keeping token: String? = nil) throws -> Response {
    let (principal, expires) = try bearer(authorization)
    guard principal.kind == .person || principal.kind == .partner else {
      throw Failure(
        code: .permissionDenied, reason: "SESSION_NOT_ALLOWED",
        message: "只有人员和合作单位可以登录网页。Only persons and partners sign in to pages.")
    }
    var session: [String: Any] = [
      "subject": principal.actor, "roles": principal.roles.sorted().map(\.rawValue),
      "areas": principal.areas.sorted(), "seat": principal.seat ?? "",
      "expires": expires.formatted(.iso8601),
    ]
    session["dutyUntil"] = principal.duty?.upperBound.formatted(.iso8601) ?? ""
    let body = try JSONSerialization.data(withJSONObject: session, options: [.sortedKeys])
    var response = Response(
      status: .ok, headers: [.contentType: "application/json"],
      body: .init(byteBuffer: ByteBuffer(bytes: body)))
    if let token {
      let seconds = max(0, Int(expires.timeIntervalSince(clock())))
      response.headers[.setCookie] = Caller.cookie(token, seconds: seconds, isSecure: isSecure)
    }
    return response
  }
}
