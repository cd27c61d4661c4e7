// Who sends a request over HTTP: by the header that programs send, or by the cookie that a page's browser
// keeps. A browser adds cookies to requests that other sites have it make, so a cookie alone changes
// nothing: it counts with a header that another site cannot add.

import Foundation
import GRPCCore
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Wire

enum Caller {
  static let cookieName = "quintet-session"

  /// What the services are told, as the header `Authorization` has it; nil when there is neither.
  ///
  /// - Throws: `Failure` PAGE_HEADER_REQUIRED, CROSS_SITE, COOKIE_AMBIGUOUS.
  static func authorization(of request: Request) throws(Failure) -> String? {
    if let given = request.headers[.authorization] { return given }
    guard let token = try session(in: request.headers[.cookie]) else { return nil }
    try refuseOtherSites(request.headers)
    let isReading = request.method == .get || request.method == .head
    guard isReading || request.headers[.quintetPage] == "1" else {
      throw Failure(
        code: .permissionDenied, reason: "PAGE_HEADER_REQUIRED",
        message: "以网页会话调用须带 x-quintet-page: 1。"
          + "A call by the page's session must carry the header x-quintet-page: 1.")
    }
    return "Bearer \(token)"
  }

  /// Browsers say where a request began; programs do not.
  ///
  /// - Throws: `Failure` CROSS_SITE.
  static func refuseOtherSites(_ headers: HTTPFields) throws(Failure) {
    switch headers[.fetchSite] {
    case nil, "same-origin", "none": return
    default:
      throw Failure(
        code: .permissionDenied, reason: "CROSS_SITE",
        message: "不接受其他网站发起的请求。Requests that another site began are not taken.")
    }
  }

  /// - Throws: `Failure` COOKIE_AMBIGUOUS: of two sessions one was put there by somebody else.
  static func session(in cookies: String?) throws(Failure) -> String? {
    let prefix = "\(cookieName)="
    let found = Set(
      (cookies ?? "").split(separator: ";").map { $0.trimmingCharacters(in: .whitespaces) }
        .filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) })
    guard found.count <= 1 else {
      throw Failure(
        code: .unauthenticated, reason: "COOKIE_AMBIGUOUS",
        message: "浏览器有两个会话，请清除后重新登录。"
          + "The browser holds two sessions; clear them and sign in again.")
    }
    return found.first.flatMap { $0.isEmpty ? nil : $0 }
  }

  /// - Parameter seconds: until the browser forgets it; 0 for at once.
  static func cookie(_ token: String, seconds: Int, isSecure: Bool) -> String {
    "\(cookieName)=\(token); Path=/; HttpOnly; SameSite=Strict; Max-Age=\(seconds)"
      + (isSecure ? "; Secure" : "")
  }
}

extension HTTPField.Name {
  // These are valid field names, so the optional initializer cannot fail.
  static let quintetPage = Self("x-quintet-page")!
  static let fetchSite = Self("sec-fetch-site")!
  static let lastEventID = Self("last-event-id")!
}
