// What is served to browsers: which files, to whom, and with what around them.
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore
import Testing
import Wire

@testable import GatewayRouting

@Suite struct WebFolderTests {
  @Test func onlyPlainNamesArePaths() {
    let good: [(String, [String])] = [
      ("/", ["index.html"]), ("/a/b.js", ["a", "b.js"]), ("/command/", ["command", "index.html"]),
      ("/vendor/leaflet/leaflet.js", ["vendor", "leaflet", "leaflet.js"]),
    ]
    for (path, names) in good { #expect(WebFolder.names(in: path) == names, "\(path)") }
    let bad = [
      "", "a", "//", "/../etc/passwd", "/a/../b.js", "/./a.js", "/.git/config", "/a//b.js",
      "/%2e%2e/a.js", "/a%2fb.js", "/a\\b.js", "/a\0.js", "/警情.html", "/a b.js", "/~root/a.js",
      "/" + String(repeating: "a", count: 600) + ".js",
    ]
    for path in bad { #expect(WebFolder.names(in: path) == nil, "\(path)") }
  }

  @Test func filesOfTheFolderAreServedAndNothingBesides() throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("web-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let pages = folder.appendingPathComponent("pages")
    let files = FileManager.default
    try files.createDirectory(
      at: pages.appendingPathComponent("vendor/x"), withIntermediateDirectories: true)
    func write(_ name: String, _ text: String) throws {
      try Data(text.utf8).write(to: folder.appendingPathComponent(name))
    }
    try write("secret.js", "secret")
    try write("pages/index.html", "<!doctype html>")
    try write("pages/app.js", "export {}")
    try write("pages/key.jwk", "{}")
    try write("pages/vendor/x/x.css", "a {}")
    try files.createSymbolicLink(
      at: pages.appendingPathComponent("out.js"),
      withDestinationURL: folder.appendingPathComponent("secret.js"))
    try files.createSymbolicLink(
      at: pages.appendingPathComponent("in.js"),
      withDestinationURL: pages.appendingPathComponent("app.js"))
    let web = WebFolder(path: pages.path)
    #expect(web.file(at: "/")?.contentType == "text/html; charset=utf-8")
    #expect(web.file(at: "/app.js").map { String(buffer: $0.bytes) } == "export {}")
    #expect(web.file(at: "/in.js") != nil)
    #expect(web.file(at: "/vendor/x/x.css")?.contentType == "text/css; charset=utf-8")
    for path in ["/out.js", "/key.jwk", "/vendor", "/vendor/", "/none.js", "/app", "/app.js/"] {
      #expect(web.file(at: path) == nil, "\(path)")
    }
    let before = try #require(web.file(at: "/app.js")?.tag)
    #expect(web.file(at: "/app.js")?.tag == before)
    try write("pages/app.js", "export { }")
    #expect(web.file(at: "/app.js")?.tag != before)
    #expect(web.file(at: "/app.js").map { String(buffer: $0.bytes) } == "export { }")
  }

  @Test func whoeverHasTheFileIsNotSentIt() {
    #expect(Pages.isKnown("\"a-1\"", "\"a-1\""))
    #expect(Pages.isKnown("\"a-1\"", "\"b\", W/\"a-1\""))
    #expect(Pages.isKnown("\"a-1\"", "*"))
    #expect(!Pages.isKnown("\"a-1\"", nil))
    #expect(!Pages.isKnown("\"a-1\"", "\"a-2\""))
  }

  @Test func onlyTheTilesOriginEntersThePolicy() {
    let cases: [(String, String?)] = [
      ("", nil), ("https://tiles.example/{z}/{x}/{y}.png", "https://tiles.example"),
      ("http://10.0.0.7:8000/t/{z}/{x}/{y}.png", "http://10.0.0.7:8000"),
      ("https://{s}.tiles.example/{z}.png", "https://*.tiles.example"),
      ("https://a.example; script-src *", nil), ("javascript://x", nil), ("https://", nil),
      ("https://a.example 'unsafe-inline'/x", nil),
    ]
    for (tiles, origin) in cases { #expect(StrictHeaders.origin(of: tiles) == origin, "\(tiles)") }
  }
}

@Suite struct CallerTests {
  private func request(
    _ method: HTTPRequest.Method, _ headers: HTTPFields
  ) -> Request {
    Request(
      head: HTTPRequest(
        method: method, scheme: nil, authority: nil, path: "/x", headerFields: headers),
      body: RequestBody(buffer: ByteBuffer()))
  }

  @Test func aCookieCountsOnlyForThePageItself() throws {
    let cookie: HTTPFields = [.cookie: "a=b; quintet-session=t.o.k"]
    #expect(try Caller.authorization(of: request(.get, cookie)) == "Bearer t.o.k")
    #expect(throws: Failure.self) { try Caller.authorization(of: request(.post, cookie)) }
    #expect(throws: Failure.self) { try Caller.authorization(of: request(.delete, cookie)) }
    var own = cookie
    own[.quintetPage] = "1"
    #expect(try Caller.authorization(of: request(.post, own)) == "Bearer t.o.k")
    own[.fetchSite] = "same-origin"
    #expect(try Caller.authorization(of: request(.post, own)) == "Bearer t.o.k")
    for site in ["cross-site", "same-site"] {
      own[.fetchSite] = site
      #expect(throws: Failure.self) { try Caller.authorization(of: request(.post, own)) }
      #expect(throws: Failure.self) { try Caller.authorization(of: request(.get, own)) }
    }
  }

  @Test func aHeaderComesBeforeACookieAndNothingIsNobody() throws {
    let both: HTTPFields = [.cookie: "quintet-session=c", .authorization: "Bearer h"]
    #expect(try Caller.authorization(of: request(.post, both)) == "Bearer h")
    #expect(try Caller.authorization(of: request(.post, [:])) == nil)
    #expect(try Caller.authorization(of: request(.post, [.cookie: "quintet-session="])) == nil)
  }

  @Test func ofTwoSessionsNeitherIsTaken() throws {
    #expect(try Caller.session(in: "quintet-session=a; quintet-session=a") == "a")
    #expect {
      try Caller.session(in: "quintet-session=a; quintet-session=b")
    } throws: {
      ($0 as? Failure)?.reason == "COOKIE_AMBIGUOUS"
    }
  }

  @Test func theCookieIsKeptFromScriptsAndOtherSites() {
    let plain = Caller.cookie("t", seconds: 60, isSecure: false)
    #expect(plain == "quintet-session=t; Path=/; HttpOnly; SameSite=Strict; Max-Age=60")
    #expect(Caller.cookie("t", seconds: 60, isSecure: true).hasSuffix("; Secure"))
  }
}
