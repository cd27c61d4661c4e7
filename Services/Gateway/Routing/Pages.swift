// What every answer carries, and the files: before the routes, since a file's path says nothing of them.

import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore

/// What pages must know before anybody has signed in.
public struct Site: Sendable {
  let partition: String
  let tiles: String

  /// - Parameter tiles: template of the map's tiles, such as
  ///   `https://tiles.example/{z}/{x}/{y}.png`; empty for none.
  public init(partition: String, tiles: String) {
    self.partition = partition
    self.tiles = tiles
  }

  var response: Response {
    let object = ["partition": partition, "tiles": tiles]
    // Strings always serialize.
    let bytes = try? JSONSerialization.data(
      withJSONObject: object, options: [.sortedKeys, .withoutEscapingSlashes])
    return Response(
      status: .ok, headers: [.contentType: "application/json", .cacheControl: "no-cache"],
      body: .init(byteBuffer: ByteBuffer(bytes: bytes ?? Data("{}".utf8))))
  }
}

/// Headers that leave a page no more than it needs: nothing from other sites, no script in the text.
struct StrictHeaders: RouterMiddleware {
  typealias Context = WebContext

  private let policy: String

  /// - Parameter tiles: as `Site` has it.
  init(tiles: String) {
    let source = Self.origin(of: tiles).map { " \($0)" } ?? ""
    policy =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:\(source); "
      + "font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; "
      + "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
  }

  func handle(
    _ request: Request, context: WebContext,
    next: (Request, WebContext) async throws -> Response
  ) async throws -> Response {
    var response: Response
    do {
      response = try await next(request, context)
    } catch let error as any HTTPResponseError {
      response = try error.response(from: request, context: context)
    }
    response.headers[.contentSecurityPolicy] = policy
    response.headers[.xContentTypeOptions] = "nosniff"
    for (name, value) in Self.others { response.headers[name] = value }
    return response
  }

  // These are valid field names, so the optional initializer cannot fail.
  private static let others: [(HTTPField.Name, String)] = [
    (HTTPField.Name("referrer-policy")!, "no-referrer"),
    (HTTPField.Name("cross-origin-opener-policy")!, "same-origin"),
    (HTTPField.Name("cross-origin-resource-policy")!, "same-origin"),
  ]

  /// Scheme and authority of a template, when they are of letters that cannot end the directive.
  static func origin(of tiles: String) -> String? {
    guard let end = tiles.range(of: "://")?.upperBound, tiles.hasPrefix("http") else { return nil }
    let authority = tiles[end...].prefix { $0 != "/" }.replacing("{s}", with: "*")
    let isPlain = authority.utf8.allSatisfy { byte in
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
        || (UInt8(ascii: "0")...UInt8(ascii: ":")).contains(byte)
        || [UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "*")].contains(byte)
    }
    return isPlain && !authority.isEmpty ? String(tiles[..<end]) + authority : nil
  }
}

/// Answers for the files of a folder.
struct Pages: RouterMiddleware {
  typealias Context = WebContext

  let folder: WebFolder

  func handle(
    _ request: Request, context: WebContext,
    next: (Request, WebContext) async throws -> Response
  ) async throws -> Response {
    let path = request.uri.path
    guard request.method == .get || request.method == .head, let file = folder.file(at: path)
    else { return try await next(request, context) }
    var headers: HTTPFields = [
      .contentType: file.contentType, .eTag: file.tag,
      // Asked for again each time, and answered with 304 while it is the same.
      .cacheControl: path.hasPrefix("/vendor/") ? "max-age=86400" : "no-cache",
    ]
    if Self.isKnown(file.tag, request.headers[.ifNoneMatch]) {
      var response = Response(status: .notModified, headers: headers)
      // It would be that of the file, not of this answer.
      response.headers[.contentLength] = nil
      return response
    }
    if request.method == .head {
      headers[.contentLength] = "\(file.bytes.readableBytes)"
      return Response(status: .ok, headers: headers)
    }
    return Response(status: .ok, headers: headers, body: .init(byteBuffer: file.bytes))
  }

  static func isKnown(_ tag: String, _ known: String?) -> Bool {
    guard let known else { return false }
    return known.split(separator: ",").contains { candidate in
      var text = candidate.trimmingCharacters(in: .whitespaces)
      if text.hasPrefix("W/") { text.removeFirst(2) }
      return text == tag || text == "*"
    }
  }
}
